import { lax, numpy as np } from "@jax-js/jax";
import { describe, expect, it } from "vitest";
import { runCompiled } from "../../../test/support/compiled.ts";
import { random } from "../../core/random.ts";
import { sizeOf } from "../dtype.ts";
import * as ops from "../ops/index.ts";
import { grad, vmap } from "../transform/index.ts";

type Value = ops.Value;
type Pair = [number, number];

const rng = random(11, "windows");
const draw = (...shape: number[]) => Float64Array.from({ length: sizeOf(shape) }, () => rng.normal());
const distance = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0);
};

interface Convolution {
  /** Samples, channels, height and width. */
  x: [number, number, number, number];
  /** Outputs, channels, height and width. */
  w: [number, number, number, number];
  stride?: Pair;
  padding?: [Pair, Pair];
  holes?: Pair;
  dilation?: Pair;
}

/**
 * Σ over channel c and tap (i, j) of w·x, directly: the tap's place in the padded, hole-filled image is looked up, and
 * what lies outside or in a hole is 0.
 */
function direct(x: Float64Array, w: Float64Array, c: Required<Convolution>): Float64Array {
  const [samples, channels, height, width] = c.x;
  const [outputs, , kh, kw] = c.w;
  const extent = (n: number, k: number, axis: 0 | 1) =>
    Math.floor(
      ((n - 1) * c.holes[axis] + c.padding[axis][0] + c.padding[axis][1] - (k - 1) * c.dilation[axis]) /
        c.stride[axis],
    ) + 1;
  const [oh, ow] = [extent(height, kh, 0), extent(width, kw, 1)];
  const source = (o: number, k: number, axis: 0 | 1, n: number) => {
    const at = o * c.stride[axis] + k * c.dilation[axis] - c.padding[axis][0];
    return at % c.holes[axis] === 0 && at >= 0 && at / c.holes[axis] < n ? at / c.holes[axis] : -1;
  };
  const out = new Float64Array(samples * outputs * oh * ow);
  let place = 0;
  for (let s = 0; s < samples; s++)
    for (let o = 0; o < outputs; o++)
      for (let y = 0; y < oh; y++)
        for (let z = 0; z < ow; z++, place++)
          for (let ch = 0; ch < channels; ch++)
            for (let i = 0; i < kh; i++)
              for (let j = 0; j < kw; j++) {
                const [r, q] = [source(y, i, 0, height), source(z, j, 1, width)];
                if (r < 0 || q < 0) continue;
                out[place]! +=
                  x[((s * channels + ch) * height + r) * width + q]! *
                  w[((o * channels + ch) * kh + i) * kw + j]!;
              }
  return out;
}

const cases: Record<string, Convolution> = {
  "no channels": { x: [1, 0, 4, 3], w: [2, 0, 2, 2] },
  plain: { x: [2, 3, 6, 5], w: [4, 3, 3, 2] },
  "one by one": { x: [2, 3, 4, 4], w: [5, 3, 1, 1] },
  stride: { x: [1, 2, 9, 8], w: [3, 2, 3, 3], stride: [2, 3] },
  padding: {
    x: [2, 2, 5, 5],
    w: [2, 2, 3, 3],
    padding: [
      [1, 2],
      [0, 3],
    ],
  },
  "negative padding": {
    x: [1, 2, 8, 7],
    w: [2, 2, 2, 3],
    padding: [
      [-2, 1],
      [1, -1],
    ],
  },
  "spread kernel": { x: [1, 2, 9, 9], w: [2, 2, 3, 2], dilation: [2, 3] },
  "holes in the image": {
    x: [1, 2, 4, 3],
    w: [3, 2, 3, 3],
    holes: [2, 3],
    padding: [
      [2, 2],
      [2, 2],
    ],
  },
  everything: {
    x: [2, 3, 7, 6],
    w: [2, 3, 3, 2],
    stride: [2, 2],
    holes: [2, 1],
    dilation: [1, 2],
    padding: [
      [2, -1],
      [-1, 3],
    ],
  },
};

function whole(c: Convolution): Required<Convolution> {
  return {
    stride: [1, 1],
    padding: [
      [0, 0],
      [0, 0],
    ],
    holes: [1, 1],
    dilation: [1, 1],
    ...c,
  };
}

function convolve(c: Required<Convolution>): (x: Value, w: Value) => Value {
  return (x, w) =>
    lax.convGeneralDilated(x.ref, w.ref, c.stride, c.padding, {
      lhsDilation: c.holes,
      rhsDilation: c.dilation,
    });
}

