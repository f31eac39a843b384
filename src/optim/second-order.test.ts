import { describe, expect, test } from "vitest";
import { random } from "../core/random.ts";
import { Cancelled, createTask } from "../core/task.ts";
import { cholesky, choleskySolve } from "../linalg/cholesky.ts";
import { gramOfColumns } from "../linalg/gram.ts";
import { type Matrix, matrix } from "../linalg/matrix.ts";
import { type AsyncSmooth, lbfgs, lbfgsAsync, type Minimum, type Smooth } from "./lbfgs.ts";
import { newton } from "./newton.ts";
import { newtonCg } from "./newton-cg.ts";
import { inverseOfAbsolute, polish } from "./polish.ts";

/** A test function with its known minimum; Hessians come from differences of the gradient. */
interface Case {
  name: string;
  f: Smooth;
  start: number[];
  minimum?: number[];
  value: number;
}

const rosenbrock = (n: number): Smooth => ({
  n,
  valueAndGradient(x, g) {
    g.fill(0);
    let sum = 0;
    for (let i = 0; i + 1 < n; i++) {
      const a = x[i + 1]! - x[i]! ** 2;
      const b = 1 - x[i]!;
      sum += 100 * a * a + b * b;
      g[i]! += -400 * a * x[i]! - 2 * b;
      g[i + 1]! += 200 * a;
    }
    return sum;
  },
});
const beale: Smooth = {
  n: 2,
  valueAndGradient([x, y] = new Float64Array(2), g) {
    g.fill(0);
    let sum = 0;
    [1.5, 2.25, 2.625].forEach((c, k) => {
      const r = c - x! + x! * y! ** (k + 1);
      sum += r * r;
      g[0]! += 2 * r * (y! ** (k + 1) - 1);
      g[1]! += 2 * r * x! * (k + 1) * y! ** k;
    });
    return sum;
  },
};
const powell: Smooth = {
  n: 4,
  valueAndGradient(x, g) {
    const [a, b, c, d] = [x[0]! + 10 * x[1]!, x[2]! - x[3]!, x[1]! - 2 * x[2]!, x[0]! - x[3]!];
    g[0] = 2 * a + 40 * d ** 3;
    g[1] = 20 * a + 4 * c ** 3;
    g[2] = 10 * b - 8 * c ** 3;
    g[3] = -10 * b - 40 * d ** 3;
    return a * a + 5 * b * b + c ** 4 + 10 * d ** 4;
  },
};
const styblinski = (n: number): Smooth => ({
  n,
  valueAndGradient(x, g) {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      sum += 0.5 * (x[i]! ** 4 - 16 * x[i]! ** 2 + 5 * x[i]!);
      g[i] = 0.5 * (4 * x[i]! ** 3 - 32 * x[i]! + 5);
    }
    return sum;
  },
});
/** Two atoms of a Lennard-Jones pair in space: r = 2^(1/6), energy −1. Infinite at r = 0. */
const pair: Smooth = {
  n: 6,
  valueAndGradient(x, g) {
    const d = [x[0]! - x[3]!, x[1]! - x[4]!, x[2]! - x[5]!];
    const r2 = d.reduce((sum, v) => sum + v * v, 0);
    const s6 = 1 / r2 ** 3;
    const slope = (-24 / r2) * (2 * s6 * s6 - s6);
    d.forEach((v, k) => {
      g[k] = slope * v;
      g[k + 3] = -slope * v;
    });
    return 4 * (s6 * s6 - s6);
  },
};
const cases: Case[] = [
  { name: "Rosenbrock, 2", f: rosenbrock(2), start: [-1.2, 1], minimum: [1, 1], value: 0 },
  {
    name: "Rosenbrock, 20",
    f: rosenbrock(20),
    start: Array(20).fill(0.3),
    minimum: Array(20).fill(1),
    value: 0,
  },
  { name: "Beale", f: beale, start: [1, 1], minimum: [3, 0.5], value: 0 },
  { name: "Powell's singular function", f: powell, start: [3, -1, 0, 1], value: 0 },
  {
    name: "Styblinski–Tang",
    f: styblinski(3),
    start: [-2, -3, -1],
    minimum: Array(3).fill(-2.903534027771177),
    value: 3 * -39.16616570377142,
  },
  { name: "Lennard-Jones pair", f: pair, start: [0, 0, 0, 1.4, 0.3, 0.2], value: -1 },
];

const awaited = ({ n, valueAndGradient }: Smooth): AsyncSmooth => ({
  n,
  valueAndGradient: async (x, g) => valueAndGradient(x, g),
});
const differences =
  (f: Smooth) =>
  async (x: Float64Array): Promise<Matrix> => {
    const step = 1e-5;
    const h = matrix(f.n, f.n);
    for (let i = 0; i < f.n; i++) {
      const moved = (by: number) => {
        const g = new Float64Array(f.n);
        f.valueAndGradient(
          x.map((v, k) => (k === i ? v + by : v)),
          g,
        );
        return g;
      };
      const [up, down] = [moved(step), moved(-step)];
      for (let k = 0; k < f.n; k++) {
        const value = (up[k]! - down[k]!) / (4 * step);
        h.data[i * f.n + k]! += value;
        h.data[k * f.n + i]! += value;
      }
    }
    return h;
  };
