import { describe, expect, it } from "vitest";
import { random } from "../core/random.ts";
import { Cancelled, createTask } from "../core/task.ts";
import { cholesky, choleskySolve } from "../linalg/cholesky.ts";
import { gramOfRows } from "../linalg/gram.ts";
import { ldl, ldlSolveRows } from "../linalg/ldl.ts";
import { type Matrix, matrix } from "../linalg/matrix.ts";
import { operatorOf } from "../linalg/symmetric-operator.ts";
import { conjugateGradients } from "./conjugate-gradients.ts";
import { minres } from "./minres.ts";

function gaussian(rows: number, cols: number, seed: number): Matrix {
  const draw = random(seed, "krylov", rows, cols);
  return matrix(
    rows,
    cols,
    Float64Array.from({ length: rows * cols }, () => draw.normal()),
  );
}

function definite(n: number): Matrix {
  const a = gramOfRows(gaussian(n, n + 5, 1));
  for (let i = 0; i < n; i++) a.data[i * n + i]! += 2;
  return a;
}

function indefinite(n: number): Matrix {
  const a = definite(n);
  for (let i = 0; i < n; i += 3) a.data[i * n + i]! -= 2.5 * n;
  return a;
}

/** Largest |x − y| over the largest |y|. */
function gap(x: Float64Array, y: Float64Array): number {
  const scale = y.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
  return x.reduce((m, v, i) => Math.max(m, Math.abs(v - y[i]!)), 0) / scale;
}

describe("conjugateGradients", () => {
  it("agrees with Cholesky for several right-hand sides, one of them 0", async () => {
    const n = 90;
    const a = definite(n);
    const right = gaussian(4, n, 2);
    right.data.fill(0, n, 2 * n);
    const found = await conjugateGradients(operatorOf(a), right, { tolerance: 1e-12 });
    expect(found.ended).toEqual(new Array(4).fill("converged"));
    expect(found.iterations[1]).toBe(0);
    const l = cholesky(a);
    for (const r of [0, 2, 3]) {
      const direct = choleskySolve(l, right.data.subarray(r * n, (r + 1) * n));
      expect(gap(found.solution.data.subarray(r * n, (r + 1) * n), direct)).toBeLessThan(1e-9);
    }
    expect(Math.max(...found.residuals)).toBeLessThan(1e-11);
  });

  it("takes fewer steps with a good preconditioner, to the same solution", async () => {
    const n = 80;
    const a = definite(n);
    for (let i = 0; i < n; i++) a.data[i * n + i]! += 10 * (i + 1) ** 2;
    const right = gaussian(1, n, 3);
    const plain = await conjugateGradients(operatorOf(a), right);
    const scaled = await conjugateGradients(operatorOf(a), right, {
      preconditioner: (rows) =>
        matrix(
          rows.rows,
          n,
          rows.data.map((v, k) => v / a.data[(k % n) * (n + 1)]!),
        ),
    });
    expect(scaled.iterations[0]!).toBeLessThan(plain.iterations[0]! / 2);
    expect(gap(scaled.solution.data, plain.solution.data)).toBeLessThan(1e-8);
  });

  it("reports negative curvature with its direction, and running out of steps", async () => {
    const n = 30;
    const a = indefinite(n);
    const found = await conjugateGradients(operatorOf(a), gaussian(1, n, 4));
    expect(found.ended).toEqual(["negative curvature"]);
    const p = matrix(1, n, found.directions.get(0)!);
    const image = await operatorOf(a).multiply(p);
    expect(image.data.reduce((sum, v, i) => sum + v * p.data[i]!, 0)).toBeLessThanOrEqual(0);
    const short = await conjugateGradients(operatorOf(definite(n)), gaussian(1, n, 4), { maxIterations: 2 });
    expect(short.ended).toEqual(["iterations"]);
    expect(short.residuals[0]).toBeGreaterThan(1e-10);
  });
});

describe("minres", () => {
  it.each([
    ["definite", definite(70)],
    ["indefinite", indefinite(70)],
  ] as const)("agrees with LDLᵀ for a matrix that is %s", async (_, a) => {
    const right = gaussian(3, 70, 5);
    const found = await minres(operatorOf(a), right, { tolerance: 1e-12 });
    expect(found.ended).toEqual(["converged", "converged", "converged"]);
    expect(gap(found.solution.data, ldlSolveRows(ldl(a), right).data)).toBeLessThan(1e-8);
  });

  it("gives the shortest solution of a singular system that has one, and says where there is none", async () => {
    const diagonal = [3, -2, 5, 0, 0];
    const a = operatorOf(
      matrix(
        5,
        5,
        diagonal.flatMap((v, i) => diagonal.map((_, j) => (i === j ? v : 0))),
      ),
    );
    const good = await minres(a, matrix(1, 5, [6, 4, 5, 0, 0]));
    expect(good.ended).toEqual(["converged"]);
    [2, -2, 1, 0, 0].forEach((value, i) => {
      expect(good.solution.data[i]).toBeCloseTo(value, 10);
    });
    const none = await minres(a, matrix(1, 5, [6, 4, 5, 1, 0]));
    expect(none.ended).not.toEqual(["converged"]);
    expect(none.residuals[0]).toBeCloseTo(1 / Math.sqrt(36 + 16 + 25 + 1), 6);
    const zero = await minres(a, matrix(1, 5));
    expect(zero.ended).toEqual(["converged"]);
    expect([...zero.solution.data]).toEqual([0, 0, 0, 0, 0]);
  });
});

it.each([conjugateGradients, minres])(
  "%o refuses other sizes and hears that it should stop",
  async (solve) => {
    const a = operatorOf(definite(4));
    await expect(solve(a, matrix(1, 5))).rejects.toThrow("5 values, A has 4");
    const stop = new AbortController();
    stop.abort();
    await expect(solve(a, gaussian(1, 4, 1), { task: createTask({ signal: stop.signal }) })).rejects.toThrow(
      Cancelled,
    );
  },
);
