import type { Baseline } from "../../claims/card.ts";
import type { Values } from "../../core/params.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { skeleton } from "../../expressions/canonical.ts";
import { checkDimensions, type DimensionReport } from "../../expressions/dimensions.ts";
import { evaluator } from "../../expressions/evaluator.ts";
import { type Expression, variablesOf } from "../../expressions/expression.ts";
import { type OperatorSet, operatorSet } from "../../expressions/operator.ts";
import { simplify } from "../../expressions/simplify.ts";
import { pickOperators } from "../../expressions/standard-operators.ts";
import { rms, variance } from "../../stats/describe.ts";
import { siUnits } from "../../units/si.ts";
import type { nature } from "./about.ts";
import { checkGuesses } from "./check-guesses.ts";
import { sizedTerms } from "./evidence/agreement.ts";
import { baselines } from "./evidence/baselines.ts";
import { type ConstantIntervals, constantIntervals } from "./evidence/constants.ts";
import type { RowKind } from "./evidence/deal.ts";
import { errorOn, extremeSplit, randomSplit, type Split } from "./evidence/held-out.ts";
import { lookElsewhereBound } from "./evidence/look-elsewhere.ts";
import { type NoiseFloor, noiseFloor } from "./evidence/noise-floor.ts";
import { type NullFronts, nullFronts } from "./evidence/null-fronts.ts";
import { type SingularityScan, singularities } from "./evidence/singularities.ts";
import { type Version, versionOf } from "./evidence/versions.ts";
import { parseOperators } from "./operators.ts";
import { dummyColumns, mainRequest, rerunRequests, settingsOf } from "./requests.ts";
import { type SearchOutcome, type SearchRequest, type SearchSettings, searchHere } from "./runner.ts";
import type { SearchProblem } from "./search/contract.ts";
import { type Assessment, assessor } from "./selection/assess.ts";
import { type Choice, choose, type Rule } from "./selection/choose.ts";
import { refitter } from "./selection/refit.ts";
import { checkSubject, problemOf, type SymbolicSubject } from "./subject.ts";

/** A formula that a search on part of the rows chose, and its errors (see `errorOn`). */
export interface HeldOutResult {
  split: Split;
  expression: Expression;
  /** On the rows that it was searched on. */
  train: number;
  inside: number;
  /** On the extreme rows; undefined in a random split. */
  outside: number | undefined;
}

/** Everything the symbolic lens finds. */
export interface SymbolicAnalysis {
  problem: SearchProblem;
  operators: OperatorSet;
  settings: SearchSettings;
  main: SearchOutcome;
  choice: Choice;
  /** The chosen formula, simplified, its constants fitted again. */
  law: Assessment;
  complexity: number;
  constants: ConstantIntervals;
  nulls: NullFronts;
  seeds: Version[];
  bootstraps: Version[];
  heldOut: HeldOutResult;
  extreme: HeldOutResult | undefined;
  /** Shuffled columns that one search was offered, and those that its choice uses. */
  dummies: { offered: string[]; used: string[]; expression: Expression } | undefined;
  baselines: Baseline[];
  singularities: SingularityScan;
  /** R² that noise alone may reach (an upper guard). */
  lookElsewhere: number;
  noise: NoiseFloor;
  /** Constants adopting dimensions, and as pure numbers; undefined without units. */
  units: { wildcard: DimensionReport; strict: DimensionReport } | undefined;
  /** Evaluations of all searches together, and how many there were. */
  evaluations: number;
  searches: number;
  reproducible: boolean;
}

/**
 * Searches for a formula, takes one from the front and tries it: the whole search again on permuted targets, with other
 * seeds, on resampled rows, without part of the rows, with columns that cannot matter. Every search has the same budget.
 * @throws UserError for a subject or options that cannot be looked at.
 */
