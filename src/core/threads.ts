import { setTimeout } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { Cancelled, type Task } from "./task.ts";
import { type FromWorker, type ToWorker, unpackError, type WorkerSetup } from "./worker-messages.ts";

/** One batch of jobs on running threads. After a failure or a cancellation the flag stays up: the pool is done with. */
export async function mapInto<Input, Output>(
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

/** A thread that waits for jobs of one function. */
export function startWorker(setup: WorkerSetup): Worker {
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
export async function closeWorker(worker: Worker): Promise<void> {
  if (worker.threadId === -1) return;
  const exited = new Promise<"exited">((resolve) => worker.once("exit", () => resolve("exited")));
  worker.postMessage({ kind: "close" } satisfies ToWorker);
  const waited = new AbortController();
  const late = setTimeout(2000, "late" as const, { signal: waited.signal }).catch(() => "exited" as const);
  if ((await Promise.race([exited, late])) === "late") await worker.terminate();
  waited.abort();
}
