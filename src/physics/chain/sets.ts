import { demand } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { type Cut, couplingsAt, cuts } from "./cuts.ts";
import {
  type Interval,
  leftPlateaus,
  linspace,
  permutedRows,
  publishedGrids,
  rightPlateaus,
} from "./grids.ts";
import { classesOf, labelOf, pinSize, ruleOf } from "./labels.ts";
import { type GroundStates, groundStates, type HowToRun } from "./states.ts";

/** Labelled ground states along a cut: what a network is trained or tested on. */
export interface ChainSet {
  name: string;
  cut: Cut;
  L: number;
  N: number;
  count: number;
  /** Amplitudes a state, C(L, N). */
  dim: number;
  /** One state a row. The values lie in 0 … 1 and need no further normalisation. */
  states: Matrix;
  V1: Float64Array;
  V2: Float64Array;
  /** V1 or V2, whichever the cut counts in. */
  control: Float64Array;
  energy: Float64Array;
  /** The order parameter of the last class, measured with its own pin. */
  orderParameter: Float64Array;
  /** The order parameter that decides each class but the first, by class name. */
  orderParameters: Record<string, Float64Array>;
  /** Class index of each row. */
  labels: Float64Array;
  classes: string[];
  /** The label rule in words. */
  rule: string;
  /** Rows whose amplitudes were permuted: no longer ground states of anything. */
  permuted: boolean[];
  /** Largest ‖Hψ − Eψ‖ of the set. */
  residual: number;
}

/** The ring's size and how to run; the particle number is half filling. */
export type SetOptions = HowToRun & { L?: number };

/**
 * The ground states of `cut` at the control values `values`, labelled by the cut's rule. 1000 states of L = 12 take
 * about a second.
 * @throws UserError for a ring that the cut's pins do not fit (CDW-II needs L divisible by 4).
 */
export async function chainSet(
  options: SetOptions & { name: string; cut: Cut; values: readonly number[] },
): Promise<ChainSet> {
  const { L = 12, name, cut, values, ...how } = options;
  demand(values.length > 0, () => `chainSet: set '${name}' has no control values`);
  const points = values.map((t) => couplingsAt(cut, t));
  const byPin = new Map<string, GroundStates>();
  const states = await groundStates({ L, ...cut.pin }, points, how);
  byPin.set(JSON.stringify(cut.pin), states);
  const orders: Float64Array[] = [];
  for (const criterion of cut.criteria) {
    pinSize(criterion.pin);
    const key = JSON.stringify(criterion.pin);
    const found =
      byPin.get(key) ?? (await groundStates({ L, ...criterion.pin }, points, { ...how, keepStates: false }));
    byPin.set(key, found);
    orders.push(found.orders[criterion.order]);
  }
  const control = Float64Array.from(values);
  return {
    name,
    cut,
    L,
    N: L / 2,
    count: values.length,
    dim: states.states.cols,
    states: states.states,
    V1: Float64Array.from(points, (p) => p.V1),
    V2: Float64Array.from(points, (p) => p.V2),
    control,
    energy: states.energy,
    orderParameter: orders.at(-1)!,
    orderParameters: Object.fromEntries(cut.criteria.map((criterion, k) => [criterion.class, orders[k]!])),
    labels: control.map((_, i) =>
      labelOf(
        cut.criteria,
        orders.map((order) => order[i]!),
      ),
    ),
    classes: classesOf(cut),
    rule: ruleOf(cut),
    permuted: values.map(() => false),
    residual: states.residual,
  };
}

/**
 * Training states of a cut (default: the published one), `points` on each part of its grid: 2 × 500 for LL/CDW-I.
 * Fewer points keep the end points of the grid.
 */
export async function trainingSet(
  options: SetOptions & { cut?: Cut; points?: number } = {},
): Promise<ChainSet> {
  const { cut = cuts.cdw1, points = 500, ...rest } = options;
  const values = cut.grid.flatMap(([from, to]) => linspace(from, to, points));
  return chainSet({ ...rest, name: "training", cut, values });
}

