import { UserError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { rowOf } from "../../linalg/rows.ts";
import { alignment } from "./answers/alignment.ts";
import { countAboveFloor, countAtGap } from "./answers/flat-space.ts";
import {
  classMeasures,
  marginWeights,
  predictedClasses,
  probabilities,
  probabilityWeights,
} from "./answers/functionals.ts";
import { influence, withRegulariser } from "./answers/influence.ts";
import { curvatureOrder, leesCurve } from "./answers/lees.ts";
import { type Influential, mostInfluential } from "./answers/most-influential.ts";
import { relatif } from "./answers/relatif.ts";
import { rowNorms } from "./answers/rows.ts";
import { resamplingSpread } from "./answers/rue.ts";
import { resample } from "./answers/rue-samples.ts";
import type { CurvatureOptions, Prepared, Spectrum } from "./prepare.ts";
import { gradientsOf } from "./slopes.ts";
import type { CurvatureSubject, ModelSource, TestSet } from "./subject.ts";

/** What the model says of the points of a test set. */
export interface Predictions {
  outputs: Matrix;
  /** Loss with the target it was asked with. */
  loss: Float64Array;
  /** Of a classifier: the class, its probability, all probabilities, logit margin of class 1 over the rest. */
  classes?: Int32Array;
  confidence?: Float64Array;
  probabilities?: Matrix;
  /** Is the prediction not the label? Only where labels are true. */
  wrong?: boolean[];
}

/** The three answers for one test set. */
export interface Answers {
  set: TestSet;
  predictions: Predictions | undefined;
  /** ∇ of the loss asked about, t × d, without the regulariser unless asked for. */
  queries: Matrix;
  /** Change of the test loss on removal, t × n. */
  influence: Matrix;
  relatif: Matrix;
  top: { helpful: Influential[]; harmful: Influential[] }[];
  /** The same by relative influence. */
  relative: { helpful: Influential[]; harmful: Influential[] }[];
  /** Standard deviations over resampled training sets. */
  spread: {
    loss: Float64Array;
    probability?: Float64Array;
    margin?: Float64Array;
    prediction?: Float64Array;
  };
  /** Steps of the resampled parameters, where they were drawn. */
  steps?: Float64Array;
  extrapolation: {
    /** Gradients of the loss under the predicted label, or of the prediction; t × d. */
    queries: Matrix;
    scores: Float64Array;
    counts: Int32Array;
    /** t × counts. */
    curve: Matrix;
  };
  /** Alignment of the reinforcing gradients with the top eigenvector. */
  alignment: Float64Array;
}

/** How many directions count as settled by the training data, and what to know about it. */
export function settledDirections(
  { values, complete }: Spectrum,
  ridge: number,
  options: Pick<CurvatureOptions, "settled" | "directions">,
): { m: number; warnings: readonly string[] } {
  if (options.settled === "number") {
    if (options.directions > values.length) {
      throw new UserError(
        `curvature: option 'directions' is ${options.directions}, but ${values.length} eigenvectors are known`,
      );
    }
    return { m: options.directions, warnings: [] };
  }
  const rule = options.settled === "gap" ? countAtGap : countAboveFloor;
  const { m, warnings } = rule(values, ridge);
  const short =
    !complete && m >= values.length / 2
      ? ["more directions may lie above the noise floor than eigenpairs were sought; raise 'rank'"]
      : [];
  const all =
    complete && m === values.length
      ? ["every direction counts as settled by the training data, so that the score is zero but for rounding"]
      : [];
  return { m, warnings: [...warnings, ...short, ...all] };
}

/** Asks the three questions of one test set. */
export async function ask(
  subject: CurvatureSubject,
  set: TestSet,
  prepared: Prepared,
  options: CurvatureOptions,
  context: { settled: number; task: Task; random: Random },
): Promise<Answers> {
  const { task, random, settled } = context;
  const { source } = subject;
  const asked =
    source.kind === "model"
      ? await modelQueries(source, set, options, task.part(0, 0.2))
      : { ...arrayQueries(set), predictions: undefined, others: {} as Others };
  const { gradients, solver, ridge, spectrum } = prepared;
  const regulariser =
    options.ridgeInGradients && source.parameters ? { parameters: source.parameters, ridge } : undefined;
  const shared = {
    gradients,
    queries: asked.loss,
    solve: solver.solve,
    ...(regulariser ? { regulariser } : {}),
  };
  task.report(0.2, `${set.name}: influence`);
  task.check();
  const effect = (await influence(shared)).values;
  const relative = await relatif({ ...shared, against: "parameters" });
  task.report(0.5, `${set.name}: resampling`);
  task.check();
  const spread: Answers["spread"] = {
    loss: await resamplingSpread({ gradients, queries: asked.loss, solver }),
  };
  for (const [name, queries] of Object.entries(asked.others) as [keyof Others, Matrix][]) {
    spread[name] = await resamplingSpread({ gradients, queries, solver });
  }
  const drawn =
    options.resampling > 0 && source.kind === "model"
      ? await drawnSpread(source, set, asked.predictions!, prepared, options, {
          task: task.part(0.5, 0.8),
          random: random.fork("resampling", set.name),
        })
      : undefined;
  if (drawn) Object.assign(spread, drawn.spread);
  task.report(0.8, `${set.name}: extrapolation`);
  const withRidge = regulariser ? withRegulariser(asked.flat, regulariser) : asked.flat;
  const counts = countsUpTo(spectrum.values.length, settled);
  const curve = leesCurve(withRidge, spectrum, counts);
  const chosen = counts.indexOf(settled);
  const scores = Float64Array.from({ length: curve.rows }, (_, t) => curve.data[t * curve.cols + chosen]!);
  const strongest = curvatureOrder(spectrum.values)[0]!;
  const first = matrix(1, prepared.size, rowOf(spectrum.vectors, strongest).slice());
  const tops = (values: Matrix) =>
    Array.from({ length: values.rows }, (_, t) => mostInfluential(rowOf(values, t), options.top));
  return {
    set,
    predictions: asked.predictions,
    queries: asked.loss,
    influence: effect,
    relatif: relative,
    top: tops(effect),
    relative: tops(relative),
    spread,
    ...(drawn ? { steps: drawn.steps } : {}),
    extrapolation: { queries: withRidge, scores, counts, curve },
    alignment: alignment(asked.flat, first).data,
  };
}

type Others = Partial<Record<"probability" | "margin" | "prediction", Matrix>>;

/** Gradients of the losses asked about, of other quantities, and those the extrapolation score takes. */
async function modelQueries(
  { objective, parameters }: ModelSource,
  { samples, labelled = true }: TestSet,
  options: CurvatureOptions,
  task: Task,
): Promise<{ predictions: Predictions; loss: Matrix; others: Others; flat: Matrix }> {
  const points = samples!;
  const { loss } = objective;
  const outputs = await objective.evaluate(parameters, points);
  const slopes = async (...weights: Matrix[]) => gradientsOf(objective, parameters, points, weights, task);
  if (!loss.classes) {
    const ones = matrix(outputs.rows, outputs.cols, new Float64Array(outputs.data.length).fill(1));
    const [ofLoss, ofPrediction] = await slopes(loss.slopes(outputs, points.targets), ones);
    return {
      predictions: { outputs, loss: loss.values(outputs, points.targets) },
      loss: ofLoss!,
      others: { prediction: ofPrediction! },
      flat: ofPrediction!,
    };
  }
  const classes = predictedClasses(outputs);
  const own = Float64Array.from(classes);
  const targets = labelled && options.labels === "true" ? points.targets : own;
  const [ofLoss, flat, probability, margin] = await slopes(
    loss.slopes(outputs, targets),
    loss.slopes(outputs, own),
    probabilityWeights(outputs, classes),
    marginWeights(outputs, classes),
  );
  const p = probabilities(outputs);
  return {
    predictions: {
      outputs,
      loss: loss.values(outputs, targets),
      classes,
      probabilities: p,
      confidence: Float64Array.from(classes, (c, t) => p.data[t * p.cols + c]!),
      ...(labelled ? { wrong: Array.from(classes, (c, t) => c !== points.targets[t]) } : {}),
    },
    loss: ofLoss!,
    others: { probability: probability!, margin: margin! },
    flat: flat!,
  };
}

function arrayQueries({ gradients }: TestSet): { loss: Matrix; flat: Matrix } {
  return { loss: gradients!, flat: gradients! };
}

/** The spread over drawn training sets, followed beyond first order. */
async function drawnSpread(
  { objective, parameters }: ModelSource,
  { samples }: TestSet,
  { classes, outputs }: Predictions,
  { gradients, solver }: Prepared,
  options: CurvatureOptions,
  { task, random }: { task: Task; random: Random },
): Promise<{ spread: Partial<Answers["spread"]>; steps: Float64Array }> {
  const points = samples!;
  const { deviation, steps } = await resample({
    parameters,
    gradients,
    solver,
    draws: options.resampling,
    random,
    task,
    evaluate: async (theta): Promise<Record<string, Float64Array>> => {
      const now = await objective.evaluate(theta, points);
      if (classes) return classMeasures(now, classes);
      const sums = Float64Array.from({ length: outputs.rows }, (_, t) =>
        rowOf(now, t).reduce((a, b) => a + b, 0),
      );
      return { prediction: sums };
    },
  });
  return { spread: deviation as Partial<Answers["spread"]>, steps };
}

/** 0, 1, 2, 3, 5, 10 … and the settled number, up to `most`. */
function countsUpTo(most: number, settled: number): Int32Array {
  const counts = new Set([0, Math.min(settled, most), most]);
  for (let decade = 1; decade <= most; decade *= 10) {
    for (const digit of [1, 2, 3, 5, 7]) if (digit * decade <= most) counts.add(digit * decade);
  }
  return Int32Array.from(counts).sort();
}

/** ‖q‖ of every test point: the extrapolation score with nothing settled. */
export function queryNorms({ extrapolation }: Answers): Float64Array {
  return rowNorms(extrapolation.queries);
}
