import { expect, test } from "vitest";
import { random } from "../../core/random.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import type { OutputLoss } from "./contract.ts";
import { crossEntropy, softmaxRows, squaredError } from "./losses.ts";

const stream = random(4, "losses");
const rows = 5;
const cases: { loss: OutputLoss; cols: number; targets: Float64Array; outputs: Matrix }[] = [2, 3, 7].map(
  (cols) => ({
    loss: crossEntropy(cols),
    cols,
    targets: Float64Array.from({ length: rows }, () => stream.int(cols)),
    outputs: matrix(
      rows,
      cols,
      Float64Array.from({ length: rows * cols }, () => 2 * stream.normal()),
    ),
  }),
);
for (const cols of [1, 3]) {
  const draw = () => Float64Array.from({ length: rows * cols }, () => stream.normal());
  cases.push({ loss: squaredError(cols), cols, targets: draw(), outputs: matrix(rows, cols, draw()) });
}

/** The oracle is central differences of the values, and of the slopes. */
test.each(cases)("$loss.name over $cols outputs: slopes and curvatures equal differences", (each) => {
  const { loss, cols, targets, outputs } = each;
  const step = 1e-5;
  const slopes = loss.slopes(outputs, targets);
  const curvatures = loss.curvatures(outputs, targets);
  for (let c = 0; c < cols; c++) {
    const moved = (by: number) =>
      matrix(
        rows,
        cols,
        outputs.data.map((f, i) => (i % cols === c ? f + by : f)),
      );
    const [up, down] = [loss.values(moved(step), targets), loss.values(moved(-step), targets)];
    const [upS, downS] = [loss.slopes(moved(step), targets), loss.slopes(moved(-step), targets)];
    for (let i = 0; i < rows; i++) {
      expect(slopes.data[i * cols + c]!).toBeCloseTo((up[i]! - down[i]!) / (2 * step), 8);
      for (let k = 0; k < cols; k++) {
        const difference = (upS.data[i * cols + k]! - downS.data[i * cols + k]!) / (2 * step);
        expect(curvatures.data[(i * cols + k) * cols + c]!).toBeCloseTo(difference, 8);
      }
    }
  }
});

/** C6: the Fisher matrix is the covariance of the slopes over the model's own predictive distribution. */
test("the Fisher matrix of cross-entropy is the expectation of slope·slopeᵀ over drawn classes, and its curvature", () => {
  for (const { loss, cols, outputs, targets } of cases.filter(({ loss }) => loss.classes)) {
    const p = softmaxRows(outputs);
    const fisher = loss.fisher(outputs);
    const expected = new Float64Array(fisher.data.length);
    for (let y = 0; y < cols; y++) {
      const slope = loss.slopes(outputs, new Float64Array(rows).fill(y)).data;
      for (let i = 0; i < rows; i++) {
        for (let a = 0; a < cols; a++) {
          for (let b = 0; b < cols; b++) {
            expected[(i * cols + a) * cols + b]! +=
              p.data[i * cols + y]! * slope[i * cols + a]! * slope[i * cols + b]!;
          }
        }
      }
    }
    fisher.data.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 14);
    });
    expect(loss.curvatures(outputs, targets)).toEqual(fisher);
  }
});

test("cross-entropy keeps its digits where the prediction is certain, right or wrong", () => {
  const loss = crossEntropy(2);
  const far = matrix(3, 2, [800, -800, 40, 0, 0, 40]);
  const [sure, near, wrong] = loss.values(far, Float64Array.of(0, 0, 0));
  expect(sure).toBe(0);
  expect(near).toBeCloseTo(Math.exp(-40), 25);
  expect(near).toBeGreaterThan(0);
  expect(wrong).toBeCloseTo(40, 13);
  expect(loss.values(far, Float64Array.of(1, 1, 1))[0]).toBe(1600);
  expect(loss.slopes(far, Float64Array.of(0, 0, 0)).data[2]! / -Math.exp(-40)).toBeCloseTo(1, 12);
  expect(loss.curvatures(far, Float64Array.of(0, 0, 0)).data[4]! / Math.exp(-40)).toBeCloseTo(1, 12);
});

test("wrong targets and shapes are refused by row", () => {
  const two = matrix(2, 2, [1, 2, 3, 4]);
  for (const bad of [2, -1, 0.5, Number.NaN]) {
    expect(() => crossEntropy(2).values(two, Float64Array.of(0, bad))).toThrow(/row 1: target .* 0 to 1/);
  }
  expect(() => crossEntropy(2).slopes(two, Float64Array.of(0))).toThrow(/1 targets for 2 rows/);
  expect(() => crossEntropy(3).fisher(two)).toThrow(/2×2 outputs; expected 3 a row/);
  expect(() => squaredError(2).values(two, Float64Array.of(0))).toThrow(/1 targets for 2×2/);
  expect(() => squaredError(1).fisher(two)).toThrow(/expected 1 a row/);
  for (const bad of [1, 0, 2.5, Number.NaN]) expect(() => crossEntropy(bad)).toThrow(/classes/);
  for (const bad of [0, 1.5]) expect(() => squaredError(bad)).toThrow(/outputs/);
});
