import { expect, test } from "vitest";
import { denseHamiltonian, denseSpectrum } from "../../../test/support/chain-by-strings.ts";
import { fidelitySusceptibility } from "./fidelity.ts";
import { groundStateSolver } from "./ground-state.ts";
import { energyGap, levelSolver } from "./levels.ts";
import { excitationSolver, levelCrossing } from "./spectroscopy.ts";

test("gap of free particles: 3.863703305 − 3.346065", () => {
  const { gap, energy } = energyGap({ L: 12, V1: 0, V2: 0 });
  expect(gap).toBeCloseTo(2 * Math.sin(Math.PI / 12), 10);
  expect(energy).toBeCloseTo(-1 / Math.sin(Math.PI / 12), 10);
});

test.each([
  [1, 0.356, 0.001],
  [5, 4.0e-3, 0.05e-3],
  [10, 1.5e-4, 0.02e-4],
  [20, 5.0e-6, 0.01e-6],
  [30, 1.36e-6, 0.005e-6],
  [40, 1.21e-6, 0.005e-6],
])("the quasi-degeneracy of the pinned ring at V1 = %d is %d", (V1, published, within) => {
  const { gap, symmetricGap } = energyGap({ L: 12, V1, V2: 0, h1: 1e-7 });
  expect(Math.abs(symmetricGap - published)).toBeLessThan(within);
  expect(Math.abs(gap - symmetricGap)).toBeLessThan(1e-10);
});

test("gaps of small rings with fields, against all levels of the dense matrix", () => {
  for (const ring of [
    { L: 8, V1: 2, V2: 0.3, h1: 0.01 },
    { L: 8, V1: 0.2, V2: 3, h2: 0.01 },
    { L: 8, V1: 0.4, V2: 1, dJ: 0.05 },
    { L: 7, N: 3, V1: 1, V2: 0.5 },
  ]) {
    const { values } = denseSpectrum(ring);
    expect(energyGap(ring).gap).toBeCloseTo(values[1]! - values[0]!, 9);
  }
});

test("the levels of the real sectors are levels of the dense matrix, with its symmetry", () => {
  const { values, vector, states } = denseSpectrum({ L: 8, V1: 0.7, V2: 0.2 });
  for (const characters of [{}, { shift: -1, exchange: -1 }, { shift: -1, reflect: -1 }] as const) {
    const [lowest] = levelSolver({ L: 8 }, characters).levels({ V1: 0.7, V2: 0.2 }, 1);
    const k = values.findIndex((value) => Math.abs(value - lowest!) < 1e-9);
    expect(k).toBeGreaterThanOrEqual(0);
    const amplitudes = vector(k);
    const { shift = 1 } = characters as { shift?: number };
    states.forEach((text, s) => {
      const moved = states.indexOf(text.slice(-1) + text.slice(0, -1));
      expect(amplitudes[moved]).toBeCloseTo(shift * amplitudes[s]!, 8);
    });
  }
});

test("large sectors take block Lanczos and give the dense levels", () => {
  const [dense] = levelSolver({ L: 14 }, { shift: -1, exchange: -1 }).levels({ V1: 1, V2: 0 }, 1);
  const [charged] = levelSolver({ L: 14, N: 8 }).levels({ V1: 1, V2: 0 }, 1);
  expect(dense).toBeCloseTo(charged!, 10);
});

test("free particles: doublet from the filled momenta, Néel and dimer level 2·sin(π/L) above the ground state", () => {
  const { doublet, neel, dimer } = excitationSolver(12)({ V1: 0, V2: 0 });
  const ground = -1 / Math.sin(Math.PI / 12);
  const seven = -(1 + 2 * (Math.cos(Math.PI / 6) + Math.cos(Math.PI / 3)));
  expect(doublet).toBeCloseTo(seven - ground, 10);
  expect(neel).toBeCloseTo(2 * Math.sin(Math.PI / 12), 10);
  expect(dimer).toBeCloseTo(2 * Math.sin(Math.PI / 12), 10);
});

