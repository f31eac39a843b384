import type { Task } from "../../core/task.ts";
import { mapInWorkers } from "../../core/workers.ts";
import type { FrameJob, LookAtFrames } from "../../lenses/relevance/frame-job.ts";
import type { FrameTerms } from "../../lenses/relevance/frame-terms.ts";

const ending = import.meta.url.endsWith(".ts") ? ".ts" : ".js";

/** Does jobs of one of the study's modules side by side, in their order. */
export function inWorkers<Job, Result>(
  module: "set-job" | "train-job" | "dynamics-job",
  fn: string,
  jobs: readonly Job[],
  { threads, task }: { threads: number; task: Task },
): Promise<Result[]> {
  return mapInWorkers<Job, Result>({
    module: new URL(`./${module}${ending}`, import.meta.url),
    fn,
    inputs: jobs,
    threads: Math.min(threads, jobs.length),
    task,
  });
}

/** Looks at frames in worker threads; a single one, or with a single thread, here. */
export function framesInWorkers(threads: number): LookAtFrames {
  return (jobs, task) =>
    mapInWorkers<FrameJob, FrameTerms>({
      module: new URL(`../../lenses/relevance/frame-job${ending}`, import.meta.url),
      fn: "lookAtFrame",
      inputs: jobs,
      threads: jobs.length < 2 ? 0 : Math.min(threads, jobs.length),
      task,
    });
}
