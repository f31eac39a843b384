import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { diskError, makeFolder, writeWhole } from "../core/disk.ts";
import { UserError, usageError } from "../core/errors.ts";
import { versions } from "../core/package.ts";
import type { Params } from "../core/params.ts";
import { random } from "../core/random.ts";
import { Cancelled, createTask, type Progress, type Task } from "../core/task.ts";
import { checkSeed, commandLine, type Plan, quoted, type RunConfig, resolveOptions } from "./config.ts";
import { durationText } from "./duration.ts";
import { threadExecutor } from "./executor.ts";
import { folderStore, storedKeys } from "./folder-store.ts";
import { physlensHome } from "./home.ts";
import { type IndexedRun, openIndex, type RunStatus } from "./index-db.ts";
import type { Job, JobResult } from "./job.ts";
import { lockFolder } from "./lock.ts";
import { gatherMetrics } from "./metrics.ts";
import { checkFolder, placeInHome, placeOutside } from "./place.ts";
import {
  clearHalfDone,
  type FinishedRun,
  layout,
  moveIntoPlace,
  readRun,
  removeWork,
  writeJson,
} from "./run-folder.ts";

export interface RunRequest {
  /** Default "quick". */
  preset?: string;
  /** Default 0. */
  seed?: number | string;
  /** Options by name, as text or as their own type; laid over the preset's. */
  set?: Readonly<Record<string, unknown>>;
  /** The run folder: absent or empty. Default: a new one in `home/runs`, entered in the index there. */
  out?: string;
  /** Continue a run that was interrupted or killed. */
  resume?: boolean;
  /** Default {@link physlensHome}. */
  home?: string;
  /** Worker threads; default: as many as the computer runs at once. They change no result. */
  threads?: number;
  /** Aborted to interrupt the run: it stops at the next checkpoint. */
  signal?: AbortSignal;
  listener?: (progress: Progress) => void;
  /** Hears lines for the person who waits: the estimate, what the study says. */
  say?: (line: string) => void;
}

/** Writes the report, figures and data of a result into a folder. */
export type WriteResult<Result> = (
  folder: string,
  result: Result,
  config: RunConfig,
  task: Task,
) => Promise<unknown>;

/**
 * Runs `job` into a run folder and returns what stands there. Every finished part is kept in `.checkpoints` until
 * all files are in place, the report last; a run that was killed at any moment goes on with `resume` and ends with
 * the same bytes (`timing.json` apart, the only file with times).
 * @throws UserError with exit status 2 for a wrong option, a folder that holds something else, or a resumed run with
 * other options; 130 with the line that resumes it when `signal` was aborted; 1 when another process works on the
 * folder, the disk fails or the job does.
 */
