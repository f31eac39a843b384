import { totalmem } from "node:os";
import { UserError } from "../../../core/errors.ts";

/** Memory that a dense matrix may take by default: half of the machine's. */
export function defaultMemoryLimit(): number {
  return totalmem() / 2;
}

/** Bytes of a dense d × d matrix in float64, `copies` of them: the matrix and its factor are two. */
export function denseBytes(size: number, copies = 1): number {
  return 8 * size * size * copies;
}

/**
 * Refuses what would not fit, before it is allocated.
 * @throws UserError with the estimate, the limit and `instead`.
 */
export function requireMemory(options: {
  what: string;
  bytes: number;
  limit: number;
  instead: string;
}): void {
  const { what, bytes, limit, instead } = options;
  if (bytes <= limit) return;
  throw new UserError(
    `${what} would take ${gibibytes(bytes)}, the limit is ${gibibytes(limit)}; ${instead}, or raise memoryLimit`,
  );
}

function gibibytes(bytes: number): string {
  const unit = bytes < 2 ** 30 ? "MiB" : "GiB";
  const value = bytes / (unit === "MiB" ? 2 ** 20 : 2 ** 30);
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}
