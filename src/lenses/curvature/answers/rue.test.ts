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
import { createTask } from "../../../core/task.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { rowOf } from "../../../linalg/rows.ts";
import { spearman } from "../../../stats/correlation.ts";
import { variance } from "../../../stats/describe.ts";
import { chainGradients, classMeasures, probabilityWeights } from "./functionals.ts";
import { resamplingSpread } from "./rue.ts";
import { multinomialWeights, resample } from "./rue-samples.ts";

const ols = ridgeProblem({ kappa: 0, n: 60, d: 4 });
const queries = normalMatrix(7, 4, random(2, "queries"));
const solver = choleskySolver(ols.hessian());
const linear = async (theta: Float64Array) => ({
  prediction: Float64Array.from({ length: 7 }, (_, t) => dot(rowOf(queries, t), theta)),
});
const common = { parameters: ols.theta, gradients: ols.gradients, solver };

describe("resamplingSpread", () => {
  test("is the HC0 sandwich (XᵀX)⁻¹ Σ e²xxᵀ (XᵀX)⁻¹ for least squares (C10)", async () => {
    const spread = await resamplingSpread({ gradients: ols.gradients, queries, solver });
    const { solve } = choleskySolver(
      matrix(
        4,
        4,
        ols.hessian().data.map((value) => value * ols.n),
      ),
    );
    const bread = await solve(queries);
    for (let t = 0; t < 7; t++) {
      let sandwich = 0;
      for (let i = 0; i < ols.n; i++)
        sandwich += (ols.residuals[i]! * dot(rowOf(bread, t), rowOf(ols.x, i))) ** 2;
      expect(spread[t]).toBeCloseTo(Math.sqrt(sandwich), 13);
    }
  });

  test("takes the mean gradient out: a shift of all gradients changes nothing", async () => {
    const shifted = matrix(
      60,
      4,
      ols.gradients.data.map((value, at) => value + (at % 4) + 1),
    );
    const a = await resamplingSpread({ gradients: ols.gradients, queries, solver });
    const b = await resamplingSpread({ gradients: shifted, queries, solver });
    expect(largestGap(a, b)).toBeLessThan(1e-13);
  });

  test("refuses an indefinite curvature, by the solver's word or by what it returns", async () => {
    const indefinite = matrix(4, 4);
    for (let j = 0; j < 4; j++) indefinite.data[j * 4 + j] = j === 2 ? -1 : 1;
    const bad = eigenSolver(indefinite);
    const along = matrix(2, 4, [1, 0, 0, 0, 0, 0, 1, 0]);
    await expect(resamplingSpread({ gradients: ols.gradients, queries: along, solver: bad })).rejects.toThrow(
      /bᵀH⁻¹b is -1 for query 1.*not positive definite/,
    );
    const known = { ...bad, negative: 1 };
    await expect(
      resamplingSpread({ gradients: ols.gradients, queries: matrix(1, 4, [1, 0, 0, 0]), solver: known }),
    ).rejects.toThrow(/1 negative directions/);
    await expect(
      resample({ ...common, solver: bad, draws: 3, random: random(1), evaluate: linear }),
    ).rejects.toThrow(/not positive definite/);
  });
});

