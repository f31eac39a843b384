import { setTimeout } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { Cancelled, type Task } from "./task.ts";
import { type FromWorker, type ToWorker, unpackError, type WorkerSetup } from "./worker-messages.ts";

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
 * this thread.
 */
export function openWorkers<Input, Output>(
  jobs: Pick<WorkerJobs<Input>, "module" | "fn" | "threads">,
): WorkerPool<Input, Output> {
  const module = String(jobs.module);
  if (!Number.isInteger(jobs.threads) || jobs.threads < 0) {
    throw new RangeError(`mapInWorkers: threads must be a whole number from 0, got ${jobs.threads}`);
  }
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const workers: Worker[] = [];
  return {
    async map(inputs, task) {
      task.check();
      if (jobs.threads === 0) return mapHere(await loadJob(module, jobs.fn), inputs, task);
      while (workers.length < Math.min(jobs.threads, inputs.length)) {
        workers.push(startWorker({ module, fn: jobs.fn, cancelled: flag }));
      }
      return mapInto(workers, flag, inputs, task);
    },
    async close() {
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
  job: WorkerFunction<unknown, unknown>,
  inputs: readonly Input[],
  task: Task,
): Promise<Output[]> {
  const outputs: Output[] = [];
  for (const [i, input] of inputs.entries()) {
    task.check();
    outputs.push((await job(input, task.part(i / inputs.length, (i + 1) / inputs.length))) as Output);
  }
  return outputs;
}

/** One batch of jobs on running threads. After a failure or a cancellation the flag stays up: the pool is done with. */
async function mapInto<Input, Output>(
  workers: readonly Worker[],
  flag: Int32Array,
  inputs: readonly Input[],
  task: Task,
): Promise<Output[]> {
  const count = inputs.length;
  const outputs = new Array<Output>(count);
  const errors = new Map<number, Error>();
  const fractions = new Float64Array(count);
  let started = 0;
  let done = 0;

  const report = (message: string) => {
    const head = count === 1 ? "" : `${done} of ${count} done`;
    const mean = fractions.reduce((sum, f) => sum + f, 0) / count;
    task.report(mean, [head, message].filter((part) => part !== "").join(", "));
  };
  const stopAll = () => {
    Atomics.store(flag, 0, 1);
    for (const worker of workers) worker.postMessage({ kind: "cancel" } satisfies ToWorker);
  };

  const lane = async (worker: Worker): Promise<void> => {
    while (started < count && Atomics.load(flag, 0) === 0) {
      const index = started++;
      try {
        outputs[index] = (await runJob(worker, index, inputs[index], (fraction, message) => {
          fractions[index] = fraction;
          report(message);
        })) as Output;
        fractions[index] = 1;
        done++;
        report("");
      } catch (error) {
        errors.set(index, error as Error);
        stopAll();
      }
    }
  };

  task.signal.addEventListener("abort", stopAll);
  try {
    await Promise.all(workers.map(lane));
  } finally {
    task.signal.removeEventListener("abort", stopAll);
  }
  task.check();
  const failed = [...errors].sort(([a], [b]) => a - b).map(([, error]) => error);
  const first = failed.find((error) => !(error instanceof Cancelled)) ?? failed[0];
  if (first) throw first;
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

function startWorker(setup: WorkerSetup): Worker {
  const ending = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const worker = new Worker(new URL(`./worker-entry${ending}`, import.meta.url), { workerData: setup });
  worker.setMaxListeners(0);
  // A thread that breaks between two jobs is noticed by the next one; without a listener it would end the process.
  worker.on("error", () => worker.unref());
  return worker;
}

function runJob(
  worker: Worker,
  index: number,
  input: unknown,
  progress: (fraction: number, message: string) => void,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const hear = (message: FromWorker) => {
      if (message.kind === "progress") return progress(message.fraction, message.message);
      settle();
      if (message.kind === "done") resolve(message.value);
      else reject(unpackError(message.error));
    };
    const broke = (error: unknown) => {
      settle();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const ended = (code: number) =>
      broke(new Error(`a worker thread ended with status ${code} inside job ${index}`));
    const settle = () => {
      worker.off("message", hear).off("messageerror", broke).off("error", broke).off("exit", ended);
    };
    worker.on("message", hear).on("messageerror", broke).on("error", broke).on("exit", ended);
    try {
      if (worker.threadId === -1) throw new Error(`the worker thread of job ${index} has ended`);
      worker.postMessage({ kind: "job", index, input } satisfies ToWorker);
    } catch (error) {
      broke(error);
    }
  });
}

/** Ends an idle worker; one that keeps a timer or a handle open is ended after two seconds. */
async function closeWorker(worker: Worker): Promise<void> {
  if (worker.threadId === -1) return;
  const exited = new Promise<"exited">((resolve) => worker.once("exit", () => resolve("exited")));
  worker.postMessage({ kind: "close" } satisfies ToWorker);
  const waited = new AbortController();
  const late = setTimeout(2000, "late" as const, { signal: waited.signal }).catch(() => "exited" as const);
  if ((await Promise.race([exited, late])) === "late") await worker.terminate();
  waited.abort();
}
