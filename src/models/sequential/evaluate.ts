import { breathe } from "../../core/breathe.ts";
import { quietTask, type Task } from "../../core/task.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import type { OutputLoss } from "../objective/contract.ts";
import { addGradient, backward } from "./kernels/backward.ts";
import { forward, markLive } from "./kernels/forward.ts";
import { addProduct, forwardTangent, tangentSpace } from "./kernels/product.ts";
import { type Workspace, workspace } from "./kernels/workspace.ts";
import type { Plan } from "./plan.ts";

const pause = 40; // ms between looks at the task

/** Inputs of `count` samples, row-major float64, and where they go through. */
export interface Batch {
  plan: Plan;
  inputs: Float64Array;
  count: number;
  task?: Task;
}

/** Calls `each` for every sample, breathing now and then. */
async function overSamples({ count, task = quietTask }: Batch, each: (i: number) => void): Promise<void> {
  let last = performance.now();
  for (let i = 0; i < count; i++) {
    each(i);
    if (performance.now() - last < pause) continue;
    await breathe(task);
    last = performance.now();
  }
}

/** f(xᵢ; θ) of every sample, count × C. */
export async function evaluateBatch(batch: Batch, theta: Float64Array): Promise<Matrix> {
  const { plan, count, inputs } = batch;
  const space = workspace(plan);
  const out = matrix(count, plan.outputs);
  await overSamples(batch, (i) => out.data.set(forward(space, theta, inputs, i), i * plan.outputs));
  return out;
}

/** ∂f/∂θ, (count·C) × d, row i·C + c: one forward pass and C backward passes a sample. */
export async function jacobianBatch(batch: Batch, theta: Float64Array): Promise<Matrix> {
  const { plan, count, inputs } = batch;
  const space = workspace(plan);
  const out = matrix(count * plan.outputs, plan.size);
  await overSamples(batch, (i) => {
    forward(space, theta, inputs, i);
    markLive(space);
    eachOutput(space, theta, (c) => addGradient(space, out.data, (i * plan.outputs + c) * plan.size));
  });
  return out;
}

/** Runs `backward` for f_c of each output c in turn. */
export function eachOutput(space: Workspace, theta: Float64Array, then: (c: number) => void): void {
  const unit = new Float64Array(space.plan.outputs);
  for (let c = 0; c < unit.length; c++) {
    unit.fill(0)[c] = 1;
    backward(space, theta, unit);
    then(c);
  }
}

/** A loss on the samples of a batch: targets, and what each sample's term is multiplied by. */
export interface WeightedLoss {
  loss: OutputLoss;
  targets: Float64Array;
  weights?: Float64Array | undefined;
}

/** Σᵢ wᵢ ℓ(f(xᵢ; θ), yᵢ) and its gradient (a sum, not a mean; no ridge). */
export async function sumAndGradient(
  batch: Batch,
  theta: Float64Array,
  { loss, targets, weights }: WeightedLoss,
): Promise<{ value: number; gradient: Float64Array }> {
  const { plan, count, inputs } = batch;
  const space = workspace(plan);
  const gradient = new Float64Array(plan.size);
  const perSample = targets.length / count;
  let value = 0;
  await overSamples(batch, (i) => {
    const output = matrix(1, plan.outputs, forward(space, theta, inputs, i));
    const target = targets.subarray(i * perSample, (i + 1) * perSample);
    const weight = weights?.[i] ?? 1;
    value += weight * loss.values(output, target)[0]!;
    const slopes = loss.slopes(output, target).data;
    if (weight !== 1) for (let c = 0; c < slopes.length; c++) slopes[c]! *= weight;
    markLive(space);
    backward(space, theta, slopes);
    addGradient(space, gradient);
  });
  return { value, gradient };
}

/** Σᵢ ∇²ℓᵢ·v for every row v of `vectors` (a sum, not a mean; no ridge), k × d: forward-over-reverse. */
export async function sumOfProducts(
  batch: Batch,
  theta: Float64Array,
  vectors: Matrix,
  { loss, targets }: WeightedLoss,
): Promise<Matrix> {
  const { plan, count, inputs } = batch;
  const space = workspace(plan);
  const tangent = tangentSpace(space);
  const out = matrix(vectors.rows, plan.size);
  const perSample = targets.length / count;
  const outputs = plan.outputs;
  const moved = new Float64Array(outputs);
  await overSamples(batch, (i) => {
    const output = matrix(1, outputs, forward(space, theta, inputs, i));
    const target = targets.subarray(i * perSample, (i + 1) * perSample);
    const slopes = loss.slopes(output, target).data;
    const curvature = loss.curvatures(output, target).data;
    markLive(space);
    backward(space, theta, slopes);
    for (let k = 0; k < vectors.rows; k++) {
      const at = k * plan.size;
      const step = forwardTangent(space, tangent, theta, vectors.data, at);
      for (let a = 0; a < outputs; a++) {
        let sum = 0;
        for (let b = 0; b < outputs; b++) sum += curvature[a * outputs + b]! * step[b]!;
        moved[a] = sum;
      }
      addProduct(space, tangent, theta, vectors.data, moved, out.data, at);
    }
  });
  return out;
}
