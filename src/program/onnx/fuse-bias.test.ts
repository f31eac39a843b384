import { expect, test } from "vitest";
import { spec } from "../dtype.ts";
import * as np from "../ops/index.ts";
import { compile } from "../session.ts";
import { trace } from "../trace.ts";

const specs = [spec([4, 3], "float64"), spec([3, 2], "float64"), spec([2], "float64")] as const;
const data = specs.map(({ shape }, k) =>
  Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(3 * k + i)),
);

/** The oracle is x·w + b written out. */
function affine(i: number, j: number): number {
  const [x, w, b] = data as [Float64Array, Float64Array, Float64Array];
  return [0, 1, 2].reduce((sum, k) => sum + x[3 * i + k]! * w[2 * k + j]!, b[j]!);
}

test("a product and its bias are one node, and the right one", async () => {
  const program = trace((x, w, b) => np.add(np.matmul(x, w), b), specs);
  expect(program.census()).toEqual({ Gemm: 1 });
  const session = await compile(program);
  const [y] = await session.run(data);
  y!.forEach((value, n) => {
    expect(value).toBeCloseTo(affine(n >> 1, n & 1), 13);
  });
  await session.release();
});

test("a product that is used elsewhere, or is an output, stays", () => {
  const twice = trace((x, w, b) => {
    const h = np.matmul(x, w);
    return np.mul(np.add(h, b), h);
  }, specs);
  expect(twice.census()).toEqual({ MatMul: 1, Add: 1, Mul: 1 });
  const shown = trace((x, w, b) => {
    const h = np.matmul(x, w);
    return { h, y: np.add(h, b) };
  }, specs);
  expect(shown.census()).toEqual({ MatMul: 1, Add: 1 });
});

test("only a row is a bias", () => {
  const whole = trace((x, w, b) => np.add(np.matmul(x, w), b), [
    specs[0],
    specs[1],
    spec([4, 2], "float64"),
  ] as const);
  expect(whole.census()).toEqual({ MatMul: 1, Add: 1 });
});