describe("convolution in float64 agrees with a direct loop", () => {
  for (const [name, partial] of Object.entries(cases)) {
    const c = whole(partial);
    const [x, w] = [draw(...c.x), draw(...c.w)];
    it(name, async () => {
      const [got] = await runCompiled(convolve(c), [x, w], [c.x, c.w]);
      expect(distance(got!, direct(x, w, c))).toBeLessThan(1e-13);
    });

    it(`${name}: mapped over images and kernels, and over images alone`, async () => {
      const [x2, w2] = [draw(...c.x), draw(...c.w)];
      const [both] = await runCompiled(
        (a, b) => vmap(convolve(c))(a, b),
        [Float64Array.from([...x, ...x2]), Float64Array.from([...w, ...w2])],
        [
          [2, ...c.x],
          [2, ...c.w],
        ],
      );
      const rows = [...direct(x, w, c), ...direct(x2, w2, c)];
      expect(distance(both!, rows)).toBeLessThan(1e-13);
      const [images] = await runCompiled(
        (a, b) => vmap(convolve(c), { inAxes: [0, null] })(a, b),
        [Float64Array.from([...x, ...x2]), w],
        [[2, ...c.x], c.w],
      );
      expect(distance(images!, [...direct(x, w, c), ...direct(x2, w, c)])).toBeLessThan(1e-13);
    });

    it(`${name}: gradients are the adjoints, ⟨conv(x, w), y⟩ = ⟨x, ∂x⟩ = ⟨w, ∂w⟩`, async () => {
      const out = direct(x, w, c);
      const y = draw(out.length);
      const loss = (a: Value, b: Value, v: Value) =>
        ops.sum(ops.mul(ops.reshape(convolve(c)(a, b), [-1]), v));
      const [dx, dw] = await runCompiled(
        (a, b, v) => grad(loss, { argnums: [0, 1] })(a, b, v) as unknown as Value[],
        [x, w, y],
        [c.x, c.w, [y.length]],
      );
      const inner = (a: ArrayLike<number>, b: ArrayLike<number>) =>
        Array.from(a).reduce((sum, v, i) => sum + v * b[i]!, 0);
      const want = inner(out, y);
      expect(Math.abs(inner(x, dx!) - want)).toBeLessThan(1e-11);
      expect(Math.abs(inner(w, dw!) - want)).toBeLessThan(1e-11);
    });
  }
});

/** jax-js's window sums: a pool, then a reduction. The transpose is checked by ⟨pool x, y⟩ = ⟨x, poolᵀ y⟩. */
describe("windows", () => {
  const forms: { shape: number[]; window: number[]; strides: number[] }[] = [
    { shape: [7], window: [3], strides: [1] },
    { shape: [2, 9], window: [4], strides: [2] },
    { shape: [3, 8, 7], window: [2, 3], strides: [3, 1] },
    { shape: [2, 2, 5, 6], window: [5, 2], strides: [1, 2] },
    { shape: [4, 6], window: [1], strides: [4] },
  ];
  for (const { shape, window, strides } of forms) {
    it(`of [${window}] every [${strides}] over [${shape}]: sums, and the adjoint`, async () => {
      const x = draw(...shape);
      const windowSums = (v: Value) => lax.reduceWindow(v.ref, (part) => np.sum(part), window, strides);
      const [sums] = await runCompiled(windowSums, [x], [shape]);
      const want = directSums(x, shape, window, strides);
      expect(distance(sums!, want)).toBeLessThan(1e-13);
      const y = draw(want.length);
      const loss = (v: Value, u: Value) => ops.sum(ops.mul(ops.reshape(windowSums(v), [-1]), u));
      const [back] = await runCompiled((v, u) => grad(loss)(v, u), [x, y], [shape, [y.length]]);
      const left = want.reduce((sum, v, i) => sum + v * y[i]!, 0);
      const right = x.reduce((sum, v, i) => sum + v * back![i]!, 0);
      expect(Math.abs(left - right)).toBeLessThan(1e-12 * (1 + Math.abs(left)));
    });
  }
});

function directSums(x: Float64Array, shape: number[], window: number[], strides: number[]): number[] {
  const lead = shape.length - window.length;
  const rows = sizeOf(shape.slice(0, lead));
  const inner = shape.slice(lead);
  const outs = inner.map((n, i) => Math.floor((n - window[i]!) / strides[i]!) + 1);
  const at = (flat: number, extents: number[]) => {
    const index: number[] = [];
    let rest = flat;
    for (let i = extents.length - 1; i >= 0; i--) {
      index.unshift(rest % extents[i]!);
      rest = Math.floor(rest / extents[i]!);
    }
    return index;
  };
  return Array.from({ length: rows * sizeOf(outs) }, (_, flat) => {
    const [row, ...o] = at(flat, [rows, ...outs]) as [number, ...number[]];
    let sum = 0;
    for (let k = 0; k < sizeOf(window); k++) {
      const place = at(k, window).map((w, i) => o[i]! * strides[i]! + w);
      sum += x[place.reduce((offset, p, i) => offset * inner[i]! + p, row)]!;
    }
    return sum;
  });
}
