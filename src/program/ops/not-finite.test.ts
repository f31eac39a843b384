import { describe, expect, it } from "vitest";
import { runCompiled } from "../../../test/support/compiled.ts";
import { grad } from "../transform/index.ts";
import * as ops from "./index.ts";

type Value = ops.Value;
const { POSITIVE_INFINITY: up, NEGATIVE_INFINITY: down, NaN: nan } = Number;
const values = [nan, up, down, 0, -0, 1, -1e300];
const finite = [0, 0, 0, 1, 1, 1, 1];

/** Compiled and eager alike: what the functions are for is exactly what must not be folded away. */
describe("values that are not finite", () => {
  const both = async (f: (x: Value) => Value, xs: number[]) => {
    const data = Float64Array.from(xs);
    const [compiled] = await runCompiled(f, [data]);
    const eager = ops.scope(() => ops.toTyped(f(ops.constant(data))));
    return [Array.from(compiled!), Array.from(eager)];
  };
  const cases: [string, (x: Value) => Value, number[], number[]][] = [
    ["isfinite", ops.isfinite, values, finite],
    ["isnan", ops.isnan, values, [1, 0, 0, 0, 0, 0, 0]],
    ["sign", ops.sign, values, [nan, 1, -1, 0, -0, 1, -1]],
    ["abs", ops.abs, [up, down, -3, nan], [up, up, 3, nan]],
    ["relu", ops.relu, [up, down, -3, nan], [up, 0, 0, nan]],
    ["softmax of an infinite row", (x) => ops.softmax(x), [down, 0, 0], [0, 0.5, 0.5]],
    ["logsumexp of −∞", (x) => ops.logsumexp(x), [down, down], [down]],
    ["logsumexp of ∞", (x) => ops.logsumexp(x), [up, 0], [up]],
    ["max", (x) => ops.max(x), [up, 0, down], [up]],
    ["min", (x) => ops.min(x), [up, 0, down], [down]],
    ["max of −∞ alone", (x) => ops.max(x), [down, down], [down]],
  ];
  for (const [name, f, xs, want] of cases) {
    it(name, async () => {
      for (const got of await both(f, xs)) expect(got).toEqual(want);
    });
  }

  it("the derivative of sign is 0 everywhere, that of max 1 at the largest", async () => {
    const slope = (f: (x: Value) => Value) => grad((x: Value) => ops.sum(f(x)));
    for (const got of await both(slope(ops.sign), [-2, 0, 3])) expect(got.map(Math.abs)).toEqual([0, 0, 0]);
    for (const got of await both(
      slope((x) => ops.max(x)),
      [1, 5, 5, 2],
    ))
      expect(got).toEqual([0, 0.5, 0.5, 0]);
  });
});
