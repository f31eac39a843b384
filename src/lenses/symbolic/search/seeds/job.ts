import { random } from "../../../../core/random.ts";
import { evaluator } from "../../../../expressions/evaluator.ts";
import { call, type Expression } from "../../../../expressions/expression.ts";
import { fromPostfix, toPostfix } from "../../../../expressions/postfix.ts";
import { type Candidate, finish, makeBench, type SearchSetting } from "../job.ts";
import { makeJudge, writeForm } from "../judge.ts";
import { makeLibrary } from "./library.ts";
import { productSeeds } from "./products.ts";
import { sumFeatures, sumSeeds } from "./sums.ts";

/** A transformation T of the target, and what undoes it. */
interface Transform {
  name: string;
  of(y: number): number;
  /** The operators that T⁻¹ needs, outermost first. */
  undo: readonly string[];
  /** The power by which T changes the dimension; undefined: it takes and gives pure numbers. */
  power: number | undefined;
}

const transforms: Record<string, Transform> = {
  plain: { name: "plain", of: (y) => y, undo: [], power: 1 },
  square: { name: "square", of: (y) => y * y, undo: ["sqrt"], power: 2 },
  inverse: { name: "inverse", of: (y) => 1 / y, undo: ["inv"], power: -1 },
  inverseSquare: { name: "inverseSquare", of: (y) => 1 / (y * y), undo: ["inv", "sqrt"], power: -2 },
  log: { name: "log", of: (y) => Math.log(y), undo: ["exp"], power: undefined },
  exp: { name: "exp", of: (y) => Math.exp(y), undo: ["log"], power: undefined },
  sin: { name: "sin", of: (y) => Math.sin(y), undo: ["asin"], power: undefined },
  cos: { name: "cos", of: (y) => Math.cos(y), undo: ["acos"], power: undefined },
};

/** What one job of direct regressions tries. */
export interface SeedJob {
  setting: SearchSetting;
  kind: "products" | "sums";
  transform: string;
}

export interface SeedResult {
  candidates: Candidate[];
  evaluations: number;
}

/** The jobs that are worth trying for a target, by its signs and the operators at hand. */
export function seedJobs(setting: SearchSetting, operators: ReadonlySet<string>): SeedJob[] {
  const { target } = setting.problem;
  const positive = target.every((y) => y > 0);
  const within = (low: number, high: number) => target.every((y) => y >= low && y <= high);
  const jobs: SeedJob[] = [];
  const add = (kind: SeedJob["kind"], transform: string) => {
    if (!transforms[transform]!.undo.every((name) => operators.has(name))) return;
    jobs.push({ setting, kind, transform });
  };
  if (!operators.has("mul")) return [];
  add("products", "plain");
  add("sums", "plain");
  const nonzero = target.every((y) => y !== 0);
  if (nonzero) add("sums", "inverse");
  if (positive) {
    for (const name of ["square", "inverseSquare", "log"]) add("sums", name);
  }
  if (within(-Math.PI / 2, Math.PI / 2)) add("products", "sin");
  if (within(0, Math.PI)) add("products", "cos");
  return jobs;
}

/** Direct regressions of a transformed target on some of the rows; what they find, fitted on all. */
export async function seedJob({ setting, kind, transform: name }: SeedJob): Promise<SeedResult> {
  const { problem } = setting;
  const bench = await makeBench(setting);
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
  if (!target.every(Number.isFinite)) return { candidates: [], evaluations: bench.used() };
  const count = (evaluations: number) => bench.count(evaluations * share);
  const library = makeLibrary(space, columns, count, 1500);
  const { types, targetType } = space;
  let found: { expression: Expression; exact: boolean }[];
  if (kind === "products") found = productSeeds(library, target, count, 6);
  else {
    const type =
      types === undefined ? 0 : transform.power === undefined ? 0 : types.power(targetType, transform.power);
    if (transform.power === undefined && targetType !== 0)
      return { candidates: [], evaluations: bench.used() };
    const engine = evaluator(columns, { operators: space.operators });
    const features = sumFeatures(space, library, type, (expression) => {
      count(1);
      const { values, finite } = engine.evaluate(expression);
      return finite ? Float64Array.from(values) : undefined;
    });
    found = sumSeeds(library, features, target, count);
  }
  const judge = makeJudge(
    space,
    { columns, target: y, weights: problem.weights && pick(problem.weights), rows },
    { scaling: { factor: true, offset: true }, count: bench.count, share },
  );
  const candidates: Candidate[] = [];
  for (const { expression: inner } of found) {
    let expression = inner;
    for (const operator of [...transform.undo].reverse()) expression = call(operator, expression);
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
