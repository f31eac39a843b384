import type { Progress } from "../core/task.ts";
import { durationText } from "../runs/duration.ts";
import type { Cli } from "./io.ts";

const redrawEvery = 100; // ms
const lineEvery = 5000; // ms

export interface ProgressDisplay {
  listener(progress: Progress): void;
  /** A line that stays. */
  say(line: string): void;
  /** Clears the bar. */
  close(): void;
}

/** A bar with the time that is left on a terminal; elsewhere a plain line every few seconds. */
export function progressDisplay(
  stream: Cli["stderr"],
  now: () => number = () => performance.now(),
): ProgressDisplay {
  let first: { time: number; fraction: number } | undefined;
  let shown = Number.NEGATIVE_INFINITY;
  const clear = () => {
    if (stream.isTTY) stream.write("\r\x1b[K");
  };
  return {
    listener({ fraction, message }) {
      const time = now();
      first ??= { time, fraction };
      if (time - shown < (stream.isTTY ? redrawEvery : lineEvery) && fraction < 1) return;
      shown = time;
      const percent = `${Math.floor(100 * fraction)} %`.padStart(5);
      const left = remaining(first, { time, fraction });
      const words = [left === undefined ? "" : `${durationText(left)} left`, message].filter(
        (text) => text !== "",
      );
      if (!stream.isTTY) {
        stream.write(`${[percent, ...words].join("  ")}\n`);
        return;
      }
      const filled = Math.round(24 * fraction);
      const line = [`[${"#".repeat(filled)}${"-".repeat(24 - filled)}]${percent}`, ...words].join("  ");
      clear();
      stream.write(line.slice(0, (stream.columns ?? 80) - 1));
    },
    say(line) {
      clear();
      stream.write(`${line}\n`);
    },
    close: clear,
  };
}

/** Seconds left at the mean speed since `first`: a resumed run starts above zero. Undefined before there is one. */
function remaining(
  first: { time: number; fraction: number },
  { time, fraction }: { time: number; fraction: number },
): number | undefined {
  const done = fraction - first.fraction;
  if (done <= 0 || fraction >= 1 || time - first.time < 1000) return undefined;
  return (((time - first.time) / 1000) * (1 - fraction)) / done;
}
