import { describe, expect, it } from "vitest";
import { eigenSymmetric } from "../../../linalg/eigen-symmetric.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { frobenius } from "../../../linalg/symmetric.ts";
import type { LayerFactors } from "../../../models/objective/contract.ts";
import { blockDiagonal, parameterGroups } from "./block-diagonal.ts";
import { gaussNewton } from "./gauss-newton.ts";
import { ekfac, kfac } from "./kfac.ts";
import { classifier, largestGap, type SmallProblem, smallProblem } from "./small-objectives.fixture.ts";

/** The Gauss–Newton matrix with everything between layers set to 0. */
function exactBlocks({ objective, parameters }: SmallProblem): Promise<Matrix> {
  const groups = parameterGroups(objective.blocks, objective.size);
  return blockDiagonal(gaussNewton(objective, parameters), groups).dense();
}

const convolutional = (
  samples: number,
  options: { linear?: boolean; loss?: "cross-entropy" | "squared" } = {},
) =>
  smallProblem({
    input: [2, 9],
    layers: [
      { kind: "conv1d", outputs: 3, kernel: 3 },
      ...(options.linear ? [] : [{ kind: "activation", function: "tanh" } as const]),
      { kind: "averagePool1d", size: 7 },
      { kind: "flatten" },
      { kind: "dense", outputs: 2 },
    ],
    loss: options.loss ?? "cross-entropy",
    samples,
    ridge: 0.02,
  });

function difference(a: Matrix, b: Matrix): number {
  return frobenius(
    matrix(
      a.rows,
      a.cols,
      a.data.map((v, k) => v - b.data[k]!),
    ),
  );
}

describe("KFAC is the Gauss–Newton matrix's diagonal blocks exactly", () => {
  it.each(["tanh", "relu"] as const)(
    "for one sample and squared error with one output, dense layers, %s",
    async (f) => {
      const problem = smallProblem({
        input: [3],
        layers: [
          { kind: "dense", outputs: 4 },
          { kind: "activation", function: f },
          { kind: "dense", outputs: 1 },
        ],
        loss: "squared",
        samples: 1,
      });
      const found = await kfac(problem.objective, problem.parameters).dense();
      expect(largestGap(found, await exactBlocks(problem))).toBeLessThan(1e-13);
    },
  );

  it("for one sample and cross-entropy with several classes", async () => {
    const problem = classifier("tanh", 1);
    const found = await kfac(problem.objective, problem.parameters).dense();
    expect(largestGap(found, await exactBlocks(problem))).toBeLessThan(1e-13);
  });

  it("for a deep linear net with squared error and any number of samples: slopes do not depend on the sample", async () => {
    const problem = smallProblem({
      input: [4],
      layers: [
        { kind: "dense", outputs: 3 },
        { kind: "dense", outputs: 5 },
        { kind: "dense", outputs: 2 },
      ],
      loss: "squared",
      samples: 17,
    });
    const exact = await exactBlocks(problem);
    for (const make of [kfac, ekfac]) {
      const found = await make(problem.objective, problem.parameters, { batch: 5 }).dense();
      expect(largestGap(found, exact)).toBeLessThan(1e-12);
    }
  });

  it("for a linear convolution under a mean over positions, positions reduced; expanding them is not exact", async () => {
    const problem = convolutional(11, { linear: true, loss: "squared" });
    const exact = await exactBlocks(problem);
    const reduced = await kfac(problem.objective, problem.parameters, { positions: "reduce" }).dense();
    expect(largestGap(reduced, exact)).toBeLessThan(1e-12);
    // A net may fold the mean into its patches: then there is one position and both ways agree.
    const factors = await problem.objective.layerFactors!(problem.parameters, problem.objective.train);
    const expanded = await kfac(problem.objective, problem.parameters).dense();
    if (factors[0]!.positions === 1) expect(largestGap(expanded, exact)).toBeLessThan(1e-12);
    else expect(largestGap(expanded, exact)).toBeGreaterThan(1e-3);
  });
});

