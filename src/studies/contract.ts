import type { Params, Values } from "../core/params.ts";
import type { Random } from "../core/random.ts";
import type { Store } from "../core/store.ts";
import type { Task } from "../core/task.ts";
import type { Section, StudyResult } from "../report/contract.ts";

export interface StudyContext {
  task: Task;
  random: Random;
  seed: number;
  /** Finished parts of the work, kept until the run is done: what makes `--resume` possible. */
  checkpoints: Store;
  /** Worker threads that may be used. */
  threads: number;
  /** Says a line to the person who waits (never into a result). */
  say(line: string): void;
}

/** A study: which data, which model, which lenses, which truths. */
export interface Study<P extends Params = Params> {
  name: string;
  /** One sentence for `physlens studies`. */
  question: string;
  params: P;
  /** Options that a preset changes from the defaults. */
  presets: Readonly<Record<"quick" | "full", Partial<Values<P>>>>;
  /** What the run will cost, said before it starts. */
  estimate(options: Values<P>, threads: number): { seconds: number; note: string };
  run(options: Values<P>, context: StudyContext): Promise<StudyResult>;
}

export type { Table } from "../data/table.ts";
export type { Section, StudyResult };
