import { random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { mapInWorkers } from "../../core/workers.ts";
import type { StudyContext } from "../contract.ts";
import type { CellJob, CellResult } from "./cell-job.ts";
import { noisesOf, type OscillatorOptions } from "./params.ts";
import { variantIds, variants } from "./variants.ts";

const ending = import.meta.url.endsWith(".ts") ? ".ts" : ".js";

/** All searches of the recovery table: every variant, noise and seed. */
export function cellJobs(options: OscillatorOptions, seed: number): CellJob[] {
  const stream = random(seed, "oscillator", "cells");
  const seeds = Array.from({ length: options.seeds }, (_, k) => stream.fork(k).int(2 ** 31 - 1));
  return variantIds.flatMap((variant) =>
    noisesOf(options).flatMap((noise) =>
      seeds.map((own) => ({
        variant,
        noise,
        seed: own,
        evaluations: Math.max(1000, Math.round(options.budget * variants[variant].evaluations)),
      })),
    ),
  );
}

type Where = Pick<StudyContext, "threads" | "checkpoints"> & { task: Task };

export function searchCells(
  jobs: readonly CellJob[],
  { threads, checkpoints, task }: Where,
): Promise<CellResult[]> {
  const folder = checkpoints.path;
  return mapInWorkers<CellJob, CellResult>({
    module: new URL(`./cell-job${ending}`, import.meta.url),
    fn: "searchCell",
    inputs: jobs.map((job) => ({ ...job, ...(folder === undefined ? {} : { checkpoints: folder }) })),
    threads,
    task,
  });
}
