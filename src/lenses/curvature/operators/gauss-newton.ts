import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import type { Objective, Samples } from "../../../models/objective/contract.ts";
import type { CurvatureOperator } from "../operator.ts";
import { batchFor, requireObjective, sliceSamples } from "./batches.ts";
import { gatherColumns } from "./embedded.ts";
import { type OuterProductOptions, outerProductOperator } from "./outer-products.ts";
import { squareRootRows } from "./square-root.ts";

/**
 * The generalised Gauss–Newton matrix (1/n) Σᵢ JᵢᵀSᵢJᵢ + ridge·1, with Jᵢ = ∂f/∂θ and Sᵢ = ∂²ℓ/∂f² (Schraudolph 2002):
 * the Hessian without the term of the outputs' own curvature, positive semi-definite for a convex loss.
 */
export function gaussNewton(
  objective: Objective,
  parameters: Float64Array,
  options: OuterProductOptions = {},
): CurvatureOperator {
  return curvatureOfOutputs("generalised Gauss–Newton", objective, parameters, options, (outputs, samples) =>
    objective.loss.curvatures(outputs, samples.targets),
  );
}

/**
 * The Fisher information (1/n) Σᵢ Jᵢᵀ E[∇ℓ∇ℓᵀ] Jᵢ + ridge·1, the expectation over targets drawn from the model's own
 * prediction, taken exactly: no sampled labels. Equals {@link gaussNewton} for cross-entropy and squared error.
 */
export function fisher(
  objective: Objective,
  parameters: Float64Array,
  options: OuterProductOptions = {},
): CurvatureOperator {
  return curvatureOfOutputs("Fisher information", objective, parameters, options, (outputs) =>
    objective.loss.fisher(outputs),
  );
}

/**
 * The empirical Fisher matrix (1/n) Σᵢ gᵢgᵢᵀ + ridge·1 with gᵢ = ∇ℓᵢ at the targets of the data, without the ridge's
 * part: the second moment of the gradients. It is not the Fisher matrix and vanishes where the data are fitted
 * exactly (Kunstner, Balles & Hennig 2019).
 */
export function empiricalFisher(
  objective: Objective,
  parameters: Float64Array,
  options: OuterProductOptions = {},
): CurvatureOperator {
  const name = "empirical Fisher";
  requireObjective(name, objective, parameters);
  const { train, outputs: c, size: d, loss } = objective;
  return outerProductOperator(
    {
      name,
      size: d,
      samples: train.count,
      rowsEach: 1,
      ridge: objective.ridge,
      batch: batchFor(objective),
      async rows(from, to) {
        const samples = sliceSamples(train, from, to);
        const outputs = await objective.evaluate(parameters, samples);
        const slopes = loss.slopes(outputs, samples.targets);
        const mixing = Array.from({ length: samples.count }, (_, i) => [
          slopes.data.slice(i * c, (i + 1) * c),
        ]);
        return mixRows(await objective.jacobian(parameters, samples), c, mixing, 1 / Math.sqrt(train.count));
      },
    },
    options,
  );
}

/** (1/n) Σᵢ JᵢᵀSᵢJᵢ + ridge·1 for any Sᵢ = `curvatures`, optionally of some columns of J alone. */
export function curvatureOfOutputs(
  name: string,
  objective: Objective,
  parameters: Float64Array,
  options: OuterProductOptions & { only?: Int32Array },
  curvatures: (outputs: Matrix, samples: Samples) => Matrix,
): CurvatureOperator {
  requireObjective(name, objective, parameters);
  const { train, outputs: c } = objective;
  const { only } = options;
  return outerProductOperator(
    {
      name,
      size: only?.length ?? objective.size,
      samples: train.count,
      rowsEach: c,
      ridge: objective.ridge,
      batch: batchFor(objective),
      async rows(from, to) {
        const samples = sliceSamples(train, from, to);
        const s = curvatures(await objective.evaluate(parameters, samples), samples);
        const mixing = Array.from({ length: samples.count }, (_, i) =>
          squareRootRows(s.data.slice(i * c * c, (i + 1) * c * c), c, name),
        );
        const jacobian = await objective.jacobian(parameters, samples);
        return mixRows(
          only ? gatherColumns(jacobian, only) : jacobian,
          c,
          mixing,
          1 / Math.sqrt(train.count),
        );
      },
    },
    options,
  );
}

/** For sample i and each of its mixing rows r: scale·Σ_c r_c·J_ic. */
function mixRows(jacobian: Matrix, c: number, mixing: readonly Float64Array[][], scale: number): Matrix {
  const d = jacobian.cols;
  const out = matrix(
    mixing.reduce((sum, rows) => sum + rows.length, 0),
    d,
  );
  let to = 0;
  for (const [i, rows] of mixing.entries()) {
    for (const row of rows) {
      for (let k = 0; k < c; k++) {
        const weight = scale * row[k]!;
        if (weight === 0) continue;
        const from = (i * c + k) * d;
        for (let j = 0; j < d; j++) out.data[to + j]! += weight * jacobian.data[from + j]!;
      }
      to += d;
    }
  }
  return out;
}