/** The 200 validation states of the published cut, or `points` on either side. */
export async function validationSet(options: SetOptions & { points?: number } = {}): Promise<ChainSet> {
  const { points = 100, ...rest } = options;
  return chainSet({
    ...rest,
    name: "validation",
    cut: cuts.cdw1,
    values: publishedGrids.validation(points),
  });
}

/** The 50 "even" test states, which the published influence tables belong to. */
export function evenTestSet(options: SetOptions = {}): Promise<ChainSet> {
  return chainSet({ ...options, name: "even", cut: cuts.cdw1, values: publishedGrids.even() });
}

/** The 45 test states of the 2020 paper. */
export function test2020Set(options: SetOptions = {}): Promise<ChainSet> {
  return chainSet({ ...options, name: "2020", cut: cuts.cdw1, values: publishedGrids.test2020() });
}

/**
 * The 50 "mixed" test states, nine of them with permuted amplitudes by `random`: the published rows, not the
 * published permutations. V1, label and order parameter of a permuted row are those of the state that it was. The
 * published file labels row 20 (V1 = 1.02, order parameter 9.957e-7) CDW-I, against the rule of all other sets, which
 * is kept here: 21 LL, not 20.
 */
export async function mixedTestSet(options: SetOptions & { random: Random }): Promise<ChainSet> {
  const { random, ...rest } = options;
  const set = await chainSet({ ...rest, name: "mixed", cut: cuts.cdw1, values: publishedGrids.mixed() });
  return permuteRows(set, permutedRows, random);
}

/** `set` with the amplitudes of `rows` in a random order each: same sorted values, no eigenstate of any ring. */
export function permuteRows(set: ChainSet, rows: readonly number[], random: Random): ChainSet {
  const states = matrix(set.count, set.dim, set.states.data.slice());
  const permuted = [...set.permuted];
  for (const row of rows) {
    demand(
      Number.isInteger(row) && row >= 0 && row < set.count,
      () => `permuteRows: row ${row}; set '${set.name}' has rows 0 to ${set.count - 1}`,
    );
    random
      .fork("row", row)
      .permutation(set.dim)
      .forEach((from, to) => {
        states.data[row * set.dim + to] = set.states.data[row * set.dim + from]!;
      });
    permuted[row] = true;
  }
  return { ...set, states, permuted };
}

/** The rows of `set` that `keep` chooses, in their order. @throws UserError if none is left. */
export function selectRows(set: ChainSet, name: string, keep: (row: number) => boolean): ChainSet {
  const rows = Array.from({ length: set.count }, (_, i) => i).filter(keep);
  demand(rows.length > 0, () => `selectRows: nothing left of set '${set.name}' for '${name}'`);
  const pick = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]!);
  const states = matrix(rows.length, set.dim);
  rows.forEach((row, i) => {
    states.data.set(set.states.data.subarray(row * set.dim, (row + 1) * set.dim), i * set.dim);
  });
  return {
    ...set,
    name,
    count: rows.length,
    states,
    V1: pick(set.V1),
    V2: pick(set.V2),
    control: pick(set.control),
    energy: pick(set.energy),
    orderParameter: pick(set.orderParameter),
    orderParameters: Object.fromEntries(
      Object.entries(set.orderParameters).map(([key, values]) => [key, pick(values)]),
    ),
    labels: pick(set.labels),
    permuted: rows.map((row) => set.permuted[row]!),
  };
}

/** The rows of `set` whose control value lies in one of `intervals`. */
export function restrictSet(set: ChainSet, name: string, intervals: readonly Interval[]): ChainSet {
  return selectRows(set, name, (row) =>
    intervals.some(([from, to]) => set.control[row]! >= from && set.control[row]! <= to),
  );
}

/**
 * The plateau set `left``right` of a training set of the published cut: states far from the transition on both sides.
 * "aa" of the full training set is 177 states, V1 ≤ 0.25 and V1 ≥ 36. Only such a set supports a claim about where
 * the transition is: its labels do not tell.
 */
export function plateauSet(
  training: ChainSet,
  left: keyof typeof leftPlateaus = "a",
  right: keyof typeof rightPlateaus = "a",
): ChainSet {
  return restrictSet(training, `plateau ${left}${right}`, [leftPlateaus[left], rightPlateaus[right]]);
}
