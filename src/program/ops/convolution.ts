import { UserError } from "../../core/errors.ts";
import { add } from "./arithmetic.ts";
import { matmul } from "./linear.ts";
import { max, mean } from "./reduce.ts";
import { type Index, pad, reshape, slice } from "./shape.ts";
import { axisOf, describe, type Value } from "./value.ts";

/**
 * Convolution along the last axis but one, as `k` shifted slices times matrices, summed:
 * out[…, i, o] = Σₖ Σ_c x[…, stride·i + k, c] kernel[k, c, o].
 * @param x […, length, channels]
 * @param kernel [k, channels, outputs]
 * @param options.stride step between outputs (default 1)
 * @param options.padding zeros before and after (default none)
 */
export function conv1d(
  x: Value,
  kernel: Value,
  options: { stride?: number; padding?: readonly [number, number] } = {},
): Value {
  const { stride = 1, padding = [0, 0] } = options;
  const rank = x.shape.length;
  const lead = x.shape.slice(0, -2).map((): [number, number] => [0, 0]);
  const [width = 0, channels] = kernel.shape;
  if (rank < 2 || kernel.shape.length !== 3 || channels !== x.shape[rank - 1]) {
    throw new UserError(
      `conv1d: expected x […, length, channels] and a kernel [k, channels, outputs], got ${describe(x)} and ${describe(kernel)}`,
    );
  }
  const length = x.shape[rank - 2]! + padding[0] + padding[1];
  const outputs = Math.floor((length - width) / stride) + 1;
  if (!Number.isInteger(stride) || stride < 1 || outputs < 1) {
    throw new UserError(
      `conv1d: stride ${stride} and kernel width ${width} do not fit the padded length ${length}`,
    );
  }
  const needed = Math.max(length, width - 1 + outputs * stride);
  const padded = pad(x, [...lead, [padding[0], padding[1] + needed - length], [0, 0]]);
  const all = lead.map((): Index => []);
  let result: Value | undefined;
  for (let k = 0; k < width; k++) {
    const shifted = slice(padded, ...all, [k, k + outputs * stride], []);
    const term = matmul(every(shifted, stride, outputs), slice(kernel, k));
    result = result === undefined ? term : add(result, term);
  }
  return result!;
}

function every(x: Value, stride: number, outputs: number): Value {
  if (stride === 1) return x;
  const lead = x.shape.slice(0, -2);
  const channels = x.shape[x.shape.length - 1]!;
  const grouped = reshape(x, [...lead, outputs, stride, channels]);
  return slice(grouped, ...lead.map((): Index => []), [], 0, []);
}

/** Mean of consecutive windows of `window` elements along `axis`, which must divide its length. */
export function averagePool(x: Value, window: number, axis: number): Value {
  const [grouped, at] = windows("averagePool", x, window, axis);
  return mean(grouped, { axis: at + 1 });
}

/** Largest element of consecutive windows of `window` elements along `axis`, which must divide its length. */
export function maxPool(x: Value, window: number, axis: number): Value {
  const [grouped, at] = windows("maxPool", x, window, axis);
  return max(grouped, { axis: at + 1 });
}

function windows(where: string, x: Value, window: number, axis: number): [Value, number] {
  const at = axisOf(where, axis, x.shape.length, x);
  const n = x.shape[at]!;
  if (!Number.isInteger(window) || window < 1 || n % window !== 0) {
    throw new UserError(
      `${where}: windows of ${window} do not divide axis ${axis} of ${describe(x)}; slice or pad it`,
    );
  }
  return [reshape(x, x.shape.toSpliced(at, 1, n / window, window)), at];
}
