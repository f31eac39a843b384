import { random } from "../../../../core/random.ts";
import { evaluator } from "../../../../expressions/evaluator.ts";
import { call, type Expression } from "../../../../expressions/expression.ts";
import { fromPostfix, toPostfix } from "../../../../expressions/postfix.ts";
import { benchOf, type Candidate, finish, type SearchSetting } from "../job.ts";
import { makeJudge, writeForm } from "../judge.ts";
import { makeLibrary } from "./library.ts";
import { productSeeds } from "./products.ts";
import { ratioSeeds, sumFeatures, sumSeeds } from "./sums.ts";

/** A transformation T of the target, and what undoes it. */
interface Transform {
  name: string;
  of(y: number): number;
  /** |dT/dy|⁻¹: what an error of T(y) is in y. */
  scale(y: number): number;
  /** The operator that undoes it, if it is no power. */
  undo?: string;
  /** The operator that a power needs. */
  needs?: string;
  /** T is yᵖ; undefined: it takes and gives pure numbers. */
  power: number | undefined;
}

const transforms: Record<string, Transform> = {
  plain: { name: "plain", of: (y) => y, scale: () => 1, power: 1 },
  square: { name: "square", of: (y) => y * y, scale: (y) => 0.5 / y, power: 2, needs: "sqrt" },
  inverse: { name: "inverse", of: (y) => 1 / y, scale: (y) => y * y, power: -1 },
  inverseSquare: {
    name: "inverseSquare",
    of: (y) => 1 / (y * y),
    scale: (y) => 0.5 * Math.abs(y) ** 3,
    power: -2,
    needs: "sqrt",
  },
  log: { name: "log", of: Math.log, scale: (y) => y, power: undefined, undo: "exp" },
  exp: { name: "exp", of: Math.exp, scale: (y) => Math.exp(-y), power: undefined, undo: "log" },
  sin: {
    name: "sin",
    of: Math.sin,
    scale: (y) => 1 / Math.max(0.01, Math.abs(Math.cos(y))),
    power: undefined,
    undo: "asin",
  },
  cos: {
    name: "cos",
    of: Math.cos,
    scale: (y) => 1 / Math.max(0.01, Math.abs(Math.sin(y))),
    power: undefined,
    undo: "acos",
  },
};

/** What one job of direct regressions tries. */
export interface SeedJob {
  setting: SearchSetting;
  kind: "products" | "sums" | "ratios";
  transform: string;
  /** About how many evaluations it may take. */
  effort: number;
}

export interface SeedResult {
  candidates: Candidate[];
  evaluations: number;
}

/** The jobs that are worth trying for a target, by its signs and the operators at hand, with `effort` in all. */
export function seedJobs(setting: SearchSetting, operators: ReadonlySet<string>, effort: number): SeedJob[] {
  const { target } = setting.problem;
  const positive = target.every((y) => y > 0);
  const within = (low: number, high: number) => target.every((y) => y >= low && y <= high);
  const jobs: SeedJob[] = [];
  const add = (kind: SeedJob["kind"], transform: string) => {
    const { undo, needs } = transforms[transform]!;
    if (![undo, needs].every((name) => name === undefined || operators.has(name))) return;
    jobs.push({ setting, kind, transform, effort: 0 });
  };
  if (!operators.has("mul")) return [];
  add("products", "plain");
  add("sums", "plain");
  if (operators.has("div")) add("ratios", "plain");
  const nonzero = target.every((y) => y !== 0);
  if (nonzero) add("sums", "inverse");
  if (positive) {
    for (const name of ["square", "inverseSquare", "log"]) add("sums", name);
  }
  if (within(-Math.PI / 2, Math.PI / 2)) add("products", "sin");
  if (within(0, Math.PI)) add("products", "cos");
  if (within(-20, 20)) add("products", "exp");
  for (const job of jobs) job.effort = effort / jobs.length;
  return jobs;
}

/** Direct regressions of a transformed target on some of the rows; what they find, fitted on all. */
export async function seedJob({ setting, kind, transform: name, effort }: SeedJob): Promise<SeedResult> {
  const { problem } = setting;
  const bench = await benchOf(setting);
  bench.reset();
  const { space } = bench;
  const transform = transforms[name]!;
  const total = problem.target.length;
  const most = Math.min(total, 240);
  const rows = random(setting.seed, "seeds").permutation(total).slice(0, most).sort();
  const pick = (column: Float64Array) => Float64Array.from(rows, (row) => column[row]!);
  const columns = problem.columns.map(pick);
  const y = pick(problem.target);
  const share = most / total;
  const target = y.map((value) => transform.of(value));
  if (!target.every(Number.isFinite) || (transform.power === undefined && space.targetType !== 0))
    return { candidates: [], evaluations: bench.used() };
  const count = (evaluations: number) => bench.count(evaluations * share);
  const sizes = effortSizes(effort, share);
  const library = makeLibrary(space, columns, count, sizes.elements);
  const { types, targetType } = space;
  let found: { expression: Expression; exact: boolean }[];
  if (kind === "products") found = productSeeds(library, target, count, 6, sizes.subsets);
  else {
    const type =
      types === undefined ? 0 : transform.power === undefined ? 0 : types.power(targetType, transform.power);
    if (transform.power === undefined && targetType !== 0)
      return { candidates: [], evaluations: bench.used() };
    const engine = evaluator(columns, { operators: space.operators });
    const valuesOf = (expression: Expression) => {
      count(1);
      const { values, finite } = engine.evaluate(expression);
      return finite ? Float64Array.from(values) : undefined;
    };
    const features = sumFeatures(space, library, type, valuesOf, sizes.features);
    const power = transform.power === undefined ? 1 : 1 / transform.power;
    const scale = y.map((value) => transform.scale(value));
    found =
      kind === "ratios"
        ? ratioSeeds(
            library,
            features,
            sumFeatures(space, library, 0, valuesOf, sizes.features),
            target,
            sizes.subsets,
            count,
          )
        : sumSeeds(library, features, target, scale, power, sizes.subsets, count);
  }
  const judge = makeJudge(
    space,
    { columns, target: y, weights: problem.weights && pick(problem.weights), rows },
    { scaling: { factor: true, offset: true }, count: bench.count, share },
  );
  const candidates: Candidate[] = [];
  for (const { expression: inner } of found) {
    const expression = transform.undo === undefined ? inner : call(transform.undo, inner);
    const form = toPostfix(expression, space.operators);
    const score = judge.score(form);
    if (score === undefined) continue;
    const [plain, scaled] = score.losses;
    const better = scaled < 0.999 * plain || !(plain < judge.baseline);
    const written = better ? fromPostfix(writeForm(space, form, 1, score), space.operators) : expression;
    candidates.push(...finish(bench, written));
    if (better && plain < judge.baseline) candidates.push(...finish(bench, expression));
  }
  return { candidates, evaluations: bench.used() };
}

/** How many elements, terms and columns of subsets an effort allows. */
function effortSizes(effort: number, share: number) {
  const within = (low: number, size: number, high: number) => Math.round(Math.min(high, Math.max(low, size)));
  return {
    elements: within(40, effort / (6 * share), 1500),
    features: within(60, effort / (6 * share), 2400),
    subsets: within(40, ((0.3 * effort * 2880) / share) ** (1 / 3), 420),
  };
}
