import { random } from "../../src/core/random.ts";
import type { DType } from "../../src/program/dtype.ts";
import * as ops from "../../src/program/ops/index.ts";
import { layout } from "../../src/program/parameters.ts";
import { site } from "../../src/program/sites.ts";

type Value = ops.Value;

/** Parameters of a network 3 → 8 → 8 → 1. */
export const netLayout = layout({ w1: [3, 8], b1: [8], w2: [8, 8], b2: [8], w3: [8, 1] });

/** ŷ = w₃ᵀ silu(silu(x w₁ + b₁) w₂ + b₂), sites "first" and "penultimate" at the activations. */
export function net(flat: Value, x: Value): Value {
  const { w1, b1, w2, b2, w3 } = netLayout.views(flat);
  const h = site("first", ops.silu(ops.add(ops.matmul(x, w1), b1)));
  const last = site("penultimate", ops.silu(ops.add(ops.matmul(h, w2), b2)));
  return ops.reshape(ops.matmul(last, w3), [-1]);
}

/** Mean squared error of {@link net}. */
export function netLoss(flat: Value, x: Value, y: Value): Value {
  return ops.mean(ops.square(ops.sub(net(flat, x), y)));
}

/** Parameters, rows and targets drawn from a seed, in the element type asked for. */
export function netData(rows: number, dtype: Extract<DType, "float32" | "float64">, seed = 1) {
  const rng = random(seed, "net");
  const make = (n: number, scale: number) => {
    const data = Array.from({ length: n }, () => scale * rng.normal());
    return dtype === "float32" ? Float32Array.from(data) : Float64Array.from(data);
  };
  return { flat: make(netLayout.size, 0.5), x: make(3 * rows, 1), y: make(rows, 1) };
}
