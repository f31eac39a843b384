import { expect, test } from "vitest";
import { Cancelled, createTask } from "../core/task.ts";
import { spec } from "../program/dtype.ts";
import * as ops from "../program/ops/index.ts";
import { minimise } from "./minimise.ts";

type Value = ops.Value;
const n = 50;
const x = Float64Array.from({ length: n }, (_, i) => i / n - 0.5);
const y = x.map((v, i) => 3 * v - 1 + 0.1 * Math.cos(7 * i));
const line = (p: Value, a: Value, b: Value) => {
  const [slope, offset] = [ops.slice(p, 0), ops.slice(p, 1)];
  return ops.mean(ops.square(ops.sub(ops.add(ops.mul(a, slope), offset), b)));
};
const options = {
  loss: line,
  specs: [spec([2], "float64"), spec([n], "float64"), spec([n], "float64")],
  start: Float64Array.of(0, 0),
  data: [x, y],
  steps: 4000,
};

/** The oracle is the closed form of the least-squares line. */
test("a line comes out as the normal equations have it, and its start is not touched", async () => {
  const mean = (v: Float64Array) => v.reduce((sum, a) => sum + a, 0) / n;
  const [mx, my] = [mean(x), mean(y)];
  const slope = mean(x.map((v, i) => (v - mx) * (y[i]! - my))) / mean(x.map((v) => (v - mx) ** 2));
  const { parameters, losses } = await minimise(options);
  expect(parameters[0]!).toBeCloseTo(slope, 6);
  expect(parameters[1]!).toBeCloseTo(my - slope * mx, 6);
  expect(Array.from(options.start)).toEqual([0, 0]);
  expect(losses.length).toBe(4000);
  expect(losses[0]!).toBeCloseTo(mean(y.map((v) => v * v)), 12);
  const again = await minimise(options);
  expect(Array.from(again.parameters)).toEqual(Array.from(parameters));
});

test("a loss that is not finite and a cancelled task end the search", async () => {
  const broken = (p: Value, ...rest: Value[]) =>
    ops.add(line(p, rest[0]!, rest[1]!), ops.log(ops.slice(p, 0)));
  await expect(minimise({ ...options, loss: broken as typeof line })).rejects.toThrow(
    /minimise: the loss is .* at step 0/,
  );
  const controller = new AbortController();
  controller.abort();
  const task = createTask({ signal: controller.signal });
  await expect(minimise({ ...options, task })).rejects.toThrow(Cancelled);
});
