import { breathe } from "../../core/breathe.ts";
import { demand } from "../../core/errors.ts";
import { quietTask, type Task } from "../../core/task.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import type { TypedArray } from "../../program/dtype.ts";
import type { Objective, ParameterBlock, Samples } from "./contract.ts";
import { requireMemory } from "./memory.ts";
import { pickRows } from "./samples.ts";
import { type TracedModel, tracedPrograms } from "./traced-programs.ts";

export interface TracedObjectiveOptions {
  model: TracedModel;
  train: Samples;
  loss: Objective["loss"];
  /** Coefficient of ½‖θ‖² in R. */
  ridge: number;
  /** Samples a run; default 256. */
  batch?: number;
  /** Vectors that go through a Hessian-vector product together; default 16. Memory grows with batch·vectors. */
  vectors?: number;
  /** Threads inside one operation; default 1. */
  threads?: number;
  /** Bytes that one matrix may take before it is refused; default 4 GiB. */
  memory?: number;
  /** Heard between runs: long work stops when it is cancelled. */
  task?: Task;
}

/**
 * The objective R(θ) = (1/n) Σ ℓ(f(xᵢ; θ), yᵢ) + ½·ridge·‖θ‖² of any model written in array operations, in float64.
 * The loss enters through its values, slopes s and curvatures S at the outputs: the gradient of Σᵢ sᵢ·fᵢ(θ) is the
 * gradient of the loss, and the Hessian of Σᵢ (sᵢ·dᵢ + ½dᵢᵀSᵢdᵢ), d = f(θ) − f(θ̂), at θ̂ is its exact Hessian, for any
 * loss of the outputs. Samples run in batches and are summed in their order; those of weight 0 are not run. Programs
 * are traced when first used; `release` frees them.
 * @throws UserError for samples that do not fit; from `hessian` and `jacobian` where the matrix is larger than
 * `memory`, with its size and what to use instead.
 */
