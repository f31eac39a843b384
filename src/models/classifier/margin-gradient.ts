import { demand } from "../../core/errors.ts";
import type { Matrix } from "../../linalg/matrix.ts";
import { rowOf } from "../../linalg/rows.ts";
import { sensitivities } from "./input-gradients.ts";
import { activations, checkFeatures } from "./predict.ts";
import { type ClassifierShape, layersOf, layoutOf } from "./shape.ts";

/**
 * Mean over rows of |w_i ∂m/∂w_i| for every weight, where the margin m is the logit of the row's class less the largest
 * other: what gradients say of a weight's importance. The gradient of the loss would not do: at a minimum that of the
 * cross-entropy is −2λw and ranks weights by size.
 */
export function marginGradient(
  shape: ClassifierShape,
  w: Float64Array,
  features: Matrix,
  labels: Int32Array,
): Float64Array {
  const layers = layersOf(shape, w);
  const { weightsAt, biasAt, count } = layoutOf(shape);
  checkFeatures(shape, features, "marginGradient");
  demand(
    labels.length === features.rows,
    () => `marginGradient: ${labels.length} labels for ${features.rows} rows`,
  );
  const out = new Float64Array(count);
  for (let row = 0; row < features.rows; row++) {
    const active = activations(layers, rowOf(features, row));
    const own = labels[row]!;
    demand(own >= 0 && own < shape.classes, () => `marginGradient: the label of row ${row} is ${own}`);
    let rival = own === 0 ? 1 : 0;
    const y = active.at(-1)!;
    for (let i = 0; i < y.length; i++) if (i !== own && y[i]! > y[rival]!) rival = i;
    const top = new Float64Array(shape.classes);
    top[own] = 1;
    top[rival] = -1;
    const slopes = sensitivities(layers, active, top);
    for (let l = 0; l < layers.length; l++) {
      const below = active[l]!;
      slopes[l + 1]!.forEach((slope, j) => {
        out[biasAt[l]! + j]! += Math.abs(slope);
        const at = weightsAt[l]! + j * below.length;
        for (let k = 0; k < below.length; k++) out[at + k]! += Math.abs(slope * below[k]!);
      });
    }
  }
  return out.map((sum, i) => (Math.abs(w[i]!) * sum) / features.rows);
}