export async function executeRun<P extends Params, Result extends JobResult>(
  job: Job<P, Result>,
  request: RunRequest,
  write: WriteResult<Result>,
): Promise<FinishedRun> {
  const { set = {}, resume = false, say = () => {} } = request;
  const preset = request.preset ?? "quick";
  const values = resolveOptions(job, preset, set);
  const seed = checkSeed(request.seed ?? 0);
  const threads = request.threads ?? os.availableParallelism();
  if (!Number.isInteger(threads) || threads < 0) {
    throw usageError(`threads: expected a whole number from 0, got ${threads}`);
  }
  const plan: Plan = { study: job.name, preset, seed, options: values, versions: versions() };
  const command = commandLine(plan, set);
  const home = request.home ?? physlensHome();
  const place = request.out === undefined ? placeInHome(home, plan, resume) : placeOutside(request.out);
  const { folder } = place;
  const resumeLine = `${command}${request.out === undefined ? "" : ` --out ${quoted(request.out)}`} --resume`;

  const started = new Date();
  const note = request.out === undefined ? indexNotes(home, folder, plan, started) : undefined;
  const at = layout(folder);
  // How the run ended matters more than an index that cannot be written, as on a full disk.
  const noteAtTheEnd = (status: RunStatus | "removed", metrics: IndexedRun["metrics"] = {}): void => {
    try {
      note?.(status, metrics);
    } catch (error) {
      say(`the index could not be brought up to date: ${(error as Error).message}`);
    }
  };
  const alreadyFinished = (): FinishedRun => {
    say("this run is already finished");
    const run = readRun(folder);
    noteAtTheEnd("done", run.metrics);
    return run;
  };
  if (checkFolder(folder, plan, resume, resumeLine) === "finished") {
    removeWork(folder, { folderToo: false });
    return alreadyFinished();
  }
  makeFolder(at.work);
  const lock = lockFolder(at.work);
  try {
    // Once more: what another process did between the first look and the lock counts.
    const state = checkFolder(folder, plan, resume, resumeLine);
    if (state === "finished") return alreadyFinished();
    clearHalfDone(folder);
    if (state === "free") {
      if (resume) say(`nothing to resume in ${folder}: starting from the beginning`);
      writeJson(at.plan, plan);
      note?.("removed", {});
    }
    note?.("running", {});
    const estimate = job.estimate(values, threads);
    say(
      `estimated ${durationText(estimate.seconds)} on ${threads} thread${threads === 1 ? "" : "s"}: ${estimate.note}`,
    );

    const task = createTask({
      ...(request.signal ? { signal: request.signal } : {}),
      ...(request.listener ? { listener: request.listener } : {}),
    });
    const result = await job.run(values, {
      task: task.part(0, 0.95),
      random: random(seed, job.name),
      seed,
      checkpoints: folderStore(at.store),
      threads,
      executor: threadExecutor(threads),
      say,
    });
    task.check();
    const metrics = await assemble(
      at.assembly,
      result,
      { ...plan, command, data: dataOf(result) },
      (config) => write(at.assembly, result, config, task.part(0.95, 1, "writing the report")),
    );
    task.check();
    const finished = new Date();
    writeJson(layout(at.assembly).timing, {
      started: started.toISOString(),
      finished: finished.toISOString(),
      seconds: (finished.getTime() - started.getTime()) / 1000,
      estimatedSeconds: estimate.seconds,
      resumed: state === "unfinished",
      threads,
    });
    moveIntoPlace(folder);
    lock.release();
    removeWork(folder, { folderToo: false });
    task.report(1, "done");
    noteAtTheEnd("done", metrics);
    return readRun(folder);
  } catch (error) {
    fs.rmSync(at.assembly, { recursive: true, force: true });
    lock.release();
    if (error instanceof Cancelled) {
      noteAtTheEnd("interrupted");
      throw new UserError(`interrupted; what is finished is kept in ${folder}\nresume with: ${resumeLine}`, {
        exitCode: 130,
      });
    }
    const kept = storedKeys(at.store).length > 0;
    if (!kept) removeWork(folder, { folderToo: place.made });
    noteAtTheEnd(kept ? "failed" : "removed");
    throw withHint(diskError(error, `the run in ${folder}`), kept ? resumeLine : undefined);
  } finally {
    lock.release();
  }
}

/** Fills `folder` with the report, the summary, metrics.json and config.json; returns the metrics. */
async function assemble(
  folder: string,
  result: JobResult,
  config: RunConfig,
  write: (config: RunConfig) => Promise<unknown>,
): Promise<Record<string, number>> {
  const metrics = gatherMetrics(result.sections);
  const at = layout(folder);
  makeFolder(path.dirname(at.summary));
  await write(config);
  if (fs.existsSync(at.summary))
    throw new Error("data/summary.txt is the run's own: give the study's file another name");
  writeWhole(at.summary, result.summary.map((line) => `${line}\n`).join(""));
  writeJson(at.metrics, metrics);
  writeJson(at.config, config);
  return metrics;
}

function dataOf(result: JobResult): RunConfig["data"] {
  return result.provenance.map(({ name, source, sha256 }) => ({
    name,
    source,
    ...(sha256 === undefined ? {} : { sha256 }),
  }));
}

/** Enters the run in the index of `home`; "removed" takes it out again. */
function indexNotes(home: string, folder: string, plan: Plan, started: Date) {
  const id = path.basename(folder);
  return (status: RunStatus | "removed", metrics: IndexedRun["metrics"]): void => {
    const index = openIndex(home);
    try {
      const { study, preset, seed } = plan;
      if (status === "removed") index.remove(id);
      else
        index.put({ id, study, preset, seed, path: folder, status, created: started.toISOString(), metrics });
    } finally {
      index.close();
    }
  };
}

function withHint(error: unknown, resumeLine: string | undefined): unknown {
  if (!(error instanceof UserError) || resumeLine === undefined) return error;
  return new UserError(`${error.message}\nfinished parts are kept; once this is mended: ${resumeLine}`, {
    exitCode: error.exitCode,
    cause: error,
  });
}
