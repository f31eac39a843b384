import { demand, UserError } from "../../core/errors.ts";
import type { Values } from "../../core/params.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { eigenSymmetric } from "../../linalg/eigen-symmetric.ts";
import { lanczos } from "../../linalg/lanczos.ts";
import type { Matrix } from "../../linalg/matrix.ts";
import { norm } from "../../optim/vector.ts";
import type { nature } from "./about.ts";
import { meanRow } from "./answers/rows.ts";
import { curvatureOf } from "./choose-curvature.ts";
import { chooseDamping, type DampingChoice } from "./damping.ts";
import { demandMemory } from "./memory.ts";
import type { CurvatureOperator, CurvatureSolver } from "./operator.ts";
import { gradientsOf } from "./slopes.ts";
import { type CurvatureSubject, sizesOf } from "./subject.ts";

export type CurvatureOptions = Values<typeof nature.params>;

/** Eigenpairs of the curvature, largest first: all, or those an iteration found at both ends. */
export interface Spectrum {
  values: Float64Array;
  vectors: Matrix;
  complete: boolean;
  /** The smallest eigenvalue of all, where it is known without being among the values. */
  least?: number;
}

/** How far the parameters are from a minimum. */
export interface Stationarity {
  /** ‖∇R(θ̂)‖. */
  gradientNorm: number;
  /** ‖∇R‖/√λ_max. */
  scaled: number;
  /** ½ ∇Rᵀ B⁻¹ ∇R: by how much the loss would still fall, as the curvature has it. */
  decrement: number;
  /** R(θ̂), where it is known. */
  value: number | undefined;
  gradient: Float64Array;
}

/** What all answers rest on. */
export interface Prepared {
  samples: number;
  size: number;
  ridge: number;
  /** g_i of the training samples, without the regulariser, n × d. */
  gradients: Matrix;
  /** Outputs of the training samples, n × C, for a model. */
  outputs: Matrix | undefined;
  operator: CurvatureOperator;
  solver: CurvatureSolver;
  damping: DampingChoice;
  spectrum: Spectrum;
  stationarity: Stationarity;
}

/** Parameters up to which all eigenpairs are computed. */
const denseLimit = 2000;

/**
 * Gradients, curvature, eigenpairs, damping and solver of a subject.
 * @throws UserError for what would not fit into memory, a loss that is no mean over samples, and negative curvature that
 * is to be refused.
 */
export async function prepare(
  subject: CurvatureSubject,
  options: CurvatureOptions,
  { task, random }: { task: Task; random: Random },
): Promise<Prepared> {
  const { source, tests, id } = subject;
  const { samples, parameters: size } = sizesOf(source);
  const asked = tests.reduce((sum, { points }) => sum + points.names.length, 0);
  const outputs = source.kind === "model" ? source.objective.outputs : 1;
  const sizes = { samples, tests: asked, parameters: size, outputs, curvature: options.curvature };
  demandMemory(sizes, options.memory);
  const ridge = source.kind === "model" ? source.objective.ridge : (source.ridge ?? 0);
  task.report(0, `${subject.title}: training gradients`);
  const slopes = await trainingSlopes(subject, task.part(0, 0.2));
  checkMean(id, slopes, ridge, source.parameters);
  task.check();
  task.report(0.2, `${subject.title}: curvature`);
  const context = { rank: options.rank, memory: options.memory, random: random.fork("curvature") };
  let operator = curvatureOf(source, options.curvature, { ...context, task: task.part(0.2, 0.6) });
  let spectrum = await spectrumOf(operator, ridge, options, random.fork("spectrum"), task.part(0.6, 0.95));
  // Outside of the last layer that curvature is zero on purpose; its solver leaves these parameters alone.
  const counted = (s: Spectrum) =>
    options.curvature === "last-layer" ? s.values.filter((value) => value !== 0) : s.values;
  const range = (s: Spectrum) => ({
    least: s.least ?? counted(s).at(-1) ?? 0,
    most: s.values[0]!,
  });
  demand(
    range(spectrum).most > 0,
    () =>
      `curvature '${id}': the largest eigenvalue is ${range(spectrum).most}; a loss that bends nowhere upwards has no minimum`,
  );
  const damping = chooseDamping(range(spectrum), options);
  if (damping.replace) {
    operator = curvatureOf(source, "ggn", { ...context, task: task.part(0.6, 0.7) });
    spectrum = await spectrumOf(operator, ridge, options, random.fork("spectrum"), task.part(0.7, 0.95));
    const { value } = chooseDamping(range(spectrum), { ...options, negative: "shift" });
    damping.value = value;
  }
  const solver = await operator.solver({ damping: damping.value, task: task.part(0.95, 1) });
  const { gradient, value } = slopes.full;
  const step = (await solver.solve({ rows: 1, cols: size, data: gradient.slice() })).data;
  const gradientNorm = norm(gradient);
  return {
    samples,
    size,
    ridge,
    gradients: slopes.gradients,
    outputs: slopes.outputs,
    operator,
    solver,
    damping,
    spectrum,
    stationarity: {
      gradientNorm,
      scaled: gradientNorm / Math.sqrt(range(spectrum).most),
      decrement: gradient.reduce((sum, g, j) => sum + 0.5 * g * step[j]!, 0),
      value,
      gradient,
    },
  };
}

