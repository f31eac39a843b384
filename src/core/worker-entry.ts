import { parentPort, workerData } from "node:worker_threads";
import { createTask } from "./task.ts";
import { type FromWorker, packError, type ToWorker, type WorkerSetup } from "./worker-messages.ts";
import { loadJob } from "./workers.ts";

const progressEvery = 50; // ms

/**
 * An abort signal that reads the shared flag each time it is asked, so that a loop which never returns to the event
 * loop still hears that it should stop.
 */
function flagSignal(flag: Int32Array): AbortSignal {
  const controller = new AbortController();
  let told = false;
  Object.defineProperty(controller.signal, "aborted", {
    get() {
      if (!told && Atomics.load(flag, 0) === 1) {
        told = true;
        controller.abort();
      }
      return told;
    },
  });
  return controller.signal;
}

const port = parentPort;
if (port) {
  const { module, fn, cancelled } = workerData as WorkerSetup;
  const signal = flagSignal(cancelled);
  const send = (message: FromWorker) => port.postMessage(message);

  const runJob = async (index: number, input: unknown): Promise<void> => {
    let last = Number.NEGATIVE_INFINITY;
    const task = createTask({
      signal,
      listener({ fraction, message }) {
        const now = performance.now();
        if (now - last < progressEvery && fraction < 1) return;
        last = now;
        send({ kind: "progress", index, fraction, message });
      },
    });
    try {
      const job = await loadJob(module, fn);
      send({ kind: "done", index, value: await job(input, task) });
    } catch (error) {
      send({ kind: "failed", index, error: packError(error) });
    }
  };

  port.on("message", (message: ToWorker) => {
    if (message.kind === "job") void runJob(message.index, message.input);
    else if (message.kind === "close") port.close();
    // Being asked is what makes the signal tell its listeners.
    else void signal.aborted;
  });
}