describe("resample", () => {
  test("of a linear quantity agrees with the closed form at the rate 1/√(2B) (C10, A12)", async () => {
    const exact = await resamplingSpread({ gradients: ols.gradients, queries, solver });
    const draws = 4000;
    const { deviation } = await resample({ ...common, draws, random: random(5), evaluate: linear });
    const errors = deviation["prediction"]!.map((value, t) => value / exact[t]! - 1);
    // Four standard errors; the first would be missed by the bug below or a wrong 1/n.
    for (const error of errors) expect(Math.abs(error)).toBeLessThan(4 / Math.sqrt(2 * draws));
  });

  test("copies of one set of weights have no spread, whatever the loss (the reference's defect D1)", async () => {
    const one = multinomialWeights(1, ols.n, random(8));
    const copies = matrix(
      50,
      ols.n,
      Float64Array.from({ length: 50 * ols.n }, (_, at) => one.data[at % ols.n]!),
    );
    const { deviation, at, mean, steps } = await resample({
      ...common,
      draws: copies,
      random: random(1),
      evaluate: linear,
    });
    for (let t = 0; t < 7; t++) {
      expect(deviation["prediction"]![t]).toBe(0);
      expect(mean["prediction"]![t]).not.toBeCloseTo(at["prediction"]![t]!, 6);
    }
    expect(new Set(steps).size).toBe(1);
  });

  test("the spread is that of the quantity, not of its size: an offset changes nothing, a factor scales it", async () => {
    const spread = async (offset: number, factor: number) => {
      const evaluate = async (theta: Float64Array) => ({
        loss: (await linear(theta)).prediction.map((value) => offset + factor * value),
      });
      return (await resample({ ...common, draws: 60, random: random(3), evaluate })).deviation["loss"]!;
    };
    const plain = await spread(0, 1);
    expect(largestGap(await spread(100, 1), plain)).toBeLessThan(1e-11);
    expect(
      largestGap(
        await spread(0, 3),
        plain.map((value) => 3 * value),
      ),
    ).toBeLessThan(1e-12);
  });

  test("weights of 1 give θ̂ back", async () => {
    const draws = matrix(3, ols.n, new Float64Array(3 * ols.n).fill(1));
    const out = await resample({ ...common, draws, random: random(1), evaluate: linear });
    expect(out.mean).toEqual(out.at);
    expect(Array.from(out.steps)).toEqual([0, 0, 0]);
  });

  test("follows brute-force refits on bootstrap samples of a classifier (C10)", async () => {
    const { x, labels } = clouds({ perClass: 50, spread: 1.6, seed: 3 });
    const model = softmaxProblem(x, labels);
    const grid = matrix(
      25,
      3,
      Array.from({ length: 25 }, (_, t) => [(t - 12) / 4, ((t * 7) % 11) / 4, 1]).flat(),
    );
    const classes = new Int32Array(25).fill(1);
    const weights = multinomialWeights(200, model.n, random(11));
    const refits = Array.from({ length: 200 }, (_, b) => {
      const theta = model.trained(rowOf(weights, b), model.theta);
      return classMeasures(model.logitsOf(theta, grid), classes).probability;
    });
    const brute = Float64Array.from({ length: 25 }, (_, t) =>
      Math.sqrt(variance(refits.map((row) => row[t]!))),
    );
    const gradients = chainGradients(model.jacobian(x), model.slopes);
    const lens = choleskySolver(model.hessian(model.theta));
    const evaluate = async (theta: Float64Array) => ({
      ...classMeasures(model.logitsOf(theta, grid), classes),
    });
    const { deviation } = await resample({
      parameters: model.theta,
      gradients,
      solver: lens,
      draws: weights,
      random: random(1),
      evaluate,
    });
    expect(spearman(deviation["probability"]!, brute)).toBeGreaterThan(0.95);
    const logits = model.logitsOf(model.theta, grid);
    const q = chainGradients(model.jacobian(grid), probabilityWeights(logits, classes));
    const closed = await resamplingSpread({ gradients, queries: q, solver: lens });
    expect(spearman(closed, brute)).toBeGreaterThan(0.95);
    // Sizes as well: the largest spread of each within a tenth.
    expect(Math.max(...closed) / Math.max(...brute)).toBeCloseTo(1, 0.7);
  });

  test("same seed, same numbers; another seed, others; and it can be stopped", async () => {
    const run = (seed: number) => resample({ ...common, draws: 20, random: random(seed), evaluate: linear });
    expect(await run(7)).toEqual(await run(7));
    expect((await run(8)).deviation).not.toEqual((await run(7)).deviation);
    const abort = new AbortController();
    abort.abort();
    const task = createTask({ signal: abort.signal });
    await expect(
      resample({ ...common, draws: 100, random: random(1), evaluate: linear, task }),
    ).rejects.toThrow(/cancelled/);
  });

  test("refuses what does not fit", async () => {
    let calls = 0;
    const change = async () => ({ loss: new Float64Array(++calls) });
    const nan = async () => ({ loss: Float64Array.of(calls++ === 0 ? 1 : Number.NaN) });
    const cases: [Partial<Parameters<typeof resample>[0]>, RegExp][] = [
      [{ draws: 1 }, /1 draws; expected two or more/],
      [{ draws: 0 }, /0 draws/],
      [{ draws: 2.5 }, /2.5 draws/],
      [{ draws: matrix(3, 4) }, /the weights has 4 columns/],
      [{ parameters: new Float64Array(3) }, /4 columns; expected one a parameter, 3/],
      [{ evaluate: change }, /draw 0 gave 2 values of 'loss'; expected 1/],
    ];
    for (const [bad, message] of cases) {
      await expect(
        resample({ ...common, draws: 5, random: random(1), evaluate: linear, ...bad }),
      ).rejects.toThrow(message);
    }
    calls = 0;
    await expect(resample({ ...common, draws: 5, random: random(1), evaluate: nan })).rejects.toThrow(
      /'loss' of test point 0 is NaN at draw 0/,
    );
  });
});

test("multinomial weights add up to n and have the covariance of Multinomial(n; 1/n): 1 − 1/n and −1/n", () => {
  const [draws, n] = [20000, 5];
  const weights: Matrix = multinomialWeights(draws, n, random(1));
  let [own, cross] = [0, 0];
  for (let b = 0; b < draws; b++) {
    const w = rowOf(weights, b);
    expect(w.reduce((a, c) => a + c, 0)).toBe(n);
    own += (w[0]! - 1) ** 2 / draws;
    cross += ((w[0]! - 1) * (w[1]! - 1)) / draws;
  }
  expect(own).toBeCloseTo(1 - 1 / n, 1);
  expect(cross).toBeCloseTo(-1 / n, 1);
});