interface TrainingSlopes {
  gradients: Matrix;
  outputs: Matrix | undefined;
  full: { gradient: Float64Array; value: number | undefined };
}

async function trainingSlopes({ source }: CurvatureSubject, task: Task): Promise<TrainingSlopes> {
  if (source.kind === "arrays") {
    const { gradients, parameters, ridge = 0 } = source;
    const middle = meanRow(gradients);
    const gradient = parameters ? middle.map((g, j) => g + ridge * parameters[j]!) : middle;
    return { gradients, outputs: undefined, full: { gradient, value: undefined } };
  }
  const { objective, parameters } = source;
  const outputs = await objective.evaluate(parameters, objective.train);
  const weights = objective.loss.slopes(outputs, objective.train.targets);
  const [gradients] = await gradientsOf(objective, parameters, objective.train, [weights], task);
  return { gradients: gradients!, outputs, full: await objective.valueAndGradient(parameters) };
}

/** The gradient of R must be the mean of the samples' gradients plus ridge·θ: then R is what all formulas assume. */
function checkMean(
  id: string,
  { gradients, full }: TrainingSlopes,
  ridge: number,
  parameters: Float64Array | undefined,
): void {
  if (!parameters) return;
  const middle = meanRow(gradients);
  const expected = middle.map((g, j) => g + ridge * parameters[j]!);
  const apart = norm(expected.map((g, j) => g - full.gradient[j]!));
  const scale = Math.max(norm(full.gradient), norm(middle), ridge * norm(parameters));
  if (apart <= 1e-6 * scale + 1e-12) return;
  const sum = norm(middle.map((g, j) => g * gradients.rows + ridge * parameters[j]! - full.gradient[j]!));
  throw new UserError(
    `curvature '${id}': the loss is not the mean over samples plus ½·ridge·‖θ‖²: its gradient differs from that of the mean by ${apart.toPrecision(3)} (of ${scale.toPrecision(3)})${sum < 1e-3 * apart ? "; it is a sum over samples: divide it by their number" : ""}. Influence needs a loss that adds up over samples`,
  );
}

async function spectrumOf(
  operator: CurvatureOperator,
  ridge: number,
  options: CurvatureOptions,
  random: Random,
  task: Task,
): Promise<Spectrum> {
  task.report(0, "eigenvalues");
  task.check();
  if (operator.size <= denseLimit) {
    const { values, vectors } = eigenSymmetric(await operator.dense());
    task.check();
    return { values, vectors, complete: true };
  }
  const count = Math.min(options.rank, Math.floor(operator.size / 4));
  const which = operator.semidefinite ? "top" : "both";
  // The spectra of networks fall off slowly: with little room the iteration restarts over and over.
  const maxBasis = Math.min(operator.size, 12 * (which === "both" ? 2 : 1) * count);
  const { values, vectors } = await lanczos(operator, {
    ...{ count, which, tolerance: 1e-6, random, task },
    ...(maxBasis >= 240 && 8 * maxBasis * operator.size <= 2 ** 30 ? { maxBasis } : {}),
  });
  return { values, vectors, complete: false, ...(operator.semidefinite ? { least: ridge } : {}) };
}
