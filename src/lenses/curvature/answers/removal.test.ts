import { describe, expect, test } from "vitest";
import {
  choleskySolver,
  clouds,
  dot,
  eigenSolver,
  largestGap,
  normalMatrix,
  ridgeProblem,
  softmaxProblem,
} from "../../../../test/support/curvature-problems.ts";
import { random } from "../../../core/random.ts";
import { cholesky, choleskySolve } from "../../../linalg/cholesky.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { rowOf, takeRows } from "../../../linalg/rows.ts";
import { chainGradients } from "./functionals.ts";
import { gaussNewtonOf, groupRemoval } from "./group-removal.ts";
import { type LocalModel, newtonRemoval } from "./newton-removal.ts";
import { evaluatedEffect, linearEffect } from "./removal-effect.ts";

const ridge = ridgeProblem();
const ones = (rows: number) => matrix(rows, 1, new Float64Array(rows).fill(1));
const ridgePoints: LocalModel = {
  jacobian: ridge.x,
  slopes: matrix(ridge.n, 1, ridge.residuals),
  curvatures: ones(ridge.n),
};
const without = (n: number, group: readonly number[]) =>
  Float64Array.from({ length: n }, (_, i) => (group.includes(i) ? 0 : 1));
const groups = [[0], [3, 4, 5], [10, 40, 70, 71, 72, 79], Array.from({ length: 30 }, (_, i) => 2 * i)];

describe("newtonRemoval", () => {
  test("is exact for ridge regression, singles and groups, against closed-form refits (C1)", async () => {
    const { solve } = choleskySolver(ridge.hessian());
    const singles = await newtonRemoval(ridgePoints, { solve, count: ridge.n });
    for (let i = 0; i < ridge.n; i++) {
      const exact = ridge.trained(without(ridge.n, [i])).map((value, j) => value - ridge.theta[j]!);
      expect(largestGap(rowOf(singles.changes, i), exact)).toBeLessThan(1e-12);
    }
    const several = await newtonRemoval(ridgePoints, { solve, count: ridge.n, groups });
    groups.forEach((group, g) => {
      const exact = ridge.trained(without(ridge.n, group)).map((value, j) => value - ridge.theta[j]!);
      expect(largestGap(rowOf(several.changes, g), exact)).toBeLessThan(1e-12);
    });
    expect(several.doubtful).toEqual([]);
  });

  test("without a ridge gives the leave-one-out residual e/(1 − h) and the leverages of the hat matrix", async () => {
    const plain = ridgeProblem({ kappa: 0, n: 30, seed: 5 });
    const points = { jacobian: plain.x, slopes: matrix(30, 1, plain.residuals), curvatures: ones(30) };
    const { solve } = choleskySolver(plain.hessian());
    const { changes, leverages } = await newtonRemoval(points, { solve, count: 30 });
    // Σ h = trace of the hat matrix = number of coefficients.
    expect(leverages.reduce((a, b) => a + b, 0)).toBeCloseTo(plain.d, 10);
    for (let i = 0; i < 30; i++) {
      const left = plain.residuals[i]! + dot(rowOf(plain.x, i), rowOf(changes, i));
      expect(left).toBeCloseTo(plain.residuals[i]! / (1 - leverages[i]!), 11);
    }
  });

  test("is (H − H_U)⁻¹ g_U for a classifier of three classes, against a dense solve", async () => {
    const { x, labels } = clouds({ classes: 3, perClass: 15 });
    const model = softmaxProblem(x, labels, { classes: 3 });
    const points = { jacobian: model.jacobian(x), slopes: model.slopes, curvatures: model.curvatures };
    const { solve } = choleskySolver(model.hessian(model.theta));
    const sets = [[0], [7], [1, 2, 30]];
    const { changes } = await newtonRemoval(points, { solve, count: model.n, groups: sets });
    const g = chainGradients(points.jacobian, points.slopes);
    sets.forEach((group, at) => {
      const rest = model.hessian(model.theta, without(model.n, group));
      const right = new Float64Array(model.size);
      for (const i of group)
        for (let j = 0; j < model.size; j++) right[j]! += g.data[i * model.size + j]! / model.n;
      expect(largestGap(rowOf(changes, at), choleskySolve(cholesky(rest), right))).toBeLessThan(1e-12);
    });
  });

  test("names the group that alone holds a direction, and doubts a step of leverage above 1", async () => {
    const x = matrix(3, 2, [1, 0, 1, 0, 0, 1]);
    const points = { jacobian: x, slopes: matrix(3, 1, [0.1, -0.1, 0.2]), curvatures: ones(3) };
    const h = matrix(2, 2, [2 / 3, 0, 0, 1 / 3]);
    const { solve } = choleskySolver(h);
    await expect(newtonRemoval(points, { solve, count: 3 })).rejects.toThrow(
      /group 2 \(sample 2\) has leverage 1/,
    );
    const smaller = choleskySolver(matrix(2, 2, [2 / 3, 0, 0, 0.2]));
    const { doubtful } = await newtonRemoval(points, { solve: smaller.solve, count: 3 });
    expect(doubtful).toEqual([2]);
  });

  test("refuses what does not fit", async () => {
    const { solve } = choleskySolver(ridge.hessian());
    const with_ = (change: Partial<LocalModel>) => ({ ...ridgePoints, ...change });
    const cases: [LocalModel, object, RegExp][] = [
      [with_({ slopes: matrix(3, 1) }), {}, /Jacobian of 80 rows for 3 samples/],
      [with_({ curvatures: matrix(80, 2) }), {}, /curvatures of 80×2; expected 80×1/],
      [with_({ curvatures: matrix(80, 1, new Float64Array(80).fill(-1)) }), {}, /convex/],
      [ridgePoints, { count: 10 }, /count 10/],
      [ridgePoints, { groups: [[1], []] }, /group 1 is empty/],
      [ridgePoints, { groups: [[80]] }, /names sample 80; expected 0 to 79/],
      [ridgePoints, { groups: [[1, 1]] }, /sample 1 twice/],
    ];
    for (const [points, options, message] of cases) {
      await expect(newtonRemoval(points, { solve, count: 80, ...options })).rejects.toThrow(message);
    }
  });
});

