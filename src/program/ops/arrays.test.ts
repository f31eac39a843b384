import { describe, expect, it } from "vitest";
import { grad } from "../transform/index.ts";
import * as ops from "./index.ts";

const at = (i: number) => Math.sin(1.7 * i + 0.3) * 2;
const array = (...shape: number[]) =>
  ops.constant(
    Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => at(i)),
    shape,
  );
const read = (x: ops.Value) => Array.from(ops.toTyped(x));
const near = (got: ops.Value, wanted: number[], digits = 13) => {
  const numbers = read(got);
  expect(numbers.length).toBe(wanted.length);
  numbers.forEach((v, i) => {
    expect(v).toBeCloseTo(wanted[i]!, digits);
  });
};

/** Largest difference between the gradient and central differences in float64. */
function gradientError(f: (x: ops.Value) => ops.Value, x: ops.Value, h = 1e-6): number {
  const got = ops.toTyped(grad(f)(x));
  const point = Float64Array.from(ops.toTyped(x));
  const value = (i: number, step: number) =>
    ops.scope(() => {
      const moved = point.slice();
      moved[i]! += step;
      return ops.toTyped(f(ops.constant(moved, x.shape)))[0]!;
    });
  return Math.max(...point.map((_, i) => Math.abs((value(i, h) - value(i, -h)) / (2 * h) - got[i]!)));
}

describe("reductions", () => {
  const x = array(3, 4);
  const rows = [0, 1, 2].map((i) => [0, 1, 2, 3].map((j) => at(4 * i + j)));
  const total = (v: number[]) => v.reduce((a, b) => a + b, 0);
  const spread = (v: number[], ddof: number) =>
    total(v.map((e) => (e - total(v) / v.length) ** 2)) / (v.length - ddof);

  it("agree with plain loops over the last axis", () => {
    near(ops.sum(x, { axis: 1 }), rows.map(total));
    near(
      ops.mean(x, { axis: -1 }),
      rows.map((r) => total(r) / 4),
    );
    near(
      ops.variance(x, { axis: 1 }),
      rows.map((r) => spread(r, 0)),
    );
    near(
      ops.std(x, { axis: 1, ddof: 1 }),
      rows.map((r) => Math.sqrt(spread(r, 1))),
    );
    near(
      ops.max(x, { axis: 1 }),
      rows.map((r) => Math.max(...r)),
    );
    near(
      ops.min(x, { axis: 1 }),
      rows.map((r) => Math.min(...r)),
    );
    near(
      ops.norm(x, { axis: 1 }),
      rows.map((r) => Math.hypot(...r)),
    );
    near(
      ops.prod(x, { axis: 1 }),
      rows.map((r) => r.reduce((a, b) => a * b, 1)),
    );
    near(
      ops.argmax(x, 1),
      rows.map((r) => r.indexOf(Math.max(...r))),
    );
    near(
      ops.argmin(x, 1),
      rows.map((r) => r.indexOf(Math.min(...r))),
    );
    near(
      ops.logsumexp(x, { axis: 1 }),
      rows.map((r) => Math.log(total(r.map(Math.exp)))),
    );
    near(
      ops.softmax(x),
      rows.flatMap((r) => r.map((e) => Math.exp(e) / total(r.map(Math.exp)))),
    );
    near(
      ops.logSoftmax(x),
      rows.flatMap((r) => r.map((e) => e - Math.log(total(r.map(Math.exp))))),
    );
    expect(ops.sum(x, { axis: 0, keepdims: true }).shape).toEqual([1, 4]);
    expect(ops.max(x, { keepdims: true }).shape).toEqual([1, 1]);
    near(ops.max(x), [Math.max(...rows.flat())]);
  });

  it("have the gradients of central differences", () => {
    const weights = array(3);
    const weigh = (f: (x: ops.Value) => ops.Value) => (v: ops.Value) => ops.sum(ops.mul(f(v), weights));
    for (const f of [ops.mean, ops.variance, ops.std, ops.max, ops.min, ops.norm, ops.logsumexp]) {
      expect(
        gradientError(
          weigh((v) => f(v, { axis: 1 })),
          x,
        ),
      ).toBeLessThan(1e-8);
    }
    expect(
      gradientError(
        weigh((v) => ops.prod(v, { axis: 1 })),
        x,
      ),
    ).toBeLessThan(1e-8);
    expect(gradientError((v) => ops.sum(ops.mul(ops.softmax(v), array(3, 4))), x)).toBeLessThan(1e-8);
  });

  it("max keeps its value and shares its derivative between ties; prod is differentiable at zeros", () => {
    const tied = ops.constant(Float64Array.of(0.1, 0.7, 0.7, 0.7));
    expect(read(ops.max(tied))).toEqual([0.7]);
    near(grad((v: ops.Value) => ops.max(v))(tied), [0, 1 / 3, 1 / 3, 1 / 3], 15);
    const zeros = ops.constant(Float64Array.of(0, 2, 3));
    near(grad((v: ops.Value) => ops.prod(v, { axis: 0 }))(zeros), [6, 0, 0]);
    const infinite = ops.constant(Float64Array.of(1, Number.POSITIVE_INFINITY));
    expect(read(ops.max(infinite))).toEqual([Number.POSITIVE_INFINITY]);
    expect(read(ops.max(ops.constant(Float64Array.of(1, Number.NaN))))).toEqual([Number.NaN]);
  });

  it("softmax and logsumexp are finite at ±1000, and standard deviations of equal numbers have derivative 0", () => {
    const wide = ops.constant(Float64Array.of(-1000, 0, 1000));
    near(ops.softmax(wide), [0, 0, 1]);
    near(ops.logsumexp(wide), [1000]);
    const far = ops.full([2], Number.NEGATIVE_INFINITY, "float64");
    expect(read(ops.logsumexp(far))).toEqual([Number.NEGATIVE_INFINITY]);
    expect(read(grad((v: ops.Value) => ops.std(v))(ops.ones([3], "float64")))).toEqual([0, 0, 0]);
  });
});

