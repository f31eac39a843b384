import { random } from "../../core/random.ts";
import type { ClassifierProblem } from "./problem.ts";
import { type ClassifierShape, weightCount } from "./shape.ts";

/** XOR of two bits with H hidden units, λ on all weights: the networks of the published tables. */
export function xorProblem(hidden: number, lambda: number): ClassifierProblem {
  return {
    shape: { inputs: 2, hidden: [hidden], classes: 2 },
    data: { features: [0, 0, 0, 1, 1, 0, 1, 1], labels: [0, 1, 1, 0], rows: 4 },
    lambda,
  };
}

/** Normal features and classes by turns. */
export function randomProblem(shape: ClassifierShape, rows: number, lambda = 0.01): ClassifierProblem {
  const draw = random(3, "problem");
  const features = Float64Array.from({ length: rows * shape.inputs }, () => draw.normal());
  const labels = Int32Array.from({ length: rows }, (_, i) => i % shape.classes);
  return { shape, data: { features, labels, rows }, lambda };
}

export function randomWeights(shape: ClassifierShape, seed = 1, scale = 1): Float64Array {
  const draw = random(seed, "weights");
  return Float64Array.from({ length: weightCount(shape) }, () => scale * draw.normal());
}

export const shapes: ClassifierShape[] = [
  { inputs: 6, hidden: [4], classes: 2 },
  { inputs: 3, hidden: [5], classes: 4 },
  { inputs: 1, hidden: [1], classes: 2 },
  { inputs: 2, hidden: [3, 2], classes: 3 },
  { inputs: 4, hidden: [2, 3, 2], classes: 2 },
];
