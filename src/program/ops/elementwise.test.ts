import { describe, expect, it } from "vitest";
import { grad, jvp } from "../transform/index.ts";
import { elementwiseCases } from "./elementwise.fixture.ts";
import * as ops from "./index.ts";

type Float = "float32" | "float64";

function evaluate(apply: (x: ops.Value) => ops.Value, points: number[], dtype: Float) {
  const slope = grad((x: ops.Value) => ops.sum(apply(x)));
  return ops.scope(() => {
    const x = ops.constant(points, [points.length], dtype);
    const one = ops.onesLike(x);
    const [first, second] = jvp(slope, [x], [one]);
    const [value, forward] = jvp(apply, [x], [one]);
    return [value, first, second, forward].map((v) => Array.from(ops.toTyped(v)));
  });
}

describe("elementwise operations", () => {
  for (const {
    name,
    apply,
    value,
    first,
    second,
    points,
    relative = 1e-12,
    absolute = 0,
  } of elementwiseCases) {
    it(`${name}: value and two derivatives agree with the closed form in float64`, () => {
      const [got, got1, got2, forward] = evaluate(apply, points, "float64");
      points.forEach((x, i) => {
        const close = (what: string, actual: number, wanted: number) =>
          expect(
            Math.abs(actual - wanted),
            `${name}${what}(${x}) = ${actual}, wanted ${wanted}`,
          ).toBeLessThanOrEqual(relative * Math.abs(wanted) + absolute);
        close("", got![i]!, value(x));
        close("'", got1![i]!, first(x));
        close("' forward", forward![i]!, first(x));
        close("''", got2![i]!, second(x));
      });
    });
  }

  for (const dtype of ["float32", "float64"] as const) {
    for (const { name, apply, finite } of elementwiseCases) {
      const points = dtype === "float32" && name.startsWith("power 7") ? [-50, 0, 50] : finite;
      it(`${name}: finite with two derivatives at ${points.join(", ")} in ${dtype}`, () => {
        for (const numbers of evaluate(apply, points, dtype)) {
          expect(numbers.every(Number.isFinite), `${name} at ${points}: ${numbers}`).toBe(true);
        }
      });
    }
  }

  it("relu, abs and norm have derivative 0 at 0, as in PyTorch", () => {
    for (const apply of [ops.relu, ops.abs, (x: ops.Value) => ops.norm(x)]) {
      const [, first] = evaluate(apply, [0], "float64");
      expect(first![0]).toBe(0);
    }
  });

  it("a square root of 0 inside where leaves no NaN in the gradient", () => {
    const [, first] = evaluate((x) => ops.where(ops.greater(x, 0), ops.safeSqrt(x), 0), [0, 4], "float64");
    expect(first).toEqual([0, 0.25]);
  });

  it("sigmoid and its two derivatives keep 1e-12 relative accuracy down to the smallest normal numbers", () => {
    const points = [-15, -20, -37, -100, -700];
    const [got, got1, got2] = evaluate(ops.sigmoid, points, "float64");
    points.forEach((x, i) => {
      const tail = Math.exp(x) / (1 + Math.exp(x));
      expect(Math.abs(got![i]! / tail - 1)).toBeLessThan(1e-12);
      expect(Math.abs(got1![i]! / (tail / (1 + Math.exp(x))) - 1)).toBeLessThan(1e-12);
      expect(Math.abs(got2![i]! / ((-tail / (1 + Math.exp(x))) * Math.tanh(x / 2)) - 1)).toBeLessThan(1e-12);
    });
  });

  it("erf and gelu are right to the fourth derivative (Hermite polynomials)", () => {
    const derivative = (f: (x: ops.Value) => ops.Value) => grad((x: ops.Value) => ops.sum(f(x)));
    const fourth = derivative(derivative(derivative(derivative(ops.erf))));
    const points = [-1.3, -0.2, 0.4, 2.1];
    const got = ops.toTyped(fourth(ops.constant(Float64Array.from(points))));
    points.forEach((x, i) => {
      const wanted = (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * (12 * x - 8 * x ** 3);
      expect(Math.abs(got[i]! - wanted)).toBeLessThan(1e-12 * (1 + Math.abs(wanted)));
    });
  });

  it("NaN goes through, it is not turned into a number", () => {
    for (const { name, apply } of elementwiseCases) {
      if (["power 0"].includes(name)) continue;
      const [value] = evaluate(apply, [Number.NaN], "float64");
      expect(value![0], name).toBeNaN();
    }
  });
});

describe("operations on two arrays", () => {
  const a = [-3.5, -1, 0.25, 2, 7];
  const b = [2, -1, 4, 0.5, -3];
  const both: [string, (x: ops.Value, y: ops.Value) => ops.Value, (x: number, y: number) => number][] = [
    ["add", ops.add, (x, y) => x + y],
    ["sub", ops.sub, (x, y) => x - y],
    ["mul", ops.mul, (x, y) => x * y],
    ["div", ops.div, (x, y) => x / y],
    ["maximum", ops.maximum, Math.max],
    ["minimum", ops.minimum, Math.min],
    ["mod", ops.mod, (x, y) => x - y * Math.floor(x / y)],
    ["atan2", ops.atan2, Math.atan2],
    ["logAddExp", ops.logAddExp, (x, y) => Math.log(Math.exp(x) + Math.exp(y))],
  ];
  for (const [name, apply, value] of both) {
    it(`${name} agrees with Math, with arrays and with numbers`, () => {
      const x = ops.constant(Float64Array.from(a));
      const y = ops.constant(Float64Array.from(b));
      const got = ops.toTyped(apply(x, y));
      a.forEach((v, i) => {
        expect(got[i]).toBeCloseTo(value(v, b[i]!), 13);
      });
      const mixed = ops.toTyped((apply as (x: ops.Operand, y: ops.Operand) => ops.Value)(x, 0.75));
      a.forEach((v, i) => {
        expect(mixed[i]).toBeCloseTo(value(v, 0.75), 13);
      });
    });
  }

  it("atan2 has the gradient (−y, x)/r² of the polar angle in every quadrant and 0 at the origin", () => {
    const points = [
      [1, 2],
      [-1, 2],
      [-3, -1],
      [2, -5],
      [0, 3],
      [-2, 0],
    ];
    for (const [x = 0, y = 0] of points) {
      const angle = (v: ops.Value, w: ops.Value) => ops.atan2(w, v);
      const [dx, dy] = grad(angle, { argnums: [0, 1] })(
        ops.full([], x, "float64"),
        ops.full([], y, "float64"),
      );
      expect(ops.toTyped(dx)[0]).toBeCloseTo(-y / (x * x + y * y), 13);
      expect(ops.toTyped(dy)[0]).toBeCloseTo(x / (x * x + y * y), 13);
    }
    const zero = ops.full([], 0, "float64");
    expect(ops.toTyped(grad(ops.atan2 as (y: ops.Value, x: ops.Value) => ops.Value)(zero, zero))[0]).toBe(0);
  });

  it("power with an array exponent has the derivatives y xʸ⁻¹ and xʸ ln x, and 0 at x = 0", () => {
    const x = ops.constant(Float64Array.of(0.5, 2, 3, 0));
    const y = ops.constant(Float64Array.of(1.5, -2.5, 0, 2));
    const f = (p: ops.Value, q: ops.Value) => ops.sum(ops.power(p, q));
    const [dx, dy] = grad(f, { argnums: [0, 1] })(x, y).map((v) => ops.toTyped(v));
    [0.5, 2, 3].forEach((v, i) => {
      const n = [1.5, -2.5, 0][i]!;
      expect(dx![i]).toBeCloseTo(n * v ** (n - 1), 13);
      expect(dy![i]).toBeCloseTo(v ** n * Math.log(v), 13);
    });
    expect([dx![3], dy![3]]).toEqual([0, 0]);
  });

  it("refuses mixed dtypes, shapes that do not broadcast, and two numbers, by name", () => {
    const f64 = ops.zeros([2, 3], "float64");
    const f32 = ops.zeros([2, 3], "float32");
    const int = ops.zeros([3], "int32");
    const bad: [() => unknown, RegExp][] = [
      [() => ops.add(f64, f32), /add: float64\[2,3\] and float32\[2,3\] differ in dtype/],
      [() => ops.mul(f64, ops.zeros([2], "float64")), /mul: shapes \[2,3\] and \[2\]/],
      [() => ops.sub(1, 2), /both operands are numbers/],
      [() => ops.add(int, 0.5), /0.5 meets an int32/],
      [() => ops.add(ops.equal(int, 0), 1), /bool/],
      [() => ops.exp(int), /exp: expected float32 or float64, got int32\[3\]/],
      [() => ops.where(f64, f64, f64), /where: expected a bool array/],
      [() => ops.sum(f64, { axis: 2 }), /axis 2 is not an axis of float64\[2,3\]/],
      [() => ops.constant([1, 2]), /without a dtype/],
      [() => ops.constant(Float64Array.of(1), [2]), /do not fill/],
    ];
    for (const [run, message] of bad) expect(run).toThrow(message);
  });
});
