import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { matrix } from "../../linalg/matrix.ts";
import { pickSamples } from "../../models/objective/samples.ts";
import { norm } from "../../optim/vector.ts";
import { quantile } from "../../stats/quantile.ts";
import { probabilities } from "./answers/functionals.ts";
import { newtonRemoval } from "./answers/newton-removal.ts";
import { rowNorms } from "./answers/rows.ts";
import { multinomialWeights } from "./answers/rue-samples.ts";
import { type Answers, queryNorms } from "./ask.ts";
import type { RemovalCheck } from "./check-removal.ts";
import type { SubsetCheck } from "./check-subsets.ts";
import { type HealthItem, shortNumber as number } from "./health-item.ts";
import { removalItems, subsetItems } from "./health-retraining.ts";
import type { CurvatureOptions, Prepared, Spectrum } from "./prepare.ts";
import type { CurvatureSubject, ModelSource } from "./subject.ts";

/** The health panel: whether what the answers assume holds. Every trouble has a sentence. */
export async function healthOf(
  subject: CurvatureSubject,
  prepared: Prepared,
  answers: readonly Answers[],
  { removal, subsets }: { removal: RemovalCheck | undefined; subsets: SubsetCheck | undefined },
  options: CurvatureOptions,
  context: { task: Task; random: Random },
): Promise<HealthItem[]> {
  return [
    ...stationarity(subject, prepared, options),
    ...curvatureItems(prepared, answers),
    ...saturation(subject, prepared, answers),
    ...(subject.source.kind === "model"
      ? await gateFlips({ ...subject, source: subject.source }, prepared, answers, context)
      : []),
    ...(removal ? removalItems(removal, prepared, options) : []),
    ...(subsets ? subsetItems(subsets) : []),
  ];
}

function stationarity(
  { source }: CurvatureSubject,
  { stationarity: { gradientNorm, scaled, decrement }, ridge }: Prepared,
  { stationary }: CurvatureOptions,
): HealthItem[] {
  const unknown = source.kind === "arrays" && source.parameters === undefined;
  const good = gradientNorm <= stationary;
  const what = unknown ? "The mean of the training gradients" : "The gradient of the training loss";
  const hint = unknown && !good ? ", unless a regulariser that was not given balances it" : "";
  return [
    {
      key: "gradient_norm",
      check: unknown ? "size of the mean training gradient" : "gradient norm at the parameters",
      value: gradientNorm,
      expected: `at most ${stationary}`,
      good,
      says: good
        ? `${what} is ${number(gradientNorm)}: the parameters are at a minimum for this purpose.`
        : `${what} is ${number(gradientNorm)}, above ${stationary}: the parameters are not at a minimum${hint}, so that "retraining without a point" would mostly be training on. Influences tell the response of these parameters, not the effect of removal. Train on (L-BFGS or Newton) before believing sizes.`,
    },
    {
      key: "gradient_norm_scaled",
      check: "gradient norm over the root of the largest eigenvalue",
      value: scaled,
      expected: "small",
      good: true,
      says: "How far from the minimum along the steepest direction, in units of the root of the loss.",
    },
    {
      key: "decrement",
      check: "fall of the loss still to come, ½ gᵀB⁻¹g",
      value: decrement,
      expected: ridge > 0 ? "far below the loss" : "small",
      good: true,
      says: "What the quadratic model of the loss at these parameters says is left to gain.",
    },
  ];
}

