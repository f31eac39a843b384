import { expect, test } from "vitest";
import { denseSpectrum } from "../../../test/support/chain-by-strings.ts";
import { groundState, groundStateSolver } from "./ground-state.ts";
import type { ChainOptions } from "./model.ts";

/** Largest difference of two arrays. */
function apart(a: Float64Array, b: Float64Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);
}

test.each([4, 6, 8, 10, 12, 14, 16, 18, 20])(
  "free particles on %i sites: E = −J/sin(π/L)",
  (L) => {
    const state = groundState({ L, V1: 0, V2: 0 });
    expect(Math.abs(state.energy + 1 / Math.sin(Math.PI / L))).toBeLessThan(1e-9);
    expect(groundState({ L, V1: 0, V2: 0, J: 2.5 }).energy).toBeCloseTo(2.5 * state.energy, 9);
  },
  20_000,
);

test("free particles away from half filling: filled momenta, shifted by half a step for an even number", () => {
  for (const [L, N] of [
    [12, 5],
    [12, 7],
    [11, 4],
    [9, 3],
  ] as const) {
    let energy = 0;
    for (let k = 0; k < N; k++) energy -= Math.cos((2 * Math.PI * (k - (N - 1) / 2)) / L);
    expect(groundState({ L, N, V1: 0, V2: 0 }).energy).toBeCloseTo(energy, 10);
  }
});

test.each([
  [1, 0, -5.387390917],
  [2, 0, -7.46011738],
  [0, 1, -4.34377844],
  [0, 2, -6.42003265],
  [1, 1, -5.27226467],
  [4, 0.5, -11.48506035],
])("12 sites at V1 = %f, V2 = %f: the energy of independent diagonalisation", (V1, V2, energy) => {
  expect(Math.abs(groundState({ L: 12, V1, V2 }).energy - energy)).toBeLessThan(1e-8);
});

test("V1 = J is the Heisenberg ring: −0.448949 a site at L = 12", () => {
  expect(groundState({ L: 12, V1: 1, V2: 0 }).energy / 12).toBeCloseTo(-0.448949, 6);
});

const small: Record<string, ChainOptions> = {
  plain: { L: 8, V1: 0.7, V2: 0.3 },
  "CDW-I pin": { L: 8, V1: 3, V2: 0.1, h1: 1e-3 },
  "CDW-II pin": { L: 8, V1: 0.2, V2: 4, h2: 1e-3 },
  "published CDW-II pin": { L: 8, V1: 0.2, V2: 4, h2: 1e-3, pattern: [1, 0, -1, 0] },
  "bond alternation": { L: 8, V1: 0.3, V2: 1.5, dJ: 0.1 },
  "everything at once": { L: 8, J: 1.3, V1: 1.1, V2: -0.4, h1: 0.02, h2: -0.05, dJ: -0.2 },
  attractive: { L: 8, V1: -0.8, V2: 0.2 },
  "three particles": { L: 8, N: 3, V1: 1, V2: 0.5, h1: 0.01 },
  "a field of no symmetry": { L: 7, N: 3, V1: 1, V2: 0.2, h2: 0.1, pattern: [3, 1, 4, 1, 5, 9, 2] },
};

test.each(Object.entries(small))(
  "%s: energy and amplitudes of the dense matrix over all states",
  (_, ring) => {
    const dense = denseSpectrum(ring);
    const vector = dense.vector(0);
    const sign = vector.reduce((a, b) => a + b, 0) < 0 ? -1 : 1;
    for (const how of [{}, { denseLimit: 0 }, { exchange: false }]) {
      const state = groundState(ring, how);
      expect(Math.abs(state.energy - dense.values[0]!)).toBeLessThan(1e-11);
      expect(
        apart(
          state.amplitudes,
          vector.map((x) => sign * x),
        ),
      ).toBeLessThan(1e-9);
      expect(state.residual).toBeLessThan(1e-10);
      expect(state.amplitudes.every((x) => x >= 0)).toBe(true);
    }
  },
);