export function tracedObjective(options: TracedObjectiveOptions): Objective {
  const { model, train, loss, ridge, memory, task = quietTask, threads = 1 } = options;
  const { batch = 256, vectors: together = 16 } = options;
  const where = `tracedObjective '${model.name}'`;
  demand(ridge >= 0 && ridge < Infinity, () => `${where}: ridge ${ridge}; expected a number of at least 0`);
  for (const [name, value] of Object.entries({ batch, vectors: together })) {
    demand(Number.isInteger(value) && value >= 1, () => `${where}: ${name} is ${value}; expected at least 1`);
  }
  const d = model.layout.size;
  const { outputs } = model;
  const programs = tracedPrograms(model, train, loss.classes ? 1 : outputs, threads);
  const n = train.count;
  const all = Int32Array.from({ length: n }, (_, i) => i);

  const checkParameters = (parameters: Float64Array) =>
    demand(parameters.length === d, () => {
      return `${where}: ${parameters.length} parameters; the model has ${d}`;
    });
  const fits = (what: string, rows: number, cols: number, instead: string) =>
    requireMemory(where, what, [rows, cols], { memory, instead });

  /** The kept rows in batches of one size; the last one is filled up by repeats of its last row. */
  const stretches = (rows: Int32Array): { rows: Int32Array; used: number }[] => {
    const list = [];
    for (let from = 0; from < rows.length; from += batch) {
      const used = Math.min(batch, rows.length - from);
      const size = used === batch ? batch : Math.min(batch, 2 ** Math.ceil(Math.log2(used)));
      const part = Int32Array.from({ length: size }, (_, i) => rows[from + Math.min(i, used - 1)]!);
      list.push({ rows: part, used });
    }
    return list;
  };
  const inputsOf = (samples: Samples, rows: Int32Array): TypedArray[] =>
    samples.inputs.map((column) => pickRows(column, samples.count, rows));

  /** Outputs of a batch; those of its filling are there too. */
  const forward = async (parameters: Float64Array, inputs: TypedArray[], size: number) => {
    const run = await programs.evaluate(size);
    const [values] = await run.run([parameters, ...inputs]);
    return matrix(size, outputs, values as Float64Array);
  };

  const kept = (weights: Float64Array | undefined) => {
    if (weights === undefined) return all;
    demand(weights.length === n, () => `${where}: ${weights.length} weights for ${n} training samples`);
    return all.filter((i) => weights[i] !== 0);
  };

  /** Weight/n of each row of a batch, 0 for its filling. */
  const shares = (rows: Int32Array, used: number, weights: Float64Array | undefined) =>
    Float64Array.from(rows, (row, i) => (i < used ? (weights?.[row] ?? 1) / n : 0));

  /** (∇²R − ridge)·v for rows of vectors. */
  const products = async (parameters: Float64Array, vectors: Matrix, weights?: Float64Array) => {
    const out = matrix(vectors.rows, d);
    for (const { rows, used } of stretches(kept(weights))) {
      const inputs = inputsOf(train, rows);
      const f = await forward(parameters, inputs, rows.length);
      const targets = pickRows(train.targets, n, rows);
      const share = shares(rows, used, weights);
      const slopes = scaleRows(loss.slopes(f, targets), share);
      const curvatures = scaleRows(loss.curvatures(f, targets), share);
      for (let from = 0; from < vectors.rows; from += together) {
        await breathe(task);
        const count = Math.min(together, vectors.rows - from);
        const run = await programs.product(rows.length, count);
        const part = vectors.data.subarray(from * d, (from + count) * d);
        const [image] = await run.run([parameters, ...inputs, slopes, curvatures, part]);
        addInto(out.data, image as Float64Array, from * d);
      }
    }
    return out;
  };

  return {
    name: `${model.name}, ${d} parameters`,
    size: d,
    outputs,
    blocks: blocksOf(model),
    loss,
    ridge,
    train,
    hazards: model.hazards ?? [],
    kinks: model.kinks,

    async evaluate(parameters, samples) {
      checkParameters(parameters);
      const out = matrix(samples.count, outputs);
      const rows = Int32Array.from({ length: samples.count }, (_, i) => i);
      let from = 0;
      for (const { rows: part, used } of stretches(rows)) {
        task.check();
        const { data } = await forward(parameters, inputsOf(samples, part), part.length);
        out.data.set(data.subarray(0, used * outputs), from);
        from += used * outputs;
      }
      return out;
    },

    async jacobian(parameters, samples) {
      checkParameters(parameters);
      const height = samples.count * outputs;
      fits("Jacobian", height, d, "ask for fewer samples at a time");
      const out = matrix(height, d);
      const rows = Int32Array.from({ length: samples.count }, (_, i) => i);
      let from = 0;
      for (const { rows: part, used } of stretches(rows)) {
        await breathe(task);
        const run = await programs.jacobian(part.length);
        const [data] = await run.run([parameters, ...inputsOf(samples, part)]);
        out.data.set((data as Float64Array).subarray(0, used * outputs * d), from);
        from += used * outputs * d;
      }
      return out;
    },

    async valueAndGradient(parameters, weights) {
      checkParameters(parameters);
      let value = 0;
      const gradient = parameters.map((p) => ridge * p);
      for (const p of parameters) value += 0.5 * ridge * p * p;
      for (const { rows, used } of stretches(kept(weights))) {
        task.check();
        const inputs = inputsOf(train, rows);
        const f = await forward(parameters, inputs, rows.length);
        const targets = pickRows(train.targets, n, rows);
        const share = shares(rows, used, weights);
        loss.values(f, targets).forEach((l, i) => {
          value += share[i]! * l;
        });
        const run = await programs.gradient(rows.length);
        const [part] = await run.run([parameters, ...inputs, scaleRows(loss.slopes(f, targets), share)]);
        addInto(gradient, part as Float64Array, 0);
      }
      return { value, gradient };
    },

    async hessianProducts(parameters, vectors) {
      checkParameters(parameters);
      demand(vectors.cols === d, () => `${where}: vectors of ${vectors.cols} numbers for ${d} parameters`);
      const out = await products(parameters, vectors);
      for (let i = 0; i < out.data.length; i++) out.data[i]! += ridge * vectors.data[i]!;
      return out;
    },

    async hessian(parameters, weights) {
      checkParameters(parameters);
      const instead =
        "use hessianProducts (conjugate gradients, Lanczos: matrix-free), or a block, Kronecker or last-layer curvature";
      fits("Hessian", d, d, instead);
      const identity = matrix(d, d);
      for (let i = 0; i < d; i++) identity.data[i * d + i] = 1;
      const out = await products(parameters, identity, weights);
      symmetrise(out);
      for (let i = 0; i < d; i++) out.data[i * d + i]! += ridge;
      return out;
    },

    release: programs.release,
  };
}

/** The layout's parameters, a weight and a bias named "layer.weight" and "layer.bias" in one layer. */
function blocksOf({ layout, layerOf }: TracedModel): ParameterBlock[] {
  const stem = (name: string) => (name.includes(".") ? name.slice(0, name.lastIndexOf(".")) : name);
  return layout.names.map((name) => {
    const { start, end } = layout.slice(name);
    return { name, from: start, to: end, shape: layout.shapes[name]!, layer: (layerOf ?? stem)(name) };
  });
}

/** The data of a matrix with row i times `factors[i]`. */
function scaleRows({ cols, data }: Matrix, factors: Float64Array): Float64Array {
  return data.map((value, i) => value * factors[Math.floor(i / cols)]!);
}

function addInto(out: Float64Array, part: Float64Array, from: number): void {
  for (let i = 0; i < part.length; i++) out[from + i]! += part[i]!;
}

/** A ← ½(A + Aᵀ). */
function symmetrise({ rows: n, data }: Matrix): void {
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) {
      const mean = 0.5 * (data[i * n + k]! + data[k * n + i]!);
      data[i * n + k] = mean;
      data[k * n + i] = mean;
    }
  }
}