function curvatureItems(
  { spectrum, damping, operator, solver, ridge }: Prepared,
  answers: readonly Answers[],
): HealthItem[] {
  const { values, complete } = spectrum;
  const [most, least] = [values[0]!, spectrum.least ?? values[values.length - 1]!];
  const negative = values.filter((value) => value < -1e-9 * most).length;
  const few = negative > 0 && -least > 1e-3 * most;
  return [
    {
      key: "least_eigenvalue",
      check: "most negative curvature",
      value: least,
      expected: "not below zero",
      good: !few && negative === 0,
      says:
        negative === 0
          ? `The ${operator.name} has no negative eigenvalue; the smallest is ${number(least)}.`
          : `The ${operator.name} has ${negative}${complete ? "" : " or more"} negative eigenvalues down to ${number(least)} (largest ${number(most)}): these parameters are a saddle, and directions of less than ${number(-least)} say nothing.`,
    },
    {
      key: "largest_eigenvalue",
      check: "largest curvature",
      value: most,
      expected: "positive",
      good: most > 0,
      says: `The largest eigenvalue of the ${operator.name} is ${number(most)}.`,
    },
    ...softDirections(spectrum, ridge, damping.value, answers),
    {
      key: "damping",
      check: "damping used",
      value: damping.value,
      expected: "none, or below the smallest curvature that matters",
      good: !(damping.value > Math.max(10 * ridge, 1e-2 * most)) && !damping.replace,
      says: damping.why,
    },
    ...solver.warnings.map(
      (says, k): HealthItem => ({
        key: `solver_${k + 1}`,
        check: `solver (${solver.method})`,
        value: solver.damping,
        expected: "no remark",
        good: false,
        says: says.endsWith(".") ? says : `${says}.`,
      }),
    ),
  ];
}

/** Share of qᵀB⁻¹q that soft directions may make before answers are doubted. */
const softShare = 0.01;

/**
 * Directions in which the outputs' own curvature nearly cancels the regulariser. They matter where gradients point along
 * them; a unit that is silent (all its weights zero) has such directions without any gradient.
 */
function softDirections(
  { values, vectors }: Spectrum,
  ridge: number,
  damping: number,
  answers: readonly Answers[],
): HealthItem[] {
  if (ridge === 0) return [];
  const soft = Array.from(values, (_, k) => k).filter((k) => values[k]! + damping < 0.1 * ridge);
  const queries = answers.map((one) => one.queries);
  let worst = 0;
  for (const { rows, cols, data } of soft.length > 0 ? queries : []) {
    for (let t = 0; t < rows; t++) {
      const q = data.subarray(t * cols, (t + 1) * cols);
      let [within, all] = [0, 0];
      const shares = (k: number) => {
        const along = q.reduce((sum, value, j) => sum + value * vectors.data[k * cols + j]!, 0);
        return along ** 2 / Math.abs(values[k]! + damping);
      };
      for (const k of soft) within += shares(k);
      if (within === 0) continue;
      for (let k = 0; k < values.length; k++) all += shares(k);
      worst = Math.max(worst, within / all);
    }
  }
  const good = worst < softShare;
  const many = `${soft.length} direction${soft.length === 1 ? " is" : "s are"} softer than a tenth of the regulariser's ${number(ridge)}`;
  return [
    {
      key: "soft_directions",
      check: "share of the answers that lies in directions softer than a tenth of the regulariser",
      value: worst,
      expected: `below ${softShare}`,
      good,
      says:
        soft.length === 0
          ? `No direction is softer than a tenth of the regulariser (${number(ridge)}).`
          : good
            ? `${many}, but next to no gradient points along them (units that are silent): they carry at most ${number(100 * worst)} % of any answer.`
            : `${many}, and they carry up to ${number(100 * worst)} % of an answer: a small push moves the parameters far there, and influences hold for small pushes only.`,
    },
  ];
}

/** From this probability on a prediction counts as saturated: its gradient is a thousandth of an unsure one's. */
const confident = 0.999;

