import { UserError } from "../../core/errors.ts";
import { random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { loadJob, mapInWorkers } from "../../core/workers.ts";
import { basinHopping, type HopOptions, type HopResult } from "./basin-hopping.ts";
import { branchStarts } from "./branch-starts.ts";
import { type ConnectOptions, connectPair, type Searched } from "./connect-pair.ts";
import { type AnyLandscape, perturbed } from "./landscape.ts";
import { modeStarts } from "./mode-starts.ts";
import { type Evaluations, solve } from "./search.ts";
import { findTransitionState, type TransitionStateOptions } from "./transition-state.ts";

/** How a thread gets a landscape: the function `fn` that `module` exports makes it from plain data. */
export interface LandscapeSource {
  module: string;
  fn: string;
  input: unknown;
}

/** One piece of work of an exploration: plain data, the same wherever it runs. */
export type LandscapeJob =
  | { kind: "hop"; seed: number; walker: string; options: Omit<HopOptions, "onQuench"> }
  | {
      kind: "search";
      seed: number;
      /** The minimum to leave, and which tries. */
      minimum: number;
      x: Float64Array;
      tries: { from: number; to: number };
      /** The displacement is uniform between these. */
      size: { least: number; most: number };
      options: Omit<TransitionStateOptions, "zeroModes">;
    }
  | {
      kind: "modes";
      x: Float64Array;
      /** Which modes, counted from the softest, and how far along each of them the searches start. */
      modes: { from: number; to: number };
      sizes: readonly number[];
      options: Omit<TransitionStateOptions, "zeroModes">;
    }
  | { kind: "connect"; from: Float64Array; to: Float64Array; options: Omit<ConnectOptions, "zeroModes"> };

export interface JobResult extends Searched {
  hop?: HopResult;
  spent: Evaluations;
}

/** The landscape of a source. @throws UserError where the function gives none. */
export async function loadLandscape(source: LandscapeSource): Promise<AnyLandscape> {
  const make = await loadJob(source.module, source.fn);
  const made = (await (make as (input: unknown) => unknown)(source.input)) as AnyLandscape | undefined;
  if (typeof made?.valueAndGradient !== "function" || !(made.n >= 1)) {
    throw new UserError(
      `loadLandscape: '${source.fn}' of ${source.module} gave no landscape; expected {name, n, valueAndGradient, start}`,
    );
  }
  return made;
}

/** Runs `jobs` in `threads` threads (0: in this one); results are in the order of the jobs, whatever the number. */
export async function runLandscapeJobs(
  source: LandscapeSource,
  jobs: readonly LandscapeJob[],
  options: { threads: number; task: Task },
): Promise<JobResult[]> {
  const inputs = jobs.map((job) => ({ source, job }));
  try {
    return await mapInWorkers({ module: import.meta.url, fn: "runLandscapeJob", inputs, ...options });
  } finally {
    await use(undefined);
  }
}

/** The landscape of the last job in this thread: the next one is seldom of another. */
let last: { key: string; landscape: AnyLandscape } | undefined;

async function use(next: typeof last): Promise<void> {
  await last?.landscape.release?.();
  last = next;
}

/** One job, in whatever thread. */
export async function runLandscapeJob(
  { source, job }: { source: LandscapeSource; job: LandscapeJob },
  task: Task,
): Promise<JobResult> {
  const key = JSON.stringify(source);
  if (last?.key !== key) await use({ key, landscape: await loadLandscape(source) });
  const { landscape } = last!;
  const spent: Evaluations = { gradients: 0, hessians: 0 };
  const none = { triples: [], failures: {} };
  const zeroModes = landscape.zeroModes && { zeroModes: (x: Float64Array) => landscape.zeroModes!(x) };
  if (job.kind === "hop") {
    const { steps } = job.options;
    const onQuench = ({ step }: { step: number }) => task.report(step / (steps + 1));
    const draw = random(job.seed, "walker", job.walker);
    const search = basinHopping(landscape, draw, { ...job.options, onQuench });
    return { ...none, hop: await solve(landscape, search, { task, spent }), spent };
  }
  if (job.kind === "connect") {
    const search = connectPair(landscape, job.from, job.to, { ...job.options, ...zeroModes });
    return { ...(await solve(landscape, search, { task, spent })), spent };
  }
  const out: Searched = { triples: [], failures: {} };
  const { pushoff = 0.02 } = job.options;
  const branched: number[] = [];
  /** A search, and where it ends at a saddle of a higher index, those that branch off there, once for each value. */
  const search = async (start: Float64Array, guess: Float64Array, mode: "lowest" | "overlap") => {
    const options = { ...job.options, ...zeroModes, follow: { ...job.options.follow, mode } };
    const found = await solve(landscape, findTransitionState(start, guess, options), { task, spent });
    if (found.ok) out.triples.push(found.triple);
    else out.failures[found.reason] = (out.failures[found.reason] ?? 0) + 1;
    return found;
  };
  const searchAndBranch = async (start: Float64Array, guess: Float64Array, mode: "lowest" | "overlap") => {
    const found = await search(start, guess, mode);
    if (found.ok || !found.at) return;
    const { value } = found.at;
    if (branched.some((other) => Math.abs(other - value) < 1e-6)) return;
    branched.push(value);
    for (const branch of branchStarts(found.at, 5 * pushoff))
      await searchAndBranch(branch.start, branch.guess, "overlap");
  };
  if (job.kind === "modes") {
    const starts = await solve(landscape, modeStarts(job, zeroModes?.zeroModes), { task, spent });
    for (const { start, guess } of starts) await searchAndBranch(start, guess, "overlap");
    return { ...out, spent };
  }
  for (let k = job.tries.from; k < job.tries.to; k++) {
    const draw = random(job.seed, "search", job.minimum, k);
    const size = job.size.least + (job.size.most - job.size.least) * draw.uniform();
    const start = perturbed(landscape, job.x, draw, size);
    const guess = Float64Array.from({ length: landscape.n }, () => draw.normal());
    await searchAndBranch(start, guess, "lowest");
    task.report((k + 1 - job.tries.from) / (job.tries.to - job.tries.from));
  }
  return { ...out, spent };
}
