import { expect, test } from "vitest";
import { random } from "../core/random.ts";
import { coverage } from "./coverage.ts";
import { erf, normalShareWithin } from "./normal.ts";

test("the error function is the tabulated one", () => {
  // Abramowitz & Stegun (1964), table 7.1 and 7.3.
  const table = [
    [0, 0],
    [0.5, 0.5204998778],
    [1, 0.8427007929],
    [1.5, 0.9661051465],
    [1.96, 0.9944262755],
    [2, 0.995322265],
    [3, 0.9999779095],
    [7, 1],
  ] as const;
  for (const [x, value] of table) {
    expect(erf(x)).toBeCloseTo(value, 9);
    expect(erf(-x)).toBeCloseTo(-value, 9);
  }
  expect(erf(Number.NaN)).toBeNaN();
  // Both branches meet: the derivative 2/√π e^(−x²) bridges the step.
  const step = 1e-7;
  expect(erf(2 + step) - erf(2 - step)).toBeCloseTo((4 * step * Math.exp(-4)) / Math.sqrt(Math.PI), 14);
});

test("one, two and three standard deviations hold 68.27, 95.45 and 99.73 per cent", () => {
  expect(normalShareWithin(1)).toBeCloseTo(0.682689492137, 11);
  expect(normalShareWithin(2)).toBeCloseTo(0.954499736104, 11);
  expect(normalShareWithin(3)).toBeCloseTo(0.997300203937, 11);
  expect(normalShareWithin(1.959963984540054)).toBeCloseTo(0.95, 12);
});

test("normal errors are covered as promised, halved uncertainties are not", () => {
  const stream = random(1);
  const sigma = Float64Array.from({ length: 20_000 }, () => 0.5 + stream.uniform());
  const actual = sigma.map((s) => 10 + s * stream.normal());
  const predicted = new Float64Array(20_000).fill(10);
  for (const { level, share, expectedSpread } of coverage(predicted, sigma, actual)) {
    expect(Math.abs(share - level)).toBeLessThan(4 * expectedSpread);
  }
  const half = coverage(
    predicted,
    sigma.map((s) => s / 2),
    actual,
  );
  // Within z/2 of a normal: 1 − 2Φ(−0.9945/2) = 0.381 and 0.673.
  expect(half[0]!.share).toBeCloseTo(0.381, 1);
  expect(half[1]!.share).toBeCloseTo(0.673, 1);
});

test("counts by hand, and refuses bad input by name", () => {
  expect(coverage([0, 0, 0, 0], [1, 1, 1, 1], [0.5, -0.9, 1.5, 3], [0.68])[0]).toEqual({
    level: 0.68,
    share: 0.5,
    expectedSpread: expect.closeTo(Math.sqrt((0.68 * 0.32) / 4), 12),
    count: 4,
  });
  const cases: [number[], number[], number[], number[], string][] = [
    [[], [], [], [0.5], "0 predictions"],
    [[1], [1, 2], [1], [0.5], "1 predictions, 2 sigmas, 1 values"],
    [[1], [0], [1], [0.5], "predicted 1 ± 0"],
    [[1], [Number.NaN], [1], [0.5], "± NaN"],
    [[Number.NaN], [1], [1], [0.5], "predicted NaN"],
    [[1], [1], [1], [1], "level 1"],
  ];
  for (const [p, s, a, levels, message] of cases) expect(() => coverage(p, s, a, levels)).toThrow(message);
});
