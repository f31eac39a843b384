import { demand } from "../../core/errors.ts";
import { didYouMean } from "../../core/suggest.ts";
import { type Configurations, frameOf } from "../../data/configurations.ts";
import type { FlatVector } from "../../optim/adamw.ts";
import { type Cell, cell, openCell } from "../../physics/fluids/cell.ts";
import { type PairList, pairList } from "../../physics/fluids/pair-list.ts";
import type { TypedArray } from "../../program/dtype.ts";
import { type FloatType, floats } from "../token-regressor-init.ts";

/**
 * The pairs of a set of frames, each pair once, every frame filled up to the same number of pairs. Padding joins bead 0
 * to itself with weight 0 and a vector of length r_c, where nothing is singular.
 */
export interface PaddedPairs {
  frames: number;
  beads: number;
  /** Pairs a frame, padding included. */
  pairs: number;
  /** frames×pairs. */
  first: Int32Array;
  second: Int32Array;
  /** frames×pairs×3, Å: from the first bead to the second. */
  vectors: Float64Array;
  /** frames×pairs: 1, or 0 for padding. */
  weights: Float64Array;
  /** Pairs of each frame without padding. */
  counts: Int32Array;
}

/**
 * Pairs of each frame of `set` nearer than `cutoff` Å.
 * @param options.pairs pairs a frame with padding; by default as many as the fullest frame has.
 * @throws UserError naming the frame: for a cell narrower than twice the cutoff, beads nearer than `options.floor`
 * (0.5 Å), a position that is not finite, and more pairs than there is room for.
 */
export function paddedPairs(
  set: Configurations,
  cutoff: number,
  options: { floor?: number; pairs?: number } = {},
): PaddedPairs {
  const { frames, beads } = set;
  const { floor } = options;
  const lists = Array.from({ length: frames }, (_, f): { list: PairList; positions: Float64Array } => {
    const { positions } = frameOf(set, f);
    const list = inFrame(set.name, f, () =>
      pairList(positions, cellOf(set, f), cutoff, floor === undefined ? {} : { floor }),
    );
    return { list, positions };
  });
  const most = lists.reduce((largest, { list }) => Math.max(largest, list.count), 1);
  const pairs = options.pairs ?? most;
  demand(most <= pairs, () => `paddedPairs: ${set.name} has a frame of ${most} pairs; room for ${pairs}`);
  const out: PaddedPairs = {
    frames,
    beads,
    pairs,
    first: new Int32Array(frames * pairs),
    second: new Int32Array(frames * pairs),
    vectors: new Float64Array(3 * frames * pairs),
    weights: new Float64Array(frames * pairs),
    counts: Int32Array.from(lists, ({ list }) => list.count),
  };
  lists.forEach(({ list, positions }, f) => {
    fillPairs(list, positions, cutoff, {
      first: out.first.subarray(f * pairs, (f + 1) * pairs),
      second: out.second.subarray(f * pairs, (f + 1) * pairs),
      vectors: out.vectors.subarray(3 * f * pairs, 3 * (f + 1) * pairs),
      weights: out.weights.subarray(f * pairs, (f + 1) * pairs),
    });
  });
  return out;
}

/** One frame's places in {@link PaddedPairs}. */
export type PairSlots = Pick<PaddedPairs, "first" | "second" | "vectors" | "weights">;

/**
 * Writes the pairs of `list` that are nearer than `cutoff` into the slots of one frame, as far as there is room, and
 * padding into the others. @returns how many there are: more than there is room for if the caller must make more.
 */
export function fillPairs(list: PairList, positions: Float64Array, cutoff: number, slots: PairSlots): number {
  const { first, second, vectors, weights } = slots;
  const limit = cutoff * cutoff;
  let at = 0;
  for (let p = 0; p < list.count; p++) {
    const i = list.first[p]!;
    const j = list.second[p]!;
    const x = positions[3 * j]! - positions[3 * i]! + list.offsets[3 * p]!;
    const y = positions[3 * j + 1]! - positions[3 * i + 1]! + list.offsets[3 * p + 1]!;
    const z = positions[3 * j + 2]! - positions[3 * i + 2]! + list.offsets[3 * p + 2]!;
    if (x * x + y * y + z * z >= limit) continue;
    if (at < first.length) {
      first[at] = i;
      second[at] = j;
      vectors[3 * at] = x;
      vectors[3 * at + 1] = y;
      vectors[3 * at + 2] = z;
      weights[at] = 1;
    }
    at++;
  }
  for (let p = at; p < first.length; p++) {
    first[p] = 0;
    second[p] = 0;
    vectors[3 * p] = cutoff;
    vectors[3 * p + 1] = 0;
    vectors[3 * p + 2] = 0;
    weights[p] = 0;
  }
  return at;
}

/** The network's inputs for the frames `rows`: first, second, vectors, weights. */
export function pairInputs(pairs: PaddedPairs, rows: Int32Array, dtype: FloatType): TypedArray[] {
  const width = pairs.pairs;
  const index = (values: Int32Array) => {
    const out = new Int32Array(rows.length * width);
    rows.forEach((row, b) => {
      out.set(values.subarray(row * width, (row + 1) * width), b * width);
    });
    return out;
  };
  return [
    index(pairs.first),
    index(pairs.second),
    rowsOf(pairs.vectors, rows, 3 * width, dtype),
    rowsOf(pairs.weights, rows, width, dtype),
  ];
}

/** Rows `rows` of a table of `width` numbers a row, in the precision `dtype`. */
export function rowsOf(values: Float64Array, rows: Int32Array, width: number, dtype: FloatType): FlatVector {
  const out = floats(dtype, rows.length * width);
  rows.forEach((row, b) => {
    out.set(values.subarray(row * width, (row + 1) * width), b * width);
  });
  return out;
}

/** The cell of frame `f`; open where the set has none. */
export function cellOf(set: Configurations, f: number): Cell {
  return set.cells ? cell(set.cells.subarray(9 * f, 9 * (f + 1)), set.periodic) : openCell();
}

/** Row of the embedding for each bead. @throws UserError naming the bead whose species the model does not know. */
export function kindsOf(species: readonly string[], known: readonly string[], where: string): Int32Array {
  return Int32Array.from(species, (word, i) => {
    const row = known.indexOf(word);
    demand(
      row >= 0,
      () =>
        `${where}: bead ${i} is '${word}', a species that the model does not know${didYouMean(word, known)}`,
    );
    return row;
  });
}

function inFrame<T>(name: string, f: number, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof Error) cause.message = `${name}: frame ${f}: ${cause.message}`;
    throw cause;
  }
}