export async function analyseSymbolic(
  subject: SymbolicSubject,
  options: Values<typeof nature.params>,
  { task, random }: { task: Task; random: Random },
): Promise<SymbolicAnalysis> {
  task.check();
  checkSubject(subject);
  const problem = problemOf(subject, { strictUnits: options.strictUnits });
  const names = parseOperators(options.operators);
  const operators = operatorSet(pickOperators(names));
  checkGuesses(subject.guesses ?? [], operators, problem);
  const settings = settingsOf(options, names, problem.target.length, wantedOf(subject));
  const run = subject.run ?? searchHere;
  const rule = options.rule as Rule;
  const take = (outcome: SearchOutcome, on: SearchProblem) => {
    const { candidates, chosen } = choose(outcome.front, on, { rule, operators });
    return candidates[chosen]!;
  };

  task.report(0, "searching");
  const [main] = (await run([mainRequest(problem, settings, random)], task.part(0, 0.1, "first search"))) as [
    SearchOutcome,
  ];
  const choice = choose(main.front, problem, { rule, operators });
  const chosen = choice.candidates[choice.chosen]!;
  const law = polished(chosen.assessment, problem, operators);

  const n = problem.target.length;
  const heldOutSplit = randomSplit(problem, Math.max(options.heldOut, 2 / n), random.fork("held out"));
  const column = extremeColumn(subject, problem, law, operators);
  const extreme = extremeSplit(problem, column, options.heldOut, random.fork("extreme"));
  const dummies = dummyColumns(problem, options.dummies, random);
  const requests = rerunRequests(
    problem,
    settings,
    { ...options, rows: options.rows as RowKind, heldOut: heldOutSplit, extreme, dummies },
    random,
  );
  const order = Object.values(requests).flat();
  const outcomes = await run(order, task.part(0.1, 0.97, "searching again"));
  const of = (list: readonly SearchRequest[]) => list.map((request) => outcomes[order.indexOf(request)]!);

  const first = {
    skeleton: skeleton(law.expression, { operators }),
    terms: sizedTerms(law.expression, problem.columns, operators),
  };
  const versions = (list: readonly SearchRequest[], what: string) =>
    of(list).map((outcome, k) =>
      versionOf(`${what} ${k + 1}`, take(outcome, list[k]!.problem), first, problem.columns, operators),
    );
  const held = (split: Split, list: readonly SearchRequest[]): HeldOutResult => {
    const { expression } = take(of(list)[0]!, list[0]!.problem);
    const error = (rows: readonly number[]) => errorOn(expression, problem, rows, operators);
    return {
      split,
      expression,
      train: error(split.train),
      inside: error(split.inside),
      outside: split.outside.length === 0 ? undefined : error(split.outside),
    };
  };
  const heldOut = held(heldOutSplit, requests.heldOut);
  const probe = of(requests.dummies)[0];
  const probed = probe && take(probe, requests.dummies[0]!.problem).expression;
  task.report(0.98, "evidence");
  return {
    problem,
    operators,
    settings,
    main,
    choice,
    law,
    complexity: chosen.complexity,
    constants: constantIntervals(law, problem, {
      level: options.level,
      random: random.fork("refits"),
      operators,
    }),
    nulls: nullFronts(
      { choice, front: main.front },
      problem,
      of(requests.nulls).map((outcome, b) => ({ outcome, problem: requests.nulls[b]!.problem })),
      { most: options.maxComplexity, operators, rows: options.rows as RowKind },
    ),
    seeds: versions(requests.seeds, "seed"),
    bootstraps: versions(requests.bootstraps, "resampled rows"),
    heldOut,
    extreme: extreme && held(extreme, requests.extreme),
    dummies: probed && {
      offered: dummies.map(({ name }) => name),
      used: variablesOf(probed).flatMap((i) => dummies[i - problem.columns.length]?.name ?? []),
      expression: probed,
    },
    baselines: baselines(heldOut.expression, problem, heldOutSplit, {
      complexity: chosen.complexity,
      draws: 199,
      operators,
      random: random.fork("random formulas"),
    }),
    singularities: singularities(law.expression, problem.columns, { operators, names: problem.names }),
    lookElsewhere: lookElsewhereBound(n, main.evaluations),
    noise: noiseFloor(problem.columns, problem.target),
    units: problem.dimensions && unitsOf(law.expression, problem, operators),
    evaluations: outcomes.reduce((sum, outcome) => sum + outcome.evaluations, main.evaluations),
    searches: 1 + outcomes.length,
    reproducible: [main, ...outcomes].every((outcome) => outcome.reproducible),
  };
}

/** What the subject asks of every search. */
const wantedOf = ({ guesses, constraints, template }: SymbolicSubject) => ({
  ...(guesses && { guesses }),
  ...(constraints && { constraints }),
  ...(template && { template }),
});

/** The formula simplified and fitted again, where that is no longer than as it was found. */
function polished(found: Assessment, problem: SearchProblem, operators: OperatorSet): Assessment {
  const { assess, finite, engine } = assessor(problem, operators);
  const made = refitter(problem, operators, engine)(simplify(found.expression, { operators }));
  if (made === undefined || !finite(made)) return found;
  const better = assess(made);
  return better.descriptionLength.total <= found.descriptionLength.total + 1e-6 ? better : found;
}

/** The column named by the subject, or the one that moves the formula most: largest RMS slope times deviation. */
function extremeColumn(
  { extremeColumn: named }: SymbolicSubject,
  { columns, names }: SearchProblem,
  { expression }: Assessment,
  operators: OperatorSet,
): number {
  if (named !== undefined) return names.indexOf(named);
  const { gradient } = evaluator(columns, { operators }).variableGradient(expression);
  const effect = columns.map((column, i) => {
    const slopes = Array.from(gradient[i]!).filter(Number.isFinite);
    return slopes.length === 0 ? 0 : rms(slopes) * Math.sqrt(variance(column));
  });
  return effect.indexOf(Math.max(...effect));
}

function unitsOf(expression: Expression, problem: SearchProblem, operators: OperatorSet) {
  const { columns, target } = problem.dimensions!;
  const check = (constants: "wildcard" | "dimensionless") =>
    checkDimensions(expression, columns, {
      operators,
      target,
      constants,
      names: problem.names,
      units: siUnits.base,
    });
  return { wildcard: check("wildcard"), strict: check("dimensionless") };
}
