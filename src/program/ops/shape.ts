import { numpy as np } from "@jax-js/jax";
import { UserError } from "../../core/errors.ts";
import { sizeOf } from "../dtype.ts";
import { own } from "./scope.ts";
import { axesOf, axisOf, broadcastShape, describe, type Value } from "./value.ts";

/** One place of `slice`: an index, all `[]`, from `[i]`, from–to `[i, j]`, or `null` for a new axis. */
export type Index = number | [] | [number] | [number, number] | null;

/** The same elements in another shape; one extent may be −1. */
export function reshape(x: Value, shape: readonly number[]): Value {
  const open = shape.indexOf(-1);
  const known = sizeOf(shape.filter((_, i) => i !== open));
  const fits = open < 0 ? known === x.size : known > 0 && x.size % known === 0;
  if (!fits || shape.some((d, i) => i !== open && (!Number.isInteger(d) || d < 0))) {
    throw new UserError(`reshape: ${describe(x)} does not fit the shape [${shape.join(",")}]`);
  }
  return own(
    np.reshape(
      x.ref,
      shape.map((d, i) => (i === open ? x.size / known : d)),
    ),
  );
}

/** Axes in the order `permutation` (default: reversed). */
export function transpose(x: Value, permutation?: readonly number[]): Value {
  if (permutation !== undefined && axesOf("transpose", x, permutation).length !== x.shape.length) {
    throw new UserError(`transpose: [${permutation.join(",")}] does not name every axis of ${describe(x)}`);
  }
  return own(np.transpose(x.ref, permutation === undefined ? undefined : [...permutation]));
}

/** Two axes exchanged (default: the last two). */
export function swapaxes(x: Value, a = -1, b = -2): Value {
  const rank = x.shape.length;
  return own(np.swapaxes(x.ref, axisOf("swapaxes", a, rank, x), axisOf("swapaxes", b, rank, x)));
}

/** A new axis of size 1 at position `axis` of the result. */
export function expandDims(x: Value, axis: number): Value {
  const at = axisOf("expandDims", axis, x.shape.length + 1, x);
  return reshape(x, x.shape.toSpliced(at, 0, 1));
}

/** Without the axes of size 1 (or those named). */
export function squeeze(x: Value, axis?: number | readonly number[]): Value {
  const axes =
    axis === undefined ? x.shape.flatMap((d, i) => (d === 1 ? [i] : [])) : axesOf("squeeze", x, axis);
  for (const a of axes) {
    if (x.shape[a] !== 1) throw new UserError(`squeeze: axis ${a} of ${describe(x)} has not size 1`);
  }
  return reshape(
    x,
    x.shape.filter((_, i) => !axes.includes(i)),
  );
}

/** Repeated along new leading axes and axes of size 1. */
export function broadcastTo(x: Value, shape: readonly number[]): Value {
  const common = broadcastShape("broadcastTo", x.shape, shape);
  if (common.length !== shape.length || common.some((d, i) => d !== shape[i])) {
    throw new UserError(`broadcastTo: ${describe(x)} does not broadcast to [${shape.join(",")}]`);
  }
  const lead = shape.length - x.shape.length;
  const aligned = reshape(x, [...Array<number>(lead).fill(1), ...x.shape]);
  return own(np.broadcastTo(aligned.ref, [...shape]));
}

/** Arrays one after another along an existing axis. */
export function concatenate(xs: readonly Value[], axis = 0): Value {
  const first = xs[0];
  if (first === undefined) throw new UserError("concatenate: no arrays");
  const at = axisOf("concatenate", axis, first.shape.length, first);
  for (const x of xs) {
    const fits =
      x.shape.length === first.shape.length && x.shape.every((d, i) => i === at || d === first.shape[i]);
    if (!fits || x.dtype !== first.dtype) {
      throw new UserError(
        `concatenate: ${describe(first)} and ${describe(x)} do not join along axis ${axis}`,
      );
    }
  }
  return own(
    np.concatenate(
      xs.map((x) => x.ref),
      at,
    ),
  );
}

/** Arrays of one shape along a new axis. */
export function stack(xs: readonly Value[], axis = 0): Value {
  return concatenate(
    xs.map((x) => expandDims(x, axis)),
    axis,
  );
}

/** Equal parts (a number) or parts of the given sizes along `axis`. */
export function split(x: Value, parts: number | readonly number[], axis = 0): Value[] {
  const at = axisOf("split", axis, x.shape.length, x);
  const n = x.shape[at]!;
  const sizes = typeof parts === "number" ? Array<number>(parts).fill(n / parts) : parts;
  if (sizes.some((s) => !Number.isInteger(s) || s < 0) || sizes.reduce((a, b) => a + b, 0) !== n) {
    throw new UserError(
      `split: ${describe(x)} does not split into ${JSON.stringify(parts)} along axis ${axis}`,
    );
  }
  let start = 0;
  return sizes.map((size) => {
    start += size;
    return slice(x, ...x.shape.map((_, i): Index => (i === at ? [start - size, start] : [])));
  });
}

/**
 * Part of an array, axis by axis: `slice(x, [1, 3], 2, [])` is NumPy's `x[1:3, 2, :]`. Negative indices count from
 * the end. @throws UserError naming the index and the shape
 */
export function slice(x: Value, ...index: Index[]): Value {
  let axis = 0;
  for (const part of index) {
    if (part === null) continue;
    const n = x.shape[axis++];
    const bad = () =>
      new UserError(`slice: ${JSON.stringify(part)} does not fit axis ${axis - 1} of ${describe(x)}`);
    if (n === undefined) throw bad();
    const bounds = typeof part === "number" ? [part, part + 1 || n] : part;
    const [from = 0, to = n] = bounds.map((i) => (i < 0 ? i + n : i));
    if (![from, to].every((i) => Number.isInteger(i) && i >= 0 && i <= n) || from > to) throw bad();
    if (typeof part === "number" && from >= n) throw bad();
  }
  return own(x.ref.slice(...index));
}

/** Zeros around: `pad(x, [[1, 1], [0, 2]])`, one pair [before, after] for each axis. */
export function pad(x: Value, widths: readonly (readonly [number, number])[]): Value {
  const bad = widths.some(([a, b]) => !Number.isInteger(a) || !Number.isInteger(b) || a < 0 || b < 0);
  if (bad || widths.length !== x.shape.length) {
    throw new UserError(
      `pad: ${JSON.stringify(widths)} is not one pair of widths for each axis of ${describe(x)}`,
    );
  }
  if (widths.length === 0) return x;
  return own(
    np.pad(
      x.ref,
      widths.map(([a, b]) => [a, b] as [number, number]),
    ),
  );
}

/** Reversed along `axis` (default: all). */
export function flip(x: Value, axis?: number | readonly number[]): Value {
  return own(np.flip(x.ref, axesOf("flip", x, axis)));
}
