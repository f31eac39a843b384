import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import type { Matrix } from "../../linalg/matrix.ts";
import { fromRows, rowOf } from "../../linalg/rows.ts";
import { pickSamples, withoutSamples } from "../../models/objective/samples.ts";
import type { Retrain, Retrained } from "../../models/retrain.ts";
import { variance } from "../../stats/describe.ts";
import { classMeasures } from "./answers/functionals.ts";
import { newtonRemoval } from "./answers/newton-removal.ts";
import { evaluatedEffect } from "./answers/removal-effect.ts";
import { multinomialWeights } from "./answers/rue-samples.ts";
import { type ChangeComparison, compareChanges } from "./answers/validate.ts";
import type { Answers } from "./ask.ts";
import type { LeaveOutRow } from "./figures/leave-out.ts";
import type { CurvatureOptions, Prepared } from "./prepare.ts";
import type { CurvatureSubject, ModelSource } from "./subject.ts";

/** What the leave-one-out check found. */
export interface RemovalCheck {
  rows: LeaveOutRow[];
  /** Over all pairs of a training and a test point. */
  firstOrder: ChangeComparison;
  newton: ChangeComparison;
  /** Pearson's correlation within each test point. */
  withinTests: number[];
  groups: GroupRemoval[];
  /** Training points that were left out one at a time, and the change of every test loss; left × t. */
  left: number[];
  changes: Matrix;
  /** Standard deviation of the asked-about probability (or prediction, or loss) over networks retrained on resampled data. */
  bootstrap: { deviation: Float64Array; draws: number } | undefined;
  /** Retrainings, and how many of them did not reach the tolerance. */
  retrained: number;
  unconverged: number;
  /** Gradient norm after polishing θ̂, from which changes are counted. */
  baseNorm: number;
}

/**
 * Did most retrainings end before a minimum? The first step of each is the predicted change by construction, so that
 * agreement shows nothing then; disagreement still does.
 */
export function cutShort({
  retrained,
  unconverged,
}: Pick<RemovalCheck, "retrained" | "unconverged">): boolean {
  return unconverged > retrained / 2;
}

/** Some test points with what belongs together. */
export interface TestGroup {
  name: string;
  tests: readonly number[];
}

/** The rise of a group's mean loss when the training points that help it most are left out together. */
export interface GroupRemoval {
  name: string;
  /** Training points left out. */
  members: number[];
  actual: number;
  /** The sum of their influences, as the mean over the group's test points. */
  predicted: number;
  /** The rise when as many random points are left out, one for each random group. */
  random: number[];
}

/** Retrains with each of several weightings of the training samples. */
export type RetrainMany = (weights: readonly Float64Array[], task: Task) => Promise<Retrained[]>;

/**
 * Leaves out the most influential training points, and as many random ones, one at a time; retrains; and compares the
 * change of the test losses with what influence predicted, to first order and by one Newton step. Then leaves out the
 * most helpful ones of each group of test points together, beside random groups.
 */
export async function checkRemoval(
  subject: CurvatureSubject & { source: ModelSource },
  answers: Answers,
  prepared: Prepared,
  options: CurvatureOptions,
  tools: {
    retrain: Retrain;
    retrainMany: RetrainMany;
    groups: readonly TestGroup[];
    randomGroups: number;
    /** Training sets drawn with replacement, each retrained on. */
    bootstraps: number;
    task: Task;
    random: Random;
  },
): Promise<RemovalCheck> {
  const { task, random, retrain, retrainMany } = tools;
  const { source } = subject;
  const { samples: n } = prepared;
  const tests = spreadOut(answers, options.leaveOutTests);
  const influential = mostMoving(answers, tests, options.leaveOut);
  const others = Array.from(random.fork("others").permutation(n))
    .filter((i) => !influential.includes(i))
    .slice(0, options.leaveOut);
  const left = [...influential, ...others];
  const helpful = tools.groups.map((group) => mostHelpful(answers, group.tests, options.top));
  const chance = Array.from({ length: tools.randomGroups }, (_, g) =>
    Array.from(random.fork("group", g).permutation(n)).slice(0, options.top),
  );
  task.report(0, "retraining without single points");
  const base = await retrain(undefined, task.part(0, 0.05));
  const sets = [...left.map((i) => [i]), ...helpful, ...chance];
  const drawn =
    tools.bootstraps > 0 ? multinomialWeights(tools.bootstraps, n, random.fork("bootstrap")) : undefined;
  const all = await retrainMany(
    [
      ...sets.map((set) => withoutSamples(n, set)),
      ...(drawn ? Array.from({ length: drawn.rows }, (_, b) => rowOf(drawn, b).slice()) : []),
    ],
    task.part(0.05, 0.9),
  );
  const ends = all.slice(0, sets.length);
  const lossAt = lossesOf(source, answers, options);
  const before = await lossAt(base.parameters);
  const change: Float64Array[] = [];
  for (const { parameters } of ends) {
    const after = await lossAt(parameters);
    change.push(after.map((value, t) => value - before[t]!));
  }
  const newton = await newtonEffects(source, prepared, left, lossAt, task.part(0.9, 1));
  const rows = left.flatMap((i, k) =>
    tests.map(
      (t): LeaveOutRow => ({
        train: subject.train.names[i]!,
        test: answers.set.points.names[t]!,
        chosen: k < influential.length ? "most influential" : "random",
        firstOrder: answers.influence.data[t * n + i]!,
        newton: newton.data[t * left.length + k]!,
        actual: change[k]![t]!,
      }),
    ),
  );
  const compare = (of: "firstOrder" | "newton", some = rows) =>
    compareChanges(
      some.map((row) => row[of]),
      some.map(({ actual }) => actual),
    );
  return {
    rows,
    firstOrder: compare("firstOrder"),
    newton: compare("newton"),
    withinTests: tests.map((t) => {
      const own = rows.filter(({ test }) => test === answers.set.points.names[t]);
      return compare("firstOrder", own).pearson;
    }),
    groups: tools.groups.map(({ name, tests: asked }, g) => ({
      name,
      members: helpful[g]!,
      actual: averageOver(asked, change[left.length + g]!),
      predicted: averageOver(asked, groupEffect(answers, helpful[g]!)),
      random: chance.map((_, b) => averageOver(asked, change[left.length + helpful.length + b]!)),
    })),
    left,
    changes: fromRows(change.slice(0, left.length)),
    bootstrap: drawn && {
      deviation: await spreadOver(source, answers, all.slice(sets.length)),
      draws: drawn.rows,
    },
    retrained: all.length,
    unconverged: all.filter(({ converged }) => !converged).length,
    baseNorm: base.gradientNorm,
  };
}

