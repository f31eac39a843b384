import { UserError } from "../../core/errors.ts";

/** Bytes that one matrix may take unless said otherwise: 4 GiB. */
export const defaultMemory = 4 * 2 ** 30;

/** @throws UserError where a float64 matrix is larger than `memory` bytes, with its size and what to do instead. */
export function requireMemory(
  where: string,
  what: string,
  shape: readonly [rows: number, cols: number],
  { memory = defaultMemory, instead }: { memory?: number | undefined; instead: string },
): void {
  const [rows, cols] = shape;
  const bytes = rows * cols * 8;
  if (bytes <= memory) return;
  const [need, have] = [bytes, memory].map((size) => `${(size / 2 ** 30).toPrecision(3)} GiB`);
  throw new UserError(
    `${where}: the ${what} is ${rows}×${cols} and needs ${need}, more than the ${have} allowed; ${instead}`,
  );
}
