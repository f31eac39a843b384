import { expect, test } from "vitest";
import { chainBasis } from "./basis.ts";
import { groundState, groundStateSolver } from "./ground-state.ts";
import {
  bondOrder,
  bondStrengths,
  chargeOrder,
  densities,
  orderParameters,
  structureFactor,
} from "./observables.ts";

/** Agreement to the digits that are published. */
function near(value: number, published: number): void {
  const digit = 10 ** (Math.floor(Math.log10(published)) - 2);
  expect(Math.abs(value - published)).toBeLessThan(0.6 * digit);
}

test("the CDW-I order parameter of 12 sites pinned by 1e-7, against published values", () => {
  const { basis, solve } = groundStateSolver({ L: 12, h1: 1e-7 });
  const published: [number, number][] = [
    [0.5, 4.39e-7],
    [1, 9.63e-7],
    [1.01, 9.79e-7],
    [1.5, 2.28e-6],
    [2, 5.53e-6],
    [5, 2.74e-4],
    [10, 7.89e-3],
    [20, 0.239],
    [26, 0.673],
    [30, 0.88],
    [36, 0.977],
    [40, 0.991],
  ];
  for (const [V1, value] of published) {
    near(orderParameters(basis, solve({ V1, V2: 0 }).amplitudes).cdw1, value);
  }
  expect(orderParameters(basis, solve({ V1: 1.02, V2: 0 }).amplitudes).cdw1).toBeCloseTo(9.957e-7, 10);
});

test("the bond order parameter with dJ = 1e-4, against published values", () => {
  const { basis, solve } = groundStateSolver({ L: 12, dJ: 1e-4 });
  const published: [number, number][] = [
    [0.2, 5.9e-4],
    [0.65, 6.8e-4],
    [1, 9.4e-4],
    [1.2, 1.35e-3],
    [2, 8.3e-3],
    [3, 0.0345],
    [4, 0.074],
    [6, 0.0811],
    [8, 0.0625],
    [10, 0.0501],
  ];
  for (const [V2, value] of published) {
    const { bond } = orderParameters(basis, solve({ V1: 0, V2 }).amplitudes);
    expect(Math.abs(bond / value - 1)).toBeLessThan(0.01);
  }
});

test("the CDW-II order parameter and densities, against published values", () => {
  const { basis, solve } = groundStateSolver({ L: 12, h2: 1e-7 });
  const published: [number, number][] = [
    [2, 3.3e-5],
    [4, 1.6e-3],
    [6, 0.013],
    [8, 0.056],
    [10, 0.177],
  ];
  for (const [V2, value] of published) {
    const { cdw2 } = orderParameters(basis, solve({ V1: 0, V2 }).amplitudes);
    expect(Math.abs(cdw2 / value - 1)).toBeLessThan(0.02);
  }
  const full = densities(basis, solve({ V1: 0, V2: 10 }).amplitudes);
  [0.412, 0.412, 0.588, 0.588].forEach((n, i) => {
    expect(full[i]).toBeCloseTo(n, 3);
  });
  const pattern = [1, 0, -1, 0];
  const part = groundStateSolver({ L: 12, h2: 1e-7, pattern });
  const half = densities(part.basis, part.solve({ V1: 0, V2: 10 }).amplitudes);
  [0.415, 0.5, 0.585, 0.5].forEach((n, i) => {
    expect(half[i]).toBeCloseTo(n, 3);
  });
});

test("without a field every site is half filled, whatever V1 and V2 (particle–hole symmetry and reflection)", () => {
  for (const exchange of [true, false]) {
    const { basis, solve } = groundStateSolver({ L: 12 }, { exchange });
    for (const [V1, V2] of [
      [0, 0],
      [1, 0],
      [10, 0],
      [0.5, 3],
    ] as const) {
      const n = densities(basis, solve({ V1, V2 }).amplitudes);
      for (const value of n) expect(value).toBeCloseTo(0.5, 12);
      expect(chargeOrder(n, 1)).toBeLessThan(1e-12);
    }
  }
});

test("free particles: the bonds carry the kinetic energy, the structure factor is that of the filled momenta", () => {
  for (const L of [8, 12]) {
    const basis = chainBasis(L);
    const state = groundState({ L, V1: 0, V2: 0 });
    const bonds = bondStrengths(basis, state.amplitudes);
    expect(bonds.reduce((sum, b) => sum + b, 0) * -0.5).toBeCloseTo(state.energy, 10);
    expect(bondOrder(bonds)).toBeLessThan(1e-12);
    // Σ over filled k with k + q empty: |q|/2π, at most 1/2.
    for (let m = 0; m <= L / 2; m++) {
      expect(structureFactor(basis, state.amplitudes, (2 * Math.PI * m) / L)).toBeCloseTo(m / L, 10);
    }
  }
});

test("product states: order parameters by hand", () => {
  const basis = chainBasis(8);
  const one = (state: number) => {
    const amplitudes = new Float64Array(basis.count);
    amplitudes[basis.indexOf(state)] = 1;
    return orderParameters(basis, amplitudes);
  };
  expect(one(0b10101010)).toEqual({ cdw1: 1, cdw2: 0, bond: 0 });
  expect(one(0b11001100)).toEqual({ cdw1: 0.5, cdw2: 1, bond: 0 });
});

test("amplitudes of another ring are refused", () => {
  expect(() => densities(chainBasis(8), new Float64Array(924))).toThrow(
    /924 amplitudes; .* L = 8, N = 4 has 70/,
  );
  expect(() => bondStrengths(chainBasis(8), new Float64Array(3))).toThrow(/3 amplitudes/);
});
