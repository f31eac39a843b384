import { assignment } from "../../linalg/assignment.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { type ClassifierShape, layersOf, layoutFor } from "./shape.ts";

/** For every unit of a hidden layer the unit that takes its place, and whether with all signs turned. */
export interface UnitMove {
  from: Int32Array;
  sign: Float64Array;
}

/**
 * The copy of `w` under permutations and sign flips of hidden units that lies closest to `reference`, and its Euclidean
 * distance. Units are compared by all their weights and their bias: cost(j, l) = min |r_j ∓ u_l|², and the cheapest
 * assignment is exact for one hidden layer, so that the distance is a metric between orbits. With more layers each is
 * assigned in turn, the others held, until nothing gets closer: an upper bound.
 */
export function alignClassifier(
  shape: ClassifierShape,
  reference: Float64Array,
  w: Float64Array,
): { weights: Float64Array; distance: number } {
  layoutFor(shape, reference, "alignClassifier");
  layoutFor(shape, w, "alignClassifier");
  let weights: Float64Array = w.slice();
  let distance = distanceOf(reference, weights);
  const layers = shape.hidden.length;
  for (let sweep = 0; sweep < 100; sweep++) {
    let better = false;
    for (let l = 0; l < layers; l++) {
      const moved = moveUnits(shape, weights, l, bestMove(shape, reference, weights, l));
      const now = distanceOf(reference, moved);
      if (now >= distance) continue;
      [weights, distance] = [moved, now];
      better = true;
    }
    if (!better || layers === 1) break;
  }
  return { weights, distance };
}

/** Hidden layer `l` (from 0) with units moved and turned: input weights, bias and output weights of each. */
export function moveUnits(
  shape: ClassifierShape,
  w: Float64Array,
  l: number,
  { from, sign }: UnitMove,
): Float64Array {
  const out = w.slice();
  const before = layersOf(shape, w);
  const after = layersOf(shape, out);
  const [below, above] = [before[l]!, before[l + 1]!];
  const { cols } = below.weights;
  for (let j = 0; j < from.length; j++) {
    const [old, s] = [from[j]!, sign[j]!];
    after[l]!.bias[j] = s * below.bias[old]!;
    for (let k = 0; k < cols; k++) {
      after[l]!.weights.data[j * cols + k] = s * below.weights.data[old * cols + k]!;
    }
    for (let i = 0; i < above.weights.rows; i++) {
      after[l + 1]!.weights.data[i * from.length + j] = s * above.weights.data[i * from.length + old]!;
    }
  }
  return out;
}

function bestMove(shape: ClassifierShape, reference: Float64Array, w: Float64Array, l: number): UnitMove {
  const [target, units] = [unitRows(shape, reference, l), unitRows(shape, w, l)];
  const { rows, cols } = units;
  const cost = matrix(rows, rows);
  const turned = new Uint8Array(rows * rows);
  for (let j = 0; j < rows; j++) {
    for (let other = 0; other < rows; other++) {
      let [minus, plus] = [0, 0];
      for (let k = 0; k < cols; k++) {
        const [r, u] = [target.data[j * cols + k]!, units.data[other * cols + k]!];
        minus += (r - u) ** 2;
        plus += (r + u) ** 2;
      }
      cost.data[j * rows + other] = Math.min(minus, plus);
      turned[j * rows + other] = plus < minus ? 1 : 0;
    }
  }
  const { columns } = assignment(cost);
  return {
    from: columns,
    sign: Float64Array.from(columns, (other, j) => (turned[j * rows + other] ? -1 : 1)),
  };
}

/** One row a unit of hidden layer `l`: its input weights, bias and output weights. */
export function unitRows(shape: ClassifierShape, w: Float64Array, l: number): Matrix {
  const layers = layersOf(shape, w);
  const { weights, bias } = layers[l]!;
  const above = layers[l + 1]!.weights;
  const out = matrix(weights.rows, weights.cols + 1 + above.rows);
  for (let j = 0; j < weights.rows; j++) {
    const at = j * out.cols;
    for (let k = 0; k < weights.cols; k++) out.data[at + k] = weights.data[j * weights.cols + k]!;
    out.data[at + weights.cols] = bias[j]!;
    for (let i = 0; i < above.rows; i++) {
      out.data[at + weights.cols + 1 + i] = above.data[i * weights.rows + j]!;
    }
  }
  return out;
}

function distanceOf(a: Float64Array, b: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(squares);
}
