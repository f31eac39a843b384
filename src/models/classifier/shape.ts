import { demand } from "../../core/errors.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";

/** A fully connected classifier: tanh hidden units, softmax outputs, a bias on every unit. */
export interface ClassifierShape {
  readonly inputs: number;
  /** Units of each hidden layer, from the input on; at least one layer. */
  readonly hidden: readonly number[];
  readonly classes: number;
}

/** Weights of one layer, as views: a_j = Σ_k weights[j][k] h_k + bias_j. */
export interface ClassifierLayer {
  /** Outputs × inputs. */
  weights: Matrix;
  bias: Float64Array;
}

/**
 * Where the layers of a shape lie in a flat vector of weights: all weight matrices in order, each row by row (input k to
 * hidden unit j at j·I + k first), then the biases layer by layer.
 */
export interface ClassifierLayout {
  /** Units of each layer, inputs and classes included. */
  readonly sizes: readonly number[];
  /** Of each layer of weights. */
  readonly weightsAt: readonly number[];
  readonly biasAt: readonly number[];
  /** Number of weights, biases included. */
  readonly count: number;
}

/** The {@link ClassifierLayout} of a shape. @throws UserError where a size is no whole number of at least 1 (classes: 2). */
export function layoutOf(shape: ClassifierShape): ClassifierLayout {
  const { inputs, hidden, classes } = shape;
  demand(
    hidden.length > 0 && [inputs, ...hidden].every((size) => Number.isInteger(size) && size >= 1),
    () =>
      `layoutOf: ${inputs} inputs and hidden layers of [${hidden.join(", ")}] units; expected whole numbers of at least 1 and at least one layer`,
  );
  demand(
    Number.isInteger(classes) && classes >= 2,
    () => `layoutOf: ${classes} classes; a classifier needs at least 2`,
  );
  const sizes = [inputs, ...hidden, classes];
  const weightsAt: number[] = [];
  const biasAt: number[] = [];
  let count = 0;
  for (let l = 1; l < sizes.length; l++) {
    weightsAt.push(count);
    count += sizes[l]! * sizes[l - 1]!;
  }
  for (let l = 1; l < sizes.length; l++) {
    biasAt.push(count);
    count += sizes[l]!;
  }
  return { sizes, weightsAt, biasAt, count };
}

/** Number of weights, biases included: H(I + O) + H + O for one hidden layer. */
export function weightCount(shape: ClassifierShape): number {
  return layoutOf(shape).count;
}

/** The layers of a flat vector of weights, as views on it. @throws UserError for a vector of another length. */
export function layersOf(shape: ClassifierShape, w: Float64Array): ClassifierLayer[] {
  const { sizes, weightsAt, biasAt } = layoutFor(shape, w, "layersOf");
  return weightsAt.map((at, l) => {
    const [rows, cols] = [sizes[l + 1]!, sizes[l]!];
    return {
      weights: matrix(rows, cols, w.subarray(at, at + rows * cols)),
      bias: w.subarray(biasAt[l]!, biasAt[l]! + rows),
    };
  });
}

/** The layout of a shape for these weights. @throws UserError, in the name of `where`, for another number of them. */
export function layoutFor(shape: ClassifierShape, w: Float64Array, where: string): ClassifierLayout {
  const layout = layoutOf(shape);
  demand(
    w.length === layout.count,
    () =>
      `${where}: ${w.length} weights for a classifier ${layout.sizes.join("-")}, which has ${layout.count}`,
  );
  return layout;
}
