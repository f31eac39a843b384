import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { type Pca, pca } from "../../linalg/pca.ts";
import type { FeatureSubject } from "./subject.ts";

/** A linear readout split into what each principal component of its input adds. */
export interface Decomposition {
  pca: Pca;
  /** The output at the mean activation, in the output's unit. */
  base: number;
  /** components × samples: scale · score · (direction · weights), in the output's unit. Signs are not arbitrary. */
  contributions: Matrix;
  /** The model's output, one a sample. */
  output: Float64Array;
}

/**
 * Splits the output offset + scale·(row·w + bias) over the principal components of the rows: with row = mean + Σᵢ sᵢcᵢ,
 * component i adds fᵢ = scale·sᵢ·(cᵢ·w), and output = base + Σᵢ fᵢ exactly when all components are kept. fᵢ is the
 * readout of the inverse PCA of component i alone, without the constant that all components share.
 * Source: Kitouni et al. 2024, section 5 and Fig. 11.
 * @param components how many to keep, at most min(samples − 1, width).
 */
export function decompose({ rows, readout }: FeatureSubject, components: number): Decomposition {
  const { weights, bias, scale, offset } = readout;
  const fitted = pca(rows, { components });
  const n = rows.rows;
  const along = (vector: Float64Array) => vector.reduce((sum, value, j) => sum + value * weights[j]!, 0);
  const contributions = matrix(components, n);
  for (let c = 0; c < components; c++) {
    const direction = fitted.components.data.subarray(c * rows.cols, (c + 1) * rows.cols);
    const factor = scale * along(direction);
    for (let i = 0; i < n; i++) {
      contributions.data[c * n + i] = factor * fitted.scores.data[i * components + c]!;
    }
  }
  return {
    pca: fitted,
    base: offset + scale * (along(fitted.mean) + bias),
    contributions,
    output: Float64Array.from(
      { length: n },
      (_, i) => offset + scale * (along(rows.data.subarray(i * rows.cols, (i + 1) * rows.cols)) + bias),
    ),
  };
}
