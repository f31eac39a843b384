import { expect, test } from "vitest";
import { UserError } from "../core/errors.ts";
import { random } from "../core/random.ts";
import { adamwState, adamwStep } from "./adamw.ts";
import { scheduleFactor } from "./schedule.ts";

test("the first step is −η·(sign g + λ p) up to ε, the closed form of bias-corrected Adam", () => {
  const p = Float64Array.of(1, -2, 3, 0.5);
  const before = p.slice();
  const g = Float64Array.of(1e3, -1e-3, 7, -0.2);
  adamwStep(p, g, adamwState(p), { learningRate: 0.01, weightDecay: 0.1, epsilon: 0 });
  p.forEach((value, i) => {
    expect(value).toBeCloseTo(before[i]! - 0.01 * (Math.sign(g[i]!) + 0.1 * before[i]!), 14);
  });
});

/** PyTorch's order of operations, written from its documentation: decay first, then the Adam step with √v/√(1−β₂ᵗ). */
function torchAdamW(
  p: number,
  gradients: number[],
  lr: number,
  wd: number,
  b1 = 0.9,
  b2 = 0.999,
  eps = 1e-8,
) {
  let [m, v] = [0, 0];
  gradients.forEach((g, k) => {
    const t = k + 1;
    p -= lr * wd * p;
    m += (1 - b1) * (g - m);
    v = b2 * v + (1 - b2) * g * g;
    p -= (lr / (1 - b1 ** t)) * (m / (Math.sqrt(v) / Math.sqrt(1 - b2 ** t) + eps));
  });
  return p;
}

test("twenty steps with factors agree with a loop over single parameters in another form", () => {
  const stream = random(3, "adamw");
  const start = Float64Array.from({ length: 12 }, () => stream.normal());
  const rate = start.map(() => stream.uniform());
  const decay = start.map((_, i) => (i % 3 === 0 ? 0 : 2));
  const steps = Array.from({ length: 20 }, () => start.map(() => stream.normal()));
  const p = start.slice();
  const state = adamwState(p);
  for (const g of steps) adamwStep(p, g, state, { learningRate: 0.02, weightDecay: 0.3, rate, decay });
  expect(state.step).toBe(20);
  p.forEach((value, i) => {
    const gradients = steps.map((g) => g[i]!);
    expect(value).toBeCloseTo(torchAdamW(start[i]!, gradients, 0.02 * rate[i]!, 0.3 * decay[i]!), 12);
  });
});

test("float32 state stays float32 and within rounding of float64", () => {
  const p32 = Float32Array.of(0.3, -0.4);
  const p64 = Float64Array.from(p32);
  const [s32, s64] = [adamwState(p32), adamwState(p64)];
  for (let k = 0; k < 50; k++) {
    adamwStep(p32, Float32Array.of(Math.fround(k), -1), s32, { learningRate: 0.01 });
    adamwStep(p64, Float64Array.of(k, -1), s64, { learningRate: 0.01 });
  }
  expect(s32.mean).toBeInstanceOf(Float32Array);
  p32.forEach((value, i) => {
    expect(Math.abs(value - p64[i]!)).toBeLessThan(1e-5);
  });
});

test("vectors of unequal length are refused by name", () => {
  const p = new Float64Array(3);
  const two = new Float64Array(2);
  const refuse = (g: Float64Array, options: object) =>
    expect(() => adamwStep(p, g, adamwState(p), { learningRate: 1, ...options })).toThrow(UserError);
  refuse(two, {});
  refuse(p, { rate: two });
  refuse(p, { decay: two });
});

test("schedules: start at 1, end near 0, cosine passes ½ in the middle", () => {
  expect(scheduleFactor("constant", 99, 100)).toBe(1);
  expect(scheduleFactor("linear", 25, 100)).toBe(0.75);
  expect(scheduleFactor("cosine", 0, 100)).toBe(1);
  expect(scheduleFactor("cosine", 50, 100)).toBeCloseTo(0.5, 15);
  expect(scheduleFactor("cosine", 100, 100)).toBeCloseTo(0, 15);
  expect(scheduleFactor("constant", 4, 100, 0.1)).toBe(0.5);
  expect(scheduleFactor("constant", 9, 100, 0.1)).toBe(1);
  expect(scheduleFactor("linear", 75, 100, 0.1)).toBe(0.25);
});
