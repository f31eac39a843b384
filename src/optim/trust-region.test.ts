import { expect, test } from "vitest";
import { random } from "../core/random.ts";
import { eigenSymmetric } from "../linalg/eigen-symmetric.ts";
import { matrix } from "../linalg/matrix.ts";
import { trustRegionStep } from "./trust-region.ts";
import { dot, norm } from "./vector.ts";

/** The oracle is brute force: no random point of the ball, none near the step, is lower in the model. */
test.each([
  { name: "positive definite, inside", values: [1, 2, 4], gradient: [0.1, 0.2, -0.1], radius: 1 },
  { name: "positive definite, at the border", values: [1, 2, 4], gradient: [3, 1, -2], radius: 0.5 },
  { name: "indefinite", values: [-1, 2, 4], gradient: [0.3, 1, -2], radius: 0.7 },
  { name: "hard case", values: [-1, 2, 4], gradient: [0, 1, -2], radius: 5 },
  { name: "saddle", values: [-1, 2, 4], gradient: [0, 0, 0], radius: 0.3 },
  { name: "flat direction", values: [0, 2, 4], gradient: [0, 1, -2], radius: 5 },
])("$name: the step is the model's minimum in the ball", ({ values, gradient, radius }) => {
  const stream = random(2, "trust region");
  const basis = eigenSymmetric(matrix(3, 3, [1, 0.3, -0.2, 0.3, 2, 0.7, -0.2, 0.7, 5])).vectors;
  const h = matrix(3, 3);
  const g = new Float64Array(3);
  for (let k = 0; k < 3; k++) {
    for (let i = 0; i < 3; i++) {
      g[i]! += gradient[k]! * basis.data[k * 3 + i]!;
      for (let j = 0; j < 3; j++)
        h.data[i * 3 + j]! += values[k]! * basis.data[k * 3 + i]! * basis.data[k * 3 + j]!;
    }
  }
  const model = (s: Float64Array) =>
    dot(g, s) + 0.5 * s.reduce((sum, v, i) => sum + v * dot(h.data.subarray(3 * i, 3 * i + 3), s), 0);
  const { step, promised } = trustRegionStep(eigenSymmetric(h), g, radius);
  expect(norm(step)).toBeLessThanOrEqual(radius * (1 + 1e-9));
  expect(model(step)).toBeCloseTo(-promised, 12);
  for (let draw = 0; draw < 3000; draw++) {
    const other = Float64Array.from({ length: 3 }, () => stream.normal());
    const scale = (radius * stream.uniform() ** (1 / 3)) / norm(other);
    const point = draw % 2 ? other.map((v) => v * scale) : step.map((v, i) => v + 1e-3 * other[i]!);
    const inside = Math.min(1, radius / norm(point));
    expect(model(point.map((v) => v * inside))).toBeGreaterThanOrEqual(-promised - 1e-12);
  }
});
