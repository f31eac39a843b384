import { createTask, type Progress, type Task } from "../../core/task.ts";

/** Work that goes on while the study does something else. */
export interface Background<T> {
  /** Waits for the result; from now on its progress is told to `task`. @throws whatever the work threw. */
  wait(task: Task): Promise<T>;
  /** Tells the work to stop, if it is still going on, and waits until it has. */
  stop(): Promise<void>;
}

/**
 * Starts work that runs in worker threads and lets this thread go on. Nobody hears of its progress, or of its failure,
 * before somebody waits for it. Whoever starts it must `stop` it on the way out.
 * @param options.lazily start only when somebody waits: for work that would keep this thread busy
 */
export function inBackground<T>(
  work: (task: Task) => Promise<T>,
  options: { signal: AbortSignal; lazily: boolean },
): Background<T> {
  const own = new AbortController();
  let latest: Progress | undefined;
  let listening: Task | undefined;
  const task = createTask({
    signal: AbortSignal.any([options.signal, own.signal]),
    listener: (progress) => {
      latest = progress;
      listening?.report(progress.fraction, progress.message);
    },
  });
  let started: Promise<T> | undefined;
  const start = () => {
    started ??= work(task);
    started.catch(() => {});
    return started;
  };
  if (!options.lazily) start();
  return {
    async wait(by) {
      listening = by;
      if (latest) by.report(latest.fraction, latest.message);
      return await start();
    },
    async stop() {
      own.abort();
      await started?.catch(() => {});
    },
  };
}
