import { describe, expect, it } from "vitest";
import { eigenSymmetric } from "../../../linalg/eigen-symmetric.ts";
import { ldl, ldlSolveRows } from "../../../linalg/ldl.ts";
import { matrix } from "../../../linalg/matrix.ts";
import { product } from "../../../linalg/products.ts";
import { addDiagonal, asymmetry, frobenius, traceOf } from "../../../linalg/symmetric.ts";
import type { Objective } from "../../../models/objective/contract.ts";
import { blockDiagonal, parameterGroups } from "./block-diagonal.ts";
import { curvatureKinds, curvatureOperator } from "./curvature-operator.ts";
import { exactHessian } from "./exact-hessian.ts";
import { empiricalFisher, fisher, gaussNewton } from "./gauss-newton.ts";
import { lastLayer } from "./last-layer.ts";
import { lowRank } from "./low-rank.ts";
import {
  classifier,
  largestGap,
  normalRows,
  slowGaussNewton,
  slowJacobian,
  smallProblem,
} from "./small-objectives.fixture.ts";

const tanh = classifier("tanh");
const relu = classifier("relu");
const d = tanh.objective.size;

async function residual(a: ReturnType<typeof matrix>, shift: number, x: typeof a, right: typeof a) {
  return largestGap(await product(x, addDiagonal(a, shift)), right);
}

describe("Hessian-vector products (oracle C4)", () => {
  const { objective, parameters } = tanh;
  const free = exactHessian(objective, parameters, { matrixFree: true });
  const dense = exactHessian(objective, parameters);

  it("are the dense Hessian's, its columns too", async () => {
    const vectors = normalRows(4, d);
    expect(largestGap(await free.multiply(vectors), await dense.multiply(vectors))).toBeLessThan(1e-12);
    const units = addDiagonal(matrix(d, d), 1);
    expect(largestGap(await free.multiply(units), await dense.dense())).toBeLessThan(1e-12);
    expect(largestGap(await free.dense(), await dense.dense())).toBe(0);
    expect(asymmetry(await dense.dense()).gap).toBe(0);
  });

  it.each([
    ["smooth", tanh, 1e-5],
    ["piecewise linear", relu, 1e-7],
  ] as const)("are central differences of the gradient, %s", async (_, problem, step) => {
    const v = normalRows(1, d, 3);
    const norm = frobenius(v);
    const moved = async (sign: number) =>
      (
        await problem.objective.valueAndGradient(
          problem.parameters.map((p, j) => p + (sign * step * v.data[j]!) / norm),
        )
      ).gradient;
    const [plus, minus] = [await moved(1), await moved(-1)];
    const image = await exactHessian(problem.objective, problem.parameters, { matrixFree: true }).multiply(v);
    image.data.forEach((value, j) => {
      expect(Math.abs(value / norm - (plus[j]! - minus[j]!) / (2 * step))).toBeLessThan(
        step === 1e-5 ? 1e-8 : 1e-7,
      );
    });
  });

  it("are symmetric, uᵀHv = vᵀHu, and linear", async () => {
    const uv = normalRows(2, d, 4);
    const image = await free.multiply(uv);
    const dot = (a: number, b: number) =>
      uv.data.subarray(a * d, (a + 1) * d).reduce((s, x, j) => s + x * image.data[b * d + j]!, 0);
    expect(dot(0, 1)).toBeCloseTo(dot(1, 0), 12);
    const sum = matrix(
      1,
      d,
      Float64Array.from({ length: d }, (_, j) => 2 * uv.data[j]! - 3 * uv.data[d + j]!),
    );
    (await free.multiply(sum)).data.forEach((value, j) => {
      expect(value).toBeCloseTo(2 * image.data[j]! - 3 * image.data[d + j]!, 11);
    });
  });

  it("solve without the matrix as with it: conjugate gradients where definite, else MINRES with a warning", async () => {
    const right = normalRows(3, d, 5);
    const h = await dense.dense();
    const least = eigenSymmetric(h).values.at(-1)!;
    expect(least).toBeLessThan(-0.01);
    const definite = await free.solver({ damping: 0.5 - least });
    expect([definite.method, definite.warnings]).toEqual(["conjugate gradients", []]);
    expect(await residual(h, 0.5 - least, await definite.solve(right), right)).toBeLessThan(1e-7);
    const saddle = await free.solver({ damping: 0.003 });
    expect(saddle.method).toBe("minres");
    expect(saddle.warnings[0]).toContain("not positive definite");
    const expected = ldlSolveRows(ldl(addDiagonal(h, 0.003)), right);
    expect(largestGap(await saddle.solve(right), expected) / frobenius(expected)).toBeLessThan(1e-5);
    const forced = exactHessian(objective, parameters, {
      matrixFree: true,
      iterative: { method: "conjugate gradients" },
    });
    await expect((await forced.solver({ damping: 0 })).solve(right)).rejects.toThrow("negative curvature");
    const short = exactHessian(objective, parameters, { matrixFree: true, iterative: { maxIterations: 2 } });
    await expect((await short.solver({ damping: 1 })).solve(right)).rejects.toThrow(
      /relative residual of .* after 2/,
    );
  });
});

