import { demand, UserError } from "../core/errors.ts";
import type { Random } from "../core/random.ts";
import { quietTask, type Task } from "../core/task.ts";
import type { Matrix } from "../linalg/matrix.ts";
import { adamwState, adamwStep } from "../optim/adamw.ts";
import { type AsyncSmooth, lbfgsAsync, type Minimum } from "../optim/lbfgs.ts";
import { newtonCg } from "../optim/newton-cg.ts";
import { polish } from "../optim/polish.ts";
import { scheduleFactor } from "../optim/schedule.ts";
import { norm } from "../optim/vector.ts";
import { type CheckpointStore, decodeCheckpoint, encodeCheckpoint } from "./checkpoint.ts";
import { type Coreset, evenCoreset, steepCoreset } from "./coreset.ts";
import type { Objective, Samples } from "./objective/contract.ts";
import { pickSamples } from "./objective/samples.ts";

/** A place on the way to the minimum. */
export interface PathPoint {
  phase: string;
  /** Steps since the beginning of the phase. */
  step: number;
  value: number;
  gradientNorm: number;
}

export interface TrainToMinimumOptions {
  /** Trained once ‖∇R‖ is at most this; default 1e-6. */
  tolerance?: number;
  /** Steps of Adam at the beginning; default 0. They leave plateaus that L-BFGS stays on. */
  adamSteps?: number;
  /** Of Adam, falling to 0 on half a cosine; default 0.01. */
  learningRate?: number;
  /** Samples a step of Adam; default all. Needs `random`. */
  batch?: number;
  /** Where the batches of Adam come from. */
  random?: Random;
  /**
   * Looks for the minimum of a few samples first and uses their Hessians as preconditioners: `size` samples, and the
   * function that makes an objective of the same model from them. The minimum that comes out is that of all samples.
   */
  coarse?: { size: number; make: (train: Samples) => Objective };
  /** Plain L-BFGS iterations before the first Hessian; default 150. */
  plainIterations?: number;
  /** Iterations with preconditioner, or of the Newton method of products; default 600. */
  maxIterations?: number;
  /** More parameters than this are trained without Hessian matrices, by products; default 3000. */
  denseLimit?: number;
  task?: Task;
  /** For the progress: "seed 0". */
  label?: string;
  /** Keeps the state of Adam every 50 steps; what comes after is run again, to the same bytes. */
  checkpoint?: { store: CheckpointStore; key: string; fingerprint: string };
}

/** Parameters at a minimum of the training loss, and how they came there. */
export interface TrainedToMinimum {
  parameters: Float64Array;
  /** R there, ridge included. */
  value: number;
  gradientNorm: number;
  /** Is ‖∇R‖ at most the tolerance? A curvature is only meant where it is. */
  converged: boolean;
  /** In a sentence, for reports and diagnostics. */
  stopped: string;
  path: readonly PathPoint[];
  /** Evaluations of value and gradient: of all samples, and of a coarse set. */
  evaluations: { full: number; coarse: number };
  /** Hessian matrices that were computed. */
  hessians: number;
}

/**
 * Trains to a minimum of R: Adam (if asked for), L-BFGS, then L-BFGS preconditioned with |∇²R|⁻¹ until ‖∇R‖ ≤ tolerance;
 * beyond `denseLimit` parameters a Newton method of Hessian-vector products. With `coarse`, all but the last phase work
 * on few samples: evenly spread ones, then those that the loss is steep at. Deterministic; where the tolerance is not
 * reached the result says so.
 * @param start parameters before the first step; not changed.
 * @throws UserError when the loss is not a number; Cancelled.
 */