test("the pinned ring of 12 sites has 90 orbits, 62 with the exchange of particles and holes", () => {
  expect(groundStateSolver({ L: 12, h1: 1e-7 }, { exchange: false }).sector.size).toBe(90);
  expect(groundStateSolver({ L: 12, h1: 1e-7 }).sector.size).toBe(62);
});

test("one quasi-degenerate state three ways: dense in two sectors, block Lanczos", () => {
  for (const L of [12, 14]) {
    const dense = groundStateSolver({ L, h1: 1e-7 });
    const larger = groundStateSolver({ L, h1: 1e-7 }, { exchange: false });
    const lanczos = groundStateSolver({ L, h1: 1e-7 }, { denseLimit: 0 });
    for (const V1 of [0.5, 2, 10, 40]) {
      const state = dense.solve({ V1, V2: 0 });
      expect(apart(state.amplitudes, larger.solve({ V1, V2: 0 }).amplitudes)).toBeLessThan(1e-9);
      const other = lanczos.solve({ V1, V2: 0 });
      expect(other.method).toMatch(/Lanczos/);
      // Rounding of the projected matrix over the splitting of 1e-6 leaves 1e-7.
      expect(apart(state.amplitudes, other.amplitudes)).toBeLessThan(V1 > 5 ? 3e-7 : 1e-9);
      expect(Math.abs(state.energy - other.energy)).toBeLessThan(1e-10);
    }
  }
}, 30_000);

test("P(0101…) and P(1010…) at V1 = 40", () => {
  const { basis, solve } = groundStateSolver({ L: 12, h1: 1e-7 });
  const { amplitudes } = solve({ V1: 40, V2: 0 });
  expect(amplitudes[basis.indexOf(0b010101010101)]! ** 2).toBeCloseTo(0.9941, 5);
  expect(amplitudes[basis.indexOf(0b101010101010)]! ** 2).toBeCloseTo(0.00403, 5);
});

test("16 sites by residual, pinned and bond-alternating, both ways", () => {
  for (const pin of [{ h1: 1e-7 }, { dJ: 1e-4 }]) {
    const solver = groundStateSolver({ L: 16, ...pin }, { denseLimit: 1000 });
    const lanczos = groundStateSolver({ L: 16, ...pin }, { denseLimit: 0 });
    for (const at of [
      { V1: 0.5, V2: 0.2 },
      { V1: 20, V2: 0 },
    ]) {
      const [a, b] = [solver.solve(at), lanczos.solve(at)];
      expect(a.residual).toBeLessThan(1e-11);
      expect(b.residual).toBeLessThan(5e-10); // 1e-12 of a spectrum 160 wide
      expect(Math.abs(a.energy - b.energy)).toBeLessThan(1e-9);
    }
  }
}, 30_000);

test.each([
  [{ L: 12, V1: Number.NaN, V2: 0 }, /V1 = NaN/],
  [{ L: 12, V1: 0, V2: Number.POSITIVE_INFINITY }, /V2 = Infinity/],
  [{ L: 2, V1: 0, V2: 0 }, /L = 2/],
  [{ L: 26, V1: 0, V2: 0 }, /L = 26/],
  [{ L: 9, V1: 0, V2: 0 }, /N = 4.5 .*half filling needs an even L/],
  [{ L: 8, N: 9, V1: 0, V2: 0 }, /N = 9/],
  [{ L: 8, J: 0, V1: 0, V2: 0 }, /J = 0/],
  [{ L: 8, J: 1, dJ: 0.5, V1: 0, V2: 0 }, /dJ = 0.5/],
  [{ L: 9, N: 4, h1: 0.1, V1: 0, V2: 0 }, /even L, got L = 9/],
  [{ L: 10, h2: 0.1, V1: 0, V2: 0 }, /do not divide L = 10/],
  [{ L: 8, h2: 0.1, pattern: [], V1: 0, V2: 0 }, /pattern \[\]/],
  [{ L: 8, h2: 0.1, pattern: [1, Number.NaN], V1: 0, V2: 0 }, /pattern\[1\] = NaN/],
  [{ L: 8, h1: Number.NaN, V1: 0, V2: 0 }, /h1 = NaN/],
])("%o is refused by name", (options, message) => {
  expect(() => groundState(options)).toThrow(message);
});
