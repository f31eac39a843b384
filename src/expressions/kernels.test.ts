import { describe, expect, it } from "vitest";
import { random } from "../core/random.ts";
import { evaluator } from "./evaluator.ts";
import { call, variable } from "./expression.ts";
import { kernelArity } from "./wasm/kernels.ts";

const x = variable(0);
const unary = ["exp", "log", "sin", "cos", "tanh"] as const;

/** |a − b| in units in the last place of b, in a format of `digits` bits with smallest exponent `least`. */
function ulps(a: number, b: number, digits: number, least: number): number {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(b))), least);
  return Math.abs(a - b) / 2 ** (exponent - digits + 1);
}

const grid = (from: number, to: number, n: number) =>
  Float64Array.from({ length: n }, (_, i) => from + ((to - from) * (i + 0.37)) / n);
const logGrid = (from: number, to: number, n: number) => grid(from, to, n).map((v) => 2 ** v);

const ranges: Record<(typeof unary)[number], Float64Array[]> = {
  exp: [grid(-745, 709.7, 40000), grid(-1, 1, 20000), grid(-708, -700, 2000)],
  log: [logGrid(-1074, 1023, 40000), grid(0.5, 2, 40000), grid(1 - 1e-6, 1 + 1e-6, 2000)],
  sin: [grid(-10, 10, 40000), grid(-1e6, 1e6, 40000), grid(1e6, 1e9, 2000), multiples()],
  cos: [grid(-10, 10, 40000), grid(-1e6, 1e6, 40000), grid(1e6, 1e9, 2000), multiples()],
  tanh: [grid(-25, 25, 40000), grid(-0.5, 0.5, 40000), logGrid(-300, 0, 2000)],
};

/** The f64 next to multiples of π/2, where the reduction of arguments cancels most. */
function multiples() {
  return Float64Array.from({ length: 4000 }, (_, i) => (i - 2000) * 97 * (Math.PI / 2));
}

const special = [
  0,
  -0,
  1,
  -1,
  1e-320,
  -1e-320,
  2 ** -1022,
  1e308,
  -1e308,
  Infinity,
  -Infinity,
  NaN,
  710,
  -746,
  1e9,
];

/** Oracle: Math.* of the engine, itself within 1 ulp of the true value. The bound is 2 ulp, and 1 more for it. */
describe("vector kernels", () => {
  it.each(unary)("%s is within 2 ulp in f64, over its range and at special values", (name) => {
    let worst = 0;
    for (const values of ranges[name]) {
      const found = evaluator([values]).evaluate(call(name, x)).values;
      values.forEach((v, i) => {
        worst = Math.max(worst, ulps(found[i]!, Math[name](v), 53, -1022));
      });
    }
    expect(worst).toBeLessThanOrEqual(2);
    for (const v of special) {
      const found = evaluator([[v]]).evaluate(call(name, x)).values[0]!;
      expect(ulps(found, Math[name](v), 53, -1022), `${name}(${v}) = ${found}`).toBeLessThanOrEqual(2);
    }
  });

  it.each(unary)("%s is within 2 ulp in f32", (name) => {
    let worst = 0;
    for (const wide of ranges[name]) {
      const values = Float32Array.from(
        wide
          .map((v) => (name === "exp" ? v / 9 : v))
          .filter((v) => Math.abs(v) > 2 ** -149 && Math.abs(v) < 2 ** 128),
      );
      const found = evaluator([values], { precision: "f32" }).evaluate(call(name, x)).values;
      values.forEach((v, i) => {
        const exact = Math.fround(Math[name](v));
        const bound = Number.isFinite(exact)
          ? ulps(found[i]!, Math[name](v), 24, -126)
          : found[i] === exact
            ? 0
            : 99;
        worst = Math.max(worst, bound);
      });
    }
    expect(worst).toBeLessThanOrEqual(2);
  });

  it("pow is within 2 ulp of Math.pow, for bases and exponents of any size and sign", () => {
    const rng = random(1, "pow");
    const n = 60000;
    const base = Float64Array.from({ length: n }, (_, i) =>
      i % 3 ? 2 ** (8 * rng.uniform() - 4) : 0.9 + 0.2 * rng.uniform(),
    );
    const power = base.map(
      (b) => ((1400 * rng.uniform() - 700) * rng.uniform() ** 3) / Math.abs(Math.log(b)),
    );
    const whole = power.map((p) => Math.round(p / 8));
    const negative = base.map((b) => -b);
    const y = variable(1);
    for (const [b, p] of [
      [base, power],
      [base, whole],
      [negative, whole],
    ] as const) {
      const found = evaluator([b, p]).evaluate(call("pow", x, y)).values;
      let worst = 0;
      b.forEach((v, i) => {
        worst = Math.max(worst, ulps(found[i]!, v ** p[i]!, 53, -1022));
      });
      expect(worst).toBeLessThanOrEqual(2);
    }
    for (const b of special) {
      for (const p of [...special, 2, 3, -2, -3, 0.5, -0.5, 2 ** 53, 2 ** 70]) {
        const found = evaluator([[b], [p]]).evaluate(call("pow", x, y)).values[0]!;
        expect(ulps(found, b ** p, 53, -1022), `${b}^${p} = ${found}`).toBeLessThanOrEqual(2);
        const narrow = evaluator([[b], [p]], { precision: "f32" }).evaluate(call("pow", x, y)).values[0]!;
        const exact = Math.fround(b) ** Math.fround(p);
        expect(ulps(narrow, Math.fround(exact), 24, -126), `f32 ${b}^${p} = ${narrow}`).toBeLessThanOrEqual(
          2,
        );
      }
    }
  });

  it("the others are exact, at special values and all their pairs", () => {
    const exact: Record<string, (a: number, b: number) => number> = {
      neg: (a) => -a,
      abs: (a) => Math.abs(a),
      sqrt: (a) => Math.sqrt(a),
      square: (a) => a * a,
      cube: (a) => a * a * a,
      inv: (a) => 1 / a,
      sign: (a) => Math.sign(a),
      add: (a, b) => a + b,
      sub: (a, b) => a - b,
      mul: (a, b) => a * b,
      div: (a, b) => a / b,
      min: (a, b) => Math.min(a, b),
      max: (a, b) => Math.max(a, b),
      greater: (a, b) =>
        Number.isNaN(a + b) && (Number.isNaN(a) || Number.isNaN(b)) ? Number.NaN : Number(a > b),
      less: (a, b) => (Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : Number(a < b)),
    };
    const tested = [...Object.keys(exact), ...unary, "pow", "copy"].sort();
    expect(tested).toEqual(Object.keys(kernelArity).sort());
    for (const [name, oracle] of Object.entries(exact)) {
      const args = kernelArity[name as keyof typeof kernelArity] === 1 ? [x] : [x, variable(1)];
      for (const a of [...special, 2.5]) {
        for (const b of [...special, 2.5]) {
          const found = evaluator([[a], [b]]).evaluate(call(name, ...args)).values[0]!;
          expect(
            found === oracle(a, b) || Object.is(found, oracle(a, b)),
            `${name}(${a}, ${b}) = ${found}`,
          ).toBe(true);
        }
      }
    }
  });
});
