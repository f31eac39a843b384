import { breathe } from "../../../core/breathe.ts";
import { UserError } from "../../../core/errors.ts";
import { random } from "../../../core/random.ts";
import { Cancelled, createTask, quietTask, type Task } from "../../../core/task.ts";
import { openWorkers, type WorkerPool } from "../../../core/workers.ts";
import { checkDimensions } from "../../../expressions/dimensions.ts";
import { toPostfix } from "../../../expressions/postfix.ts";
import { standardOperators } from "../../../expressions/standard-operators.ts";
import { checkProblem } from "./check-problem.ts";
import type { Front, SearchOptions, SearchProblem, SearchResult } from "./contract.ts";
import { type SearchJob, searchJob } from "./entry.ts";
import { withoutColumnErrors } from "./errors-in-columns.ts";
import { enter, frontOf, lossesOf } from "./hall.ts";
import { emptyIsland } from "./island.ts";
import {
  type Bench,
  finish,
  type IslandResult,
  makeBench,
  type PackedOperators,
  type SearchSetting,
} from "./job.ts";
import { migrate } from "./migrate.ts";
import { type SeedResult, seedJobs } from "./seeds/job.ts";
import { fingerprintOf, type Progress, packState, unpackState } from "./state.ts";
import { makeViews } from "./views.ts";

/**
 * Searches for expressions that explain the target: direct regressions first (`seeds`), then populations that evolve
 * apart between fixed migrations. The same problem, seed and options give the same bytes, whatever the number of
 * threads, unless the clock or the user ends it.
 * @throws UserError for a problem that cannot be searched (`checkProblem`), or a state of another search.
 */
