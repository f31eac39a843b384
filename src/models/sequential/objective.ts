import { UserError } from "../../core/errors.ts";
import type { Task } from "../../core/task.ts";
import type { Matrix } from "../../linalg/matrix.ts";
import { spec } from "../../program/dtype.ts";
import type { Objective, OutputLoss, ParameterBlock, Samples } from "../objective/contract.ts";
import { tracedObjective } from "../objective/traced.ts";
import { type Batch, evaluateBatch, jacobianBatch, sumAndGradient, sumOfProducts } from "./evaluate.ts";
import { countGateFlips } from "./gates.ts";
import { sumOfHessians } from "./hessian.ts";
import { layerFactorsOf } from "./layer-factors.ts";
import { planOf } from "./plan.ts";
import type { SequentialModel } from "./sequential.ts";

/** What {@link sequentialObjective} is made from. */
export interface SequentialObjectiveOptions {
  model: SequentialModel;
  train: Samples;
  loss: OutputLoss;
  /** Coefficient of ½‖θ‖², at least 0. */
  ridge: number;
  /** Threads for the Hessian, at most as many as the machine has; 0 (default) works in this thread. Same bytes. */
  threads?: number;
  /**
   * What evaluates, differentiates and multiplies: "hand" the typed-array kernels, a sample at a time, "engine"
   * compiled programs on batches; the same numbers within rounding. Default "engine" for nets of dense layers with more
   * than 20 000 parameters, else "hand". The Jacobian and the Hessian are always by hand.
   */
  kernels?: "hand" | "engine";
  /** Bytes that one matrix may take before it is refused; default 4 GiB. */
  memory?: number;
  task?: Task;
}

const engineFrom = 20_000; // parameters

/**
 * The objective R(θ) = (1/n) Σ ℓ(f(xᵢ; θ), yᵢ) + ½·ridge·‖θ‖² of a layered network, by hand-written float64 kernels:
 * gradients by one reverse pass a sample, products by forward-over-reverse, the Hessian by one pass over tangents (see
 * `addSecondOrder`), all exact for the gates at θ.
 * @throws UserError for a ridge below 0, and for samples, targets or parameters of the wrong length, naming them
 */
export function sequentialObjective(options: SequentialObjectiveOptions): Objective {
  const { model, train, loss, ridge, threads = 0, memory = 4 * 2 ** 30, task } = options;
  const where = `sequentialObjective: model "${model.name}"`;
  if (!(ridge >= 0 && Number.isFinite(ridge))) {
    throw new UserError(`${where}: ridge ${ridge}; expected a finite number of at least 0`);
  }
  const plan = planOf(model);
  const size = plan.size;
  const n = train.count;
  const perSample = loss.classes ? 1 : plan.outputs;
  const batchOf = (samples: Samples): Batch => ({
    plan,
    inputs: inputsOf(where, model, samples),
    count: samples.count,
    ...(task === undefined ? {} : { task }),
  });
  const batch = batchOf(train);
  requireTargets(where, train, perSample, loss.classes ? plan.outputs : undefined);
  const dense = model.layers.every(({ layer }) => layer.kind !== "conv1d");
  const { kernels = dense && size > engineFrom ? "engine" : "hand" } = options;
  const engine = kernels === "engine" ? engineObjective(options) : undefined;
  const requireMemory = (what: string, rows: number, cols: number, instead: string) => {
    const bytes = 8 * rows * cols;
    if (bytes <= memory) return;
    const [need, have] = [bytes, memory].map((b) => `${(b / 2 ** 30).toPrecision(3)} GiB`);
    throw new UserError(
      `${where}: the ${what} is ${rows} × ${cols} and needs ${need}, more than the ${have} allowed; ${instead}`,
    );
  };
  const requireParameters = (theta: Float64Array) => {
    if (theta.length === size) return;
    throw new UserError(`${where}: ${theta.length} parameters; the model has ${size}`);
  };
  const requireWeights = (weights?: Float64Array) => {
    if (weights === undefined || weights.length === n) return;
    throw new UserError(`${where}: ${weights.length} weights; there are ${n} training samples`);
  };
  return {
    name: `${model.name}, ${size} parameters`,
    size,
    outputs: plan.outputs,
    blocks: blocksOf(model),
    loss,
    ridge,
    train,
    hazards: model.hazards,
    kinks: model.kinks,
    async evaluate(theta, samples) {
      requireParameters(theta);
      return engine?.evaluate(theta, samples) ?? evaluateBatch(batchOf(samples), theta);
    },
    async jacobian(theta, samples) {
      requireParameters(theta);
      requireMemory("Jacobian", samples.count * plan.outputs, size, "ask for fewer samples at a time");
      return jacobianBatch(batchOf(samples), theta);
    },
    async valueAndGradient(theta, weights) {
      requireParameters(theta);
      requireWeights(weights);
      if (engine !== undefined) return engine.valueAndGradient(theta, weights);
      const sum = await sumAndGradient(batch, theta, { loss, targets: train.targets, weights });
      let squares = 0;
      const gradient = sum.gradient;
      for (let i = 0; i < size; i++) {
        squares += theta[i]! * theta[i]!;
        gradient[i] = gradient[i]! / n + ridge * theta[i]!;
      }
      return { value: sum.value / n + 0.5 * ridge * squares, gradient };
    },
    async hessianProducts(theta, vectors) {
      requireParameters(theta);
      if (vectors.cols !== size) {
        throw new UserError(`${where}: vectors of ${vectors.cols} values; the model has ${size} parameters`);
      }
      if (engine !== undefined) return engine.hessianProducts(theta, vectors);
      const out = await sumOfProducts(batch, theta, vectors, { loss, targets: train.targets });
      for (let i = 0; i < out.data.length; i++) out.data[i] = out.data[i]! / n + ridge * vectors.data[i]!;
      return out;
    },
    async hessian(theta, weights) {
      requireParameters(theta);
      requireWeights(weights);
      const instead = "use hessianProducts (matrix-free), or a Kronecker or last-layer curvature";
      requireMemory("Hessian", size, size, instead);
      const outputs = await evaluateBatch(batch, theta);
      const slopes = weighted(loss.slopes(outputs, train.targets), weights);
      const curvatures = weighted(loss.curvatures(outputs, train.targets), weights);
      const whole = { config: model.config, theta, inputs: batch.inputs, count: n, slopes, curvatures };
      const h = await sumOfHessians(whole, { threads, ...(task === undefined ? {} : { task }) });
      for (let i = 0; i < h.data.length; i++) h.data[i]! /= n;
      for (let i = 0; i < size; i++) h.data[i * size + i]! += ridge;
      return h;
    },
    async layerFactors(theta, samples) {
      requireParameters(theta);
      return layerFactorsOf(plan, theta, inputsOf(where, model, samples), samples.count);
    },
    async gateFlips(a, b, samples) {
      requireParameters(a);
      requireParameters(b);
      return countGateFlips(plan, a, b, inputsOf(where, model, samples), samples.count);
    },
    async release() {
      await engine?.release();
    },
  };
}