describe("KFAC of convolutions", () => {
  it("has the factors of Grosse & Martens (2016), written out sample by sample and position by position", async () => {
    const problem = convolutional(6);
    const { objective, parameters } = problem;
    const factors = await objective.layerFactors!(parameters, objective.train);
    expect(factors[0]!.positions).toBe(7);
    const outputs = await objective.evaluate(parameters, objective.train);
    const s = objective.loss.curvatures(outputs, objective.train.targets);
    for (const positions of ["expand", "reduce"] as const) {
      const expected = matrix(objective.size, objective.size);
      for (let i = 0; i < objective.size; i++) expected.data[i * objective.size + i] = objective.ridge;
      for (const layer of factors) addKronecker(expected, layer, s, objective.train.count, positions);
      const found = await kfac(objective, parameters, { positions, batch: 4 }).dense();
      expect(largestGap(found, expected)).toBeLessThan(1e-13);
    }
  });

  /** G⊗A by its definition. */
  function addKronecker(
    out: Matrix,
    layer: LayerFactors,
    s: Matrix,
    n: number,
    positions: "expand" | "reduce",
  ) {
    const { inputs, outputSlopes: slopes, positions: t, index } = layer;
    const [fan, units] = [inputs.cols, slopes.cols];
    const c = Math.round(Math.sqrt(s.cols));
    const a = matrix(fan, fan);
    const g = matrix(units, units);
    const reduce = positions === "reduce";
    for (let i = 0; i < n; i++) {
      const pairs = reduce
        ? Array.from({ length: t * t }, (_, k) => [Math.floor(k / t), k % t])
        : Array.from({ length: t }, (_, p) => [p, p]);
      for (const [p, q] of pairs as [number, number][]) {
        for (let x = 0; x < fan; x++) {
          for (let y = 0; y < fan; y++) {
            const product = inputs.data[(i * t + p) * fan + x]! * inputs.data[(i * t + q) * fan + y]!;
            a.data[x * fan + y]! += product / n / (reduce ? t * t : 1);
          }
        }
        for (let k = 0; k < c; k++) {
          for (let l = 0; l < c; l++) {
            const weight = s.data[i * c * c + k * c + l]! / n / (reduce ? 1 : t);
            for (let x = 0; x < units; x++) {
              for (let y = 0; y < units; y++) {
                g.data[x * units + y]! +=
                  weight *
                  slopes.data[((i * t + p) * c + k) * units + x]! *
                  slopes.data[((i * t + q) * c + l) * units + y]!;
              }
            }
          }
        }
      }
    }
    for (let u = 0; u < units * fan; u++) {
      for (let v = 0; v < units * fan; v++) {
        out.data[index[u]! * out.cols + index[v]!]! +=
          g.data[Math.floor(u / fan) * units + Math.floor(v / fan)]! * a.data[(u % fan) * fan + (v % fan)]!;
      }
    }
  }
});

describe("EK-FAC", () => {
  it.each([
    ["dense classifier", classifier("tanh", 20)],
    ["ReLU classifier", classifier("relu", 20)],
    ["convolution", convolutional(15)],
    ["convolution, squared error", convolutional(9, { loss: "squared" })],
  ] as const)(
    "is nearer to the Gauss–Newton blocks than KFAC, and has their trace: %s",
    async (_, problem) => {
      const { objective, parameters } = problem;
      const exact = await exactBlocks(problem);
      const ek = await ekfac(objective, parameters, { batch: 4 }).dense();
      for (const positions of ["expand", "reduce"] as const) {
        const k = await kfac(objective, parameters, { positions }).dense();
        const e = await ekfac(objective, parameters, { positions }).dense();
        expect(difference(e, exact)).toBeLessThan(difference(k, exact) * (1 + 1e-12));
      }
      expect(difference(ek, exact)).toBeLessThan(
        difference(await kfac(objective, parameters).dense(), exact),
      );
      const trace = (a: Matrix) => eigenSymmetric(a).values.reduce((s, v) => s + v, 0);
      expect(trace(ek)).toBeCloseTo(trace(exact), 10);
    },
  );

  it("is exact for one sample of one output where positions are many: the block has rank one along its own basis", async () => {
    const problem = smallProblem({
      input: [3],
      layers: [
        { kind: "dense", outputs: 4 },
        { kind: "activation", function: "tanh" },
        { kind: "dense", outputs: 1 },
      ],
      loss: "squared",
      samples: 1,
    });
    const found = await ekfac(problem.objective, problem.parameters).dense();
    expect(largestGap(found, await exactBlocks(problem))).toBeLessThan(1e-13);
  });
});

it("says what it cannot do", async () => {
  const { objective, parameters } = classifier("tanh", 5);
  const { layerFactors, ...without } = objective;
  expect(() => kfac(without, parameters)).toThrow("does not offer the factors");
  const flat = { ...objective, ridge: 0 };
  await expect(kfac(flat, parameters).solver({ damping: 0 })).rejects.toThrow("ridge + damping is 0");
  const part = {
    ...objective,
    layerFactors: async (...given: Parameters<NonNullable<typeof layerFactors>>) =>
      (await layerFactors!(...given)).slice(1),
  };
  const { warnings } = await kfac(part, parameters).solver({ damping: 0.1 });
  expect(warnings[0]).toContain(`20 of ${objective.size} parameters are in no linear layer`);
  const twice = {
    ...objective,
    layerFactors: async (...given: Parameters<NonNullable<typeof layerFactors>>) => {
      const all = await layerFactors!(...given);
      return [...all, all[0]!];
    },
  };
  await expect(kfac(twice, parameters).dense()).rejects.toThrow("and in an earlier one");
});
