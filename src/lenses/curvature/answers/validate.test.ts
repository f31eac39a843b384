import { describe, expect, test } from "vitest";
import {
  choleskySolver,
  clouds,
  dot,
  largestGap,
  normalMatrix,
  ridgeProblem,
  softmaxProblem,
} from "../../../../test/support/curvature-problems.ts";
import { random } from "../../../core/random.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { rowOf } from "../../../linalg/rows.ts";
import { chainGradients, classMeasures } from "./functionals.ts";
import { groupRemoval } from "./group-removal.ts";
import { influence } from "./influence.ts";
import { newtonRemoval } from "./newton-removal.ts";
import { evaluatedEffect, linearEffect } from "./removal-effect.ts";
import { separation } from "./separation.ts";
import { compareChanges, datamodellingScore } from "./validate.ts";

describe("compareChanges", () => {
  test("influence of a logistic regression follows Newton refits without each sample, a Newton step nearer", async () => {
    const { x, labels } = clouds({ perClass: 100, spread: 1.5, seed: 2 });
    const model = softmaxProblem(x, labels, { kappa: 1e-2 });
    const test_ = clouds({ perClass: 3, spread: 1.5, seed: 9 });
    const lossAt = async (theta: Float64Array) =>
      classMeasures(model.logitsOf(theta, test_.x), test_.labels).loss;
    const gradients = chainGradients(model.jacobian(x), model.slopes);
    const q = model.softmax(model.logitsOf(model.theta, test_.x));
    test_.labels.forEach((k, t) => {
      q.data[2 * t + k]! -= 1;
    });
    const queries = chainGradients(model.jacobian(test_.x), q);
    const { solve } = choleskySolver(model.hessian(model.theta));
    const { values } = await influence({ gradients, queries, solve });
    const curvatures = model.curvatures;
    const step = await newtonRemoval(
      { jacobian: model.jacobian(x), slopes: model.slopes, curvatures },
      { solve, count: model.n },
    );
    const newton = await evaluatedEffect(step.changes, model.theta, lossAt);
    const refits = matrix(model.n, model.size);
    for (let i = 0; i < model.n; i++) {
      const weights = new Float64Array(model.n).fill(1);
      weights[i] = 0;
      const theta = model.trained(weights, model.theta);
      refits.data.set(
        theta.map((value, j) => value - model.theta[j]!),
        i * model.size,
      );
    }
    const singles = Array.from({ length: model.n }, (_, i) => [i]);
    const { first } = await groupRemoval({ gradients, groups: singles, solve });
    expect(largestGap(linearEffect(queries, first).data, values.data)).toBeLessThan(1e-15);
    const off = (changes: Matrix) =>
      Math.sqrt(changes.data.reduce((sum, value, k) => sum + (value - refits.data[k]!) ** 2, 0));
    expect(off(step.changes)).toBeLessThan(off(first));
    const actual = await evaluatedEffect(refits, model.theta, lossAt);
    for (let t = 0; t < test_.x.rows; t++) {
      const first = compareChanges(rowOf(values, t), rowOf(actual, t));
      const better = compareChanges(rowOf(newton, t), rowOf(actual, t));
      expect(first.pearson).toBeGreaterThan(0.99);
      expect(better.pearson).toBeGreaterThan(0.998);
      expect(Math.abs(better.slope - 1)).toBeLessThan(0.1);
    }
  });

  test("measures a known line", () => {
    const out = compareChanges([0, 1, 2, 3], [1, 3, 5, 7]);
    expect(out).toEqual({
      count: 4,
      pearson: 1,
      spearman: 1,
      slope: 2,
      intercept: 1,
      rmsError: Math.sqrt((1 + 4 + 9 + 16) / 4),
    });
    expect(compareChanges([1, 1], [0, 1]).slope).toBeNaN();
  });

  test("refuses what does not fit", () => {
    for (const [a, b] of [
      [[1], [1]],
      [[1, 2], [1]],
      [
        [1, 2],
        [1, Infinity],
      ],
    ]) {
      expect(() => compareChanges(a!, b!)).toThrow(/compareChanges/);
    }
  });
});

