import { UserError } from "../../../core/errors.ts";
import { random } from "../../../core/random.ts";
import type { Task } from "../../../core/task.ts";
import { loadJob } from "../../../core/workers.ts";
import { canonical } from "../../../expressions/canonical.ts";
import { complexity } from "../../../expressions/complexity.ts";
import { evaluator } from "../../../expressions/evaluator.ts";
import { type Expression, nodes } from "../../../expressions/expression.ts";
import type { OperatorSet } from "../../../expressions/operator.ts";
import { operatorSet } from "../../../expressions/operator.ts";
import { fromPostfix, toPostfix } from "../../../expressions/postfix.ts";
import { simplify } from "../../../expressions/simplify.ts";
import { standardOperators } from "../../../expressions/standard-operators.ts";
import { makeBehaviour } from "./behaviour.ts";
import type { Constraints, Objective, ObjectiveSource, SearchProblem, Template } from "./contract.ts";
import type { Genome } from "./genome.ts";
import { type Best, evolve, type IslandState } from "./island.ts";
import { type Judge, makeJudge } from "./judge.ts";
import { makeSpace, type Space, type SpaceOptions } from "./space.ts";
import { makeAssembly } from "./template.ts";
import { roundConstants } from "./tidy.ts";
import { fromView, type View } from "./view.ts";

/** Operators as they cross to a thread: standard ones by name, with their cost. */
export type PackedOperators = OperatorSet | { name: string; complexity: number }[];

/** What all jobs of a search share: plain data. */
export interface SearchSetting {
  /** Stands for all that follows, and tells settings of other searches apart. */
  key: string;
  problem: SearchProblem;
  operators: PackedOperators;
  seed: number;
  population: number;
  maxComplexity: number;
  maxDepth?: number | undefined;
  costs?: { constant?: number; variable?: number | readonly number[] } | undefined;
  constraints?: Constraints | undefined;
  template?: Template | undefined;
  objective?: ObjectiveSource | undefined;
  rows: number;
  scaling: boolean;
  /** Relative loss at which a job ends. */
  enough: number;
}

/** A candidate for the front, on all rows. */
export interface Candidate {
  expression: Expression;
  complexity: number;
  loss: number;
}

export interface IslandJob {
  setting: SearchSetting;
  island: number;
  round: number;
  view: View;
  state: IslandState;
  quota: number;
  /** Candidates already on the front, by complexity: only better ones are worked on. */
  known: readonly number[];
}

export interface IslandResult {
  state: IslandState;
  candidates: Candidate[];
  /** The best of each complexity in the view, as parts. */
  best: Best[];
  evaluations: number;
}

/** The factor on the loss of an expression that does not balance, where that is allowed. */
const imbalance = 10;

/** What a job works with, made from the setting. */
export interface Bench {
  space: Space;
  assembly: ReturnType<typeof makeAssembly>;
  full: Judge;
  behaviour: ((whole: ReturnType<typeof toPostfix>) => number) | undefined;
  /** Evaluations since the last `reset`: each job counts from 0, so that rounding does not depend on earlier ones. */
  used: () => number;
  reset: () => void;
  count: (evaluations: number) => void;
  objective: Objective | undefined;
}

/** The operators of a setting. */
export function unpackOperators(packed: PackedOperators): OperatorSet {
  if (!Array.isArray(packed)) return packed as OperatorSet;
  return operatorSet(packed.map(({ name, complexity }) => ({ ...standardOperators.get(name)!, complexity })));
}

const spaceOptions = (setting: SearchSetting): SpaceOptions => ({
  operators: unpackOperators(setting.operators),
  columns: setting.problem.columns.length,
  maxComplexity: setting.maxComplexity,
  maxDepth: setting.maxDepth,
  costs: setting.costs,
  constraints: setting.constraints,
  dimensions: setting.problem.dimensions,
});

/** @throws UserError where the objective's module gives no function. */
export async function makeBench(setting: SearchSetting): Promise<Bench> {
  const { problem, objective: source } = setting;
  let evaluations = 0;
  const count = (more: number) => {
    evaluations += more;
  };
  const space = makeSpace(spaceOptions(setting));
  let objective: Objective | undefined;
  if (source !== undefined) {
    const made = (await (
      await loadJob(source.module, source.fn)
    )(source.input, undefined as never)) as unknown;
    if (typeof made !== "function") {
      throw new UserError(
        `searchExpressions: objective '${source.fn}' of ${source.module} gave no function; expected (candidate) => number.`,
      );
    }
    objective = made as Objective;
  }
  const full = makeJudge(
    space,
    {
      columns: problem.columns,
      target: problem.target,
      weights: problem.weights,
      inputVariances: problem.inputErrors?.map((e) => e?.map((s) => s * s)),
    },
    { scaling: { factor: false, offset: false }, objective, count, share: 1 },
  );
  const wanted = setting.constraints?.behaviour ?? [];
  const tested =
    wanted.length === 0
      ? undefined
      : makeBehaviour(space, problem, wanted, random(setting.seed, "behaviour"), count);
  const penalised = space.types !== undefined && !space.rejects;
  const behaviour = !penalised
    ? tested
    : (whole: Genome) => (tested?.(whole) ?? 1) * (space.fits(whole) ? 1 : imbalance);
  return {
    space,
    assembly: makeAssembly(space, setting.template, problem),
    full,
    behaviour,
    used: () => evaluations,
    reset: () => {
      evaluations = 0;
    },
    count,
    objective,
  };
}

