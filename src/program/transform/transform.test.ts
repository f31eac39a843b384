import { describe, expect, it } from "vitest";
import * as ops from "../ops/index.ts";
import { grad, hessian, hvp, jacobian, jvp, perSampleGrad, valueAndGrad, vjp, vmap } from "./index.ts";

type Value = ops.Value;

const vector = (n: number, phase = 0) =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(2.3 * i + phase));
const value = (data: Float64Array, ...shape: number[]) =>
  ops.constant(data, shape.length ? shape : [data.length]);
const read = (x: Value) => Array.from(ops.toTyped(x));
const gap = (x: Value, y: Value) => Math.max(0, ...read(ops.abs(ops.sub(x, y))));

const hidden = 4;
const size = 3 * hidden + hidden;

/** A two-layer network on x [n, 3] with every kind of operation that a model has. */
function network(w: Value, x: Value): Value {
  const first = ops.reshape(ops.slice(w, [0, 3 * hidden]), [3, hidden]);
  const h = ops.silu(ops.matmul(x, first));
  const scaled = ops.div(h, ops.add(ops.std(h, { axis: -1, keepdims: true }), 0.1));
  return ops.matmul(ops.tanh(scaled), ops.slice(w, [3 * hidden, size]));
}

function loss(w: Value, x: Value, y: Value): Value {
  return ops.mean(ops.square(ops.sub(network(w, x), y)));
}

const w0 = vector(size);
const w = value(w0);
const x = value(vector(15, 1), 5, 3);
const y = value(vector(5, 2));
const direction = value(vector(size, 0.4));

/** Central differences of an array function along every coordinate of w0, one row each. */
function differences(f: (w: Value) => Value, h = 1e-5): number[][] {
  return Array.from(w0, (_, i) => {
    const at = (step: number) => ops.scope(() => read(f(value(w0.map((v, k) => (k === i ? v + step : v))))));
    const low = at(-h);
    return at(h).map((v, k) => (v - low[k]!) / (2 * h));
  });
}

function largestError(got: Value, rows: number[][]): number {
  const numbers = read(got);
  return Math.max(...rows.flat().map((v, i) => Math.abs(v - numbers[i]!)));
}

describe("first derivatives", () => {
  it("grad, vjp and jvp agree with central differences", () => {
    const rows = differences((v) => loss(v, x, y));
    const g = grad(loss)(w, x, y);
    expect(largestError(g, rows)).toBeLessThan(1e-9);
    const [result, tangent] = jvp((v: Value) => loss(v, x, y), [w], [direction]);
    expect(read(result)).toEqual(read(loss(w, x, y)));
    expect(read(tangent)[0]).toBeCloseTo(read(ops.sum(ops.mul(g, direction)))[0]!, 12);
    const [, pullback] = vjp((v: Value) => loss(v, x, y), [w]);
    expect(gap(pullback(ops.full([], 2, "float64"))[0], ops.mul(g, 2))).toBeLessThan(1e-15);
  });

  it("takes argument numbers and trees, and leaves integer arguments alone", () => {
    const rows = ops.constant(Int32Array.of(0, 2, 4));
    const f = (p: { a: Value; b: Value }, i: Value, c: Value) =>
      ops.sum(ops.mul(ops.take(p.a, i), ops.mul(ops.take(p.b, i), c)));
    const [result, [dp, dc]] = valueAndGrad(f, { argnums: [0, 2] })(
      { a: y, b: y },
      rows,
      ops.full([], 3, "float64"),
    );
    const chosen = [0, 2, 4].map((i) => vector(5, 2)[i]!);
    const squares = chosen.reduce((s, v) => s + v * v, 0);
    expect(read(result)[0]).toBeCloseTo(3 * squares, 13);
    expect(read(dc)[0]).toBeCloseTo(squares, 13);
    expect(read(dp.a)[2]).toBeCloseTo(3 * chosen[1]!, 13);
    expect(read(dp.b)[1]).toBe(0);
  });

  it("vjp keeps cotangents apart when a result does not depend on the argument or holds integers", () => {
    const f = (v: Value) => ({
      none: ops.zeros([2], "float64"),
      place: ops.argmax(v, 0),
      twice: ops.mul(v, 2),
    });
    const [result, pullback] = vjp(f, [value(Float64Array.of(1, 2))]);
    const hundred = value(Float64Array.of(100, 100));
    expect(
      read(pullback({ none: hundred, place: result.place, twice: value(Float64Array.of(1, 3)) })[0]),
    ).toEqual([2, 6]);
    expect(read(result.place)).toEqual([1]);
  });

  it("jacobian agrees with central differences in both modes", () => {
    const f = (v: Value) => network(v, x);
    const rows = differences(f);
    for (const mode of ["forward", "reverse"] as const) {
      const j = jacobian(f, { mode })(w);
      expect(j.shape).toEqual([5, size]);
      expect(largestError(ops.transpose(j), rows)).toBeLessThan(1e-8);
    }
    expect(jacobian((v: Value) => ops.outer(v, v))(y).shape).toEqual([5, 5, 5]);
  });
});

