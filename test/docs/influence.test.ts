import { expect, test } from "vitest";
import { influenceOnTorque } from "../../docs/examples/influence.ts";

test("the example of influence: a measurement nearby drives a prediction, and beyond the data it is unsure", async () => {
  const { influence, spread, gradientNorm, angle } = await influenceOnTorque(Float64Array.of(1, 5));
  expect(gradientNorm).toBeLessThan(1e-6);
  expect(influence.rows).toBe(2);
  const sizes = Array.from(influence.data.subarray(0, 60), Math.abs);
  const near = sizes.filter((_, i) => Math.abs(angle[i]! - 1) < 1);
  const far = sizes.filter((_, i) => Math.abs(angle[i]! - 1) > 3);
  const mean = (x: number[]) => x.reduce((a, b) => a + b, 0) / x.length;
  expect(mean(near)).toBeGreaterThan(mean(far));
  expect(spread[1]!).toBeGreaterThan(2 * spread[0]!);
});
