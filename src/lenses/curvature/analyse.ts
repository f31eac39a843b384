import type { ClaimWithCard } from "../../claims/report-claims.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import type { Matrix } from "../../linalg/matrix.ts";
import { addDiagonal } from "../../linalg/symmetric.ts";
import { type Retrain, retrainer } from "../../models/retrain.ts";
import { alignment, generalisationMeasure } from "./answers/alignment.ts";
import { rowNorms } from "./answers/rows.ts";
import { type Answers, ask, settledDirections } from "./ask.ts";
import { checkRemoval, type RemovalCheck, type RetrainMany, type TestGroup } from "./check-removal.ts";
import { checkSubsets, type SubsetCheck } from "./check-subsets.ts";
import { influenceClaim } from "./claims/influence-claim.ts";
import { extrapolationClaim, uncertaintyClaim } from "./claims/reliability-claims.ts";
import { healthOf } from "./health.ts";
import type { HealthItem } from "./health-item.ts";
import { type CurvatureOptions, type Prepared, prepare } from "./prepare.ts";
import { type CurvatureSubject, checkSubject, type ModelSource } from "./subject.ts";

/** Everything the curvature lens computes of a subject. */
export interface CurvatureAnalysis {
  prepared: Prepared;
  settled: { m: number; warnings: readonly string[] };
  answers: Answers[];
  removal: RemovalCheck | undefined;
  /** What training on random halves found, where it was asked for. */
  subsets: SubsetCheck | undefined;
  health: HealthItem[];
  generalisation: { thresholds: readonly number[]; shares: Float64Array };
  claims: ClaimWithCard[];
}

/** A way to retrain with many weightings at once, by default one after another in this thread. */
export interface AnalysisTools {
  /** Given what the retraining takes: the damped Hessian, the gradient norm to reach, and the most steps. */
  retrainMany?: (settings: { hessian: Matrix; tolerance: number; maxIterations: number }) => RetrainMany;
  randomGroups?: number;
}

const thresholds = [1e-8, 1e-6, 1e-4, 1e-3, 1e-2, 3e-2, 0.1, 0.3] as const;
/** Retrained networks end where the gradient is this small. */
const retrainedTo = 1e-9;
/** Parameters up to which retraining is preconditioned by a dense factor. */
const denseLimit = 5000;

/**
 * Prepares the curvature, asks the three questions of every test set, checks them by retraining and fills the claims.
 * @throws UserError for a subject that cannot be looked at.
 */
export async function analyseCurvature(
  subject: CurvatureSubject,
  options: CurvatureOptions,
  context: { task: Task; random: Random },
  tools: AnalysisTools = {},
): Promise<CurvatureAnalysis> {
  const { task, random } = context;
  task.check();
  checkSubject(subject);
  task.report(0, `${subject.title}: gradients and curvature`);
  const prepared = await prepare(subject, options, { task: task.part(0, 0.35), random });
  const settled = settledDirections(prepared.spectrum, prepared.ridge, options);
  const answers: Answers[] = [];
  for (const [k, set] of subject.tests.entries()) {
    const part = task.part(
      0.35 + (0.15 * k) / subject.tests.length,
      0.35 + (0.15 * (k + 1)) / subject.tests.length,
    );
    answers.push(await ask(subject, set, prepared, options, { settled: settled.m, task: part, random }));
  }
  const groups = answers.map(groupsOf);
  const retraining = await retrainingOf(subject, prepared, options, tools);
  const removal =
    retraining && options.leaveOut > 0
      ? await checkRemoval(retraining.subject, answers[0]!, prepared, options, {
          ...retraining,
          groups: groups[0]!,
          randomGroups: tools.randomGroups ?? 6,
          bootstraps: retraining.atMinimum ? options.bootstraps : 0,
          task: task.part(0.5, options.subsets > 0 ? 0.75 : 0.9),
          random: random.fork("removal"),
        })
      : undefined;
  const subsets =
    retraining && options.subsets > 0
      ? await checkSubsets(retraining.subject.source, answers[0]!, prepared, options, {
          ...retraining,
          task: task.part(0.75, 0.9),
          random: random.fork("subsets"),
        })
      : undefined;
  const health = await healthOf(subject, prepared, answers, { removal, subsets }, options, {
    task: task.part(0.9, 0.95),
    random: random.fork("health"),
  });
  task.report(0.95, "claims");
  const claims: ClaimWithCard[] = [];
  const claimContext = { options, task: task.part(0.95, 1), random: random.fork("claims") };
  for (const [k, one] of answers.entries()) {
    const checked = k === 0 ? removal : undefined;
    for (const group of k === 0 ? groups[k]! : []) {
      claims.push(await influenceClaim(subject, prepared, one, group, checked, options, claimContext));
    }
    if (k === 0) claims.push(await uncertaintyClaim(subject, one, checked, claimContext));
    if (!one.set.outside?.some(Boolean)) continue;
    for (const by of ["score", "share"] as const) {
      claims.push(await extrapolationClaim(subject, one, settled.m, by, claimContext));
    }
  }
  const aligned = alignment(prepared.gradients, prepared.spectrum.vectors);
  const generalisation = { thresholds, shares: generalisationMeasure(aligned, thresholds) };
  return { prepared, settled, answers, removal, subsets, health, generalisation, claims };
}

