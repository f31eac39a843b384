import { describe, expect, it } from "vitest";
import { Cancelled, createTask } from "../../../core/task.ts";
import { eigenSymmetric } from "../../../linalg/eigen-symmetric.ts";
import { matrix } from "../../../linalg/matrix.ts";
import { product } from "../../../linalg/products.ts";
import { frobenius, traceOf } from "../../../linalg/symmetric.ts";
import { blockOf, parameterGroups } from "./block-diagonal.ts";
import { exactHessian } from "./exact-hessian.ts";
import { extremeEigenvalues } from "./extremes.ts";
import { operatorFromMatrix } from "./matrix-operator.ts";
import { classifier, smallProblem } from "./small-objectives.fixture.ts";
import { countOutliers, curvatureSpectrum } from "./spectrum.ts";

const { objective, parameters } = classifier("tanh", 40);
const d = objective.size;
const dense = exactHessian(objective, parameters);
const free = exactHessian(objective, parameters, { matrixFree: true });

describe("curvatureSpectrum (oracle C7)", () => {
  it("in full: residuals, orthogonality, Σλ = tr H, Σλ² = ‖H‖²", async () => {
    const h = await dense.dense();
    const found = await curvatureSpectrum(dense, { ridge: objective.ridge, top: d, bottom: 2 });
    expect(found.method).toBe("full");
    const image = await product(found.top.vectors, h);
    const norm = frobenius(h);
    let worst = 0;
    image.data.forEach((v, k) => {
      worst = Math.max(
        worst,
        Math.abs(v - found.top.values[Math.floor(k / d)]! * found.top.vectors.data[k]!),
      );
    });
    expect(worst).toBeLessThan(1e-12 * norm);
    const inner = await product(found.top.vectors, found.top.vectors, { transposeB: true });
    inner.data.forEach((v, k) => {
      expect(Math.abs(v - (Math.floor(k / d) === k % d ? 1 : 0))).toBeLessThan(1e-12);
    });
    expect(found.trace.value).toBeCloseTo(traceOf(h), 11);
    expect(found.trace.error).toBe(0);
    expect(found.squares.value).toBeCloseTo(norm ** 2, 9);
    expect(found.negative.value).toBe(found.values!.filter((v) => v < 0).length);
    expect(found.negative.value).toBeGreaterThan(0);
    expect(found.noiseFloor).toBe(Math.max(-found.values!.at(-1)!, objective.ridge));
    const { grid, density } = found.density;
    const area = density.reduce((s, v) => s + v, 0) * (grid[1]! - grid[0]!);
    expect(area).toBeCloseTo(1, 3);
  });

  it("matrix-free: the same ends, and trace, squares and negative part within their errors", async () => {
    const h = await dense.dense();
    const { values } = eigenSymmetric(h);
    const found = await curvatureSpectrum(free, {
      ridge: objective.ridge,
      method: "matrix-free",
      top: 4,
      bottom: 3,
      probes: 40,
      steps: d,
      traceProducts: 30,
      seed: 3,
    });
    expect(found.values).toBeUndefined();
    for (let i = 0; i < 4; i++) expect(found.top.values[i]).toBeCloseTo(values[i]!, 7);
    for (let i = 0; i < 3; i++) expect(found.bottom.values[i]).toBeCloseTo(values[d - 3 + i]!, 7);
    for (const [{ value, error }, expected] of [
      [found.trace, traceOf(h)],
      [found.squares, frobenius(h) ** 2],
      [found.negative, values.filter((v) => v < 0).length],
    ] as const) {
      expect(error).toBeGreaterThan(0);
      expect(Math.abs(value - expected)).toBeLessThan(4 * error);
    }
    const again = await curvatureSpectrum(free, {
      ridge: 0.01,
      method: "matrix-free",
      top: 2,
      bottom: 1,
      seed: 3,
    });
    const once = await curvatureSpectrum(free, {
      ridge: 0.01,
      method: "matrix-free",
      top: 2,
      bottom: 1,
      seed: 3,
    });
    expect(again).toEqual(once);
  });

  it("layer by layer: the eigenvalues of the diagonal blocks", async () => {
    const groups = parameterGroups(objective.blocks, d);
    const h = await dense.dense();
    for (const [operator, method] of [
      [dense, "full"],
      [free, "matrix-free"],
    ] as const) {
      const found = await curvatureSpectrum(operator, { ridge: 0.01, method, groups, top: 2, bottom: 1 });
      expect(found.layers!.map(({ name }) => name)).toEqual(groups.map(({ name }) => name));
      for (const [g, layer] of found.layers!.entries()) {
        expect(layer.complete).toBe(true);
        const sum = layer.values.reduce((s, v) => s + v, 0);
        const trace = groups[g]!.index.reduce((s, i) => s + h.data[i * d + i]!, 0);
        expect(sum).toBeCloseTo(trace, 10);
        const squares = frobenius(await blockOf(dense, groups[g]!.index, h)) ** 2;
        expect(layer.values.reduce((s, v) => s + v * v, 0)).toBeCloseTo(squares, 9);
      }
    }
  });

  it("reaches 30 000 parameters without a matrix", async () => {
    // Oracle: a diagonal with three outliers, a bulk and a negative tail.
    const size = 30_000;
    const diagonal = Float64Array.from({ length: size }, (_, i) =>
      i < 3 ? 40 - 10 * i : i < 6 ? -0.5 * (i - 2) : 1e-3 * ((i % 97) / 97),
    );
    const operator = {
      ...operatorFromMatrix(matrix(1, 1, [1]), { name: "diagonal" }),
      size,
      multiply: async (rows: ReturnType<typeof matrix>) =>
        matrix(
          rows.rows,
          size,
          rows.data.map((v, k) => v * diagonal[k % size]!),
        ),
    };
    const found = await curvatureSpectrum(operator, {
      ridge: 1e-5,
      top: 4,
      bottom: 2,
      steps: 20,
      probes: 4,
      traceProducts: 30,
    });
    expect(found.method).toBe("matrix-free");
    [40, 30, 20].forEach((v, i) => {
      expect(found.top.values[i]).toBeCloseTo(v, 6);
    });
    expect(found.bottom.values.at(-1)).toBeCloseTo(-1.5, 6);
    expect(found.noiseFloor).toBeCloseTo(1.5, 6);
    expect(found.outliers.count).toBe(3);
    const trace = diagonal.reduce((s, v) => s + v, 0);
    expect(Math.abs(found.trace.value - trace)).toBeLessThan(4 * found.trace.error + 1e-9 * trace);
  });

  it("hears that it should stop and refuses bad input", async () => {
    const stop = new AbortController();
    stop.abort();
    const task = createTask({ signal: stop.signal });
    await expect(curvatureSpectrum(free, { ridge: 0, method: "matrix-free", task })).rejects.toThrow(
      Cancelled,
    );
    for (const ridge of [-1, Number.NaN]) {
      await expect(curvatureSpectrum(dense, { ridge })).rejects.toThrow("expected a number ≥ 0");
    }
  });
});