/** The same objective from the traced network. */
function engineObjective({ model, train, loss, ridge, task }: SequentialObjectiveOptions): Objective {
  const { layout, outputs, kinks, hazards, config, name, forward } = model;
  return tracedObjective({
    model: {
      name,
      layout,
      outputs,
      kinks,
      hazards,
      inputs: [spec(config.input, "float64")],
      forwardBatch: (flat, x) => forward(flat, x!),
    },
    train,
    loss,
    ridge,
    ...(task === undefined ? {} : { task }),
  });
}

function weighted(rows: Matrix, weights: Float64Array | undefined): Float64Array {
  if (weights === undefined) return rows.data;
  return rows.data.map((value, i) => value * weights[Math.floor(i / rows.cols)]!);
}

function blocksOf(model: SequentialModel): ParameterBlock[] {
  return model.layout.names.map((name) => {
    const { start, end } = model.layout.slice(name);
    const layer = name.slice(0, name.lastIndexOf("."));
    return { name, from: start, to: end, shape: model.layout.shapes[name]!, layer };
  });
}

function inputsOf(where: string, model: SequentialModel, { count, inputs }: Samples): Float64Array {
  const only = inputs[0];
  if (inputs.length !== 1 || only?.length !== count * model.inputs) {
    throw new UserError(
      `${where}: ${count} samples with inputs of ${inputs.map((input) => input.length).join(", ") || "no"} values; expected one array of ${count}·${model.inputs}`,
    );
  }
  return only instanceof Float64Array ? only : Float64Array.from(only);
}

function requireTargets(where: string, samples: Samples, perSample: number, classes?: number): void {
  const { count, targets } = samples;
  if (count < 1) throw new UserError(`${where}: no training samples`);
  if (targets.length !== count * perSample) {
    throw new UserError(
      `${where}: ${targets.length} targets for ${count} samples; expected ${perSample} each`,
    );
  }
  if (classes === undefined) return;
  const bad = targets.findIndex((y) => !Number.isInteger(y) || y < 0 || y >= classes);
  if (bad >= 0) {
    throw new UserError(
      `${where}: target ${targets[bad]} of sample ${bad}; expected a class 0 … ${classes - 1}`,
    );
  }
}