export async function trainToMinimum(
  objective: Objective,
  start: Float64Array,
  options: TrainToMinimumOptions = {},
): Promise<TrainedToMinimum> {
  const { tolerance = 1e-6, adamSteps = 0, coarse, task = quietTask, label = "training" } = options;
  const { plainIterations = 150, maxIterations = 600, denseLimit = 3000 } = options;
  demand(tolerance > 0, () => `trainToMinimum: tolerance ${tolerance}; expected a number above 0`);
  demand(start.length === objective.size, () => {
    return `trainToMinimum: ${start.length} parameters; '${objective.name}' has ${objective.size}`;
  });
  const path: PathPoint[] = [];
  const count = { full: 0, coarse: 0 };
  let hessians = 0;
  const phases = 2 + (adamSteps > 0 ? 1 : 0) + (coarse ? 2 : 0);
  let phase = 0;
  const follow = (name: string) => {
    const part = phase++ / phases;
    return (point: Omit<PathPoint, "phase">) => {
      path.push({ phase: name, ...point });
      const share = part + (1 - 1 / (1 + point.step / 50)) / phases;
      task.report(
        share,
        `${label}: ${name}, step ${point.step}, loss ${point.value.toPrecision(6)}, gradient norm ${point.gradientNorm.toExponential(1)}`,
      );
    };
  };
  const told =
    (tell: ReturnType<typeof follow>) => (s: { iteration: number; value: number; gradientNorm: number }) =>
      tell({ step: s.iteration, value: s.value, gradientNorm: s.gradientNorm });
  const smooth = (from: Objective, kind: keyof typeof count, weights?: Float64Array): AsyncSmooth => ({
    n: from.size,
    async valueAndGradient(x, gradient) {
      count[kind]++;
      const found = await from.valueAndGradient(x, weights);
      gradient.set(found.gradient);
      return found.value;
    },
  });
  const polished = async (
    name: string,
    f: AsyncSmooth,
    hessian: (x: Float64Array) => Promise<Matrix>,
    x: Float64Array,
    goal: number,
  ): Promise<Minimum> => {
    const found = await polish(f, hessian, x, {
      ...{ tolerance: goal, maxIterations, floor: 1e-4, task, onStep: told(follow(name)) },
    });
    hessians += found.hessians;
    return found;
  };
  const plain = (name: string, f: AsyncSmooth, x: Float64Array, goal: number) =>
    lbfgsAsync(f, x, {
      ...{ tolerance: goal, maxIterations: plainIterations, memory: 20, task, onStep: told(follow(name)) },
    });

  const made: Objective[] = [];
  const restricted = ({ rows, weights }: Coreset) => {
    const few = coarse!.make(pickSamples(objective.train, rows));
    made.push(few);
    return { few, f: smooth(few, "coarse", weights), hessian: (x: Float64Array) => few.hessian(x, weights) };
  };
  try {
    let x: Float64Array = start.slice();
    const even = coarse && restricted(evenCoreset(objective.train.count, coarse.size));
    const first = even ? even.few : objective;
    const f = even ? even.f : smooth(objective, "full");
    if (adamSteps > 0) {
      const tell = follow("Adam");
      x = await adam(first, x, { ...options, adamSteps, task, tell });
      count[even ? "coarse" : "full"] += adamSteps;
    }
    const dense = objective.size <= denseLimit;
    x = (await plain("L-BFGS", f, x, even ? 1e-3 : dense ? Math.max(1e-3, tolerance) : tolerance)).x;
    let hessian = objective.hessian;
    if (even) {
      if (dense) x = (await polished("L-BFGS with |H|, even samples", f, even.hessian, x, 1e-4)).x;
      const steep = restricted(
        await steepCoreset(objective, x, Math.min(2 * coarse.size, objective.train.count)),
      );
      if (dense) {
        x = (await polished("L-BFGS with |H|, steep samples", steep.f, steep.hessian, x, tolerance)).x;
      } else x = (await plain("L-BFGS, steep samples", steep.f, x, 1e-4)).x;
      hessian = steep.hessian;
    }
    const all = smooth(objective, "full");
    let found: Minimum;
    if (dense) found = await polished("L-BFGS with |H|", all, hessian, x, tolerance);
    else {
      const product = async (at: Float64Array, v: Float64Array) =>
        (await objective.hessianProducts(at, { rows: 1, cols: v.length, data: v })).data;
      found = await newtonCg({ ...all, product }, x, {
        ...{ tolerance, maxIterations, task, onStep: told(follow("Newton by conjugate gradients")) },
      });
    }
    return {
      parameters: found.x,
      value: found.value,
      gradientNorm: found.gradientNorm,
      converged: found.converged,
      stopped: found.converged
        ? `‖∇R‖ = ${found.gradientNorm.toExponential(1)} ≤ ${tolerance}`
        : `not at a minimum: ‖∇R‖ = ${found.gradientNorm.toExponential(1)} > ${tolerance} (${found.stopped}); ${objective.kinks ? "the model has kinks, and a minimum on one has no zero gradient: use smooth activations" : "train longer, or start elsewhere"}`,
      path,
      evaluations: count,
      hessians,
    };
  } finally {
    for (const few of made) await few.release();
  }
}

/** Adam on all samples or on batches (through sample weights), from a checkpoint where there is one. */
async function adam(
  objective: Objective,
  start: Float64Array,
  options: TrainToMinimumOptions & {
    adamSteps: number;
    task: Task;
    tell: (point: Omit<PathPoint, "phase">) => void;
  },
): Promise<Float64Array> {
  const {
    adamSteps,
    learningRate = 0.01,
    batch,
    random,
    task,
    tell,
    checkpoint,
    label = "training",
  } = options;
  const n = objective.train.count;
  if (batch !== undefined && (!(batch >= 1 && batch <= n) || random === undefined)) {
    throw new UserError(
      `trainToMinimum: batches of ${batch} from ${n} samples; expected 1 to ${n}, and a random stream`,
    );
  }
  const bytes = checkpoint?.store.read(checkpoint.key);
  const state = bytes && decodeCheckpoint(bytes, checkpoint!.fingerprint, `checkpoint '${checkpoint!.key}'`);
  const parameters = (state?.parameters ?? start).slice() as Float64Array;
  const optimiser = state?.optimiser ?? adamwState(parameters);
  for (let step = optimiser.step; step < adamSteps; step++) {
    task.check();
    const weights = batch === undefined ? undefined : batchWeights(n, batch, random!.fork("adam", step));
    const { value, gradient } = await objective.valueAndGradient(parameters, weights);
    const gradientNorm = norm(gradient);
    if (!Number.isFinite(value) || !Number.isFinite(gradientNorm)) {
      throw new UserError(
        `${label}: the loss is ${value} at step ${step} of Adam; lower the learning rate (${learningRate})`,
      );
    }
    adamwStep(parameters, gradient, optimiser, {
      learningRate: learningRate * scheduleFactor("cosine", step, adamSteps),
    });
    tell({ step: step + 1, value, gradientNorm });
    if (checkpoint && ((step + 1) % 50 === 0 || step + 1 === adamSteps)) {
      const curve = { epoch: [], training: [], validation: [] };
      const whole = { parameters, optimiser, epoch: step + 1, curve };
      checkpoint.store.write(checkpoint.key, encodeCheckpoint(whole, checkpoint.fingerprint));
    }
  }
  return parameters;
}

/** n/batch for the samples of a drawn batch, 0 for the others. */
function batchWeights(n: number, batch: number, random: Random): Float64Array {
  const weights = new Float64Array(n);
  for (const i of random.permutation(n).subarray(0, batch)) weights[i] = n / batch;
  return weights;
}