describe("second derivatives", () => {
  const f = (v: Value) => loss(v, x, y);

  it("hessian is symmetric and agrees with central differences of the gradient, whole and in batches", () => {
    const full = hessian(f)(w);
    expect(gap(full, ops.transpose(full))).toBeLessThan(1e-14);
    expect(largestError(full, differences(grad(f)))).toBeLessThan(1e-8);
    for (const batch of [1, 5, size]) expect(gap(hessian(f, { batch })(w), full)).toBeLessThan(1e-15);
  });

  it("hvp is the Hessian times the vector, also for trees", () => {
    const wanted = ops.matmul(hessian(f)(w), direction);
    expect(gap(hvp(loss)(direction, w, x, y), wanted)).toBeLessThan(1e-14);
    const split = (v: Value) => ({ a: ops.slice(v, [0, 7]), b: ops.slice(v, [7, size]) });
    const g = (p: { a: Value; b: Value }) => f(ops.concatenate([p.a, p.b]));
    const got = hvp(g)(split(direction), split(w));
    expect(gap(ops.concatenate([got.a, got.b]), wanted)).toBeLessThan(1e-14);
  });

  it("composes: gradient of a squared force, and the third derivative of a cube", () => {
    const force = grad((at: Value) => ops.sum(network(w, at)));
    const matching = (v: Value) => ops.sum(ops.square(grad((at: Value) => ops.sum(network(v, at)))(x)));
    expect(force(x).shape).toEqual([5, 3]);
    expect(largestError(grad(matching)(w), differences(matching))).toBeLessThan(1e-6);
    const cube = (t: Value) => ops.power(t, 3);
    expect(read(grad(grad(grad(cube)))(ops.full([], 0, "float64")))).toEqual([6]);
    expect(read(grad(hvp(cube))(ops.full([], 1, "float64"), ops.full([], 5, "float64")))).toEqual([30]);
  });
});

describe("batches", () => {
  it("perSampleGrad is the loop over samples", () => {
    const one = (v: Value, xi: Value, yi: Value) => ops.square(ops.sub(network(v, xi), yi));
    const got = perSampleGrad(one)(w, x, y);
    expect(got.shape).toEqual([5, size]);
    for (let i = 0; i < 5; i++) {
      expect(gap(ops.slice(got, i), grad(one)(w, ops.slice(x, i), ops.slice(y, i)))).toBeLessThan(1e-14);
    }
    expect(gap(ops.mean(got, { axis: 0 }), grad(loss)(w, x, y))).toBeLessThan(1e-14);
  });

  it("vmap follows reductions of products, where jax-js alone broadcasts along the sample axis", () => {
    const p = value(vector(4));
    for (const [rows, columns, n] of [
      [2, 3, 5],
      [3, 3, 3],
    ] as const) {
      const many = value(vector(n * rows * columns * 4, 1), n, rows, columns, 4);
      const f = (v: Value, q: Value) => {
        const z = ops.matmul(q, v);
        const weights = ops.broadcastTo(ops.softmax(ops.max(z, { axis: 0 })), [rows, columns]);
        return ops.sum(ops.mul(ops.logsumexp(ops.mul(z, weights), { axis: 0 }), ops.max(z, { axis: 0 })));
      };
      const values = vmap(f, { inAxes: [null, 0] })(p, many);
      const gradients = perSampleGrad(f)(p, many);
      const curvatures = vmap((q: Value) => hvp((v: Value) => f(v, q))(p, p))(many);
      for (let i = 0; i < n; i++) {
        const q = ops.slice(many, i);
        expect(gap(ops.slice(values, i), f(p, q))).toBeLessThan(1e-13);
        expect(gap(ops.slice(gradients, i), grad(f)(p, q))).toBeLessThan(1e-13);
        expect(gap(ops.slice(curvatures, i), hvp((v: Value) => f(v, q))(p, p))).toBeLessThan(1e-12);
      }
    }
  });
});

describe("bad input", () => {
  it("is refused by name", () => {
    const int = ops.zeros([2], "int32");
    const bad: [() => unknown, RegExp][] = [
      [() => grad((v: Value) => v)(w), /must return one scalar, got float64\[16\]/],
      [() => grad((v: Value) => ops.sum(v))(int), /argument 0 is int32\[2\]/],
      [() => grad((v: Value) => ops.sum(v), { argnums: 1 })(w), /no argument 1/],
      [() => jvp((v: Value) => v, [w], [y]), /jvp: the tangent is \(float64\[5\]\)/],
      [() => vjp((v: Value) => v, [w])[1](y), /vjp: the cotangent is \(float64\[5\]\)/],
      [
        () => vmap((a: Value, b: Value) => ops.add(a, b))(x, w),
        /argument 1 is float64\[16\], but the batch so far has 5/,
      ],
      [() => vmap((a: Value) => a, { inAxes: [null] })(x), /no argument is mapped/],
      [() => vmap((a: Value) => a)(ops.full([], 1, "float64")), /no leading axis/],
      [() => hessian((v: Value) => ops.sum(v))(x), /expected a vector, got float64\[5,3\]/],
      [() => hessian((v: Value) => ops.sum(v), { batch: 0 })(w), /batch 0/],
    ];
    for (const [run, message] of bad) expect(run).toThrow(message);
  });
});