describe("shapes", () => {
  const x = array(2, 3, 4);
  const element = (i: number, j: number, k: number) => at(12 * i + 4 * j + k);

  it("move the elements where NumPy moves them", () => {
    const transposed = ops.transpose(x, [2, 0, 1]);
    expect(transposed.shape).toEqual([4, 2, 3]);
    expect(read(ops.slice(transposed, 3, 1, 2))[0]).toBe(element(1, 2, 3));
    expect(read(ops.slice(ops.swapaxes(x), 1, 2, 0))[0]).toBe(element(1, 0, 2));
    expect(read(ops.slice(x, -1, [1], [1, 3]))).toEqual(
      [1, 2].flatMap((j) => [1, 2].map((k) => element(1, j, k))),
    );
    expect(ops.slice(x, null, 0).shape).toEqual([1, 3, 4]);
    expect(ops.expandDims(x, -1).shape).toEqual([2, 3, 4, 1]);
    expect(ops.squeeze(ops.reshape(x, [1, 6, 1, -1])).shape).toEqual([6, 4]);
    expect(read(ops.broadcastTo(ops.constant(Float64Array.of(1, 2)), [2, 2]))).toEqual([1, 2, 1, 2]);
    expect(read(ops.pad(ops.constant(Float64Array.of(1, 2)), [[1, 2]]))).toEqual([0, 1, 2, 0, 0]);
    expect(read(ops.flip(ops.constant(Float64Array.of(1, 2, 3))))).toEqual([3, 2, 1]);
    const parts = ops.split(x, [1, 2], 1);
    expect(parts.map((p) => p.shape)).toEqual([
      [2, 1, 4],
      [2, 2, 4],
    ]);
    expect(read(ops.concatenate(parts, 1))).toEqual(read(x));
    expect(ops.stack([x, x], 1).shape).toEqual([2, 2, 3, 4]);
    expect(read(ops.cast(ops.constant(Float64Array.of(-1.7, 0, 2.9)), "int32"))).toEqual([-1, 0, 2]);
    expect(read(ops.cast(ops.constant(Float64Array.of(-1.7, 0)), "bool"))).toEqual([1, 0]);
    expect(read(ops.linspace(0, 1, 3, "float64"))).toEqual([0, 0.5, 1]);
  });

  it("refuse what does not fit, naming the shape", () => {
    const bad: [() => unknown, RegExp][] = [
      [() => ops.reshape(x, [5, -1]), /reshape: float64\[2,3,4\] does not fit/],
      [() => ops.transpose(x, [0, 1]), /does not name every axis/],
      [() => ops.slice(x, 2), /slice: 2 does not fit axis 0/],
      [() => ops.slice(x, [0, 1], [0, 1], [0, 1], [0, 1]), /does not fit axis 3/],
      [() => ops.split(x, 5), /does not split into 5/],
      [() => ops.pad(x, [[0, 0]]), /one pair of widths/],
      [() => ops.squeeze(x, 1), /has not size 1/],
      [() => ops.broadcastTo(x, [3, 4]), /does not broadcast/],
      [() => ops.concatenate([x, array(2, 4, 3)], 1), /do not join/],
      [() => ops.concatenate([]), /no arrays/],
    ];
    for (const [run, message] of bad) expect(run).toThrow(message);
  });
});

