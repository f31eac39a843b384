import type { Random } from "../core/random.ts";
import type { FlatVector } from "../optim/adamw.ts";
import { baseWidth, type TokenRegressor } from "./token-regressor.ts";

/** Precision of parameters and arithmetic. */
export type FloatType = "float32" | "float64";

/** A vector of `length` zeros in the precision `dtype`. */
export function floats(dtype: FloatType, length: number): FlatVector {
  return dtype === "float32" ? new Float32Array(length) : new Float64Array(length);
}

/**
 * Parameters before training, uniform on ±bound with the maximal-update parametrisation of base width 32: embeddings
 * and readout weights ±1/√32 at every width, the first layer's weights ±1/√(3·width), the blocks' ±1/√width, the first
 * bias ±1/√96, all other biases ±1/√32. Each parameter has its own random stream, named after it.
 * Source: Yang et al., Tensor Programs V, arXiv:2203.03466; bounds as in the code of arXiv:2405.17425.
 */
export function initialParameters(model: TokenRegressor, random: Random, dtype: FloatType): FlatVector {
  const { layout, config } = model;
  const flat = floats(dtype, layout.size);
  for (const name of layout.names) {
    const bound = 1 / Math.sqrt(fanIn(name, config.width));
    const stream = random.fork("initial", name);
    const { start, end } = layout.slice(name);
    for (let i = start; i < end; i++) flat[i] = bound * (2 * stream.uniform() - 1);
  }
  return flat;
}

/**
 * Factors of learning rate and weight decay for each parameter: weights between layers of variable width train at
 * rate 32/width and decay width/32 (their product stays), biases do not decay, all else is 1.
 */
export function muFactors(model: TokenRegressor, dtype: FloatType): { rate: FlatVector; decay: FlatVector } {
  const { layout, config } = model;
  const rate = floats(dtype, layout.size).fill(1);
  const decay = floats(dtype, layout.size).fill(1);
  for (const name of layout.names) {
    const { start, end } = layout.slice(name);
    if (name.endsWith(".bias")) decay.fill(0, start, end);
    else if (name.startsWith("attention.") || name.startsWith("block")) {
      rate.fill(baseWidth / config.width, start, end);
      decay.fill(config.width / baseWidth, start, end);
    }
  }
  return { rate, decay };
}

/** The number whose inverse root bounds a parameter at the start. */
function fanIn(name: string, width: number): number {
  if (name === "attention.weight") return 3 * width;
  if (name === "attention.bias") return 3 * baseWidth;
  if (name.startsWith("block") && name.endsWith(".weight")) return width;
  return baseWidth;
}
