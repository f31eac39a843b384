import { expect, test } from "vitest";
import { random } from "../../../core/random.ts";
import { print } from "../../../expressions/print.ts";
import { differences, savitzkyGolay, trajectoryRanges } from "./derivatives.ts";
import { exponentsOf, fourierLibrary, libraryMatrix, polynomialLibrary } from "./library.ts";
import { noiseCorrectedMoments } from "./noise-corrected.ts";
import { momentsOf, solveActive, sumOfMoments } from "./normal.ts";
import { weakForm } from "./weak-form.ts";

const uneven = Float64Array.from({ length: 40 }, (_, i) => i / 10 + 0.03 * Math.sin(5 * i));

test("differences are exact for parabolas, Savitzky–Golay for cubics, at uneven times and at the ends", () => {
  const parabola = uneven.map((t) => 3 - 2 * t + 5 * t * t);
  differences(parabola, uneven).forEach((slope, i) => {
    expect(slope).toBeCloseTo(-2 + 10 * uneven[i]!, 9);
  });
  const cubic = uneven.map((t) => t ** 3 - t);
  const { values, derivatives } = savitzkyGolay(cubic, uneven, { window: 7 });
  uneven.forEach((t, i) => {
    expect(values[i]).toBeCloseTo(cubic[i]!, 8);
    expect(derivatives[i]).toBeCloseTo(3 * t * t - 1, 7);
  });
});

test("trajectories are runs of one number", () => {
  expect(trajectoryRanges([0, 0, 1, 1, 1, 0], 6)).toEqual([
    [0, 2],
    [2, 5],
    [5, 6],
  ]);
  expect(trajectoryRanges(undefined, 4)).toEqual([[0, 4]]);
});

test("libraries: all monomials up to a degree in order, sines and cosines, and their values", () => {
  const names = ["x", "y"];
  const terms = [...polynomialLibrary(2, { degree: 3 }), ...fourierLibrary(2, { frequencies: 1 })];
  expect(terms.map((term) => print(term, { names }))).toEqual(
    "1 x y x^2 x*y y^2 x^3 x^2*y x*y^2 y^3 sin(x) cos(x) sin(y) cos(y)".split(" "),
  );
  expect(exponentsOf(3, 4).length).toBe(15);
  const [x, y] = [Float64Array.of(2, -1), Float64Array.of(3, 0.5)];
  const design = libraryMatrix(terms, [x, y]);
  expect(Array.from(design.data.subarray(0, 10))).toEqual([1, 2, 3, 4, 6, 9, 8, 12, 18, 27]);
  expect(design.data[terms.length + 12]).toBeCloseTo(Math.sin(0.5), 15);
});

test("the weak form of ẋ = −2x holds on its solution: −∫φ̇x = ∫φ·(−2x)", () => {
  const times = Float64Array.from({ length: 201 }, (_, i) => i / 100);
  const x = times.map((t) => Math.exp(-2 * t));
  const weak = weakForm(libraryMatrix(polynomialLibrary(1, { degree: 1 }), [x]), [x], times, undefined, {
    window: 81,
  });
  expect(weak.design.rows).toBe(13);
  for (let i = 0; i < weak.design.rows; i++) {
    expect(weak.targets[0]![i]! / (-2 * weak.design.data[2 * i + 1]!)).toBeCloseTo(1, 5);
  }
});

test("moments corrected for noise have the expectation of the true ones (20 000 draws, five standard errors)", () => {
  const sigma = 0.5;
  const stream = random(5);
  const rows = 20_000;
  const truth = Float64Array.from({ length: rows }, () => 2 * stream.uniform() - 0.5);
  const measured = truth.map((x) => x + sigma * stream.normal());
  const target = truth.map((x) => x * x);
  const exponents = [[0], [1], [2]];
  const library = polynomialLibrary(1, { degree: 2 });
  const exact = momentsOf(libraryMatrix(library, [truth]), [target]);
  const plain = momentsOf(libraryMatrix(library, [measured]), [target]);
  const corrected = noiseCorrectedMoments(exponents, [measured], [target], [sigma]);
  exact.gram.data.forEach((value, i) => {
    expect(Math.abs(corrected.gram.data[i]! - value) / rows).toBeLessThan(0.06);
  });
  expect(Math.abs(plain.gram.data[8]! - exact.gram.data[8]!) / rows).toBeGreaterThan(0.5);
  const solved = solveActive(corrected.gram, corrected.right[0]!, [0, 1, 2], 0);
  expect(Math.hypot(solved[0]!, solved[1]!, solved[2]! - 1)).toBeLessThan(0.1);
  const halves = [
    noiseCorrectedMoments(exponents, [measured], [target], [sigma], [0, 7000]),
    noiseCorrectedMoments(exponents, [measured], [target], [sigma], [7000, rows]),
  ];
  const sum = sumOfMoments(halves);
  sum.gram.data.forEach((value, i) => {
    expect(value / corrected.gram.data[i]!).toBeCloseTo(1, 10);
  });
});
