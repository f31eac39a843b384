import { describe, expect, test } from "vitest";
import {
  choleskySolver,
  dot,
  largestGap,
  normalMatrix,
  ridgeProblem,
} from "../../../../test/support/curvature-problems.ts";
import { random } from "../../../core/random.ts";
import { eigenSymmetric } from "../../../linalg/eigen-symmetric.ts";
import { matmul } from "../../../linalg/matmul.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { rowOf, takeRows } from "../../../linalg/rows.ts";
import { transpose } from "../../../linalg/transpose.ts";
import { pearson } from "../../../stats/correlation.ts";
import { influence, selfInfluence, withRegulariser } from "./influence.ts";
import { mostInfluential } from "./most-influential.ts";

const problem = ridgeProblem();
const { n, d, gradients, hessian, theta, kappa } = problem;
const { solve } = choleskySolver(hessian());

/** Test points of the ridge problem: loss gradients and losses at any θ. */
const rng = random(4, "test points");
const testX = normalMatrix(5, d, rng);
const testY = Float64Array.from({ length: 5 }, () => rng.normal());
const lossesAt = (at: ArrayLike<number>) => testY.map((y, t) => 0.5 * (dot(rowOf(testX, t), at) - y) ** 2);
const queries = matrix(
  5,
  d,
  testX.data.map((value, at) => {
    const t = Math.floor(at / d);
    return value * (dot(rowOf(testX, t), theta) - testY[t]!);
  }),
);

describe("influence", () => {
  test("is minus the derivative of the retrained loss by the sample's weight (closed-form refits)", async () => {
    const { values } = await influence({ gradients, queries, solve });
    const h = 1e-5;
    for (const i of [0, 7, 41]) {
      const refit = (weight: number) =>
        lossesAt(problem.trained(Float64Array.from({ length: n }, (_, k) => (k === i ? weight : 1))));
      const [up, down] = [refit(1 + h), refit(1 - h)];
      for (let t = 0; t < 5; t++) {
        expect(values.data[t * n + i]).toBeCloseTo(-(up[t]! - down[t]!) / (2 * h), 9);
      }
    }
  });

  test("predicts the change on removal to first order, positive where removal hurts (C1)", async () => {
    const { values } = await influence({ gradients, queries, solve });
    const before = lossesAt(theta);
    const changes = Array.from({ length: n }, (_, i) =>
      lossesAt(problem.trained(Float64Array.from({ length: n }, (_, k) => (k === i ? 0 : 1)))).map(
        (loss, t) => loss - before[t]!,
      ),
    );
    for (let t = 0; t < 5; t++) {
      const actual = changes.map((row) => row[t]!);
      expect(pearson(rowOf(values, t), actual)).toBeGreaterThan(0.99);
    }
  });

  test("adds up to qᵀH⁻¹ḡ: −κ qᵀH⁻¹θ at a minimum, and to 0 with the regulariser in g (C8)", async () => {
    const { values, solvedQueries } = await influence({ gradients, queries, solve });
    const both = await influence({
      gradients,
      queries,
      solve,
      regulariser: { parameters: theta, ridge: kappa },
    });
    for (let t = 0; t < 5; t++) {
      const sum = rowOf(values, t).reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(-kappa * dot(rowOf(solvedQueries, t), theta), 12);
      expect(sum).not.toBeCloseTo(0, 6);
      expect(rowOf(both.values, t).reduce((a, b) => a + b, 0)).toBeCloseTo(0, 12);
    }
  });

  test("is the same for a training point that is there twice (C8)", async () => {
    const twice = takeRows(gradients, [3, ...Array.from({ length: n }, (_, i) => i)]);
    const { values } = await influence({ gradients: twice, queries, solve });
    for (let t = 0; t < 5; t++) expect(values.data[t * (n + 1)]).toBe(values.data[t * (n + 1) + 4]);
  });

  test("does not depend on linear coordinates of θ without damping (C8)", async () => {
    // θ = Mφ: gradients turn to gM, the Hessian to MᵀHM.
    const m = normalMatrix(d, d, random(9, "reparametrisation"));
    const h = matmul(matmul(transpose(m), hessian()), m);
    const other = await influence({
      gradients: matmul(gradients, m),
      queries: matmul(queries, m),
      solve: choleskySolver(h).solve,
    });
    const { values } = await influence({ gradients, queries, solve });
    const scale = Math.max(...values.data.map(Math.abs));
    expect(largestGap(other.values.data, values.data) / scale).toBeLessThan(1e-9);
  });

  test("self-influence is (1/n) gᵀH⁻¹g, by the eigenvectors of H, and never negative", async () => {
    const self = selfInfluence(gradients, await solve(gradients));
    const { values, vectors } = eigenSymmetric(hessian());
    const along = matmul(gradients, transpose(vectors));
    for (let i = 0; i < n; i++) {
      const expected = rowOf(along, i).reduce((sum, a, k) => sum + a ** 2 / values[k]! / n, 0);
      expect(self[i]).toBeCloseTo(expected, 12);
      expect(self[i]).toBeGreaterThanOrEqual(0);
    }
  });

  test("refuses what does not fit", async () => {
    const bad = matrix(1, d);
    bad.data[2] = Number.NaN;
    const cases: [Parameters<typeof influence>[0], RegExp][] = [
      [{ gradients, queries: matrix(1, d + 1), solve }, /the queries has 7 columns.*6/],
      [{ gradients, queries: bad, solve }, /the queries, row 0, column 2 is NaN/],
      [{ gradients: bad, queries, solve }, /the training gradients, row 0, column 2 is NaN/],
      [{ gradients: matrix(0, d), queries, solve }, /no training gradients/],
      [{ gradients, queries, solve: async () => matrix(1, 1) }, /solver gave 1×1/],
      [
        {
          gradients,
          queries,
          solve: async (right: Matrix) =>
            matrix(
              right.rows,
              right.cols,
              right.data.map(() => Number.NaN),
            ),
        },
        /the solution, row 0/,
      ],
      [
        { gradients, queries, solve, regulariser: { parameters: new Float64Array(2), ridge: 1 } },
        /2 parameters/,
      ],
    ];
    for (const [input, message] of cases) await expect(influence(input)).rejects.toThrow(message);
    expect(() => selfInfluence(gradients, matrix(1, d))).toThrow(/1 solved gradients for 80/);
    expect(() => withRegulariser(gradients, { parameters: new Float64Array(1), ridge: 1 })).toThrow(
      /1 parameters/,
    );
  });
});

describe("mostInfluential", () => {
  test("lists both signs, strongest first, equals by index, and leaves out what has no influence", () => {
    const { helpful, harmful } = mostInfluential([0, 2, -1, 2, 5, -1, -3, 0], 3);
    expect(helpful.map(({ index }) => index)).toEqual([4, 1, 3]);
    expect(harmful.map(({ index }) => index)).toEqual([6, 2, 5]);
    expect(mostInfluential([0, 1], 5)).toEqual({ helpful: [{ index: 1, value: 1 }], harmful: [] });
  });

  test("refuses a count or a value that is none", () => {
    for (const count of [0, -1, 1.5, Number.NaN]) expect(() => mostInfluential([1], count)).toThrow(/count/);
    expect(() => mostInfluential([1, Number.NaN], 1)).toThrow(/sample 1 is NaN/);
  });
});