test.each([6, 8, 10, 12])("level spectroscopy finds V1 = J on %i sites: the SU(2) triplet", (L) => {
  const solver = excitationSolver(L);
  const crossing = levelCrossing(solver, {
    levels: ["doublet", "neel"],
    along: "V1",
    fixed: 0,
    between: [0.3, 3],
  });
  expect(Math.abs(crossing - 1)).toBeLessThan(1e-9);
  const scaled = levelCrossing(excitationSolver(L, 2), {
    levels: ["doublet", "neel"],
    along: "V1",
    fixed: 0,
    between: [0.3, 5],
  });
  expect(Math.abs(scaled - 2)).toBeLessThan(1e-9);
});

test("fidelity susceptibility against perturbation theory over all levels, Σ |⟨n|A|0⟩|²/(Eₙ − E₀)²/L", () => {
  for (const along of ["V1", "V2"] as const) {
    const at = { V1: 0.8, V2: 0.3 };
    const { values, vector } = denseSpectrum({ L: 8, ...at });
    const off = denseHamiltonian({ L: 8, V1: 0, V2: 0 }).h;
    const on = denseHamiltonian({ L: 8, V1: 0, V2: 0, [along]: 1 }).h;
    const n = values.length;
    const ground = vector(0);
    const pushed = ground.map((x, a) => x * (on.data[a * n + a]! - off.data[a * n + a]!));
    let chi = 0;
    for (let k = 1; k < n; k++) {
      const overlap = vector(k).reduce((sum, x, a) => sum + x * pushed[a]!, 0);
      chi += overlap ** 2 / (values[k]! - values[0]!) ** 2 / 8;
    }
    const found = fidelitySusceptibility(groundStateSolver({ L: 8 }), at, { along });
    expect(Math.abs(found.value / chi - 1)).toBeLessThan(1e-5);
    expect(found.disagreement).toBeLessThan(1e-5);
  }
});

test("bad input by name", () => {
  const solver = groundStateSolver({ L: 8, h1: 1e-7 });
  expect(() => fidelitySusceptibility(solver, { V1: 1, V2: 0 }, { step: 0 })).toThrow(/step = 0/);
  expect(() => fidelitySusceptibility(solver, { V1: 30, V2: 0 }, { step: 60 })).toThrow(/another step/);
  expect(() => excitationSolver(9)).toThrow(/even L, got 9/);
  expect(() => levelSolver({ L: 8, h1: 0.1 }, { shift: -1 })).toThrow(/no symmetry 'shift'/);
  expect(() => levelSolver({ L: 8, N: 3 }, { exchange: -1 })).toThrow(/no symmetry 'exchange'/);
  expect(() => levelSolver({ L: 8 }).levels({ V1: 0, V2: 0 }, 900)).toThrow(/900 levels asked/);
  expect(() => levelSolver({ L: 8 }).levels({ V1: Number.NaN, V2: 0 }, 1)).toThrow(/V1 = NaN/);
  const levels = ["doublet", "neel"] as const;
  expect(() =>
    levelCrossing(excitationSolver(8), { levels, along: "V1", fixed: 0, between: [2, 3] }),
  ).toThrow(/change of sign/);
});

test("the doublet meets the dimer level on V1 = 0 near V2 = 1.1: rings of L/2 even from below, odd from above", () => {
  const crossing = (L: number) =>
    levelCrossing(excitationSolver(L), {
      levels: ["doublet", "dimer"],
      along: "V2",
      fixed: 0,
      between: [0.1, 2.5],
    });
  // At the crossing of a Kosterlitz–Thouless transition the charge stiffness fixes the mean level:
  // (Néel + dimer)/2 : doublet = 4K² tends to 1 (K = ½), while free particles have 4.
  const [eight, ten, twelve] = [8, 10, 12].map(crossing) as [number, number, number];
  expect(eight).toBeLessThan(twelve);
  expect(twelve).toBeLessThan(1.1);
  expect(ten).toBeGreaterThan(1.1);
  const { doublet, neel, dimer } = excitationSolver(12)({ V1: 0, V2: twelve });
  expect(dimer).toBeCloseTo(doublet, 9);
  expect((neel + dimer) / 2 / doublet).toBeLessThan(2);
});