const products = (f: Smooth) => {
  const hessian = differences(f);
  return async (x: Float64Array, v: Float64Array) => times(await hessian(x), v);
};
const times = (h: Matrix, v: Float64Array) =>
  Float64Array.from({ length: h.rows }, (_, i) =>
    v.reduce((sum, value, k) => sum + h.data[i * h.cols + k]! * value, 0),
  );

describe.each(cases)("$name", ({ f, start, minimum, value }) => {
  const tolerance = 1e-9;
  const check = (found: Minimum) => {
    expect(found.stopped).toBe("converged");
    expect(found.gradientNorm).toBeLessThanOrEqual(tolerance);
    const g = new Float64Array(f.n);
    expect(found.value).toBe(f.valueAndGradient(found.x, g));
    expect(found.gradient).toEqual(g);
    expect(found.value).toBeCloseTo(value, 10);
    minimum?.forEach((v, i) => {
      expect(found.x[i]!).toBeCloseTo(v, 7);
    });
  };

  test("L-BFGS, called and awaited alike, finds the known minimum", async () => {
    const origin = start.slice();
    const called = lbfgs(f, start, { tolerance });
    check(called);
    expect(start).toEqual(origin);
    expect(called.evaluations).toBeLessThan(200);
    expect(await lbfgsAsync(awaited(f), start, { tolerance })).toEqual(called);
  });

  test("Newton with exact Hessians, and by conjugate gradients, find it", async () => {
    check(await newton({ ...awaited(f), hessian: differences(f) }, start, { tolerance }));
    check(await newtonCg({ ...awaited(f), product: products(f) }, start, { tolerance }));
  });
});

/** ½xᵀAx − bᵀx with the solution of Ax = b from a Cholesky factor. */
function quadratic(n: number, seed: number) {
  const stream = random(seed, "quadratic");
  const factors = matrix(
    2 * n,
    n,
    Float64Array.from({ length: 2 * n * n }, () => stream.normal()),
  );
  const a = gramOfColumns(factors);
  const b = Float64Array.from({ length: n }, () => stream.normal());
  const f: Smooth = {
    n,
    valueAndGradient(x, g) {
      const ax = times(a, x);
      ax.forEach((v, i) => {
        g[i] = v - b[i]!;
      });
      return x.reduce((sum, v, i) => sum + v * (0.5 * ax[i]! - b[i]!), 0);
    },
  };
  return { a, f, solution: choleskySolve(cholesky(a), b) };
}

test("a quadratic: one Newton step is exact; its inverse as preconditioner makes L-BFGS as quick", async () => {
  const { a, f, solution } = quadratic(30, 1);
  const zero = new Float64Array(30);
  const found = await newton({ ...awaited(f), hessian: async () => a }, zero, { tolerance: 1e-10 });
  expect(found.iterations).toBe(1);
  expect(found.hessian).toBe(a);
  const factor = cholesky(a);
  const precondition = (v: Float64Array) => v.set(choleskySolve(factor, v));
  const quick = lbfgs(f, zero, { tolerance: 1e-10, precondition });
  expect(quick.iterations).toBe(1);
  const plain = lbfgs(f, zero, { tolerance: 1e-10 });
  const conjugate = await newtonCg({ ...awaited(f), product: async (_, v) => times(a, v) }, zero, {
    tolerance: 1e-10,
  });
  expect(conjugate.products).toBeLessThan(150);
  for (const { x } of [found, quick, plain, conjugate]) {
    x.forEach((v, i) => {
      expect(v).toBeCloseTo(solution[i]!, 9);
    });
  }
});

/** (x² − 1)² + y²: a saddle at the origin, minima at (±1, 0). */
const wells: Smooth = {
  n: 2,
  valueAndGradient(x, g) {
    g[0] = 4 * x[0]! * (x[0]! ** 2 - 1);
    g[1] = 2 * x[1]!;
    return (x[0]! ** 2 - 1) ** 2 + x[1]! ** 2;
  },
};

test("from a saddle, and where the curvature is negative, Newton goes down to a minimum", async () => {
  const curved = { ...awaited(wells), hessian: differences(wells) };
  for (const start of [
    [0, 0],
    [0, 2],
    [1e-3, -1],
    [-0.3, 0.5],
  ]) {
    const found = await newton(curved, start, { tolerance: 1e-10 });
    expect(found.converged).toBe(true);
    expect(Math.abs(found.x[0]!)).toBeCloseTo(1, 9);
    expect(found.value).toBeCloseTo(0, 15);
  }
  expect((await newton(curved, [0, 0], { leaveSaddles: false })).x[0]).toBe(0);
  const product = products(wells);
  const found = await newtonCg({ ...awaited(wells), product }, [1e-3, -1], { tolerance: 1e-10 });
  expect(Math.abs(found.x[0]!)).toBeCloseTo(1, 9);
});