describe("Gauss–Newton and Fisher (oracles C5, C6)", () => {
  it.each([
    ["tanh", tanh],
    ["ReLU", relu],
  ] as const)("are their definition with a Jacobian by differences, %s", async (_, problem) => {
    const { objective, parameters } = problem;
    const jacobian = await slowJacobian(problem);
    const outputs = await objective.evaluate(parameters, objective.train);
    const slow = slowGaussNewton(
      objective,
      jacobian,
      objective.loss.curvatures(outputs, objective.train.targets),
    );
    const fast = await gaussNewton(objective, parameters).dense();
    expect(largestGap(fast, slow)).toBeLessThan(1e-8);
    expect(largestGap(await fisher(objective, parameters).dense(), fast)).toBeLessThan(1e-14);

    // C6: Σ_i Σ_c p_ic r_ic r_icᵀ with r_ic = J_iᵀ(p_i − e_c).
    const exact = await objective.jacobian(parameters, objective.train);
    const c = objective.outputs;
    const n = objective.train.count;
    const second = matrix(d, d);
    const empirical = matrix(d, d);
    for (let i = 0; i < n; i++) {
      const f = outputs.data.subarray(i * c, (i + 1) * c);
      const total = f.reduce((s, v) => s + Math.exp(v), 0);
      const p = f.map((v) => Math.exp(v) / total);
      for (let k = 0; k < c; k++) {
        const r = Float64Array.from({ length: d }, (_, j) => {
          let sum = 0;
          for (let a = 0; a < c; a++) sum += (p[a]! - (a === k ? 1 : 0)) * exact.data[(i * c + a) * d + j]!;
          return sum;
        });
        const own = k === objective.train.targets[i];
        for (let a = 0; a < d; a++) {
          for (let b = 0; b < d; b++) {
            second.data[a * d + b]! += (p[k]! * r[a]! * r[b]!) / n;
            if (own) empirical.data[a * d + b]! += (r[a]! * r[b]!) / n;
          }
        }
      }
    }
    expect(largestGap(addDiagonal(second, objective.ridge), fast)).toBeLessThan(1e-12);
    const other = await empiricalFisher(objective, parameters).dense();
    expect(largestGap(addDiagonal(empirical, objective.ridge), other)).toBeLessThan(1e-12);
    expect(largestGap(other, fast)).toBeGreaterThan(0.01);
  });

  it("equal the Hessian's blocks and trace where the net is piecewise linear, not where it is smooth", async () => {
    for (const [problem, linear] of [
      [relu, true],
      [tanh, false],
    ] as const) {
      const { objective, parameters } = problem;
      const groups = parameterGroups(objective.blocks, d);
      const h = exactHessian(objective, parameters);
      const g = gaussNewton(objective, parameters);
      const gap = largestGap(await blockDiagonal(h, groups).dense(), await blockDiagonal(g, groups).dense());
      if (linear) expect(gap).toBeLessThan(1e-13);
      else expect(gap).toBeGreaterThan(1e-3);
      if (linear) expect(traceOf(await h.dense())).toBeCloseTo(traceOf(await g.dense()), 12);
      expect(largestGap(await h.dense(), await g.dense())).toBeGreaterThan(1e-3);
    }
  });

  it("have rank at most n(C − 1), no negative eigenvalue, and the softmax's shift as a null direction", async () => {
    const { objective, parameters } = classifier("tanh", 6, 0);
    const g = gaussNewton(objective, parameters);
    const { values } = eigenSymmetric(await g.dense());
    expect(values.filter((v) => v > 1e-12).length).toBe(12);
    expect(values.at(-1)!).toBeGreaterThan(-1e-14);
    const shift = matrix(1, d);
    const bias = objective.blocks.at(-1)!;
    shift.data.fill(1, bias.from, bias.to);
    expect(frobenius(await g.multiply(shift))).toBeLessThan(1e-14);
  });

  it("have the ridge itself as the eigenvalue of a parameter that changes nothing", async () => {
    const { objective, parameters } = classifier("relu", 8, 0.0125);
    // A bias far below zero shuts the first unit of the first layer for every sample.
    const dead = parameters.slice();
    const bias = objective.blocks.find(({ shape }) => shape.length === 1)!;
    dead[bias.from] = -100;
    const h = await exactHessian(objective, dead).dense();
    const row = h.data.subarray(bias.from * d, (bias.from + 1) * d);
    expect(row.every((v, j) => v === (j === bias.from ? 0.0125 : 0))).toBe(true);
  });

  it("solve by Woodbury's identity as by Cholesky, whole or in batches, and by conjugate gradients", async () => {
    const { objective, parameters } = tanh;
    const right = normalRows(4, d, 6);
    const primal = await gaussNewton(objective, parameters, { route: "primal" }).solver({ damping: 0.02 });
    const expected = await primal.solve(right);
    for (const options of [
      { route: "dual" },
      { route: "dual", batch: 5, memoryLimit: 40_000 },
      { route: "dual", batch: 2, memoryLimit: 44_000 },
      {},
    ] as const) {
      const solver = await gaussNewton(objective, parameters, options).solver({ damping: 0.02 });
      expect(solver.method).toBe("woodbury");
      expect(largestGap(await solver.solve(right), expected) / frobenius(expected)).toBeLessThan(1e-10);
    }
    const free = await gaussNewton(objective, parameters, { route: "matrix-free" }).solver({ damping: 0.02 });
    expect(free.method).toBe("conjugate gradients");
    expect(largestGap(await free.solve(right), expected) / frobenius(expected)).toBeLessThan(1e-7);
    const streamed = gaussNewton(objective, parameters, { batch: 5, memoryLimit: 40_000 });
    const whole = gaussNewton(objective, parameters);
    expect(largestGap(await streamed.multiply(right), await whole.multiply(right))).toBeLessThan(1e-13);
    expect(primal.method).toBe("cholesky");
    const noRidge = classifier("tanh", 12, 0);
    const dual = gaussNewton(noRidge.objective, noRidge.parameters, { route: "dual" });
    await expect(dual.solver({ damping: 0 })).rejects.toThrow("ridge + damping > 0");
  });
});

