import { describe, expect, test } from "vitest";
import { clouds, dot, normalMatrix, softmaxProblem } from "../../../../test/support/curvature-problems.ts";
import { random } from "../../../core/random.ts";
import { eigenSymmetric } from "../../../linalg/eigen-symmetric.ts";
import { matrix } from "../../../linalg/matrix.ts";
import { columnOf } from "../../../linalg/rows.ts";
import { alignment, chanceAlignment, generalisationMeasure } from "./alignment.ts";
import { marginBetween, marginByAscent } from "./boundary-margin.ts";
import { chainGradients, classMeasures, predictedClasses } from "./functionals.ts";
import { signFlips } from "./sign-flips.ts";

describe("alignment", () => {
  test("is the cosine with each direction, 0 for a vanishing gradient", () => {
    const a = alignment(matrix(3, 2, [3, 4, 0, -2, 1e-21, 0]), matrix(2, 2, [1, 0, 0, 1]));
    expect(Array.from(a.data)).toEqual([0.6, 0.8, 0, -1, 0, 0]);
  });

  test("with the top eigenvector flips sign where the classes meet, and nowhere else (C13)", () => {
    // Inputs short against the constant 1, so that the top eigenvector is mostly the bias.
    const { x: wide, labels } = clouds({ perClass: 60, spread: 0.7 });
    const x = matrix(
      120,
      3,
      wide.data.map((value, at) => (at % 3 === 2 ? value : 0.3 * value)),
    );
    const model = softmaxProblem(x, labels);
    const { vectors } = eigenSymmetric(model.hessian(model.theta));
    const path = Float64Array.from({ length: 81 }, (_, i) => 0.9 - i * 0.0226);
    const grid = matrix(81, 3, Array.from(path, (u) => [-u, 0.1, 1]).flat());
    const logits = model.logitsOf(model.theta, grid);
    const own = predictedClasses(logits);
    const r = model.softmax(logits);
    own.forEach((k, t) => {
      r.data[2 * t + k]! -= 1;
    });
    const gradients = chainGradients(model.jacobian(grid), r);
    const control = path.map((u) => -u);
    const a = columnOf(alignment(gradients, matrix(1, 6, vectors.data.slice(0, 6))), 0);
    const flips = signFlips(control, a);
    const margins = signFlips(control, classMeasures(logits, new Int32Array(81)).margin);
    expect(flips.length).toBe(1);
    expect(flips[0]!.bracket).toEqual(margins[0]!.bracket);
  });

  test("refuses directions of another size", () => {
    expect(() => alignment(matrix(1, 3), matrix(1, 2))).toThrow(/3 columns/);
  });
});

describe("generalisationMeasure", () => {
  test("counts the eigenvectors that any training gradient lies along, by hand", () => {
    const a = matrix(2, 4, [0.5, -0.01, 1e-7, 0, -0.6, 0.2, 1e-8, 0]);
    expect(Array.from(generalisationMeasure(a, [0, 1e-6, 0.1, 0.55, 1]))).toEqual([0.75, 0.5, 0.5, 0.25, 0]);
    expect(Array.from(generalisationMeasure(a, [0.1, 0.5], "mean"))).toEqual([0.5, 0.25]);
    expect(() => generalisationMeasure(matrix(0, 3), [0])).toThrow(/0×3/);
  });

  test("chance alignment of one gradient with random directions has mean square 1/d", () => {
    const d = 50;
    const one = normalMatrix(1, d, random(2));
    let squares = 0;
    for (let s = 0; s < 300; s++)
      squares += chanceAlignment(one, { directions: 1, random: random(s, "chance") }).mean ** 2;
    expect((squares / 300) * d).toBeCloseTo(1, 0.5);
    const { least, mean } = chanceAlignment(normalMatrix(200, d, random(4)), { random: random(1) });
    expect(least).toBeLessThanOrEqual(mean);
    expect(() => chanceAlignment(one, { directions: 0, random: random(1) })).toThrow(/0 directions/);
  });
});

