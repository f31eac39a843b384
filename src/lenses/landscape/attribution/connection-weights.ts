import { demand } from "../../../core/errors.ts";
import { matmul } from "../../../linalg/matmul.ts";
import type { Matrix } from "../../../linalg/matrix.ts";

/**
 * Connection weights: the product of all weight matrices from the inputs to the outputs, outputs × inputs; entry (i, k)
 * is Σ over all paths of the product of their weights. Source: Olden & Jackson, Ecol. Modell. 154, 135 (2002).
 * @param layers weight matrices (to × from), first layer first @throws UserError for none, or shapes that do not chain.
 */
export function connectionWeights(layers: readonly Matrix[]): Matrix {
  const [first, ...rest] = layers;
  demand(first !== undefined, () => "connectionWeights: no layers");
  return rest.reduce((product, layer, i) => {
    demand(
      layer.cols === product.rows,
      () =>
        `connectionWeights: layer ${i + 2} takes ${layer.cols} values, layer ${i + 1} gives ${product.rows}`,
    );
    return matmul(layer, product);
  }, first);
}

/** Σ_j |W_jk| of the first layer's weights (units × features): the size with which a feature enters. */
export function firstLayerSize({ rows, cols, data }: Matrix): Float64Array {
  const out = new Float64Array(cols);
  for (let j = 0; j < rows; j++) {
    for (let k = 0; k < cols; k++) out[k]! += Math.abs(data[j * cols + k]!);
  }
  return out;
}
