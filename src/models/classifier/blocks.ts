import type { CheckedProblem } from "./problem.ts";
import { type ClassifierLayout, layoutOf } from "./shape.ts";

/** Rows that are worked on together: small enough that their columns stay in the first cache. */
const blockRows = 128;

/** A layer of weights in the flat vector. */
export interface LayerPlace {
  weightsAt: number;
  biasAt: number;
  from: number;
  to: number;
}

/** The data of a problem in blocks of columns. */
export interface Blocks {
  layout: ClassifierLayout;
  layers: readonly LayerPlace[];
  /** Rows of a full block, and the distance of two columns. */
  stride: number;
  count: number;
  /** Rows of block b. */
  rowsOf(b: number): number;
  /** Block after block, feature after feature: feature k of row d of block b at (b·inputs + k)·stride + d. */
  features: Float64Array;
  labels: Int32Array;
  /** Is λ acting on weight i? */
  decays: Float64Array;
}

export function blocksOf(problem: CheckedProblem): Blocks {
  const { shape, rows, labels, lambda, regulariseBiases } = problem;
  const layout = layoutOf(shape);
  const stride = Math.min(rows, blockRows);
  const count = Math.ceil(rows / stride);
  const features = new Float64Array(count * stride * shape.inputs);
  for (let row = 0; row < rows; row++) {
    const b = Math.floor(row / stride);
    for (let k = 0; k < shape.inputs; k++) {
      features[(b * shape.inputs + k) * stride + row - b * stride] =
        problem.features[row * shape.inputs + k]!;
    }
  }
  const decays = new Float64Array(layout.count).fill(lambda);
  if (!regulariseBiases) decays.fill(0, layout.biasAt[0]!);
  const layers = layout.weightsAt.map((weightsAt, l) => ({
    ...{ weightsAt, biasAt: layout.biasAt[l]!, from: layout.sizes[l]!, to: layout.sizes[l + 1]! },
  }));
  return {
    ...{ layout, layers, stride, count, features, labels, decays },
    rowsOf: (b) => Math.min(stride, rows - b * stride),
  };
}

/** One column for every unit of every layer after the input: `at(l)` is the array of layer l, counted from 1. */
export function columnsOf({ layout, stride }: Blocks): Float64Array[] {
  return layout.sizes.map((size, l) => new Float64Array(l === 0 ? 0 : size * stride));
}
