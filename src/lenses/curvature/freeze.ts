import { UserError } from "../../core/errors.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import type { Objective } from "../../models/objective/contract.ts";

/** A part of a model as a model of its own. */
export interface Part {
  objective: Objective;
  /** Its parameters, in the order of the whole model's. */
  parameters: Float64Array;
}

/**
 * The training loss as a function of one layer's parameters, all others frozen at `parameters`; the ridge acts on the
 * layer alone. Of a last layer that is linear the loss is convex, its curvature small and well-conditioned, and leaving
 * a sample out is exactly what retraining that layer does. What the frozen layers owe to a sample is not counted.
 * @param layer the layer's name; default the last
 * @throws UserError for a layer that the model has not, naming those it has.
 */
export function freezeAllBut(whole: Objective, parameters: Float64Array, layer?: string): Part {
  const name = layer ?? whole.blocks.at(-1)?.layer;
  const own = whole.blocks.filter((block) => block.layer === name);
  if (own.length === 0) {
    const known = [...new Set(whole.blocks.map((block) => block.layer))].join(", ");
    throw new UserError(`freezeAllBut: '${whole.name}' has no layer '${name}'; it has ${known}`);
  }
  const index = own.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, k) => from + k));
  const size = index.length;
  const full = (part: Float64Array) => {
    const theta = parameters.slice();
    index.forEach((at, k) => {
      theta[at] = part[k]!;
    });
    return theta;
  };
  const gather = ({ rows, cols, data }: Matrix): Matrix => {
    const out = matrix(rows, size);
    for (let r = 0; r < rows; r++) {
      for (let k = 0; k < size; k++) out.data[r * size + k] = data[r * cols + index[k]!]!;
    }
    return out;
  };
  const scatter = ({ rows, data }: Matrix): Matrix => {
    const out = matrix(rows, whole.size);
    for (let r = 0; r < rows; r++) {
      for (let k = 0; k < size; k++) out.data[r * whole.size + index[k]!] = data[r * size + k]!;
    }
    return out;
  };
  const frozen = (() => {
    let sum = 0;
    const mine = new Set(index);
    for (let j = 0; j < whole.size; j++) if (!mine.has(j)) sum += parameters[j]! ** 2;
    return 0.5 * whole.ridge * sum;
  })();
  let from = 0;
  const blocks = own.map((block) => {
    const length = block.to - block.from;
    from += length;
    return { ...block, from: from - length, to: from };
  });
  const { layerFactors: _factors, gateFlips, ...rest } = whole;
  const objective: Objective = {
    ...rest,
    name: `layer '${name}' of ${whole.name}`,
    size,
    blocks,
    evaluate: (part, samples) => whole.evaluate(full(part), samples),
    jacobian: async (part, samples) => gather(await whole.jacobian(full(part), samples)),
    async valueAndGradient(part, weights) {
      const { value, gradient } = await whole.valueAndGradient(full(part), weights);
      return { value: value - frozen, gradient: Float64Array.from(index, (at) => gradient[at]!) };
    },
    hessianProducts: async (part, vectors) =>
      gather(await whole.hessianProducts(full(part), scatter(vectors))),
    async hessian(part, weights) {
      if (weights) {
        throw new UserError(
          "freezeAllBut: the Hessian of weighted samples is not there for a part of a model",
        );
      }
      const units = matrix(size, size);
      for (let k = 0; k < size; k++) units.data[k * size + k] = 1;
      const h = gather(await whole.hessianProducts(full(part), scatter(units)));
      for (let a = 0; a < size; a++) {
        for (let b = 0; b < a; b++) {
          const mean = (h.data[a * size + b]! + h.data[b * size + a]!) / 2;
          h.data[a * size + b] = mean;
          h.data[b * size + a] = mean;
        }
      }
      return h;
    },
    ...(gateFlips
      ? {
          gateFlips: (a: Float64Array, b: Float64Array, samples) =>
            gateFlips.call(whole, full(a), full(b), samples),
        }
      : {}),
  };
  return { objective, parameters: Float64Array.from(index, (at) => parameters[at]!) };
}
