import { expect, test } from "vitest";
import { random } from "../../core/random.ts";
import { numbers } from "../../data/table.ts";
import { evaluate } from "../../expressions/evaluate.ts";
import { parse } from "../../expressions/parse.ts";
import { standardOperators } from "../../expressions/standard-operators.ts";
import { integrate } from "./integrate.ts";
import { sampleBox } from "./sample-box.ts";
import { sampleSystem } from "./sample-system.ts";
import { strogatzSystems } from "./strogatz.ts";
import { hopf, linearExample, lorenz, lotkaVolterra } from "./systems.ts";

/** A system of one state. */
const one =
  (f: (x: number) => number) =>
  ([x]: Float64Array, out: Float64Array): void => {
    out[0] = f(x!);
  };

const all = [lorenz, linearExample, hopf, lotkaVolterra, ...strogatzSystems];

test("decay, a harmonic oscillator and a rational growth follow their closed forms", () => {
  const times = [0, 0.3, 1, 2.5, 7];
  const decay = integrate(
    one((x) => -2 * x),
    [3],
    times,
  );
  decay.forEach(([x], i) => {
    expect(Math.abs(x! - 3 * Math.exp(-2 * times[i]!))).toBeLessThan(1e-9);
  });
  const swing = integrate(
    ([x, v], out) => {
      out[0] = v!;
      out[1] = -4 * x!;
    },
    [1, 0],
    times,
  );
  swing.forEach(([x, v], i) => {
    expect(x).toBeCloseTo(Math.cos(2 * times[i]!), 7);
    expect(v).toBeCloseTo(-2 * Math.sin(2 * times[i]!), 7);
  });
  const growth = integrate(
    one((x) => x * x),
    [1],
    [0, 0.5, 0.9],
  );
  expect(growth.map(([x]) => x!)).toEqual([1, expect.closeTo(2, 8), expect.closeTo(10, 6)]);
});

test("a smaller tolerance gives a smaller error, at the price of order five", () => {
  const error = (relative: number) => {
    const [, [x] = []] = integrate(
      one((y) => Math.cos(y!)),
      [0],
      [0, 3],
      {
        relative,
        absolute: relative,
      },
    );
    return Math.abs(x! - 2 * Math.atan(Math.tanh(1.5)));
  };
  expect(error(1e-10)).toBeLessThan(error(1e-5));
  expect(error(1e-10)).toBeLessThan(1e-9);
});

test.each([
  [
    "times that do not ascend",
    () =>
      integrate(
        one((x) => x!),
        [1],
        [0, 1, 1],
      ),
    /ascending/,
  ],
  [
    "a pole",
    () =>
      integrate(
        one((x) => x * x),
        [1],
        [0, 2],
      ),
    /singular|steps/,
  ],
  [
    "too many steps",
    () =>
      integrate(
        one((x) => -x!),
        [1],
        [0, 100],
        { maxSteps: 3 },
      ),
    /more than 3 steps/,
  ],
])("%s: refused", (_, attempt, said) => {
  expect(attempt).toThrow(said);
});

test.each(all)(
  "$name: the text of its equations is its rate, everywhere on finite trajectories",
  (system) => {
    const table = sampleSystem(system);
    expect(table.rows).toBe(system.starts.length * system.points);
    const names = system.variables;
    const columns = names.map((name) => numbers(table, name).values);
    system.equations.forEach((text, j) => {
      const expression = parse(text, { names });
      const rate = numbers(table, `d${names[j]}`).values;
      for (let i = 0; i < table.rows; i += 7) {
        const value = evaluate(
          expression,
          columns.map((c) => c[i]!),
          standardOperators,
        );
        expect(Math.abs(value - rate[i]!)).toBeLessThan(1e-9 * Math.max(1, Math.abs(value)));
      }
    });
  },
);

test("invariants and limits: the linear example's closed form, Lotka–Volterra's constant, Hopf's cycle", () => {
  const linear = sampleSystem(linearExample);
  const [t, x, y] = ["t", "x", "y"].map((name) => numbers(linear, name).values) as Float64Array[];
  for (let i = 0; i < linear.rows; i++) {
    expect(x![i]).toBeCloseTo(3 * Math.exp(-2 * t![i]!), 9);
    expect(y![i]).toBeCloseTo(0.5 * Math.exp(t![i]!), 9);
  }
  const prey = sampleSystem(lotkaVolterra);
  const [u, v] = ["x", "y"].map((name) => numbers(prey, name).values) as Float64Array[];
  const kept = u!.map((value, i) => 0.5 * value - Math.log(value) + 0.5 * v![i]! - Math.log(v![i]!));
  for (const value of kept) expect(value).toBeCloseTo(kept[0]!, 7);
  const cycle = sampleSystem(hopf);
  const [p, q] = ["x", "y"].map((name) => numbers(cycle, name).values) as Float64Array[];
  for (const last of [hopf.points - 1, 2 * hopf.points - 1]) {
    expect(Math.hypot(p![last]!, q![last]!)).toBeCloseTo(Math.sqrt(0.05), 1);
  }
});

test("noise on the states is in their standard deviations; rates stay exact", () => {
  const clean = sampleSystem(lorenz);
  const noisy = sampleSystem(lorenz, { noise: 0.01, random: random(1) });
  expect(numbers(noisy, "dx").values).toEqual(numbers(clean, "dx").values);
  const off = numbers(noisy, "z").values.map((value, i) => value - numbers(clean, "z").values[i]!);
  const sigma = numbers(noisy, "z").uncertainty![0]!;
  const spread = Math.sqrt(off.reduce((sum, value) => sum + value * value, 0) / off.length);
  expect(Math.abs(spread / sigma - 1)).toBeLessThan(0.05);
});

test("states drawn in a box lie in it, with the rates of the equations' text; a system without one is refused", () => {
  for (const system of strogatzSystems) {
    const table = sampleBox(system, { rows: 50, random: random(4) });
    const names = system.variables;
    const columns = names.map((name) => numbers(table, name).values);
    columns.forEach((column, j) => {
      const [low, high] = system.box![j]!;
      expect(column.every((value) => value >= low && value <= high)).toBe(true);
    });
    system.equations.forEach((text, j) => {
      const law = parse(text, { names });
      numbers(table, `d${names[j]}`).values.forEach((rate, i) => {
        const state = columns.map((column) => column[i]!);
        expect(rate).toBeCloseTo(evaluate(law, state, standardOperators), 9);
      });
    });
  }
  expect(() => sampleBox(lorenz, { random: random(1) })).toThrow(/'Lorenz' has no box/);
});