describe("countOutliers", () => {
  it.each([
    [[10, 9, 0.1, 0.09], 0.01, 2, 90],
    [[10, 0.02, 0.019], 0.01, 1, 500],
    [[0.005, 0.004], 0.01, 0, 1],
    [[5], 0.5, 1, 10],
    [[8, 4, 2, 1.9], 3, 1, 2],
  ] as const)("%j over a floor of %d: %i", (values, floor, count, ratio) => {
    const found = countOutliers(values, floor);
    expect(found.count).toBe(count);
    expect(found.ratio).toBeCloseTo(ratio, 9);
  });
});

it("extremeEigenvalues agree between Lanczos and the full spectrum", async () => {
  const big = smallProblem({
    input: [10],
    layers: [
      { kind: "dense", outputs: 25 },
      { kind: "activation", function: "tanh" },
      { kind: "dense", outputs: 3 },
    ],
    loss: "cross-entropy",
    samples: 25,
  });
  const operator = exactHessian(big.objective, big.parameters);
  expect(operator.size).toBeGreaterThan(300);
  const { values } = eigenSymmetric(await operator.dense());
  const found = await extremeEigenvalues(operator);
  expect(found.largest).toBeCloseTo(values[0]!, 8);
  expect(found.smallest).toBeCloseTo(values.at(-1)!, 6);
});
