import type { Matrix } from "../../linalg/matrix.ts";
import type { TypedArray } from "../../program/dtype.ts";

/** Samples of a data set: inputs with the sample axis first, and a target each. */
export interface Samples {
  count: number;
  /** One typed array an input of the model, row-major, `count` rows each. */
  inputs: readonly TypedArray[];
  /** A class index each for a classifier, else `outputs` values each. */
  targets: Float64Array;
}

/**
 * The loss of one sample as a function of the model's outputs f (C of them) and its target, with its first two
 * derivatives by f. Every row function takes `outputs` (rows × C) and the targets of those rows.
 */
export interface OutputLoss {
  /** "cross-entropy", "squared". */
  name: string;
  /** Is the target a class index? */
  classes: boolean;
  /** ℓ(f, y), one a row. */
  values(outputs: Matrix, targets: Float64Array): Float64Array;
  /** ∂ℓ/∂f, rows × C: p − y for cross-entropy, f − y for ½(f − y)². */
  slopes(outputs: Matrix, targets: Float64Array): Matrix;
  /** ∂²ℓ/∂f², rows × C²: diag(p) − ppᵀ for cross-entropy, the identity for ½(f − y)². */
  curvatures(outputs: Matrix, targets: Float64Array): Matrix;
  /**
   * The covariance of ∂ℓ/∂f over targets drawn from the model's own predictive distribution, rows × C²: equals
   * `curvatures` for the losses above; what the Fisher matrix needs.
   */
  fisher(outputs: Matrix): Matrix;
}

/** A named stretch of the flat parameter vector: one weight or bias. */
export interface ParameterBlock {
  name: string;
  from: number;
  to: number;
  shape: readonly number[];
  /** The layer it belongs to: weight and bias of a layer share it. */
  layer: string;
}

/**
 * What a curvature needs of a model: R(θ) = (1/n) Σᵢ ℓ(f(xᵢ; θ), yᵢ) + ½·ridge·‖θ‖² over its training samples. All
 * in float64, in evaluation mode. d is the number of parameters, C the number of outputs.
 */
export interface Objective {
  /** In a few words: "convolutional net, 740 parameters, ReLU". */
  name: string;
  size: number;
  outputs: number;
  blocks: readonly ParameterBlock[];
  loss: OutputLoss;
  /** Coefficient of ½‖θ‖² in R: λ/n in the papers' notation. */
  ridge: number;
  train: Samples;
  /** Parts that would make two passes differ or couple samples (dropout, batch statistics), by name; none is good. */
  hazards: readonly string[];
  /** Is the model piecewise linear in its parameters layer by layer (ReLU, max-pooling)? Then gates can flip. */
  kinks: boolean;
  /** f(x; θ), count × C. */
  evaluate(parameters: Float64Array, samples: Samples): Promise<Matrix>;
  /** ∂f/∂θ, (count·C) × d, row i·C + c. Memory: count·C·d·8 bytes; ask in batches. */
  jacobian(parameters: Float64Array, samples: Samples): Promise<Matrix>;
  /** R(θ) with the ridge and its gradient; `weights` (n, default all 1) multiply the samples' terms, 1/n stays. */
  valueAndGradient(
    parameters: Float64Array,
    weights?: Float64Array,
  ): Promise<{ value: number; gradient: Float64Array }>;
  /** ∇²R(θ)·v for every row v of `vectors` (k × d), ridge included, matrix-free. */
  hessianProducts(parameters: Float64Array, vectors: Matrix): Promise<Matrix>;
  /** ∇²R(θ), d × d, ridge included, symmetric, by the quickest exact way for this model. */
  hessian(parameters: Float64Array, weights?: Float64Array): Promise<Matrix>;
  /**
   * For KFAC, layer by layer of the linear maps: the inputs a (with a 1 for the bias; for a convolution one row a
   * position) and ∂f_c/∂(pre-activation) of every sample. Absent where the model is not made of such layers.
   */
  layerFactors?(parameters: Float64Array, samples: Samples): Promise<readonly LayerFactors[]>;
  /** Units whose gate (ReLU sign, pooling winner) differs between two parameter vectors, over all; for `kinks`. */
  gateFlips?(
    a: Float64Array,
    b: Float64Array,
    samples: Samples,
  ): Promise<{ flipped: number; of: number; samplesTouched: number }>;
  release(): Promise<void>;
}

/** One linear map (dense, or a convolution seen as a dense map over patches) on all samples. */
export interface LayerFactors {
  layer: string;
  /** Positions the map is applied at for each sample: 1 for a dense layer. */
  positions: number;
  /** (count·positions) × inputs, the last column 1 where there is a bias. */
  inputs: Matrix;
  /** (count·positions·C) × units: ∂f_c/∂(pre-activation), row (i·positions + p)·C + c. */
  outputSlopes: Matrix;
  /** For element (unit u, input a) of the layer's weight matrix [units, inputs] its index in θ, row-major. */
  index: Int32Array;
}
