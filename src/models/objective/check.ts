import { UserError } from "../../core/errors.ts";
import { random } from "../../core/random.ts";
import { matrix } from "../../linalg/matrix.ts";
import type { Objective } from "./contract.ts";
import { pickSamples } from "./samples.ts";

/** What makes an objective unfit for curvature: its short name and what was measured. */
export interface Hazard {
  kind:
    | "declared"
    | "not repeatable"
    | "coupled samples"
    | "not a mean over samples"
    | "wrong gradient"
    | "wrong Hessian";
  message: string;
}

export interface CheckOptions {
  /** Samples that are looked at, spread evenly over the training set; default 32. */
  samples?: number;
  /** Also compare gradient and Hessian products with differences along a random direction; default true. */
  derivatives?: boolean;
}

/**
 * Looks for what would make a curvature of this objective meaningless, by measuring: two evaluations that differ
 * (dropout, random numbers); outputs of a sample that depend on the samples beside it (batch statistics); a training
 * loss that is not (1/n) Σ wᵢℓᵢ + ½·ridge·‖θ‖² (a sum, a maximum, a term over pairs); a gradient or Hessian that is not
 * the derivative (central differences along a random direction; where the model has kinks only roughly).
 * @returns what was found; empty is good.
 */
export async function findHazards(
  objective: Objective,
  parameters: Float64Array,
  options: CheckOptions = {},
): Promise<Hazard[]> {
  const { train, loss, ridge } = objective;
  const found: Hazard[] = objective.hazards.map((message) => ({ kind: "declared", message }));
  const add = (kind: Hazard["kind"], message: string) => found.push({ kind, message });
  const count = Math.min(options.samples ?? 32, train.count);
  const rows = Int32Array.from({ length: count }, (_, i) => Math.floor((i * train.count) / count));
  const probe = pickSamples(train, rows);

  const once = await objective.evaluate(parameters, probe);
  const again = await objective.evaluate(parameters, probe);
  const change = largestDifference(once.data, again.data);
  if (change > 0) {
    add(
      "not repeatable",
      `two evaluations of the same samples differ by ${digits(change)}: dropout or other random numbers are active; evaluate in evaluation mode`,
    );
    return found;
  }
  const scale = 1 + once.data.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  for (const place of new Set([0, count >> 1, count - 1])) {
    const alone = await objective.evaluate(parameters, pickSamples(probe, [place]));
    const beside = once.data.subarray(place * once.cols, (place + 1) * once.cols);
    const difference = largestDifference(alone.data, beside);
    if (difference <= 1e-9 * scale) continue;
    add(
      "coupled samples",
      `sample ${rows[place]} alone and among ${count} gives outputs that differ by ${digits(difference)}: batch statistics are active, or samples are coupled; freeze them`,
    );
    break;
  }

  const outputs = await objective.evaluate(parameters, train);
  const losses = loss.values(outputs, train.targets);
  const penalty = 0.5 * ridge * parameters.reduce((sum, p) => sum + p * p, 0);
  const weightings: [string, Float64Array | undefined][] = [
    ["all samples", undefined],
    ["every third sample left out", losses.map((_, i) => (i % 3 === 1 ? 0 : 1))],
    ["sample weights 1, 2, 3", losses.map((_, i) => 1 + (i % 3))],
  ];
  for (const [name, weights] of weightings) {
    const { value } = await objective.valueAndGradient(parameters, weights);
    const expected = losses.reduce((sum, l, i) => sum + (weights?.[i] ?? 1) * l, 0) / train.count + penalty;
    if (Math.abs(value - expected) <= 1e-9 * (Math.abs(expected) + 1e-3)) continue;
    add(
      "not a mean over samples",
      `with ${name} the objective is ${digits(value)}, but the mean of the samples' losses with the ridge is ${digits(expected)}: influence of single samples is not defined; write the loss as a mean over samples`,
    );
    break;
  }
  if (options.derivatives ?? true) await checkDerivatives(objective, parameters, add);
  return found;
}

/** @throws UserError that lists every hazard of the objective. @see findHazards */
export async function checkObjective(
  objective: Objective,
  parameters: Float64Array,
  options: CheckOptions = {},
): Promise<void> {
  const found = await findHazards(objective, parameters, options);
  if (found.length === 0) return;
  const said = found.map(({ kind, message }) => `${kind}: ${message}`).join("; ");
  throw new UserError(`objective '${objective.name}': ${said}`);
}

async function checkDerivatives(
  objective: Objective,
  parameters: Float64Array,
  add: (kind: Hazard["kind"], message: string) => void,
): Promise<void> {
  const stream = random(0, "check objective");
  const way = parameters.map(() => stream.normal());
  const length = Math.sqrt(way.reduce((sum, v) => sum + v * v, 0));
  const unit = way.map((v) => v / length);
  const step = objective.kinks ? 1e-7 : 1e-4;
  const at = (by: number) => objective.valueAndGradient(parameters.map((p, i) => p + by * unit[i]!));
  const [up, down, here] = [await at(step), await at(-step), await at(0)];
  const slope = here.gradient.reduce((sum, g, i) => sum + g * unit[i]!, 0);
  const rise = (up.value - down.value) / (2 * step);
  const rounding = (1e-15 * Math.abs(here.value)) / step;
  const norm = Math.sqrt(here.gradient.reduce((sum, g) => sum + g * g, 0));
  if (!(Math.abs(slope - rise) <= 1e-4 * norm + 100 * rounding + 1e-9)) {
    add(
      "wrong gradient",
      `along a random direction the gradient says ${digits(slope)}, differences of the value ${digits(rise)}`,
    );
  }
  const product = await objective.hessianProducts(parameters, matrix(1, parameters.length, unit));
  let [error, size] = [0, 0];
  product.data.forEach((value, i) => {
    error += (value - (up.gradient[i]! - down.gradient[i]!) / (2 * step)) ** 2;
    size += value ** 2;
  });
  const allowed = objective.kinks ? 0.05 : 1e-3;
  if (!(Math.sqrt(error) <= allowed * Math.sqrt(size) + (1e-13 * (1 + norm)) / step)) {
    add(
      "wrong Hessian",
      `along a random direction its product differs from differences of the gradient by ${digits(Math.sqrt(error / size))} of its norm`,
    );
  }
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= most)) most = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return most;
}

function digits(value: number): string {
  return value.toPrecision(3);
}
