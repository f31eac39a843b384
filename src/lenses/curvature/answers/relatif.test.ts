import { expect, test } from "vitest";
import {
  choleskySolver,
  dot,
  eigenSolver,
  largestGap,
  normalMatrix,
  ridgeProblem,
} from "../../../../test/support/curvature-problems.ts";
import { random } from "../../../core/random.ts";
import { matrix } from "../../../linalg/matrix.ts";
import { rowOf } from "../../../linalg/rows.ts";
import { influence } from "./influence.ts";
import { relatif } from "./relatif.ts";

const { gradients, hessian, n, d, theta } = ridgeProblem({ d: 5 });
const solver = choleskySolver(hessian());
const queries = normalMatrix(4, d, random(2, "queries"));
const norm = (row: ArrayLike<number>) => Math.sqrt(dot(row, row));

test("θ-RelatIF stays within ‖q‖ and ℓ-RelatIF within √(qᵀH⁻¹q), and reach them for q along s or g (C9)", async () => {
  const solved = await solver.solve(gradients);
  const solvedQueries = await solver.solve(queries);
  const byParameters = await relatif({ gradients, queries, solve: solver.solve, against: "parameters" });
  const byLosses = await relatif({ gradients, queries, solve: solver.solve, against: "losses" });
  for (let t = 0; t < queries.rows; t++) {
    const root = Math.sqrt(dot(rowOf(queries, t), rowOf(solvedQueries, t)));
    for (let i = 0; i < n; i++) {
      expect(Math.abs(byParameters.data[t * n + i]!)).toBeLessThanOrEqual(
        norm(rowOf(queries, t)) * (1 + 1e-12),
      );
      expect(Math.abs(byLosses.data[t * n + i]!)).toBeLessThanOrEqual(root * (1 + 1e-12));
    }
  }
  // Equality where q is parallel to H⁻¹g (θ) and to g (ℓ).
  const along = matrix(1, d, rowOf(solved, 3));
  const tight = await relatif({ gradients, queries: along, solve: solver.solve, against: "parameters" });
  expect(tight.data[3]).toBeCloseTo(norm(along.data), 12);
  const same = matrix(1, d, rowOf(gradients, 3));
  const tightLoss = await relatif({ gradients, queries: same, solve: solver.solve, against: "losses" });
  expect(tightLoss.data[3]).toBeCloseTo(Math.sqrt(dot(rowOf(gradients, 3), rowOf(solved, 3))), 12);
});

test("does not change when a gradient is scaled, has the sign of the influence, and is 0 for no gradient", async () => {
  const factors = Float64Array.from({ length: n }, (_, i) => (i === 5 ? 0 : 10 ** ((i % 7) - 3)));
  const scaled = matrix(
    n,
    d,
    gradients.data.map((value, at) => value * factors[Math.floor(at / d)]!),
  );
  const { values } = await influence({ gradients, queries, solve: solver.solve });
  for (const against of ["parameters", "losses"] as const) {
    const a = await relatif({ gradients, queries, solve: solver.solve, against });
    const b = await relatif({ gradients: scaled, queries, solve: solver.solve, against });
    for (let at = 0; at < a.data.length; at++) {
      if (at % n === 5) expect(b.data[at]).toBe(0);
      else expect(b.data[at]).toBeCloseTo(a.data[at]!, 11);
      expect(Math.sign(a.data[at]!)).toBe(Math.sign(values.data[at]!));
    }
  }
});

test("is cosine similarity times ‖q‖ for a curvature that is a multiple of 1", async () => {
  const flat = matrix(d, d);
  for (let j = 0; j < d; j++) flat.data[j * d + j] = 3;
  const out = await relatif({ gradients, queries, solve: choleskySolver(flat).solve, against: "parameters" });
  for (let t = 0; t < 4; t++) {
    for (let i = 0; i < n; i++) {
      const [q, g] = [rowOf(queries, t), rowOf(gradients, i)];
      expect(out.data[t * n + i]).toBeCloseTo(dot(q, g) / norm(g), 12);
    }
  }
});

test("the toolbox's scale is the influence over ‖H⁻¹g‖, regulariser and all", async () => {
  const regulariser = { parameters: theta, ridge: 0.3 };
  const common = { gradients, queries, solve: solver.solve, regulariser };
  const out = await relatif({ ...common, against: "parameters", scale: "toolbox" });
  const { values } = await influence(common);
  const solved = await solver.solve(
    matrix(
      n,
      d,
      gradients.data.map((value, at) => value + 0.3 * theta[at % d]!),
    ),
  );
  const expected = values.data.map((value, at) => value / norm(rowOf(solved, at % n)));
  expect(largestGap(out.data, expected)).toBeLessThan(1e-15);
});

test("against losses refuses a curvature that is not positive definite, naming the sample", async () => {
  const indefinite = matrix(d, d);
  for (let j = 0; j < d; j++) indefinite.data[j * d + j] = j === 0 ? -1 : 1;
  const first = matrix(2, d);
  first.data[1] = 1;
  first.data[d] = 1;
  const { solve } = eigenSolver(indefinite);
  await expect(relatif({ gradients: first, queries, solve, against: "losses" })).rejects.toThrow(
    /gᵀH⁻¹g is -1 for training sample 1.*Gauss–Newton/,
  );
  await expect(relatif({ gradients: first, queries, solve, against: "parameters" })).resolves.toBeDefined();
  await expect(relatif({ gradients, queries: matrix(1, 2), solve, against: "losses" })).rejects.toThrow(
    /2 columns/,
  );
});