test("the longest step is kept, and steps are told", () => {
  let last = Float64Array.of(-1.2, 1);
  let told = 0;
  const found = lbfgs(rosenbrock(2), last, {
    maxStep: 0.05,
    tolerance: 1e-8,
    onStep: ({ x, iteration, gradientNorm }) => {
      expect(iteration).toBe(++told);
      expect(gradientNorm).toBeGreaterThanOrEqual(0);
      expect(Math.hypot(x[0]! - last[0]!, x[1]! - last[1]!)).toBeLessThanOrEqual(0.05 * (1 + 1e-12));
      last = x.slice() as Float64Array<ArrayBuffer>;
    },
  });
  expect(told).toBe(found.iterations);
  expect(found.converged).toBe(true);
});

test("what was not reached is said; bad starts are refused; a cancelled search ends", async () => {
  const f = rosenbrock(10);
  const start = Array(10).fill(-1);
  expect(lbfgs(f, start, { maxIterations: 3 }).stopped).toBe("iterations used up");
  const cut = await newton({ ...awaited(f), hessian: differences(f) }, start, { maxIterations: 2 });
  expect([cut.converged, cut.stopped, cut.iterations]).toEqual([false, "iterations used up", 2]);
  expect(lbfgs(f, start, { tolerance: 0 }).converged).toBe(
    lbfgs(f, start, { tolerance: 0 }).gradientNorm === 0,
  );
  expect(() => lbfgs(f, [1, 2])).toThrow(/2 numbers; the function takes 10/);
  expect(() => lbfgs(f, start, { memory: 0 })).toThrow(/memory 0/);
  expect(() => lbfgs(f, start, { tolerance: Number.NaN })).toThrow(/tolerance NaN/);
  expect(() => lbfgs(f, start, { maxStep: 0 })).toThrow(/maxStep 0/);
  expect(() => lbfgs(f, Array(10).fill(Number.NaN))).toThrow(/value NaN/);
  await expect(newton({ ...awaited(pair), hessian: differences(pair) }, Array(6).fill(0))).rejects.toThrow(
    /newton: value NaN/,
  );
  const controller = new AbortController();
  controller.abort();
  const task = createTask({ signal: controller.signal });
  await expect(lbfgsAsync(awaited(f), start, { task })).rejects.toThrow(Cancelled);
  await expect(newton({ ...awaited(f), hessian: differences(f) }, start, { task })).rejects.toThrow(
    Cancelled,
  );
  await expect(newtonCg({ ...awaited(f), product: products(f) }, start, { task })).rejects.toThrow(Cancelled);
});

test("L-BFGS with the absolute Hessian comes to the minimum, with a Hessian from elsewhere too", async () => {
  const f = rosenbrock(20);
  const start = Array(20).fill(-0.7);
  const hessian = differences(f);
  const own = await polish(awaited(f), hessian, start, { tolerance: 1e-10, refresh: 15 });
  const far = await hessian(Float64Array.from(start));
  const borrowed = await polish(awaited(f), async () => far, start, { tolerance: 1e-10, hessian: far });
  for (const found of [own, borrowed]) {
    expect([found.converged, found.gradientNorm <= 1e-10]).toEqual([true, true]);
  }
  own.x.forEach((v) => {
    expect(v).toBeCloseTo(1, 9);
  });
  expect(own.hessians).toBeGreaterThan(1);
  expect((await polish(awaited(f), hessian, start, { maxIterations: 4 })).stopped).toBe("iterations used up");
  await expect(polish(awaited(f), hessian, start, { refresh: 0 })).rejects.toThrow(/refresh 0/);
});

/** |H|⁻¹ applied twice is H⁻², so H·H·|H|⁻¹|H|⁻¹v is v; for a positive definite H already |H|⁻¹ is its inverse. */
test("the inverse of the absolute Hessian", () => {
  const indefinite = matrix(3, 3, [1, 2, 0, 2, -3, 0.5, 0, 0.5, 0.2]);
  const definite = matrix(2, 2, [2, 1, 1, 3]);
  const v = Float64Array.of(1, -2, 0.3);
  const twice = v.slice();
  inverseOfAbsolute(indefinite, 1e-12)(twice);
  expect(twice.reduce((sum, x, i) => sum + x * v[i]!, 0)).toBeGreaterThan(0);
  inverseOfAbsolute(indefinite, 1e-12)(twice);
  times(indefinite, times(indefinite, twice)).forEach((x, i) => {
    expect(x).toBeCloseTo(v[i]!, 12);
  });
  const once = v.slice(0, 2);
  inverseOfAbsolute(definite, 1e-12)(once);
  times(definite, once).forEach((x, i) => {
    expect(x).toBeCloseTo(v[i]!, 14);
  });
});
