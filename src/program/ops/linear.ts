import { numpy as np } from "@jax-js/jax";
import { UserError } from "../../core/errors.ts";
import { mul } from "./arithmetic.ts";
import { reshape } from "./shape.ts";
import { broadcastShape, describe, settled, type Value } from "./value.ts";

/** Matrix product over the last two axes, leading axes broadcast; vectors as in NumPy. */
export function matmul(x: Value, y: Value): Value {
  sameDType("matmul", x, y);
  const inner = y.shape.length > 1 ? y.shape[y.shape.length - 2] : y.shape[0];
  if (x.shape.length === 0 || y.shape.length === 0 || x.shape[x.shape.length - 1] !== inner) {
    throw new UserError(`matmul: ${describe(x)} and ${describe(y)} do not multiply`);
  }
  broadcastShape("matmul", x.shape.slice(0, -2), y.shape.slice(0, -2));
  const rank = Math.max(x.shape.length, y.shape.length);
  const ranksDiffer = x.shape.length > 1 && y.shape.length > 2 && x.shape.length !== y.shape.length;
  if (!ranksDiffer) return settled(np.matmul(x.ref, y.ref));
  return settled(np.matmul(withRank(x, rank).ref, withRank(y, rank).ref));
}

/** Leading axes of length 1 up to `rank`: jax-js 0.1 puts the leading axes of the longer operand in the wrong place. */
function withRank(x: Value, rank: number): Value {
  return reshape(x, [...new Array<number>(rank - x.shape.length).fill(1), ...x.shape]);
}

/** Sum over the last axis of `x` and the last but one of `y`, all other axes kept; vectors as in NumPy. */
export function dot(x: Value, y: Value): Value {
  sameDType("dot", x, y);
  return settled(np.dot(x.ref, y.ref));
}

/** xᵢ yⱼ of two vectors. */
export function outer(x: Value, y: Value): Value {
  return mul(reshape(x, [-1, 1]), reshape(y, [1, -1]));
}

/** Sum over the last `axes` axes of `x` and the first of `y`, or over the axes named for each. */
export function tensordot(x: Value, y: Value, axes: number | [number[], number[]] = 2): Value {
  sameDType("tensordot", x, y);
  return settled(np.tensordot(x.ref, y.ref, axes));
}

/** Einstein summation: `einsum("bij,bj->bi", a, b)`. */
export function einsum(subscripts: string, ...operands: Value[]): Value {
  const first = operands[0];
  if (first === undefined) throw new UserError(`einsum: no arrays for "${subscripts}"`);
  for (const x of operands) sameDType("einsum", first, x);
  return settled(np.einsum(subscripts, ...operands.map((x) => x.ref)));
}

function sameDType(where: string, x: Value, y: Value): void {
  if (x.dtype !== y.dtype) {
    throw new UserError(
      `${where}: ${describe(x)} and ${describe(y)} differ in dtype; cast one of them first`,
    );
  }
}