describe("products", () => {
  const product = (a: number[], b: number[], m: number, n: number, k: number) =>
    Array.from({ length: m * n }, (_, e) => {
      let s = 0;
      for (let l = 0; l < k; l++) s += a[Math.floor(e / n) * k + l]! * b[l * n + (e % n)]!;
      return s;
    });

  it("matmul multiplies matrices, vectors and broadcast batches like a triple loop", () => {
    const a = array(2, 5, 3);
    const b = array(3, 4);
    const batches = [0, 1].flatMap((i) => product(read(ops.slice(a, i)), read(b), 5, 4, 3));
    near(ops.matmul(a, b), batches);
    near(
      ops.matmul(ops.slice(a, 0), ops.slice(b, [], 1)),
      product(read(ops.slice(a, 0)), read(ops.slice(b, [], 1)), 5, 1, 3),
    );
    near(ops.matmul(ops.slice(a, 0, 0), b), product(read(ops.slice(a, 0, 0)), read(b), 1, 4, 3));
    near(ops.einsum("bij,jk->bik", a, b), batches);
    near(ops.tensordot(a, b, 1), batches);
    near(ops.dot(a, b), batches);
    near(
      ops.outer(ops.slice(b, 0), ops.slice(b, 1)),
      product(read(ops.slice(b, 0)), read(ops.slice(b, 1)), 4, 4, 1),
    );
    expect(() => ops.matmul(b, b)).toThrow(/matmul: float64\[3,4\] and float64\[3,4\] do not multiply/);
  });

  it("matmul broadcasts leading axes of every pair of ranks, held against slices", () => {
    const leading = [[], [1], [4], [6, 1], [6, 4], [1, 4]];
    for (const p of leading) {
      for (const q of leading) {
        const [a, b] = [array(...p, 2, 3), array(...q, 3, 5)];
        const got = ops.matmul(a, b);
        const rank = Math.max(p.length, q.length);
        const padded = [p, q].map((axes) => [...new Array<number>(rank - axes.length).fill(1), ...axes]);
        const batch = padded[0]!.map((n, i) => Math.max(n, padded[1]![i]!));
        expect(got.shape).toEqual([...batch, 2, 5]);
        const wanted = Array.from({ length: batch.reduce((m, n) => m * n, 1) }, (_, flat) => {
          const place = batch.map(
            (n, i) => Math.floor(flat / batch.slice(i + 1).reduce((m, k) => m * k, 1)) % n,
          );
          const of = (x: ops.Value, axes: number[]) =>
            read(ops.slice(x, ...place.slice(rank - axes.length).map((i, k) => (axes[k] === 1 ? 0 : i))));
          return product(of(a, p), of(b, q), 2, 5, 3);
        });
        near(got, wanted.flat());
      }
    }
  });

  it("conv1d with stride and padding is the sum of its definition", () => {
    const x = array(2, 7, 3);
    const kernel = array(4, 3, 2);
    const value = (b: number, i: number, c: number) => (i < 0 || i >= 7 ? 0 : at(21 * b + 3 * i + c));
    for (const stride of [1, 2, 3]) {
      const got = ops.conv1d(x, kernel, { stride, padding: [2, 1] });
      const outputs = Math.floor((7 + 3 - 4) / stride) + 1;
      expect(got.shape).toEqual([2, outputs, 2]);
      const wanted: number[] = [];
      for (let b = 0; b < 2; b++)
        for (let i = 0; i < outputs; i++)
          for (let o = 0; o < 2; o++) {
            let s = 0;
            for (let k = 0; k < 4; k++)
              for (let c = 0; c < 3; c++) s += value(b, stride * i + k - 2, c) * at(6 * k + 2 * c + o);
            wanted.push(s);
          }
      near(got, wanted);
    }
    const loss = (w: ops.Value) => ops.sum(ops.square(ops.conv1d(x, w, { stride: 2 })));
    expect(gradientError(loss, kernel)).toBeLessThan(1e-6);
    near(
      ops.averagePool(array(6), 2, 0),
      [0, 1, 2].map((i) => (at(2 * i) + at(2 * i + 1)) / 2),
    );
    near(
      ops.maxPool(array(6), 3, 0),
      [0, 1].map((i) => Math.max(at(3 * i), at(3 * i + 1), at(3 * i + 2))),
    );
    expect(() => ops.maxPool(array(7), 2, 0)).toThrow(/windows of 2 do not divide/);
    expect(() => ops.conv1d(x, array(9, 3, 2))).toThrow(/kernel width 9/);
  });

  it("cumsum is the running sum, within one block and over many", () => {
    for (const n of [5, 256, 700]) {
      let s = 0;
      const wanted = Array.from({ length: n }, (_, i) => {
        s += at(i);
        return s;
      });
      near(ops.cumsum(array(n), 0), wanted, 11);
    }
    near(ops.cumsum(array(2, 2), 0), [at(0), at(1), at(0) + at(2), at(1) + at(3)]);
  });
});