/** Test points that belong together: by the groups given, else by phase, else all; known outsiders left out. */
export function groupsOf({ set }: Answers): TestGroup[] {
  const names = set.groups ?? set.points.phase ?? set.points.names.map(() => "all");
  const found = new Map<string, number[]>();
  names.forEach((name, t) => {
    if (set.outside?.[t]) return;
    const members = found.get(name);
    if (members) members.push(t);
    else found.set(name, [t]);
  });
  return [...found].map(([name, tests]) => ({ name, tests }));
}

/** Most iterations of a retraining, from a minimum and from elsewhere, where it says little and must not take long. */
const iterations = { minimum: 60, elsewhere: 4 } as const;

interface Retraining {
  subject: CurvatureSubject & { source: ModelSource };
  retrain: Retrain;
  retrainMany: RetrainMany;
  atMinimum: boolean;
}

/** How to retrain a subject, where there is a model and a check asks for it. */
async function retrainingOf(
  subject: CurvatureSubject,
  prepared: Prepared,
  options: CurvatureOptions,
  tools: AnalysisTools,
): Promise<Retraining | undefined> {
  const { source } = subject;
  if (source.kind !== "model" || (options.leaveOut === 0 && options.subsets === 0)) return undefined;
  const { objective, parameters } = source;
  const small = objective.size <= denseLimit;
  const hessian = small ? addDiagonal(await prepared.operator.dense(), prepared.damping.value) : undefined;
  const atMinimum = prepared.stationarity.gradientNorm <= options.stationary;
  // Leaving a sample out moves the gradient by g_i/n, which is tiny where the loss is in small units.
  const moved = Math.max(...rowNorms(prepared.gradients)) / prepared.samples;
  const tolerance = Math.min(retrainedTo, 1e-4 * moved || retrainedTo);
  const settings = { tolerance, maxIterations: atMinimum ? iterations.minimum : iterations.elsewhere };
  const retrain = retrainer(objective, parameters, {
    ...settings,
    ...(hessian ? { hessian } : { solve: prepared.solver.solve }),
  });
  const oneByOne: RetrainMany = async (weights, task) => {
    const ends = [];
    for (const [k, weight] of weights.entries()) {
      ends.push(await retrain(weight, task.part(k / weights.length, (k + 1) / weights.length)));
      task.report((k + 1) / weights.length, `retrained ${k + 1} of ${weights.length}`);
    }
    return ends;
  };
  return {
    subject: { ...subject, source },
    retrain,
    retrainMany: (hessian && tools.retrainMany?.({ hessian, ...settings })) ?? oneByOne,
    atMinimum,
  };
}
