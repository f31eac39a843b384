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
    `${what} would take ${amount(bytes)}, the limit is ${amount(limit)}; ${instead}, or raise memoryLimit`,
  );
}

function amount(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 1024 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}
