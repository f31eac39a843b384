import * as jax from "@jax-js/jax";
import { UserError } from "../../core/errors.ts";
import { describe, type Value } from "../ops/value.ts";
import { flat, leaves, lend, type Pure, type Tree } from "./function.ts";

/**
 * The function on one sample turned into the function on a batch: mapped arguments carry a new leading axis, results
 * too. `inAxes` says for each argument whether it is mapped (0, default) or shared (null).
 * @throws UserError if no argument is mapped or the batch sizes differ
 */
export function vmap<A extends readonly Tree[], R extends Tree>(
  f: Pure<A, R>,
  options: { inAxes?: readonly (0 | null)[] } = {},
): (...args: A) => R {
  return (...args) => {
    const axes = args.map((_, i) => (options.inAxes === undefined ? 0 : (options.inAxes[i] ?? null)));
    batchSize("vmap", args, axes);
    const prepared = flat(f);
    const mapped = jax.vmap(prepared.call as never, axes) as unknown as (...args: A) => Value[];
    return prepared.restore(mapped(...lend(args)));
  };
}

/** The common leading extent of the mapped arguments. @throws UserError naming the argument that does not fit. */
export function batchSize(where: string, args: readonly Tree[], axes: readonly (number | null)[]): number {
  let size: number | undefined;
  args.forEach((arg, i) => {
    if (axes[i] === null) return;
    for (const leaf of leaves(arg)) {
      const n = leaf.shape[0];
      if (n === undefined) {
        throw new UserError(
          `${where}: argument ${i} is ${describe(leaf)}, which has no leading axis to map over`,
        );
      }
      size ??= n;
      if (n !== size) {
        throw new UserError(
          `${where}: argument ${i} is ${describe(leaf)}, but the batch so far has ${size} samples`,
        );
      }
    }
  });
  if (size === undefined)
    throw new UserError(`${where}: no argument is mapped; name at least one with axis 0`);
  return size;
}
