import type { Worker } from "node:worker_threads";
import type { Task } from "./task.ts";

/** A function that can run in a worker thread: exported by its module, plain data in, plain data out. */
export type WorkerFunction<Input, Output> = (input: Input, task: Task) => Output | Promise<Output>;

export interface WorkerJobs<Input> {
  /** The module that exports the function; a module that offers its own passes `import.meta.url`. */
  module: URL | string;
  /** The name under which it exports it: a {@link WorkerFunction}. */
  fn: string;
  /** One job each. Copied to the thread (structured clone); SharedArrayBuffers are shared. */
  inputs: readonly Input[];
  /** Threads at once, at most one a job. 0 runs the jobs one after another in this thread. */
  threads: number;
  task: Task;
}

/** Worker threads that stay for several batches of jobs of one function. */
export interface WorkerPool<Input, Output> {
  /** Runs the function for every input: see {@link mapInWorkers}. One batch at a time. */
  map(inputs: readonly Input[], task: Task): Promise<Output[]>;
  /** Ends the threads. */
  close(): Promise<void>;
}

/**
 * Opens a pool of up to `threads` threads, each started when it is first needed; 0 runs the jobs one after another in
 * this thread and needs nothing of Node, so that it works in a browser, too.
 * @param jobs.here the function itself, for 0 threads; without it the module is imported, which bundlers cannot follow.
 */
export function openWorkers<Input, Output>(
  jobs: Pick<WorkerJobs<Input>, "module" | "fn" | "threads"> & { here?: WorkerFunction<Input, Output> },
): WorkerPool<Input, Output> {
  const module = String(jobs.module);
  if (!Number.isInteger(jobs.threads) || jobs.threads < 0) {
    throw new RangeError(`mapInWorkers: threads must be a whole number from 0, got ${jobs.threads}`);
  }
  if (jobs.threads === 0) {
    return {
      async map(inputs, task) {
        task.check();
        const job = jobs.here ?? ((await loadJob(module, jobs.fn)) as WorkerFunction<Input, Output>);
        return mapHere(job, inputs, task);
      },
      close: async () => {},
    };
  }
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const workers: Worker[] = [];
  return {
    async map(inputs, task) {
      task.check();
      const { mapInto, startWorker } = await import("./threads.ts");
      while (workers.length < Math.min(jobs.threads, inputs.length)) {
        workers.push(startWorker({ module, fn: jobs.fn, cancelled: flag }));
      }
      return mapInto<Input, Output>(workers, flag, inputs, task);
    },
    async close() {
      if (workers.length === 0) return;
      const { closeWorker } = await import("./threads.ts");
      await Promise.all(workers.splice(0).map(closeWorker));
    },
  };
}

/**
 * Runs `fn(input, task)` for every input, several at a time in worker threads, and resolves to the outputs in the
 * order of the inputs, whatever the number of threads. Progress is the mean over the jobs.
 *
 * Cancelling is cooperative: each job's `task.signal` and `task.check()` hear it (even in a loop that never yields),
 * and a thread is ended only after its job has returned, never inside it.
 * @throws Cancelled when `task` was told to stop; otherwise the error of the first failed input, after the other
 * running jobs were told to stop and did. A UserError stays one.
 */
export async function mapInWorkers<Input, Output>(jobs: WorkerJobs<Input>): Promise<Output[]> {
  const pool = openWorkers<Input, Output>(jobs);
  try {
    return await pool.map(jobs.inputs, jobs.task);
  } finally {
    await pool.close();
  }
}

async function mapHere<Input, Output>(
  job: WorkerFunction<Input, Output>,
  inputs: readonly Input[],
  task: Task,
): Promise<Output[]> {
  const outputs: Output[] = [];
  for (const [i, input] of inputs.entries()) {
    task.check();
    outputs.push(await job(input, task.part(i / inputs.length, (i + 1) / inputs.length)));
  }
  return outputs;
}

/** The exported function `fn` of `module`. @throws Error that names both when there is none. */
export async function loadJob(module: string, fn: string): Promise<WorkerFunction<unknown, unknown>> {
  const exported = ((await import(module)) as Record<string, unknown>)[fn];
  if (typeof exported !== "function") {
    throw new TypeError(`mapInWorkers: ${module} exports no function '${fn}'`);
  }
  return exported as WorkerFunction<unknown, unknown>;
}