describe("block-diagonal, low-rank and last-layer curvatures", () => {
  const { objective, parameters } = tanh;

  it("cuts blocks from the matrix or from products alike, and solves block by block", async () => {
    const h = exactHessian(objective, parameters);
    const expected = (await h.dense()).data.slice();
    for (const by of ["layer", "block"] as const) {
      const groups = parameterGroups(objective.blocks, d, by);
      const owner = new Map(groups.flatMap(({ index }, g) => Array.from(index, (i) => [i, g] as const)));
      const zeroed = matrix(
        d,
        d,
        expected.map((v, k) => (owner.get(Math.floor(k / d)) === owner.get(k % d) ? v : 0)),
      );
      const cut = blockDiagonal(h, groups);
      expect(largestGap(await cut.dense(), zeroed)).toBe(0);
      const free = exactHessian(objective, parameters, { matrixFree: true });
      const tight = blockDiagonal(free, groups, { memoryLimit: 8 * d * d * 1.9 });
      expect(largestGap(await tight.dense(), zeroed)).toBeLessThan(1e-13);
      const right = normalRows(3, d, 7);
      expect(largestGap(await cut.multiply(right), await product(right, zeroed))).toBeLessThan(1e-12);
      const solver = await cut.solver({ damping: 1.5 });
      expect(await residual(zeroed, 1.5, await solver.solve(right), right)).toBeLessThan(1e-10);
    }
    expect(() => parameterGroups(objective.blocks.slice(1), d)).toThrow("parameter 0 of");
    expect(() => parameterGroups([...objective.blocks, objective.blocks[0]!], d)).toThrow("a second time");
  });

  it("keeps the leading eigenpairs and gives the rest the ridge", async () => {
    const g = gaussNewton(objective, parameters);
    const { values, vectors } = eigenSymmetric(await g.dense());
    const rank = 7;
    const low = lowRank(g, { rank, ridge: objective.ridge });
    const expected = matrix(d, d);
    for (let k = 0; k < d; k++) {
      const value = k < rank ? values[k]! : objective.ridge;
      for (let i = 0; i < d; i++) {
        for (let j = 0; j < d; j++) {
          expected.data[i * d + j]! += value * vectors.data[k * d + i]! * vectors.data[k * d + j]!;
        }
      }
    }
    expect(largestGap(await low.dense(), expected)).toBeLessThan(1e-7);
    const right = normalRows(2, d, 8);
    const solver = await low.solver({ damping: 0.1 });
    expect(await residual(expected, 0.1, await solver.solve(right), right)).toBeLessThan(1e-6);
    expect(solver.warnings[0]).toContain(`outside 7 of ${d}`);
    const flat = lowRank(g, { rank, ridge: 0 });
    await expect(flat.solver({ damping: 0 })).rejects.toThrow("cannot be inverted");
    // All eigenpairs: the curvature itself.
    const all = lowRank(g, { rank: d, ridge: objective.ridge });
    expect(largestGap(await all.dense(), await g.dense())).toBeLessThan(1e-12);
  });

  it("takes the last layer's block of the Hessian, where it is exact, and moves nothing else", async () => {
    const last = lastLayer(objective, parameters);
    const group = parameterGroups(objective.blocks, d).at(-1)!;
    const h = await exactHessian(objective, parameters).dense();
    const inside = new Set(group.index);
    const expected = matrix(
      d,
      d,
      h.data.map((v, k) => (inside.has(Math.floor(k / d)) && inside.has(k % d) ? v : 0)),
    );
    expect(largestGap(await last.dense(), expected)).toBeLessThan(1e-13);
    const solver = await last.solver({ damping: 0.3 });
    const right = normalRows(2, d, 9);
    const x = await solver.solve(right);
    const back = await product(x, expected);
    for (let k = 0; k < x.data.length; k++) {
      if (inside.has(k % d)) expect(back.data[k]! + 0.3 * x.data[k]!).toBeCloseTo(right.data[k]!, 10);
      else expect(x.data[k]).toBe(0);
    }
    expect(solver.warnings.at(-1)).toContain("held fixed");
    expect(() => lastLayer(objective, parameters, { layer: "nowhere" })).toThrow("has no layer 'nowhere'");
  });
});

