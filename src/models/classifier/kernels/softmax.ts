import { addI32, body, get, set } from "../../../core/wasm/body.ts";
import type { Code, ModuleFunction } from "../../../core/wasm/encode.ts";
import { f64x2 as f, load, select, store } from "../../../core/wasm/lane.ts";
import { expOfNegative } from "./exponentials.ts";
import { overBytes, pointer, times } from "./loops.ts";

/**
 * softmax(logits, truth, delta, share, totals, gaps, classes, stride, bytes): turns the columns of logits y into
 * probabilities p = exp(y − y_top)/Z; delta ← (p − truth)·share, totals ← Z, gaps ← y_top − Σ truth·y, so that
 * −ln p of the true class is ln Z + gap. `truth` is 1 in the column of a row's class, `share` 1/N and 0 in padding.
 */
export function softmax(): ModuleFunction {
  const b = body(9);
  const [logits, truth, delta, share, totals] = [get(0), get(1), get(2), get(3), get(4)];
  const [gaps, classes, stride, bytes] = [get(5), get(6), get(7), get(8)];
  overBytes(b, bytes, 16, (offset) => {
    const [top, gap, total] = [b.local("v128"), b.local("v128"), b.local("v128")];
    b.add(load(addI32(logits, offset)), set(top));
    const first = pointer(b, addI32(logits, offset));
    times(b, classes, () => {
      b.add(f.pmax(get(top), load(first.at)), set(top), first.move(stride));
    });
    b.add(get(top), set(gap), f.splat(0), set(total));
    const second = pointer(b, addI32(logits, offset));
    const true2 = pointer(b, addI32(truth, offset));
    times(b, classes, () => {
      const y = b.let(load(second.at));
      b.add(f.sub(get(gap), f.mul(load(true2.at), y)), set(gap));
      const e = b.let(expOfNegative(b, f.sub(y, get(top))));
      b.add(store(second.at, e), f.add(get(total), e), set(total));
      b.add(second.move(stride), true2.move(stride));
    });
    b.add(store(addI32(totals, offset), get(total)), store(addI32(gaps, offset), get(gap)));
    const scale = b.let(f.div(f.splat(1), get(total)));
    const part = b.let(load(addI32(share, offset)));
    const third = pointer(b, addI32(logits, offset));
    const true3 = pointer(b, addI32(truth, offset));
    const out = pointer(b, addI32(delta, offset));
    times(b, classes, () => {
      const p = b.let(f.mul(load(third.at), scale));
      b.add(store(third.at, p), store(out.at, f.mul(f.sub(p, load(true3.at)), part)));
      b.add(third.move(stride), true3.move(stride), out.move(stride));
    });
  });
  return { signature: { params: Array(9).fill("i32") }, locals: b.locals, code: b.code, export: "softmax" };
}

/**
 * The same for two classes with one exponential a row: with e = exp(−|y₁ − y₀|) the upper class has 1/(1 + e), the lower
 * e/(1 + e). Arguments as of `softmax`, without the number of classes.
 */
export function softmaxOfTwo(): ModuleFunction {
  const b = body(8);
  const [logits, truth, delta, share, totals] = [get(0), get(1), get(2), get(3), get(4)];
  const [gaps, stride, bytes] = [get(5), get(6), get(7)];
  overBytes(b, bytes, 16, (offset) => {
    const pair = (start: Code) => {
      const first = b.let(addI32(start, offset), "i32");
      return [first, b.let(addI32(first, stride), "i32")] as const;
    };
    const [y, t, out] = [pair(logits), pair(truth), pair(delta)];
    const rise = b.let(f.sub(load(y[1]), load(y[0])));
    const upper = b.let(f.lt(f.splat(0), rise));
    const gap = b.let(f.abs(rise));
    const e = b.let(expOfNegative(b, f.neg(gap)));
    const total = b.let(f.add(f.splat(1), e));
    const high = b.let(f.div(f.splat(1), total));
    const low = b.let(f.mul(e, high));
    const truths = t.map((at) => b.let(load(at)));
    b.add(store(addI32(totals, offset), total));
    b.add(store(addI32(gaps, offset), f.mul(gap, select(upper, truths[0]!, truths[1]!))));
    const part = b.let(load(addI32(share, offset)));
    const shares = [b.let(select(upper, low, high)), b.let(select(upper, high, low))];
    shares.forEach((p, i) => {
      b.add(store(y[i]!, p), store(out[i]!, f.mul(f.sub(p, truths[i]!), part)));
    });
  });
  return {
    signature: { params: Array(8).fill("i32") },
    locals: b.locals,
    code: b.code,
    export: "softmaxOfTwo",
  };
}

/** softmaxRate(out, p, rate, share, classes, stride, bytes): out_i ← p_i(rate_i − Σ p·rate)·share, column by column. */
export function softmaxRate(): ModuleFunction {
  const b = body(7);
  const [out, p, rate, share] = [get(0), get(1), get(2), get(3)];
  const [classes, stride, bytes] = [get(4), get(5), get(6)];
  overBytes(b, bytes, 16, (offset) => {
    const mean = b.local("v128");
    b.add(f.splat(0), set(mean));
    const [p1, rate1] = [pointer(b, addI32(p, offset)), pointer(b, addI32(rate, offset))];
    times(b, classes, () => {
      b.add(f.add(get(mean), f.mul(load(p1.at), load(rate1.at))), set(mean));
      b.add(p1.move(stride), rate1.move(stride));
    });
    const part = b.let(load(addI32(share, offset)));
    const [p2, rate2] = [pointer(b, addI32(p, offset)), pointer(b, addI32(rate, offset))];
    const target = pointer(b, addI32(out, offset));
    times(b, classes, () => {
      const value = f.mul(f.mul(load(p2.at), f.sub(load(rate2.at), get(mean))), part);
      b.add(store(target.at, value), p2.move(stride), rate2.move(stride), target.move(stride));
    });
  });
  return {
    signature: { params: Array(7).fill("i32") },
    locals: b.locals,
    code: b.code,
    export: "softmaxRate",
  };
}