function saturation(
  { source }: CurvatureSubject,
  { outputs, ridge, gradients }: Prepared,
  answers: readonly Answers[],
): HealthItem[] {
  const items: HealthItem[] = [];
  if (source.kind === "model" && source.objective.loss.classes && outputs) {
    const p = probabilities(outputs);
    let sure = 0;
    for (let i = 0; i < p.rows; i++) {
      if (Math.max(...p.data.subarray(i * p.cols, (i + 1) * p.cols)) > confident) sure++;
    }
    const share = sure / p.rows;
    items.push({
      key: "saturated_share",
      check: `training points predicted with more than ${confident}`,
      value: share,
      expected: "below 0.5",
      good: share < 0.5,
      says:
        share < 0.5
          ? `${number(100 * share)} % of the training points are predicted with more than ${confident}.`
          : `${number(100 * share)} % of the training points are predicted with more than ${confident}: their gradients vanish, influences come from the few others, and the extrapolation score is flat. A stronger ridge keeps the network from saturating.`,
    });
  }
  const norms = answers.flatMap((one) => Array.from(queryNorms(one)));
  const middle = quantile(norms, 0.5);
  if (ridge > 0 && source.parameters) {
    const pull = ridge * norm(source.parameters);
    const below = norms.filter((value) => value < pull).length / norms.length;
    items.push({
      key: "gradients_below_ridge",
      check: "test gradients smaller than the regulariser's, (λ/n)‖θ‖",
      value: below,
      expected: "below 0.5",
      good: below < 0.5,
      says: `The regulariser's gradient is ${number(pull)}, the median test gradient ${number(middle)}; ${number(100 * below)} % of the test gradients are smaller${below < 0.5 ? "" : ": were the regulariser counted among the loss of a point, as in the reference toolbox, it would be most of the answer"}.`,
    });
  }
  const zero = Array.from(rowNorms(gradients)).filter((value) => value === 0).length;
  if (zero > 0) {
    items.push({
      key: "zero_gradients",
      check: "training points without any gradient",
      value: zero,
      expected: "0",
      good: false,
      says: `${zero} training points have no gradient at all: nothing is learned from them, and their influence is zero.`,
    });
  }
  return items;
}

/** Gates that flip between θ̂ and parameters as far away as the answers imagine. */
async function gateFlips(
  { source }: CurvatureSubject & { source: ModelSource },
  prepared: Prepared,
  answers: readonly Answers[],
  { random }: { task: Task; random: Random },
): Promise<HealthItem[]> {
  const { objective, parameters } = source;
  if (!objective.kinks) {
    return [
      {
        key: "gate_flips_resampling",
        check: "gates that flip under resampling",
        value: 0,
        expected: "0",
        good: true,
        says: "The model is smooth: it has no gates that could flip.",
      },
    ];
  }
  if (!objective.gateFlips) return [];
  const { gradients, solver, samples: n, size } = prepared;
  const draws = multinomialWeights(5, n, random.fork("gates"));
  const sums = matrix(draws.rows, size);
  for (let b = 0; b < draws.rows; b++) {
    for (let i = 0; i < n; i++) {
      const weight = (1 - draws.data[b * n + i]!) / n;
      if (weight === 0) continue;
      for (let j = 0; j < size; j++) sums.data[b * size + j]! += weight * gradients.data[i * size + j]!;
    }
  }
  const steps = await solver.solve(sums);
  const first = answers[0]?.top[0]?.helpful[0]?.index ?? 0;
  const gone = pickSamples(objective.train, [first]);
  const outputs = await objective.evaluate(parameters, gone);
  const { changes } = await newtonRemoval(
    {
      jacobian: await objective.jacobian(parameters, gone),
      slopes: objective.loss.slopes(outputs, gone.targets),
      curvatures: objective.loss.curvatures(outputs, gone.targets),
    },
    { solve: solver.solve, count: n },
  );
  const touchedBy = async (moves: typeof steps): Promise<number> => {
    let touched = 0;
    for (let b = 0; b < moves.rows; b++) {
      const there = parameters.map((value, j) => value + moves.data[b * size + j]!);
      touched += (await objective.gateFlips!(parameters, there, objective.train)).samplesTouched;
    }
    return touched / moves.rows / objective.train.count;
  };
  const [resampling, removal] = [await touchedBy(steps), await touchedBy(changes)];
  const item = (key: string, what: string, share: number): HealthItem => ({
    key,
    check: `training points with a flipped gate under ${what}`,
    value: share,
    expected: "below 0.05",
    good: share < 0.05,
    says:
      share < 0.05
        ? `At the scale of ${what}, ${number(100 * share)} % of the training points have a gate that flips.`
        : `At the scale of ${what}, ${number(100 * share)} % of the training points have a gate (ReLU or pooling winner) that flips: the curvature at the parameters does not hold that far, and these answers are local at best. Smooth activations and mean pooling do not have this trouble.`,
  });
  return [
    item("gate_flips_resampling", "resampling", resampling),
    item("gate_flips_removal", "removing one point", removal),
  ];
}