describe("curvatureOperator", () => {
  const { objective, parameters } = tanh;

  it.each(curvatureKinds)("%s: products, dense matrix and solutions agree with each other", async (kind) => {
    const operator = curvatureOperator(kind, objective, parameters, { rank: 6 });
    expect(operator.size).toBe(d);
    const dense = await operator.dense();
    expect(asymmetry(dense).gap).toBe(0);
    const rows = normalRows(3, d, 10);
    expect(largestGap(await operator.multiply(rows), await product(rows, dense))).toBeLessThan(1e-11);
    if (operator.semidefinite) expect(eigenSymmetric(dense).values.at(-1)!).toBeGreaterThan(-1e-12);
    if (kind === "last-layer") return;
    const solver = await operator.solver({ damping: 2 });
    expect(solver.damping).toBe(2);
    expect(await residual(dense, 2, await solver.solve(rows), rows)).toBeLessThan(1e-9);
    await expect(solver.solve(matrix(1, d + 1))).rejects.toThrow(`rows of ${d + 1} values`);
    await expect(operator.solver({ damping: -1 })).rejects.toThrow("damping -1");
    const again = curvatureOperator(kind, objective, parameters, { rank: 6 });
    expect(await again.dense()).toEqual(dense);
  });

  it.each(curvatureKinds)("%s refuses what has no curvature, by name", (kind) => {
    const make = (o: Objective, p = parameters) => curvatureOperator(kind, o, p);
    expect(() => make(objective, new Float64Array(3))).toThrow(`3 parameters, ${objective.name} has ${d}`);
    expect(() =>
      make(
        objective,
        parameters.map((v, j) => (j === 5 ? Number.NaN : v)),
      ),
    ).toThrow("parameter 5 is NaN");
    expect(() => make({ ...objective, hazards: ["dropout 0.5"] })).toThrow(
      /dropout 0.5 active .* evaluation mode/,
    );
    expect(() => make({ ...objective, train: { ...objective.train, count: 0 } })).toThrow(
      "no training samples",
    );
  });

  it("refuses matrices that do not fit, with the estimate and another way", async () => {
    const limit = { memoryLimit: 1000 };
    expect(() => exactHessian(objective, parameters, limit)).toThrow(
      /a dense 59×59 matrix and its factor would take 54 KiB, the limit is 1000 bytes; use the matrix-free Hessian/,
    );
    const free = exactHessian(objective, parameters, { ...limit, matrixFree: true });
    await expect(free.dense()).rejects.toThrow("would take");
    await expect(gaussNewton(objective, parameters, limit).dense()).rejects.toThrow(
      "use its dual or matrix-free route",
    );
    const solver = await gaussNewton(objective, parameters, limit).solver({ damping: 1 });
    expect(solver.method).toBe("conjugate gradients");
    expect(() => curvatureOperator("kfca" as "kfac", objective, parameters)).toThrow(
      /unknown curvature 'kfca'.*kfac/,
    );
  });

  it("refuses a loss that is not convex in the outputs for Gauss–Newton", async () => {
    const { loss } = objective;
    const bent = {
      ...objective,
      loss: {
        ...loss,
        curvatures: (f: Parameters<typeof loss.curvatures>[0], y: Float64Array) => {
          const s = loss.curvatures(f, y);
          return matrix(
            s.rows,
            s.cols,
            s.data.map((v) => -v),
          );
        },
      },
    };
    await expect(gaussNewton(bent, parameters).dense()).rejects.toThrow("negative curvature in the outputs");
  });
});

it("holds for squared error: linear regression has H = XᵀX/n + ridge (oracle C1)", async () => {
  const { objective, parameters } = smallProblem({
    input: [4],
    layers: [{ kind: "dense", outputs: 1 }],
    loss: "squared",
    samples: 30,
    ridge: 0.05,
  });
  const x = objective.train.inputs[0]!;
  const rows = Array.from({ length: 30 }, (_, i) => [
    ...Array.from({ length: 4 }, (_, j) => Number(x[4 * i + j])),
    1,
  ]);
  const h = matrix(5, 5);
  for (const row of rows) {
    for (const [i, a] of row.entries()) {
      for (const [j, b] of row.entries()) h.data[5 * i + j]! += (a * b) / 30;
    }
  }
  for (let i = 0; i < 5; i++) h.data[6 * i]! += 0.05;
  for (const kind of ["exact", "ggn", "fisher", "kfac", "ekfac", "last-layer"] as const) {
    expect(largestGap(await curvatureOperator(kind, objective, parameters).dense(), h)).toBeLessThan(1e-13);
  }
});