describe("datamodellingScore", () => {
  const { n, d, gradients, hessian, trained, theta } = ridgeProblem({ n: 60, d: 4 });
  const rng = random(3, "subsets");
  const subsets = matrix(
    40,
    n,
    Float64Array.from({ length: 40 * n }, () => (rng.uniform() < 0.8 ? 1 : 0)),
  );
  const rows = normalMatrix(3, d, rng);

  test("is high for influences of ridge predictions against models trained on the subsets", async () => {
    const { values } = await influence({ gradients, queries: rows, solve: choleskySolver(hessian()).solve });
    const outputs = matrix(40, 3);
    for (let s = 0; s < 40; s++) {
      const fitted = trained(rowOf(subsets, s));
      for (let t = 0; t < 3; t++)
        outputs.data[s * 3 + t] = dot(rowOf(rows, t), fitted) - dot(rowOf(rows, t), theta);
    }
    const { scores, mean, defined } = datamodellingScore({ subsets, outputs, influences: values });
    expect(defined).toBe(3);
    for (const score of scores) expect(score).toBeGreaterThan(0.9);
    const reversed = matrix(
      3,
      n,
      values.data.map((value) => -value),
    );
    expect(datamodellingScore({ subsets, outputs, influences: reversed }).mean).toBeCloseTo(-mean, 12);
  });

  test("is 1 where the outcome is the sum of what was left out, and leaves out what does not vary", () => {
    const influences = normalMatrix(2, n, rng);
    const outputs = matrix(40, 2);
    for (let s = 0; s < 40; s++) {
      for (let i = 0; i < n; i++)
        outputs.data[2 * s]! += (1 - subsets.data[s * n + i]!) * influences.data[i]!;
    }
    const { scores, mean, defined } = datamodellingScore({ subsets, outputs, influences });
    expect(scores[0]).toBeCloseTo(1, 12);
    expect(scores[1]).toBeNaN();
    expect([mean, defined]).toEqual([scores[0], 1]);
  });

  test("refuses what does not fit", () => {
    const influences = matrix(2, n);
    const outputs = matrix(40, 2);
    const half = matrix(40, n, new Float64Array(40 * n).fill(0.5));
    expect(() => datamodellingScore({ subsets: half, outputs, influences })).toThrow(
      /holds 0.5 for sample 0/,
    );
    expect(() => datamodellingScore({ subsets, outputs: matrix(3, 2), influences })).toThrow(
      /40 subsets and outputs of 3/,
    );
    expect(() => datamodellingScore({ subsets, outputs, influences: matrix(2, 5) })).toThrow(
      /2×5 for 2 test points/,
    );
  });
});

describe("separation", () => {
  const flagged = [true, false, true, false, false, true, false, false, false, false];
  const scores = [5, 1, 4, 4, 2, 0.5, 3, 0, 1, 2];

  test("is the share of pairs that are in order, ties half, with an interval around it", () => {
    let [won, pairs] = [0, 0];
    flagged.forEach((yes, i) => {
      flagged.forEach((also, j) => {
        if (!yes || also) return;
        pairs++;
        won += scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0;
      });
    });
    const out = separation(scores, flagged, { random: random(1) });
    expect(out.auc).toBeCloseTo(won / pairs, 14);
    expect(out).toMatchObject({ flagged: 3, others: 7 });
    expect(out.low).toBeLessThan(out.auc);
    expect(out.high).toBeGreaterThan(out.auc);
    expect(separation(scores, flagged, { random: random(1) })).toEqual(out);
    const sure = separation([3, 4, 1, 2], [true, true, false, false], { random: random(1) });
    expect([sure.auc, sure.low, sure.high]).toEqual([1, 1, 1]);
  });

  test("refuses scores that are none and flags of one kind", () => {
    const options = { random: random(1) };
    expect(() => separation([1], [true, false], options)).toThrow(/1 scores for 2 flags/);
    expect(() => separation([1, Number.NaN], [true, false], options)).toThrow(/score of point 1 is NaN/);
    expect(() => separation([1, 2], [true, true], options)).toThrow(/2 of 2 points are flagged/);
  });
});