/** The losses of all test points as they were asked about, at other parameters. */
function lossesOf(
  { objective }: ModelSource,
  { set, predictions }: Answers,
  options: CurvatureOptions,
): (parameters: Float64Array) => Promise<Float64Array> {
  const points = set.samples!;
  const predicted = options.labels === "predicted" || set.labelled === false;
  const targets =
    objective.loss.classes && predicted ? Float64Array.from(predictions!.classes!) : points.targets;
  return async (parameters) => objective.loss.values(await objective.evaluate(parameters, points), targets);
}

/** Standard deviation over networks of what they say of each test point. */
async function spreadOver(
  { objective }: ModelSource,
  { set, predictions }: Answers,
  networks: readonly Retrained[],
): Promise<Float64Array> {
  const points = set.samples!;
  const said: Float64Array[] = [];
  for (const { parameters } of networks) {
    const outputs = await objective.evaluate(parameters, points);
    said.push(
      predictions?.classes
        ? classMeasures(outputs, predictions.classes).probability
        : Float64Array.from({ length: outputs.rows }, (_, t) => rowOf(outputs, t).reduce((a, b) => a + b, 0)),
    );
  }
  return Float64Array.from({ length: points.count }, (_, t) =>
    Math.sqrt(variance(said.map((one) => one[t]!))),
  );
}

/** Σ over `members` of their influence on every test point. */
function groupEffect({ influence: { data, rows, cols } }: Answers, members: readonly number[]): Float64Array {
  return Float64Array.from({ length: rows }, (_, t) =>
    members.reduce((sum, i) => sum + data[t * cols + i]!, 0),
  );
}

function averageOver(tests: readonly number[], values: Float64Array): number {
  return tests.reduce((sum, t) => sum + values[t]!, 0) / tests.length;
}

/** Test points spread over the control axis, known outsiders left out. */
export function spreadOut({ set }: Answers, count: number): number[] {
  const inside = Array.from(set.points.control, (_, t) => t)
    .filter((t) => set.outside?.[t] !== true)
    .sort((a, b) => set.points.control[a]! - set.points.control[b]! || a - b);
  const some = Math.min(count, inside.length);
  return Array.from({ length: some }, (_, k) => inside[Math.floor(((k + 0.5) * inside.length) / some)]!);
}

/** The training points with the largest influence over the tests, each test counting alike. */
function mostMoving({ influence }: Answers, tests: readonly number[], count: number): number[] {
  return strongest(influence.cols, count, (i) => {
    let sum = 0;
    for (const t of tests) sum += Math.abs(influence.data[t * influence.cols + i]!) / scaleOf(influence, t);
    return sum;
  });
}

/** The training points that help the tests most, each test counting alike. */
function mostHelpful({ influence }: Answers, tests: readonly number[], count: number): number[] {
  return strongest(influence.cols, count, (i) => {
    let sum = 0;
    for (const t of tests) sum += influence.data[t * influence.cols + i]!;
    return sum;
  });
}

function scaleOf({ data, cols }: Answers["influence"], t: number): number {
  let most = 0;
  for (let i = t * cols; i < (t + 1) * cols; i++) most = Math.max(most, Math.abs(data[i]!));
  return most || 1;
}

function strongest(n: number, count: number, score: (i: number) => number): number[] {
  return Array.from({ length: n }, (_, i) => ({ i, score: score(i) }))
    .sort((a, b) => b.score - a.score || a.i - b.i)
    .slice(0, count)
    .map(({ i }) => i);
}

/** Change of the test losses at θ̂ + Δθ_i with Δθ_i by one Newton step on the loss without sample i; tests × left. */
async function newtonEffects(
  { objective, parameters }: ModelSource,
  { solver, samples: n }: Prepared,
  left: readonly number[],
  lossAt: (parameters: Float64Array) => Promise<Float64Array>,
  task: Task,
): Promise<Matrix> {
  const gone = pickSamples(objective.train, left);
  const outputs = await objective.evaluate(parameters, gone);
  const local = {
    jacobian: await objective.jacobian(parameters, gone),
    slopes: objective.loss.slopes(outputs, gone.targets),
    curvatures: objective.loss.curvatures(outputs, gone.targets),
  };
  const { changes } = await newtonRemoval(local, { solve: solver.solve, count: n, task });
  return evaluatedEffect(changes, parameters, lossAt, task);
}