const kept = new Map<string, Promise<Bench>>();

/** The bench of a setting, kept for the next jobs of this thread. */
export function benchOf(setting: SearchSetting): Promise<Bench> {
  const held = kept.get(setting.key);
  if (held !== undefined) return held;
  if (kept.size >= 2) kept.delete(kept.keys().next().value!);
  const made = makeBench(setting);
  kept.set(setting.key, made);
  return made;
}

/** One island between two migrations. */
export async function islandJob(job: IslandJob, task: Task): Promise<IslandResult> {
  const { setting, view } = job;
  const { problem } = setting;
  const bench = await benchOf(setting);
  bench.reset();
  const rng = random(setting.seed, "island", job.island, job.round);
  const total = problem.target.length;
  const rows =
    setting.rows >= total ? undefined : rng.fork("rows").permutation(total).slice(0, setting.rows).sort();
  const data = viewData(bench, problem, view, rows);
  const space = view.name === "plain" ? bench.space : viewSpace(setting, view, bench.space);
  const has = (name: string) => bench.space.number(name)! < bench.space.own;
  const { template, objective } = setting;
  const free =
    setting.scaling &&
    template === undefined &&
    objective === undefined &&
    (setting.constraints?.behaviour ?? []).length === 0 &&
    has("mul");
  const pure = !view.dimensions || space.types === undefined || space.targetType === 0 || !space.strict;
  const scaling = {
    factor: free && problem.inputErrors === undefined,
    offset: free && has("add") && pure && problem.inputErrors === undefined,
  };
  const prefactorCost =
    view.prefactor === undefined
      ? 0
      : cost(setting, bench.space, view.prefactor) + operatorCost(bench.space, "mul");
  const share = (rows?.length ?? total) / total;
  const judge = makeJudge(space, data, {
    scaling,
    objective: bench.objective,
    count: bench.count,
    share,
  });
  const constantCost = setting.costs?.constant ?? 1;
  const factorCost = constantCost + operatorCost(bench.space, "mul");
  const partSpaces = setting.template?.parts.map(({ columns }) =>
    makeSpace({ ...spaceOptions(setting), ...(columns && { allowed: columns }) }),
  ) ?? [space];
  const best = evolve(job.state, space, partSpaces, bench.assembly, judge, rng, {
    population: setting.population,
    quota: job.quota,
    used: bench.used,
    enough: setting.enough,
    scaling,
    formCosts: [0, factorCost, factorCost + constantCost + operatorCost(bench.space, "add")],
    behaviour: view.name === "plain" ? bench.behaviour : undefined,
    interrupted: () => task.signal.aborted,
  });
  const candidates: Candidate[] = [];
  let least = Number.POSITIVE_INFINITY;
  const pareto: Best[] = [];
  for (const one of best) {
    const { whole, parts, complexity, loss } = one;
    if (!(loss < least)) continue;
    least = loss;
    pareto.push(one);
    if (loss > 1.5 * leastOf(job.known, complexity + prefactorCost)) continue;
    if (setting.template !== undefined) {
      candidates.push(...finishParts(bench, parts));
      continue;
    }
    const inner = fromPostfix(whole, space.operators);
    candidates.push(...finish(bench, fromView(view, inner)));
  }
  return { state: job.state, candidates, best: pareto, evaluations: bench.used() };
}

/** The parts of a template with their constants fitted on all rows. */
function finishParts({ space, assembly, full, behaviour }: Bench, parts: readonly Genome[]): Candidate[] {
  const { whole, tied } = assembly.assemble(parts);
  const found = full.fit(whole, 40, tied);
  const factor = found === undefined ? Number.NaN : (behaviour?.(found.genome) ?? 1);
  if (found === undefined || !Number.isFinite(factor * found.loss)) return [];
  const expression = fromPostfix(found.genome, space.operators);
  return [{ expression, complexity: space.complexity(whole), loss: found.loss * factor }];
}