describe("signFlips", () => {
  test("interpolates, tells the direction, and lets zeros widen the bracket", () => {
    expect(signFlips([0, 1, 3], [1, 1, -3])).toEqual([
      { at: 1.5, bracket: [1, 3], between: [1, 2], rising: false },
    ]);
    expect(signFlips([0, 1, 2, 3], [-1, 0, 0, 2])).toEqual([
      { at: 1.5, bracket: [0, 3], between: [0, 3], rising: true },
    ]);
    expect(signFlips([0, 1, 2], [1, 0, 2])).toEqual([]);
    expect(signFlips([0, 1, 2], [1, -1, 1]).map(({ rising }) => rising)).toEqual([false, true]);
  });

  test("refuses a control that does not rise and values that are none", () => {
    expect(() => signFlips([0, 1], [1])).toThrow(/1 values for 2 points/);
    expect(() => signFlips([0, 0], [1, 1])).toThrow(/from 0 to 0 at position 1/);
    expect(() => signFlips([0, Number.NaN], [1, 1])).toThrow(/position 1/);
    expect(() => signFlips([0], [Number.NaN])).toThrow(/position 0 is NaN/);
  });
});

describe("margin", () => {
  const extremes = { largest: Float64Array.of(4, 1), smallest: Float64Array.of(-2, -1) };

  test("between two points ends on a known line", async () => {
    const side = async (x: Float64Array) => x[0]! - 1;
    const { point, margin, distances } = await marginBetween(extremes, side);
    expect(point[0]).toBeCloseTo(1, 8);
    expect(point[1]).toBeCloseTo(0, 8);
    expect(distances[0]).toBeCloseTo(Math.hypot(3, 1), 8);
    expect(distances[1]).toBeCloseTo(Math.hypot(3, 1), 8);
    expect(margin).toBe(Math.min(...distances));
    await expect(marginBetween(extremes, async () => 1)).rejects.toThrow(/one side of the boundary/);
    await expect(marginBetween(extremes, async () => Number.NaN)).rejects.toThrow(/NaN at 0 of the line/);
    await expect(marginBetween({ ...extremes, largest: new Float64Array(3) }, side)).rejects.toThrow(
      /3 and 2 inputs/,
    );
  });

  test("by ascent finds the input whose gradient lies along a direction, in closed form", async () => {
    // The gradient of a linear model's loss is along (x, 1): fully aligned with (u, w) where x = u/w.
    const v = Float64Array.of(0.48, -0.6, 0.64);
    const aligned = async (x: Float64Array) => {
      const z = Float64Array.of(...x, 1);
      const [zv, zz] = [dot(z, v), dot(z, z)];
      const gradient = x.map((value, j) => (2 * zv * v[j]!) / zz - (2 * zv ** 2 * value) / zz ** 2);
      return { value: Math.min(1, zv ** 2 / zz), gradient };
    };
    const out = await marginByAscent(extremes, {
      start: Float64Array.of(1, 0.3),
      alignment: aligned,
      tolerance: 1e-14,
    });
    expect(out.converged).toBe(true);
    expect(out.point[0]).toBeCloseTo(0.48 / 0.64, 6);
    expect(out.point[1]).toBeCloseTo(-0.6 / 0.64, 6);
    expect(out.margin).toBeCloseTo(Math.hypot(0.75 + 2, -0.9375 + 1), 6);
    const few = await marginByAscent(extremes, {
      start: Float64Array.of(1, 0.3),
      alignment: aligned,
      steps: 1,
    });
    expect(few.converged).toBe(false);
  });

  test("by ascent refuses an alignment that is none", async () => {
    const start = new Float64Array(2);
    const bad = async () => ({ value: 1.5, gradient: start });
    await expect(marginByAscent(extremes, { start, alignment: bad })).rejects.toThrow(
      /squared alignment is 1.5/,
    );
    const short = async () => ({ value: 0.5, gradient: new Float64Array(1) });
    await expect(marginByAscent(extremes, { start, alignment: short })).rejects.toThrow(
      /1 values for 2 inputs/,
    );
    await expect(marginByAscent(extremes, { start: new Float64Array(3), alignment: bad })).rejects.toThrow(
      /2 and 3/,
    );
  });
});
