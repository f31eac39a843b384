import { describe, expect, it } from "vitest";
import { random } from "../../../core/random.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { product } from "../../../linalg/products.ts";
import { addDiagonal, frobenius, traceOf } from "../../../linalg/symmetric.ts";
import type { Samples } from "../../../models/objective/contract.ts";
import { crossEntropy } from "../../../models/objective/losses.ts";
import { perceptron } from "../../../models/objective/small-models.fixture.ts";
import { tracedObjective } from "../../../models/objective/traced.ts";
import { chainNet } from "../../../models/sequential/chain-net.ts";
import { sequentialObjective } from "../../../models/sequential/objective.ts";
import { sequential } from "../../../models/sequential/sequential.ts";
import type { CurvatureOperator } from "../operator.ts";
import { blockDiagonal, parameterGroups } from "./block-diagonal.ts";
import { curvatureKinds, curvatureOperator } from "./curvature-operator.ts";
import { exactHessian } from "./exact-hessian.ts";
import { gaussNewton } from "./gauss-newton.ts";
import { iterativeSolver } from "./iterative-solver.ts";
import { ekfac, kfac } from "./kfac.ts";
import { largestGap, normalRows, smallProblem } from "./small-objectives.fixture.ts";

describe("a traced model and a layered one, two implementations of one network", () => {
  const [inputs, width, classes] = [4, 6, 3];
  const draw = random(1, "two implementations");
  const train: Samples = {
    count: 25,
    inputs: [Float64Array.from({ length: 25 * inputs }, () => draw.normal())],
    targets: Float64Array.from({ length: 25 }, () => draw.int(classes)),
  };
  const loss = crossEntropy(classes);
  const traced = tracedObjective({ model: perceptron(inputs, width, classes), train, loss, ridge: 0.01 });
  const layered = sequentialObjective({
    model: sequential({
      name: "perceptron",
      input: [inputs],
      layers: [
        { kind: "dense", outputs: width },
        { kind: "activation", function: "tanh" },
        { kind: "dense", outputs: classes },
      ],
    }),
    train,
    loss,
    ridge: 0.01,
  });
  const d = traced.size;
  const theta = Float64Array.from({ length: d }, () => draw.normal());
  // The traced model stores [inputs, units], the layered one [units, inputs].
  const order: number[] = [];
  let from = 0;
  for (const [a, b] of [
    [inputs, width],
    [width, classes],
  ] as const) {
    for (let u = 0; u < b; u++) for (let i = 0; i < a; i++) order.push(from + i * b + u);
    for (let u = 0; u < b; u++) order.push(from + a * b + u);
    from += a * b + b;
  }
  const moved = Float64Array.from(order, (i) => theta[i]!);

  it.each(curvatureKinds.filter((kind) => kind !== "kfac" && kind !== "ekfac"))(
    "has the same %s",
    async (kind) => {
      const a = await curvatureOperator(kind, traced, theta, { rank: 8 }).dense();
      const b = await curvatureOperator(kind, layered, moved, { rank: 8 }).dense();
      const permuted = matrix(d, d);
      for (let i = 0; i < d; i++) {
        for (let j = 0; j < d; j++) permuted.data[i * d + j] = a.data[order[i]! * d + order[j]!]!;
      }
      expect(largestGap(permuted, b)).toBeLessThan(kind === "low-rank" ? 1e-7 : 1e-12);
      await traced.release();
    },
  );
});

describe("the 740-parameter net", () => {
  const draw = random(2, "chain net");
  const model = chainNet({ inputs: 924 });
  const count = 6;
  const train: Samples = {
    count,
    inputs: [Float64Array.from({ length: count * 924 }, () => draw.normal())],
    targets: Float64Array.from({ length: count }, () => draw.int(2)),
  };
  const objective = sequentialObjective({ model, train, loss: crossEntropy(2), ridge: 0.01 });
  const theta = Float64Array.from({ length: 740 }, () => 0.3 * draw.normal());
  const groups = parameterGroups(objective.blocks, 740);

  it("has Gauss–Newton blocks in its Hessian, and their trace (oracle C5)", async () => {
    const h = exactHessian(objective, theta);
    const g = gaussNewton(objective, theta);
    const scale = frobenius(await g.dense());
    const gap = largestGap(await blockDiagonal(h, groups).dense(), await blockDiagonal(g, groups).dense());
    expect(gap).toBeLessThan(1e-13 * scale);
    expect(Math.abs(traceOf(await h.dense()) / traceOf(await g.dense()) - 1)).toBeLessThan(1e-12);
  });

  it("solves by Woodbury, KFAC and EK-FAC, the latter nearer to Gauss–Newton", async () => {
    const g = gaussNewton(objective, theta);
    const dense = await g.dense();
    const right = normalRows(2, 740);
    const solver = await g.solver({ damping: 0.01 });
    expect(solver.method).toBe("woodbury");
    const back = await product(await solver.solve(right), addDiagonal(dense, 0.01));
    expect(largestGap(back, right)).toBeLessThan(1e-9);
    const exact = await blockDiagonal(g, groups).dense();
    const distance = async (make: typeof kfac) => {
      const found = await make(objective, theta).dense();
      return frobenius(
        matrix(
          740,
          740,
          found.data.map((v, k) => v - exact.data[k]!),
        ),
      );
    };
    expect(await distance(ekfac)).toBeLessThan(await distance(kfac));
  });
});

it("takes fewer products with EK-FAC as preconditioner, to the same solution", async () => {
  const { objective, parameters: theta } = smallProblem({
    input: [8],
    layers: [
      { kind: "dense", outputs: 6 },
      { kind: "activation", function: "softplus" },
      { kind: "dense", outputs: 4 },
    ],
    loss: "cross-entropy",
    samples: 300,
    ridge: 1e-4,
  });
  const right = normalRows(1, objective.size, 3);
  const g = gaussNewton(objective, theta);
  const solveCounting = async (preconditioner?: CurvatureOperator) => {
    let products = 0;
    const counting = {
      ...g,
      multiply: (rows: Matrix) => {
        products += rows.rows;
        return g.multiply(rows);
      },
    };
    const options = preconditioner ? { preconditioner } : {};
    const solver = await iterativeSolver(counting, { damping: 1e-4, floor: objective.ridge, ...options });
    expect(solver.method).toBe("conjugate gradients");
    return { solution: await solver.solve(right), products };
  };
  const plain = await solveCounting();
  const helped = await solveCounting(ekfac(objective, theta));
  expect(largestGap(plain.solution, helped.solution) / frobenius(plain.solution)).toBeLessThan(1e-6);
  expect(helped.products).toBeLessThan(plain.products);
});
