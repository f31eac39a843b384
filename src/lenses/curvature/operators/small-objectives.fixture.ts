import { random } from "../../../core/random.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import type { Objective, OutputLoss, Samples } from "../../../models/objective/contract.ts";
import { crossEntropy, squaredError } from "../../../models/objective/losses.ts";
import type { Layer } from "../../../models/sequential/layers.ts";
import { sequentialObjective } from "../../../models/sequential/objective.ts";
import { sequential } from "../../../models/sequential/sequential.ts";

export interface SmallProblem {
  objective: Objective;
  parameters: Float64Array;
}

/** A small layered network on random data, with random parameters. */
export function smallProblem(options: {
  input: readonly [number] | readonly [number, number];
  layers: readonly Layer[];
  loss: "cross-entropy" | "squared";
  samples: number;
  ridge?: number;
  seed?: number;
}): SmallProblem {
  const { input, layers, samples, ridge = 0.01, seed = 1 } = options;
  const draw = random(seed, "small problem");
  const model = sequential({ name: "small network", input: [...input] as [number], layers });
  const c = model.outputs;
  const loss: OutputLoss = options.loss === "squared" ? squaredError(c) : crossEntropy(c);
  const train: Samples = {
    count: samples,
    inputs: [Float64Array.from({ length: samples * model.inputs }, () => draw.normal())],
    targets: Float64Array.from({ length: samples * (loss.classes ? 1 : c) }, () =>
      loss.classes ? draw.int(c) : draw.normal(),
    ),
  };
  const objective = sequentialObjective({ model, train, loss, ridge });
  return { objective, parameters: Float64Array.from({ length: objective.size }, () => 0.7 * draw.normal()) };
}

/** Two hidden layers, three classes. */
export function classifier(activation: "tanh" | "relu", samples = 12, ridge = 0.01): SmallProblem {
  return smallProblem({
    input: [3],
    layers: [
      { kind: "dense", outputs: 5 },
      { kind: "activation", function: activation },
      { kind: "dense", outputs: 4 },
      { kind: "activation", function: activation },
      { kind: "dense", outputs: 3 },
    ],
    loss: "cross-entropy",
    samples,
    ridge,
  });
}

/** Oracle: the Jacobian of the outputs by central differences, (n·C) × d. */
export async function slowJacobian({ objective, parameters }: SmallProblem): Promise<Matrix> {
  const { train, size: d, outputs: c } = objective;
  const out = matrix(train.count * c, d);
  for (let j = 0; j < d; j++) {
    const at = async (step: number) => {
      const moved = parameters.slice();
      moved[j]! += step;
      return (await objective.evaluate(moved, train)).data;
    };
    const h = 1e-3;
    const [a, b, p, q] = [await at(h), await at(-h), await at(2 * h), await at(-2 * h)];
    // Five points, error of the order h⁴.
    for (let k = 0; k < a.length; k++)
      out.data[k * d + j] = (8 * (a[k]! - b[k]!) - (p[k]! - q[k]!)) / (12 * h);
  }
  return out;
}

/** Oracle: (1/n) Σ J_icᵀ S_i,cc' J_ic' + ridge·1 by its definition, loop by loop. */
export function slowGaussNewton(objective: Objective, jacobian: Matrix, s: Matrix): Matrix {
  const { train, size: d, outputs: c, ridge } = objective;
  const out = matrix(d, d);
  for (let i = 0; i < train.count; i++) {
    for (let a = 0; a < c; a++) {
      for (let b = 0; b < c; b++) {
        const weight = s.data[i * c * c + a * c + b]! / train.count;
        for (let j = 0; j < d; j++) {
          const left = weight * jacobian.data[(i * c + a) * d + j]!;
          for (let k = 0; k < d; k++) out.data[j * d + k]! += left * jacobian.data[(i * c + b) * d + k]!;
        }
      }
    }
  }
  for (let j = 0; j < d; j++) out.data[j * d + j]! += ridge;
  return out;
}

/** Largest |a − b|. */
export function largestGap(a: Matrix, b: Matrix): number {
  if (a.rows !== b.rows || a.cols !== b.cols)
    throw new Error(`${a.rows}×${a.cols} against ${b.rows}×${b.cols}`);
  return a.data.reduce((worst, v, i) => Math.max(worst, Math.abs(v - b.data[i]!)), 0);
}

/** Random normal rows. */
export function normalRows(rows: number, cols: number, seed = 1): Matrix {
  const draw = random(seed, "rows");
  return matrix(
    rows,
    cols,
    Float64Array.from({ length: rows * cols }, () => draw.normal()),
  );
}