describe("gathering", () => {
  const x = array(4, 3);

  it("take, takeAlongAxis, oneHot, sort and argsort agree with plain indexing", () => {
    near(
      ops.take(x, [2, 0, 2]),
      [2, 0, 2].flatMap((i) => [0, 1, 2].map((j) => at(3 * i + j))),
    );
    near(
      ops.take(x, Int32Array.of(1), 1),
      [0, 1, 2, 3].map((i) => at(3 * i + 1)),
    );
    const chosen = ops.constant(Int32Array.of(0, 2, 1, 1), [4, 1]);
    near(ops.takeAlongAxis(x, chosen), [at(0), at(5), at(7), at(10)]);
    expect(read(ops.oneHot([1, 0], 3, "float64"))).toEqual([0, 1, 0, 1, 0, 0]);
    const first = [0, 1, 2, 3].map((i) => at(3 * i));
    const column = ops.slice(x, [], 0);
    expect(read(ops.sort(column))).toEqual(first.toSorted((a, b) => a - b));
    expect(read(ops.argsort(column))).toEqual([0, 1, 2, 3].toSorted((a, b) => first[a]! - first[b]!));
    expect(() => ops.take(x, column)).toThrow(/int32 indices/);
  });

  it("segmentSum adds rows by segment, and its gradient and that of take agree with differences", () => {
    const segments = [3, 0, 3, 1];
    const wanted = Array<number>(15).fill(0);
    segments.forEach((s, i) => {
      for (let j = 0; j < 3; j++) wanted[3 * s + j]! += at(3 * i + j);
    });
    near(ops.segmentSum(x, segments, 5), wanted);
    const target = array(5, 3);
    const loss = (v: ops.Value) => ops.sum(ops.square(ops.sub(ops.segmentSum(v, segments, 5), target)));
    expect(gradientError(loss, x)).toBeLessThan(1e-7);
    expect(gradientError((v) => ops.sum(ops.square(ops.take(v, [1, 1, 3]))), x)).toBeLessThan(1e-7);
    expect(gradientError((v) => ops.sum(ops.mul(ops.sort(v, 0), x)), x)).toBeLessThan(1e-7);
    expect(() => ops.segmentSum(x, [0], 2)).toThrow(/one index for each row/);
  });
});

describe("scope", () => {
  it("returns the reference count of an array to what it was", () => {
    const x = array(3);
    const before = x.refCount;
    ops.scope(() => ops.toTyped(ops.sum(ops.mul(ops.tanh(x), x))));
    expect(x.refCount).toBe(before);
  });
});
