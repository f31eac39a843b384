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
  const { inputs, task } = jobs;
  const module = String(jobs.module);
  const count = inputs.length;
  if (!Number.isInteger(jobs.threads) || jobs.threads < 0) {
    throw new RangeError(`mapInWorkers: threads must be a whole number from 0, got ${jobs.threads}`);
  }
  task.check();
  if (jobs.threads === 0) {
    const job = (await loadJob(module, jobs.fn)) as WorkerFunction<Input, Output>;
    const outputs: Output[] = [];
    for (const [i, input] of inputs.entries()) {
      task.check();
      outputs.push(await job(input, task.part(i / count, (i + 1) / count)));
    }
    return outputs;
  }

  const outputs = new Array<Output>(count);
  const errors = new Map<number, Error>();
  const fractions = new Float64Array(count);
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const workers: Worker[] = [];
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
    for (let i = 0; i < Math.min(jobs.threads, count); i++) {
      workers.push(startWorker({ module, fn: jobs.fn, cancelled: flag }));
    }
    await Promise.all(workers.map(lane));
  } finally {
    task.signal.removeEventListener("abort", stopAll);
    await Promise.all(workers.map(closeWorker));
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