/** The candidate with constants fitted on all rows: as it is, simplified, and with round constants, where allowed. */
export function finish(bench: Bench, expression: Expression): Candidate[] {
  const { space, full } = bench;
  const shorten = (of: Expression) =>
    simplify(of, { operators: ownOperators(space), reading: space.operators });
  const found: Candidate[] = [];
  const offer = (form: Expression): { genome: Genome; loss: number } | undefined => {
    const start = toPostfix(form, space.operators);
    const size = space.complexity(start);
    if (!space.allows(start, size)) return undefined;
    const fitted = full.fit(start, 40);
    if (fitted === undefined || !Number.isFinite(fitted.loss)) return undefined;
    const before = full.loss(start);
    const better = before <= fitted.loss ? { genome: start, loss: before } : fitted;
    const factor = bench.behaviour?.(better.genome) ?? 1;
    if (!Number.isFinite(factor)) return undefined;
    const made = fromPostfix(better.genome, space.operators);
    found.push({ expression: made, complexity: size, loss: better.loss * factor });
    return better;
  };
  const plain = offer(expression);
  const short = shorten(expression);
  const best = (short === expression ? undefined : offer(short)) ?? plain;
  if (best === undefined || best.loss > 1e-18 * full.baseline || best.genome.constants.length === 0)
    return found;
  const rounding = Math.max(2 * best.loss, 1e-24 * full.baseline);
  const exact = fromPostfix(best.genome, space.operators);
  for (const form of [exact, canonical(exact, { operators: space.operators, expand: 16 })]) {
    const round = roundConstants(toPostfix(form, space.operators), full.loss, rounding);
    if (round === undefined) continue;
    const made = fromPostfix(round, space.operators);
    for (const one of new Set([shorten(made), made])) if (isOwn(space, one)) offer(one);
  }
  return found;
}

const isOwn = (space: Space, expression: Expression) =>
  [...nodes(expression)].every((node) => node.kind !== "call" || ownOperators(space).has(node.operator));

const ownSets = new WeakMap<Space, OperatorSet>();
function ownOperators(space: Space): OperatorSet {
  let set = ownSets.get(space);
  if (set === undefined) {
    set = operatorSet(space.list.slice(0, space.own));
    ownSets.set(space, set);
  }
  return set;
}

const operatorCost = (space: Space, name: string) => space.operators.get(name)?.complexity ?? 1;

const cost = (setting: SearchSetting, space: Space, expression: Expression) =>
  complexity(expression, {
    operators: space.operators,
    constant: setting.costs?.constant ?? 1,
    variable: setting.costs?.variable ?? 1,
  });

const leastOf = (known: readonly number[], complexity: number) => {
  let least = Number.POSITIVE_INFINITY;
  for (let c = 0; c <= complexity; c++) least = Math.min(least, known[c] ?? Number.POSITIVE_INFINITY);
  return least;
};

/** Columns, target and weights as the view sees them, on the rows given. */
function viewData(bench: Bench, problem: SearchProblem, view: View, rows: Int32Array | undefined) {
  const pick = (column: Float64Array) =>
    rows === undefined ? column : Float64Array.from(rows, (row) => column[row]!);
  const raw = problem.columns.map(pick);
  const target = pick(problem.target);
  const weights = problem.weights && pick(problem.weights);
  const inputVariances = problem.inputErrors?.map((e) => e && pick(e).map((s) => s * s));
  if (view.name === "plain") return { columns: raw, target, weights, inputVariances, rows };
  const engine = evaluator(raw, { operators: bench.space.operators });
  const valuesOf = (e: Expression) => Float64Array.from(engine.evaluate(e).values);
  bench.count((view.inputs.length * target.length) / problem.target.length);
  const columns = view.inputs.map(valuesOf);
  if (view.prefactor === undefined) return { columns, target, weights, rows };
  const p = valuesOf(view.prefactor);
  return {
    columns,
    target: target.map((y, i) => y / p[i]!),
    weights: p.map((f, i) => f * f * (weights?.[i] ?? 1)),
    rows,
  };
}

function viewSpace(setting: SearchSetting, view: View, whole: Space): Space {
  const costs = view.inputs.map((input) => cost(setting, whole, input));
  const outer =
    view.prefactor === undefined ? 0 : cost(setting, whole, view.prefactor) + operatorCost(whole, "mul");
  return makeSpace({
    operators: unpackOperators(setting.operators),
    columns: view.inputs.length,
    maxComplexity: Math.max(3, setting.maxComplexity - outer),
    maxDepth: setting.maxDepth,
    costs: { constant: setting.costs?.constant ?? 1, variable: costs },
    constraints: setting.constraints && { ...setting.constraints, behaviour: [] },
  });
}
