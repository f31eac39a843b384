import { lax, makeJaxpr, numpy as np } from "@jax-js/jax";
import { describe, expect, it } from "vitest";
import { grad, jvp, vmap } from "../transform/index.ts";
import { elementwiseCases } from "./elementwise.fixture.ts";
import * as ops from "./index.ts";

interface Atom {
  aval: { dtype: string; shape: number[] };
  value?: number;
}
interface Equation {
  primitive: string;
  inputs: Atom[];
  outBinders: Atom[];
}

const sample = [0.3, 0.7, 0.9, 0.2];

/** Everything wrong with a float64 program: float32 values, and float32 literals that are no small integers or ±2ᵏ. */
function impurities(f: (x: ops.Value) => ops.Value, x: ops.Value): string[] {
  const traced = makeJaxpr((v: np.Array) => f(v).ref)(x.ref).jaxpr as unknown as {
    jaxpr: { flatten(): { simplify(): { eqns: Equation[]; toString(): string } } };
  };
  const found: string[] = [];
  for (const { primitive, inputs, outBinders } of traced.jaxpr.flatten().simplify().eqns) {
    for (const atom of inputs) {
      if (atom.aval.dtype !== "float32") continue;
      const literal = atom.value;
      if (literal === undefined) found.push(`${primitive}: a float32 array among the inputs`);
      else if (!exactInFloat32(literal)) found.push(`${primitive}: the float32 literal ${literal}`);
    }
    for (const atom of outBinders) {
      if (atom.aval.dtype === "float32") found.push(`${primitive}: a float32 result`);
    }
  }
  return found;
}

function exactInFloat32(x: number): boolean {
  return (Number.isInteger(x) && Math.abs(x) <= 2 ** 24) || Number.isInteger(Math.log2(Math.abs(x)));
}

const arrays: Record<string, (x: ops.Value) => ops.Value> = {
  "arithmetic with numbers": (x) => ops.div(ops.mul(ops.add(ops.sub(x, 0.1), 0.3), 0.7), 0.9),
  "number first": (x) => ops.sub(0.1, ops.div(0.3, ops.maximum(0.01, x))),
  "power 2.5": (x) => ops.power(x, 2.5),
  "power by array": (x) => ops.power(x, ops.add(x, 0.1)),
  mod: (x) => ops.mod(x, 0.3),
  atan2: (x) => ops.atan2(x, 0.3),
  logAddExp: (x) => ops.logAddExp(x, 0.1),
  where: (x) => ops.where(ops.greater(x, 0.5), ops.mul(x, 0.3), 0.1),
  mean: (x) => ops.mean(x),
  variance: (x) => ops.variance(x, { axis: 0, ddof: 1 }),
  std: (x) => ops.std(x),
  norm: (x) => ops.norm(x),
  max: (x) => ops.max(x, { axis: 0 }),
  min: (x) => ops.min(x),
  prod: (x) => ops.prod(x, { axis: 0 }),
  logsumexp: (x) => ops.logsumexp(x),
  softmax: (x) => ops.softmax(x),
  logSoftmax: (x) => ops.logSoftmax(x),
  matmul: (x) => ops.matmul(x, ops.outer(x, x)),
  einsum: (x) => ops.einsum("i,j->ij", x, x),
  tensordot: (x) => ops.tensordot(x, x, 1),
  cumsum: (x) => ops.cumsum(x, 0),
  sort: (x) => ops.sort(x),
  take: (x) => ops.take(x, [1, 1, 3]),
  takeAlongAxis: (x) => ops.takeAlongAxis(x, ops.argsort(x)),
  segmentSum: (x) => ops.segmentSum(x, [0, 1, 1, 0], 2),
  oneHot: (x) => ops.mul(ops.oneHot([0, 1, 2, 3], 4, "float64"), x),
  argmax: (x) => ops.mul(x, ops.cast(ops.argmax(x, 0), "float64")),
  conv1d: (x) =>
    ops.conv1d(ops.reshape(x, [4, 1]), ops.reshape(x, [2, 1, 2]), { padding: [1, 1], stride: 2 }),
  averagePool: (x) => ops.averagePool(x, 2, 0),
  maxPool: (x) => ops.maxPool(x, 2, 0),
  shapes: (x) =>
    ops.pad(ops.flip(ops.concatenate(ops.split(ops.stack([x, x]), 2, 1))), [
      [1, 1],
      [0, 2],
    ]),
  broadcastTo: (x) => ops.broadcastTo(x, [3, 4]),
};

describe("float64 programs hold no float32 number", () => {
  const cases: Record<string, (x: ops.Value) => ops.Value> = { ...arrays };
  for (const { name, apply } of elementwiseCases) cases[name] = apply;
  for (const [name, f] of Object.entries(cases)) {
    it(`${name}, its gradient, the derivative of that, and a batch`, () => {
      const x = ops.constant(Float64Array.from(sample));
      const slope = grad((v: ops.Value) => ops.sum(ops.square(f(v))));
      const curve = (v: ops.Value) => jvp(slope, [v], [ops.full([4], 0.3, "float64")])[1];
      expect(impurities(f, x), "value").toEqual([]);
      expect(impurities(slope, x), "gradient").toEqual([]);
      expect(impurities(curve, x), "second derivative").toEqual([]);
      expect(impurities(vmap(slope), ops.stack([x, x, x])), "batch").toEqual([]);
    });
  }

  it("the check itself sees jax-js's own literals", () => {
    const x = ops.constant(Float64Array.from(sample));
    expect(impurities((v) => np.multiply(v.ref, 0.1), x)).toEqual([
      "mul: the float32 literal 0.10000000149011612",
    ]);
    const slope = grad((v: ops.Value) => ops.sum(lax.erf(v.ref)));
    expect(impurities(slope, x)).toContain("mul: the float32 literal 1.128379225730896");
  });
});
