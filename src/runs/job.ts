import type { Params, Values } from "../core/params.ts";
import type { Random } from "../core/random.ts";
import type { Store } from "../core/store.ts";
import type { Task } from "../core/task.ts";
import type { Provenance } from "../data/table.ts";
import type { Executor } from "./executor.ts";

/** What a run needs of its result, whatever the report makes of the rest. */
export interface JobResult {
  summary: string[];
  sections: { title: string; metrics: Record<string, number> }[];
  provenance: Provenance[];
}

export interface JobContext {
  task: Task;
  random: Random;
  seed: number;
  /** Finished parts of the work, kept until the run is done. */
  checkpoints: Store;
  threads: number;
  /** Runs many jobs at once, in threads today. */
  executor: Executor;
  say(line: string): void;
}

/** Work that can be run into a folder. Every study is one. */
export interface Job<P extends Params, Result extends JobResult> {
  name: string;
  question: string;
  params: P;
  presets: Readonly<Record<"quick" | "full", Partial<Values<P>>>>;
  estimate(options: Values<P>, threads: number): { seconds: number; note: string };
  run(options: Values<P>, context: JobContext): Promise<Result>;
}
