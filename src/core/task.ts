/** What a progress listener is told. */
export interface Progress {
  /** Share of the work that is done, 0 to 1. */
  fraction: number;
  /** What is being done now, in a few words. */
  message: string;
}

/** A handle on a long computation: it reports progress to whoever started it and hears when to stop. */
export interface Task {
  /** Aborted when the work should stop; long work checks it between steps. */
  readonly signal: AbortSignal;
  /** Says how far the work is. `fraction` runs from 0 to 1 over this task. */
  report(fraction: number, message?: string): void;
  /** Throws {@link Cancelled} if the work should stop. */
  check(): void;
  /** A part of this task that covers `from` to `to` of its range (0 to 1). */
  part(from: number, to: number, message?: string): Task;
}

/** Thrown by {@link Task.check} once the task has been told to stop. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
  constructor(message = "cancelled") {
    super(message);
  }
}

/** A task that tells `listener` of its progress and stops when `signal` aborts. Both are optional. */
export function createTask(
  options: { signal?: AbortSignal; listener?: (progress: Progress) => void } = {},
): Task {
  const signal = options.signal ?? new AbortController().signal;
  const listener = options.listener ?? (() => {});
  const make = (from: number, to: number, label: string): Task => {
    let message = label;
    return {
      signal,
      report(fraction, said) {
        if (said !== undefined) message = said;
        const clamped = Math.min(1, Math.max(0, fraction));
        listener({ fraction: from + (to - from) * clamped, message });
      },
      check() {
        if (signal.aborted) throw new Cancelled();
      },
      part: (a, b, said) => make(from + (to - from) * a, from + (to - from) * b, said ?? message),
    };
  };
  return make(0, 1, "");
}

/** A task nobody watches and nobody stops. */
export const quietTask: Task = createTask();