export async function searchExpressions(given: SearchProblem, options: SearchOptions): Promise<SearchResult> {
  checkProblem(given, options);
  const problem = withoutColumnErrors(given);
  const { threads = 0, evaluations: budget = 1e6, stop, islands = 16 } = options;
  const setting = settingOf(problem, options);
  const fingerprint = fingerprintOf(problem, setting, [
    islands,
    options.seeds ?? true,
    options.guesses ?? [],
  ]);
  const bench = await makeBench(setting);
  setting.enough = enoughOf(options, bench.full.baseline);
  // Operators of the user's own do not show in the fingerprint: then nothing is kept for a later search.
  setting.key = `${fingerprint} ${Array.isArray(setting.operators) ? setting.enough : searches++}`;

  let progress = restore(options, fingerprint) ?? begin(bench, setting, islands);
  const before = options.from === undefined ? 0 : progress.evaluations;
  let state = packState(progress, fingerprint);
  let ended: SearchResult["ended"] | undefined;

  const controller = new AbortController();
  const abort = () => controller.abort();
  options.task.signal.addEventListener("abort", abort);
  if (options.task.signal.aborted) abort();
  const deadline = options.seconds === undefined ? undefined : performance.now() + 1000 * options.seconds;
  const timer = options.seconds === undefined ? undefined : setTimeout(abort, 1000 * options.seconds);
  const pool = openWorkers<SearchJob, IslandResult | SeedResult>({
    module: new URL(`./entry${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url),
    fn: "searchJob",
    here: searchJob,
    threads,
  });
  const inner = createTask({ signal: controller.signal });
  const late = () => deadline !== undefined && performance.now() >= deadline;
  const spent = () => progress.evaluations - before;

  const settle = (front: Front): SearchResult["ended"] | undefined => {
    if (stop !== undefined) {
      const done =
        "loss" in stop ? (front.at(-1)?.loss ?? Number.POSITIVE_INFINITY) <= stop.loss : stop(front);
      if (done) return "stop";
    }
    return spent() >= budget * 0.999 ? "budget" : undefined;
  };
  const settled = (found: Progress) => settle(frontOf(found.hall)) !== undefined;
  const keep = () => {
    state = packState(progress, fingerprint);
    options.checkpoint?.store.write(options.checkpoint.key, new TextEncoder().encode(JSON.stringify(state)));
    const front = frontOf(progress.hall);
    options.onFront?.(front, { evaluations: progress.evaluations });
    const best = front.at(-1)?.loss;
    options.task.report(
      Math.min(1, spent() / budget),
      `round ${progress.round}, ${progress.evaluations.toFixed(0)} evaluations, loss ${best?.toExponential(2) ?? "none"}`,
    );
    return front;
  };

  try {
    if (progress.round === 0) {
      for (const guess of options.guesses ?? []) {
        for (const candidate of finish(bench, guess)) enter(progress.hall, candidate);
      }
      const effort = 0.03 * budget;
      if (options.seeds ?? true) await plantSeeds(progress, setting, pool, inner, options, effort, settled);
      settleIslands(progress, bench);
      progress.evaluations += bench.used();
      progress.round = 1;
      ended = settle(keep());
    }
    while (ended === undefined) {
      if (deadline !== undefined) await breathe(quietTask);
      if (late()) ended = "time";
      else if (controller.signal.aborted) ended = "cancelled";
      if (ended !== undefined) break;
      if (progress.round === thorough && (options.seeds ?? true)) {
        const found: Progress = { ...progress, hall: { ...progress.hall, best: [...progress.hall.best] } };
        await plantSeeds(found, setting, pool, inner, options, 0.25 * budget, settled);
        progress = found;
        ended = settle(frontOf(progress.hall));
        if (ended !== undefined) {
          keep();
          break;
        }
        settleIslands(progress, bench);
      }
      const quota = Math.min(quotaOf(progress.round), (budget - spent()) / progress.islands.length);
      const known = lossesOf(progress.hall);
      const current = progress;
      const results = (await pool.map(
        current.islands.map((island, k) => ({
          work: "island" as const,
          setting,
          island: k,
          round: current.round,
          view: current.views[current.viewOf[k]!]!,
          state: structuredClone(island),
          quota,
          known,
        })),
        inner,
      )) as IslandResult[];
      const next: Progress = {
        ...progress,
        round: progress.round + 1,
        hall: { ...progress.hall, best: [...progress.hall.best] },
      };
      for (const { candidates, evaluations } of results) {
        next.evaluations += evaluations;
        for (const candidate of candidates) enter(next.hall, candidate);
      }
      next.islands = results.map((result) => result.state);
      next.archives = progress.archives.map((archive) => [...archive]);
      migrate(next, results, setting, random(setting.seed, "migration", progress.round));
      progress = next;
      ended = settle(keep());
      await breathe(quietTask);
    }
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    ended = late() && !options.task.signal.aborted ? "time" : "cancelled";
  } finally {
    clearTimeout(timer);
    await pool.close();
    options.task.signal.removeEventListener("abort", abort);
  }
  return {
    front: withAbsorbed(frontOf(progress.hall), problem, options),
    evaluations: progress.evaluations,
    ended,
    reproducible: ended === "budget" || ended === "stop",
    state,
  };
}

type Pool = WorkerPool<SearchJob, IslandResult | SeedResult>;

/** A search that has not begun. Islands take turns among the views, the plain one first and every other time. */
function begin(bench: Bench, setting: SearchSetting, islands: number): Progress {
  const { target, weights } = setting.problem;
  const views = makeViews(bench, setting);
  const viewOf = Array.from({ length: islands }, (_, k) =>
    k % 2 === 0 || views.length === 1 ? 0 : 1 + (((k - 1) / 2) % (views.length - 1)),
  );
  let squares = 0;
  let total = 0;
  target.forEach((y, i) => {
    const w = weights?.[i] ?? 1;
    squares += w * y * y;
    total += w;
  });
  return {
    round: 0,
    evaluations: 0,
    hall: { best: [], floor: setting.objective === undefined ? (1e-28 * squares) / total : 0 },
    views,
    viewOf,
    islands: viewOf.map(() => emptyIsland(setting.maxComplexity)),
    archives: views.map(() => []),
  };
}

/** Direct regressions: what they find enters the hall, until `settled`. */
async function plantSeeds(
  progress: Progress,
  setting: SearchSetting,
  pool: Pool,
  task: Task,
  { operators, template, objective }: SearchOptions,
  effort: number,
  settled: (progress: Progress) => boolean,
): Promise<void> {
  if (template !== undefined || objective !== undefined) return;
  const jobs = seedJobs(setting, new Set(operators.keys()), effort);
  // A power law is found by the first, and needs no others.
  for (const batch of [jobs.slice(0, 1), jobs.slice(1)]) {
    const results = await pool.map(
      batch.map((job) => ({ work: "seeds" as const, ...job })),
      task,
    );
    for (const { candidates, evaluations } of results) {
      progress.evaluations += evaluations;
      for (const candidate of candidates) enter(progress.hall, candidate);
    }
    if (settled(progress)) return;
  }
}

/** The islands of the plain view start from what the hall holds. */
function settleIslands(progress: Progress, { space, assembly }: Bench): void {
  if (assembly.parts !== 1) return;
  const members = frontOf(progress.hall).map(({ expression, complexity, loss }) => ({
    parts: [toPostfix(expression, space.operators)],
    complexity,
    loss,
  }));
  progress.islands.forEach((island, k) => {
    if (progress.viewOf[k] === 0) island.members = [...island.members, ...structuredClone(members)];
  });
}

/** The round before which direct regressions are tried again with more effort. */
const thorough = 3;

/** Evaluations of an island in a round: short ones first, for laws that are found at once. */
const quotaOf = (round: number) => Math.min(20_000, 400 * 1.5 ** (round - 1));

/**
 * The relative loss at which an island need not go on: that of `stop` where it means an exact law. A larger one is left
 * to be judged on all rows.
 */
function enoughOf({ stop, objective }: SearchOptions, baseline: number): number {
  if (stop === undefined || !("loss" in stop)) return 0;
  const relative = stop.loss / baseline;
  return (objective === undefined ? relative : stop.loss) < 1e-9 ? relative : 0;
}

let searches = 0;

function settingOf(problem: SearchProblem, options: SearchOptions): SearchSetting {
  const { seed, template, constraints, objective, costs, maxDepth } = options;
  return {
    key: "",
    problem,
    operators: packOperators(options),
    seed,
    population: options.population ?? 32,
    maxComplexity: options.maxComplexity ?? 30,
    maxDepth,
    costs,
    constraints,
    template,
    objective,
    rows: options.rows ?? 200,
    scaling: options.scaling ?? true,
    enough: 0,
  };
}

/**
 * Standard operators by name; others as they are, for this thread only.
 * @throws UserError for operators of the user's own with threads: functions cannot go to another thread.
 */
function packOperators({ operators, threads = 0 }: SearchOptions): PackedOperators {
  const own = [...operators.values()].find(
    (operator) => standardOperators.get(operator.name)?.evaluate !== operator.evaluate,
  );
  if (own !== undefined && threads > 0) {
    throw new UserError(
      `searchExpressions: operator '${own.name}' is not a standard one, and a function cannot go to another thread; use threads: 0.`,
    );
  }
  if (own !== undefined) return operators;
  return [...operators.values()].map(({ name, complexity }) => ({ name, complexity: complexity ?? 1 }));
}

/** The progress to go on from, if there is one. */
function restore(options: SearchOptions, fingerprint: string): Progress | undefined {
  if (options.from !== undefined) {
    if (options.from.fingerprint !== fingerprint) {
      throw new UserError(
        `searchExpressions: the state given in \`from\` (${options.from.fingerprint}) is of another problem or other options (now ${fingerprint}); only budget, threads, stop and constraints of time may change.`,
      );
    }
    return unpackState(options.from);
  }
  const bytes = options.checkpoint?.store.read(options.checkpoint.key);
  if (bytes === undefined) return undefined;
  const state = JSON.parse(new TextDecoder().decode(bytes)) as SearchResult["state"];
  return state.fingerprint === fingerprint ? unpackState(state) : undefined;
}

function withAbsorbed(
  front: SearchResult["front"],
  { dimensions, names }: SearchProblem,
  { operators }: SearchOptions,
): SearchResult["front"] {
  if (dimensions === undefined) return front;
  return front.map((member) => ({
    ...member,
    absorbed: checkDimensions(member.expression, dimensions.columns, {
      operators: new Map([...standardOperators, ...operators]),
      target: dimensions.target,
      constants: dimensions.strict === true ? "dimensionless" : "wildcard",
      names,
    }).absorbed,
  }));
}
