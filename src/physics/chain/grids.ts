import { demand } from "../../core/errors.ts";

/** `count` values from `from` to `to`, both ends included unless `open`, which leaves the end out. */
export function linspace(
  from: number,
  to: number,
  count: number,
  options: { open?: boolean } = {},
): number[] {
  demand(
    Number.isInteger(count) && count >= 1,
    () => `linspace: count = ${count}; expected a whole number from 1`,
  );
  const steps = options.open ? count : count - 1;
  return Array.from({ length: count }, (_, i) => {
    if (i === count - 1 && !options.open && count > 1) return to;
    return steps === 0 ? from : from + ((to - from) / steps) * i;
  });
}

/** `count` values from `from` to `to` in equal ratios, both ends included; both positive. */
export function geomspace(from: number, to: number, count: number): number[] {
  demand(from > 0 && to > 0, () => `geomspace: ends ${from} and ${to}; expected positive numbers`);
  return linspace(Math.log(from), Math.log(to), count).map((x, i) =>
    i === 0 ? from : i === count - 1 ? to : Math.exp(x),
  );
}

/** Values of the control parameter, in units of J, of the published data sets (V2 = 0). */
export const publishedGrids = {
  /** 1000 training states: `half` on either side of V1 = 1. */
  train: (half = 500) => [...linspace(0, 1, half), ...linspace(1.01, 40, half)],
  /** 200 validation states. */
  validation: (half = 100) => [...linspace(0.02, 0.998, half), ...linspace(1.03, 39.998, half)],
  /** 45 test states of Dawid et al., New J. Phys. 22, 115001 (2020). */
  test2020: () => [...linspace(0.01, 0.999, 20), ...linspace(1.02, 2, 5), ...linspace(2.066, 39, 20)],
  /** 50 test states, the ones the published influence tables belong to. */
  even: () => [...linspace(0.01, 0.999, 20, { open: true }), ...geomspace(1.02, 39, 30)],
  /** 50 test states, nine of them to be permuted: {@link permutedRows}. */
  mixed: () => [...linspace(0.01, 0.999, 20), ...linspace(1.02, 2, 10), ...geomspace(2.066, 39, 20)],
} as const;

/** Rows of the "mixed" test set whose amplitudes are randomly permuted: probes outside of the distribution. */
export const permutedRows = [3, 9, 15, 18, 22, 29, 36, 43, 49] as const;

/** A closed interval of the control parameter. */
export type Interval = readonly [number, number];

/** Plateaus of the training grid, far from the transition: on the Luttinger side… */
export const leftPlateaus = { a: [0, 0.25], b: [0.15, 0.4] } as const satisfies Record<string, Interval>;

/** …and on the CDW-I side; order parameter 0.98–1 in a, 0.88–1 in b, … 1e-4–7e-4 in h. */
export const rightPlateaus = {
  a: [36, 40],
  b: [30, 40],
  c: [28, 40],
  d: [28, 30],
  e: [26, 28],
  f: [20, 22],
  g: [10, 12],
  h: [4, 6],
} as const satisfies Record<string, Interval>;

/** Training regions around the transition. */
export const transitionRegions = {
  transition: [0.75, 20],
  smaller: [0.75, 10],
  smallest: [0.8, 3],
} as const satisfies Record<string, Interval>;
