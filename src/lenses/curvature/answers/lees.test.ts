import { describe, expect, test } from "vitest";
import { dot, normalMatrix } from "../../../../test/support/curvature-problems.ts";
import { random } from "../../../core/random.ts";
import { eigenSymmetric } from "../../../linalg/eigen-symmetric.ts";
import { gramOfColumns } from "../../../linalg/gram.ts";
import { matmul } from "../../../linalg/matmul.ts";
import { matrix } from "../../../linalg/matrix.ts";
import { rowOf } from "../../../linalg/rows.ts";
import { svd } from "../../../linalg/svd.ts";
import { countAboveFloor, countAboveThreshold, countAtGap, noiseFloor } from "./flat-space.ts";
import { curvatureOrder, lees, leesCurve, leesOverLabels } from "./lees.ts";

const norm = (row: ArrayLike<number>) => Math.sqrt(dot(row, row));

describe("leesCurve", () => {
  // Least squares with 7 parameters and data of rank 3.
  const data = matmul(normalMatrix(20, 3, random(1, "left")), normalMatrix(3, 7, random(1, "right")));
  const pairs = eigenSymmetric(gramOfColumns(data));
  const inside = matmul(normalMatrix(4, 20, random(2)), data);
  const outside = normalMatrix(4, 7, random(3));

  test("at the rank of the data is the distance to their row space, by SVD (C11)", () => {
    const { v } = svd(data);
    const scores = lees(outside, pairs, 3);
    for (let t = 0; t < 4; t++) {
      const rest = Float64Array.from(rowOf(outside, t));
      for (let k = 0; k < 3; k++) {
        const along = dot(rowOf(v, k), rowOf(outside, t));
        for (let j = 0; j < 7; j++) rest[j]! -= along * rowOf(v, k)[j]!;
      }
      expect(scores[t]).toBeCloseTo(norm(rest), 12);
    }
    lees(inside, pairs, 3).forEach((score, t) => {
      expect(score / norm(rowOf(inside, t))).toBeLessThan(1e-13);
    });
  });

  test("falls from ‖q‖ at m = 0 to 0 at m = d, and equals single calls", () => {
    const curve = leesCurve(outside, pairs, [0, 1, 2, 3, 4, 5, 6, 7]);
    for (let t = 0; t < 4; t++) {
      const row = rowOf(curve, t);
      expect(row[0]).toBeCloseTo(norm(rowOf(outside, t)), 14);
      expect(row[7]).toBeLessThan(1e-14);
      for (let m = 1; m <= 7; m++) {
        expect(row[m]).toBeLessThanOrEqual(row[m - 1]!);
        expect(lees(outside, pairs, m)[t]).toBeCloseTo(row[m]!, 14);
      }
    }
  });

  test("keeps what is far below ‖q‖·√ε, where a difference of squares would lose it", () => {
    const q = matrix(1, 3, [1, 0, 1e-12]);
    const axes = { values: Float64Array.of(3, 2, 1), vectors: matrix(3, 3, [1, 0, 0, 0, 1, 0, 0, 0, 1]) };
    expect(lees(q, axes, 2)[0]).toBe(1e-12);
  });

  test("by size takes strong negative curvature as curved; signed leaves it in the flat space", () => {
    const axes = { values: Float64Array.of(0.1, -5, 2), vectors: matrix(3, 3, [1, 0, 0, 0, 1, 0, 0, 0, 1]) };
    const q = matrix(1, 3, [3, 4, 12]);
    expect(lees(q, axes, 1)[0]).toBeCloseTo(Math.hypot(3, 12), 14);
    expect(lees(q, axes, 2)[0]).toBe(3);
    expect(lees(q, axes, 1, "signed")[0]).toBe(5);
    expect(lees(q, axes, 2, "signed")[0]).toBe(4);
    expect(Array.from(curvatureOrder([1, -1, 1, 2]))).toEqual([3, 0, 1, 2]);
  });

  test("over labels gives the minimum and the label that has it", () => {
    const scores = [outside, inside].map((queries) => lees(queries, pairs, 3));
    const out = leesOverLabels([outside, inside], pairs, 3);
    for (let t = 0; t < 4; t++) {
      expect(out.scores[t]).toBe(Math.min(scores[0]![t]!, scores[1]![t]!));
      expect(out.labels[t]).toBe(1);
    }
  });

  test("refuses what does not fit", () => {
    const twice = {
      values: pairs.values,
      vectors: matrix(
        7,
        7,
        pairs.vectors.data.map((v) => 2 * v),
      ),
    };
    const slanted = {
      values: Float64Array.of(1, 1),
      vectors: matrix(2, 2, [1, 0, Math.SQRT1_2, Math.SQRT1_2]),
    };
    expect(() => lees(outside, twice, 1)).toThrow(/eigenvector 0 has length .*; expected rows of length 1/);
    expect(() => lees(matrix(1, 2), slanted, 1)).toThrow(/eigenvectors 0 and 1 have the inner product/);
    expect(() => lees(matrix(1, 3), pairs, 1)).toThrow(/the queries has 3 columns/);
    expect(() => lees(outside, { ...pairs, values: new Float64Array(2) }, 1)).toThrow(/2 eigenvalues for 7/);
    for (const counts of [[8], [-1], [1.5], [3, 2]])
      expect(() => leesCurve(outside, pairs, counts)).toThrow(/m = /);
    expect(() => leesOverLabels([], pairs, 1)).toThrow(/no candidate labels/);
    expect(() => leesOverLabels([outside, matrix(1, 7)], pairs, 1)).toThrow(/1 gradients under label 1, 4/);
  });
});

describe("choice of m", () => {
  // Three directions of data, dead ones at the ridge, noise down to −0.02.
  const values = [0.004, 60, 5e-5, 5e-5, -0.02, 0.5, 0.3, 0.011];

  test("counts eigenvalues above the larger of ridge and most negative", () => {
    expect(noiseFloor(values, 5e-5)).toBe(0.02);
    expect(countAboveFloor(values, 5e-5).m).toBe(3);
    expect(countAboveFloor([60, 0.3, 5e-5], 5e-5).m).toBe(2);
    expect(countAboveFloor([5e-5, 5e-5], 5e-5)).toMatchObject({
      m: 0,
      warnings: [expect.stringMatching(/nothing/)],
    });
  });

  test("finds the widest relative gap above the floor", () => {
    expect(countAtGap(values, 5e-5).m).toBe(1);
    expect(countAtGap([60, 50, 0.4, 0.3, 5e-3, -4e-3], 1e-5).m).toBe(2);
    expect(countAtGap([1, 1], 0).m).toBe(0);
  });

  test("by a threshold keeps the two largest always, and warns where it is below the floor", () => {
    expect(countAboveThreshold(values, 1)).toEqual({ m: 2, warnings: [] });
    expect(countAboveThreshold(values, 0.1).m).toBe(3);
    const low = countAboveThreshold(values, 0.01, 5e-5);
    expect(low.m).toBe(4);
    expect(low.warnings[0]).toMatch(/threshold 0.01 is below the noise floor 0.02/);
  });

  test("refuses what is no spectrum", () => {
    for (const choose of [countAboveFloor, countAtGap]) {
      expect(() => choose([], 0)).toThrow(/no eigenvalues/);
      expect(() => choose([1, Number.NaN], 0)).toThrow(/eigenvalue 1 is NaN/);
      expect(() => choose([1], -1)).toThrow(/ridge -1/);
    }
  });
});