describe("groupRemoval", () => {
  test("first order is the sum of singles, second the Taylor coefficient in the group's weight", async () => {
    const { solve } = choleskySolver(ridge.hessian());
    const curvature = gaussNewtonOf(ridgePoints, ridge.n);
    const { first, second } = await groupRemoval({ gradients: ridge.gradients, groups, solve, curvature });
    const singles = await solve(ridge.gradients);
    const h = 1e-3;
    groups.forEach((group, g) => {
      const sum = new Float64Array(ridge.d);
      for (const i of group)
        for (let j = 0; j < ridge.d; j++) sum[j]! += singles.data[i * ridge.d + j]! / ridge.n;
      expect(largestGap(rowOf(first, g), sum)).toBeLessThan(1e-14);
      // θ(ε) with the group's weights at 1 − ε, from closed-form refits: its first two Taylor coefficients.
      const trained = (e: number) =>
        ridge.trained(Float64Array.from({ length: ridge.n }, (_, i) => (group.includes(i) ? 1 - e : 1)));
      const [up, down] = [trained(h), trained(-h)];
      for (let j = 0; j < ridge.d; j++) {
        const slope = (up[j]! - down[j]!) / (2 * h);
        const bend = (up[j]! + down[j]! - 2 * ridge.theta[j]!) / (2 * h * h);
        expect(first.data[g * ridge.d + j]).toBeCloseTo(slope, 5);
        expect(second!.data[g * ridge.d + j]).toBeCloseTo(slope + bend, 5);
      }
      const exact = ridge.trained(without(ridge.n, group)).map((value, j) => value - ridge.theta[j]!);
      expect(largestGap(rowOf(second!, g), exact)).toBeLessThan(largestGap(rowOf(first, g), exact));
    });
  });

  test("gives no second order without a curvature, and refuses a group that is none", async () => {
    const { solve } = choleskySolver(ridge.hessian());
    const out = await groupRemoval({ gradients: ridge.gradients, groups, solve });
    expect(out.second).toBeUndefined();
    for (const [bad, message] of [
      [[[]], /group 0 is empty/],
      [[[-1]], /sample -1/],
    ] as const) {
      await expect(groupRemoval({ gradients: ridge.gradients, groups: bad, solve })).rejects.toThrow(message);
    }
    expect(() => gaussNewtonOf(ridgePoints, 0)).toThrow(/count 0/);
  });
});

describe("effects of changes", () => {
  const lossOf = (rows: Matrix) => async (theta: Float64Array) =>
    Float64Array.from({ length: rows.rows }, (_, t) => 0.5 * dot(rowOf(rows, t), theta) ** 2);

  test("evaluated minus linear effect is ½(x·Δθ)² for a quadratic, by hand", async () => {
    const rows = normalMatrix(3, ridge.d, random(3, "rows"));
    const changes = normalMatrix(2, ridge.d, random(3, "changes"));
    const queries = matrix(
      3,
      ridge.d,
      rows.data.map((value, at) => value * dot(rowOf(rows, Math.floor(at / ridge.d)), ridge.theta)),
    );
    const linear = linearEffect(queries, changes);
    const full = await evaluatedEffect(changes, ridge.theta, lossOf(rows));
    for (let t = 0; t < 3; t++) {
      for (let c = 0; c < 2; c++) {
        const bend = 0.5 * dot(rowOf(rows, t), rowOf(changes, c)) ** 2;
        expect(full.data[t * 2 + c]! - linear.data[t * 2 + c]!).toBeCloseTo(bend, 12);
      }
    }
  });

  test("refuse quantities that are no number or change their count", async () => {
    const changes = takeRows(normalMatrix(2, ridge.d), [0, 1]);
    let calls = 0;
    await expect(
      evaluatedEffect(changes, ridge.theta, async () => new Float64Array(++calls)),
    ).rejects.toThrow(/2 values after change 0, 1 before/);
    calls = 0;
    const broken = async () => Float64Array.of(calls++ === 0 ? 1 : Number.NaN);
    await expect(evaluatedEffect(changes, ridge.theta, broken)).rejects.toThrow(/goes from 1 to NaN/);
    expect(() => linearEffect(matrix(1, 2), changes)).toThrow(/6 columns/);
  });
});

test("an indefinite curvature still gives a first-order removal: the choice is the caller's", async () => {
  const indefinite = matrix(2, 2, [1, 0, 0, -1]);
  const { first } = await groupRemoval({
    gradients: matrix(1, 2, [2, 3]),
    groups: [[0]],
    solve: eigenSolver(indefinite).solve,
  });
  expect(Array.from(first.data)).toEqual([2, -3]);
});
