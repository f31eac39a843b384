import { add } from "./arithmetic.ts";
import { matmul } from "./linear.ts";
import { pad, reshape, slice, swapaxes } from "./shape.ts";
import { axisOf, constant, floatOf, type Value } from "./value.ts";

const block = 256;

/**
 * Running sum along `axis`: a product with a triangle of ones, in blocks of 256. Every element must be finite (an
 * infinite one spoils its whole block).
 */
export function cumsum(x: Value, axis: number): Value {
  const at = axisOf("cumsum", axis, x.shape.length, x);
  const last = x.shape.length - 1;
  if (at === last) return lastAxis(x);
  return swapaxes(lastAxis(swapaxes(x, at, last)), at, last);
}

function lastAxis(x: Value): Value {
  const dtype = floatOf("cumsum", x);
  const n = x.shape[x.shape.length - 1]!;
  const lead = x.shape.slice(0, -1);
  if (n <= block) return matmul(x, triangle(n, dtype));
  const rows = Math.ceil(n / block);
  const none = lead.map((): [number, number] => [0, 0]);
  const padded = pad(x, [...none, [0, rows * block - n]]);
  const within = matmul(reshape(padded, [...lead, rows, block]), triangle(block, dtype));
  const totals = slice(within, ...lead.map((): [] => []), [], block - 1);
  const before = lastAxis(totals);
  const offsets = pad(slice(before, ...lead.map((): [] => []), [0, rows - 1]), [...none, [1, 0]]);
  const sums = add(within, reshape(offsets, [...lead, rows, 1]));
  return slice(reshape(sums, [...lead, rows * block]), ...lead.map((): [] => []), [0, n]);
}

function triangle(n: number, dtype: "float32" | "float64"): Value {
  const data = Array.from({ length: n * n }, (_, k) => {
    const row = Math.floor(k / n);
    const column = k % n;
    return row <= column ? 1 : 0;
  });
  return constant(data, [n, n], dtype);
}
