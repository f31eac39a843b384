import { expect, test } from "vitest";
import { UserError } from "../../core/errors.ts";
import { random } from "../../core/random.ts";
import { numbers } from "../../data/table.ts";
import { matrix } from "../../linalg/matrix.ts";
import { leastSquares } from "../../stats/least-squares.ts";
import { integrate } from "../dynamics/integrate.ts";
import { dampedState, dampedTrajectory } from "./damped.ts";
import { spreadOf, withNoise } from "./noise.ts";
import { springSet } from "./spring-set.ts";
import { staticLaw } from "./static-law.ts";
import { swingTrajectory } from "./swing.ts";

test("noise has the stated standard deviation, and none leaves the values", () => {
  const values = Float64Array.from({ length: 20_000 }, (_, i) => Math.sin(i));
  const noisy = withNoise(values, 0.1, random(1));
  expect(noisy.sigma).toBeCloseTo(0.1 * Math.SQRT1_2, 4);
  expect(spreadOf(noisy.values.map((value, i) => value - values[i]!))).toBeCloseTo(noisy.sigma, 2);
  expect(withNoise(values, 0, random(1)).values).toEqual(values);
  expect(() => withNoise(values, -1, random(1))).toThrow(UserError);
});

test("the static law obeys Hooke and Newton within the stated ranges", () => {
  const table = staticLaw({ random: random(3) });
  const [k, x, m, a] = ["k", "x", "m", "a"].map((name) => numbers(table, name).values) as Float64Array[];
  expect(table.rows).toBe(200);
  for (let i = 0; i < 200; i++) {
    expect(m![i]! * a![i]! + k![i]! * x![i]!).toBeCloseTo(0, 12);
    expect(k![i]! >= 1 && k![i]! <= 5 && m![i]! >= 1 && m![i]! <= 5 && Math.abs(x![i]!) <= 2).toBe(true);
  }
  expect(staticLaw({ random: random(3) })).toEqual(table);
  const noisy = numbers(staticLaw({ random: random(3), noise: 0.01 }), "a");
  expect(noisy.uncertainty![0]).toBeCloseTo(0.01 * spreadOf(a!), 12);
});

test("the swing returns after its period and starts at sin(0.3)", () => {
  const x = numbers(swingTrajectory({ rows: 1001, span: 2 * Math.PI, random: random(1) }), "x").values;
  expect(x[0]).toBeCloseTo(Math.sin(0.3), 12);
  expect(x[500]).toBeCloseTo(x[0]!, 10);
  expect(x[250]).toBeCloseTo(-x[0]!, 10);
});

test("the damped pendulum's closed form is what integrating its equation gives", () => {
  const times = Float64Array.from({ length: 11 }, (_, i) => i / 2);
  const { x, v } = dampedState({ b: 0.7, kappa: 7, amplitude: 1.5, delta: 0.4 }, 0);
  const states = integrate(
    (state, out) => {
      out[0] = state[1]!;
      out[1] = -7 * state[0]! - 0.7 * state[1]!;
    },
    [x, v],
    times,
  );
  states.forEach((state, i) => {
    const exact = dampedState({ b: 0.7, kappa: 7, amplitude: 1.5, delta: 0.4 }, times[i]!);
    expect(state[0]).toBeCloseTo(exact.x, 8);
    expect(state[1]).toBeCloseTo(exact.v, 8);
  });
  const table = dampedTrajectory({ random: random(1) });
  const [xs, vs, as] = ["x", "v", "a"].map((name) => numbers(table, name).values) as Float64Array[];
  const design = matrix(50, 2, Array.from(xs!, (value, i) => [value, vs![i]!]).flat());
  const fit = leastSquares(design, as!);
  expect(fit.coefficients[0]).toBeCloseTo(-7, 10);
  expect(fit.coefficients[1]).toBeCloseTo(-0.7, 10);
  expect(() => dampedState({ b: 6, kappa: 7 }, 1)).toThrow(/b² below 4κ = 28/);
});

test("the springs keep their energy, turn with Hamilton's equations and carry noise of 0.1", () => {
  const table = springSet({ random: random(2) });
  expect(table.rows).toBe(750);
  const exact = springSet({ random: random(2), sigma: 0 });
  const at = (name: string) => numbers(exact, name).values;
  const [q, p, dq, dp, energy] = [at("q"), at("p"), at("dq"), at("dp"), at("H")];
  const step = 3 / 29;
  for (let i = 0; i < 750; i++) {
    expect(q[i]! ** 2 + p[i]! ** 2).toBeCloseTo(energy[i]!, 12);
    expect([dq[i], dp[i]]).toEqual([2 * p[i]!, -2 * q[i]!]);
    if (i % 30 === 0) continue;
    const turn = Math.cos(2 * step);
    expect(q[i - 1]! * q[i]! + p[i - 1]! * p[i]!).toBeCloseTo(turn * energy[i]!, 12);
    expect(q[i]! * p[i - 1]! - q[i - 1]! * p[i]!).toBeGreaterThan(0);
  }
  const off = numbers(table, "q").values.map((value, i) => value - q[i]!);
  expect(Math.abs(spreadOf(off) - 0.1)).toBeLessThan(0.01);
  for (const bad of [{ points: 1 }, { sigma: -1 }, { noise: Number.NaN }]) {
    expect(() => springSet({ random: random(1), ...bad })).toThrow(UserError);
  }
});
