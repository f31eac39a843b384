import { describe, expect, test } from "vitest";
import { random } from "../../../core/random.ts";
import { eigenSymmetric } from "../../../linalg/eigen-symmetric.ts";
import { matrix } from "../../../linalg/matrix.ts";
import type { Samples } from "../../../models/objective/contract.ts";
import { crossEntropy } from "../../../models/objective/losses.ts";
import { initialSequentialParameters } from "../../../models/sequential/initial.ts";
import { sequentialObjective } from "../../../models/sequential/objective.ts";
import { sequential } from "../../../models/sequential/sequential.ts";
import { trainToMinimum } from "../../../models/train-to-minimum.ts";
import { alignment } from "./alignment.ts";
import { chainGradients, predictedClasses } from "./functionals.ts";

/**
 * The toy of Sabanayagam, Behrens, Adomaityte & Dawid, arXiv:2306.07104: three Gaussians in the plane. Outliers of the
 * spectrum go with boundaries that the data straddle: two (C − 1) where the classes lie in a row, three where each of
 * three meets the other two. Draws are mirrored or turned copies of one another, so that no boundary is favoured.
 */
type Arrangement = "row" | "triangle";

function mixture(arrangement: Arrangement, seed: number, shuffled = false, each = 30): Samples {
  const stream = random(seed, "mixture");
  const count = 3 * each;
  const points = new Float64Array(2 * count);
  for (let j = 0; j < each; j++) {
    const [u, v] = [0.6 * stream.normal(), 0.6 * stream.normal()];
    for (let c = 0; c < 3; c++) {
      const turn = (2 * Math.PI * c) / 3;
      const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
      // In a row the middle class is its own mirror image: every other draw is turned round.
      const side = c === 1 ? (j % 2 === 0 ? 1 : -1) : 1 - c;
      const [x, y] =
        arrangement === "triangle"
          ? [(1.5 + u) * cos - v * sin, (1.5 + u) * sin + v * cos]
          : [2 * (1 - c) + side * u, v];
      points.set([x, y], 2 * (3 * j + c));
    }
  }
  const order = shuffled ? stream.permutation(count) : Int32Array.from({ length: count }, (_, i) => i);
  return { count, inputs: [points], targets: Float64Array.from(order, (i) => i % 3) };
}

const model = sequential({
  name: "2-16-16-3, tanh",
  input: [2],
  layers: [
    { kind: "dense", outputs: 16 },
    { kind: "activation", function: "tanh" },
    { kind: "dense", outputs: 16 },
    { kind: "activation", function: "tanh" },
    { kind: "dense", outputs: 3 },
  ],
});

async function trained(train: Samples) {
  const objective = sequentialObjective({ model, train, loss: crossEntropy(3), ridge: 1e-2 });
  const start = initialSequentialParameters(model, random(1));
  const { parameters, converged } = await trainToMinimum(objective, start, { tolerance: 1e-6 });
  expect(converged).toBe(true);
  return { objective, parameters, ...eigenSymmetric(await objective.hessian(parameters)) };
}

/** Where among the ten largest the ratio of neighbours is widest, and that ratio. */
function widestGap(values: Float64Array): { at: number; ratio: number } {
  const ratios = Array.from(values.subarray(0, 10), (value, k) => value / values[k + 1]!);
  const ratio = Math.max(...ratios);
  return { at: ratios.indexOf(ratio) + 1, ratio };
}

const aboveTenth = (values: Float64Array) => values.filter((value) => value > values[0]! / 10).length;

describe("the spectrum of a network that tells three Gaussians apart", () => {
  test.each([1, 2, 3])(
    "has C − 1 = 2 outliers for classes in a row, 3 for a triangle (draw %i)",
    async (seed) => {
      const row = await trained(mixture("row", seed));
      expect(widestGap(row.values).at).toBe(2);
      expect(widestGap(row.values).ratio).toBeGreaterThan(4);
      const triangle = await trained(mixture("triangle", seed));
      expect(widestGap(triangle.values).at).toBe(3);
    },
  );

  test.each([1, 2, 3])("has more outliers for random labels of the same points (draw %i)", async (seed) => {
    const plain = await trained(mixture("row", seed));
    const random_ = await trained(mixture("row", seed, true));
    expect(aboveTenth(random_.values)).toBeGreaterThan(aboveTenth(plain.values) + 1);
    expect(widestGap(random_.values).ratio).toBeLessThan(widestGap(plain.values).ratio / 2);
  });
});

/** Oracle: the class of largest logit on either side of every edge of a grid. */
test("the alignment with v₁ flips its sign across the decision boundary and hardly anywhere else", async () => {
  const { objective, parameters, vectors } = await trained(mixture("row", 1));
  const side = 41;
  const points = new Float64Array(2 * side * side);
  for (let a = 0; a < side; a++) {
    for (let b = 0; b < side; b++) points.set([-4 + 0.2 * a, -2 + 0.1 * b], 2 * (a * side + b));
  }
  const grid: Samples = { count: side * side, inputs: [points], targets: new Float64Array(side * side) };
  const outputs = await objective.evaluate(parameters, grid);
  const classes = predictedClasses(outputs);
  const slopes = objective.loss.slopes(outputs, Float64Array.from(classes));
  const gradients = chainGradients(await objective.jacobian(parameters, grid), slopes);
  const first = matrix(1, objective.size, vectors.data.slice(0, objective.size));
  const along = alignment(gradients, first).data;
  const count = { across: [0, 0], within: [0, 0] };
  for (let a = 0; a < side; a++) {
    for (let b = 0; b < side; b++) {
      for (const [da, db] of [
        [1, 0],
        [0, 1],
      ] as const) {
        if (a + da >= side || b + db >= side) continue;
        const [i, j] = [a * side + b, (a + da) * side + b + db];
        const kind = classes[i] === classes[j] ? count.within : count.across;
        kind[1]!++;
        if (along[i]! * along[j]! < 0) kind[0]!++;
      }
    }
  }
  expect(count.across[1]).toBeGreaterThan(side);
  expect(count.across[0]! / count.across[1]!).toBeGreaterThan(0.9);
  expect(count.within[0]! / count.within[1]!).toBeLessThan(0.05);
});
