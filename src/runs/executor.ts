import type { Task } from "../core/task.ts";
import { mapInWorkers } from "../core/workers.ts";

/** A place where many independent jobs run: this computer's threads today, a cluster's queue later. */
export interface Executor {
  name: string;
  /** Runs `fn` of `module` (see `mapInWorkers`) on every input; outputs in the order of the inputs. */
  map<Input, Output>(work: {
    module: URL | string;
    fn: string;
    inputs: readonly Input[];
    task: Task;
  }): Promise<Output[]>;
}

/** Runs jobs in `threads` worker threads of this process; 0 runs them one after another in the calling thread. */
export function threadExecutor(threads: number): Executor {
  return { name: "threads", map: (work) => mapInWorkers({ ...work, threads }) };
}
