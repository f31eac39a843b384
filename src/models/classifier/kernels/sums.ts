import { addI32, andI32, aside, body, get, i32, set, when } from "../../../core/wasm/body.ts";
import type { Code, ModuleFunction } from "../../../core/wasm/encode.ts";
import { f64x2 as f, load, store } from "../../../core/wasm/lane.ts";
import { overBytes, pieceBytes, pointer, times } from "./loops.ts";

const vectors = [0, 1, 2, 3] as const;

/**
 * sum(out, start, w, step, count, input, stride, bytes): out ← s + Σ_k w_k · column k of the input, where s is the number
 * at `start`, the w_k lie `step` bytes apart and columns `stride` bytes. `addSum` adds to what `out` holds.
 */
export function sum(name: "sum" | "addSum"): ModuleFunction {
  const b = body(8);
  const [out, start, w, step] = [get(0), get(1), get(2), get(3)];
  const [count, input, stride, bytes] = [get(4), get(5), get(6), get(7)];
  overBytes(b, bytes, pieceBytes, (offset) => {
    const target = b.let(addI32(out, offset), "i32");
    const sums = vectors.map((i) => {
      const index = b.local("v128");
      b.add(name === "sum" ? f.loadSplat(start) : load(target, 16 * i), set(index));
      return index;
    });
    const column = pointer(b, addI32(input, offset));
    const weight = pointer(b, w);
    times(b, count, () => {
      const factor = b.let(f.loadSplat(weight.at));
      for (const i of vectors) {
        b.add(f.add(get(sums[i]!), f.mul(factor, load(column.at, 16 * i))), set(sums[i]!));
      }
      b.add(column.move(stride), weight.move(step));
    });
    for (const i of vectors) b.add(store(target, get(sums[i]!), 16 * i));
  });
  return { signature: { params: Array(8).fill("i32") }, locals: b.locals, code: b.code, export: name };
}

/**
 * dots(out, a, columns, count, stride, bytes): out_k += Σ_d a(d) · column k(d); out is a row of numbers. Two columns at a
 * time, so that a is read half as often.
 */
export function dots(): ModuleFunction {
  const b = body(6);
  const [out, a, columns, count, stride, bytes] = [get(0), get(1), get(2), get(3), get(4), get(5)];
  const column = pointer(b, columns);
  const target = pointer(b, out);
  const next = (together: number) => {
    const sums = Array.from({ length: together }, () => vectors.map(() => b.let(f.splat(0))));
    overBytes(b, bytes, pieceBytes, (offset) => {
      const left = b.let(addI32(a, offset), "i32");
      const right = [b.let(addI32(column.at, offset), "i32")];
      if (together > 1) right.push(b.let(addI32(right[0]!, stride), "i32"));
      for (const i of vectors) {
        const factor = b.let(load(left, 16 * i));
        right.forEach((at, c) => {
          const sum = sums[c]![i]!;
          b.add(f.add(sum, f.mul(factor, load(at, 16 * i))), setOf(sum));
        });
      }
    });
    for (const [p, q, r, s] of sums as [Code, Code, Code, Code][]) {
      const all = b.let(f.add(f.add(p, q), f.add(r, s)));
      b.add(target.at, target.at, loadF64, f.extract(all, 0), f.extract(all, 1), addF64, addF64, storeF64);
      b.add(column.move(stride), target.move(i32(8)));
    }
  };
  const pairs = b.let([...count, ...i32(1), 0x76], "i32");
  b.add(
    when(
      pairs,
      aside(b, () => times(b, pairs, () => next(2))),
    ),
  );
  b.add(
    when(
      andI32(count, i32(1)),
      aside(b, () => next(1)),
    ),
  );
  return { signature: { params: Array(6).fill("i32") }, locals: b.locals, code: b.code, export: "dots" };
}

const [loadF64, addF64, storeF64]: [Code, Code, Code] = [[0x2b, 3, 0], [0xa0], [0x39, 3, 0]];

/** Writes the local that `read` reads. */
function setOf(read: Code): Code {
  return [0x21, ...read.slice(1)];
}
