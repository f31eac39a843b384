import { demand } from "../core/errors.ts";
import { norm } from "../optim/vector.ts";
import type { Objective } from "./objective/contract.ts";

/** Some of a training set's samples, with weights that make their mean stand for the mean of all. */
export interface Coreset {
  rows: Int32Array;
  /** Weights of `rows`; their mean is about 1. */
  weights: Float64Array;
}

/** `size` samples at even distances in their order, with weight 1: good where neighbours are alike. */
export function evenCoreset(count: number, size: number): Coreset {
  demand(Number.isInteger(size) && size >= 1 && size <= count, () => {
    return `evenCoreset: ${size} of ${count} samples; expected a whole number from 1 to ${count}`;
  });
  const rows = Int32Array.from({ length: size }, (_, k) => Math.floor(((k + 0.5) * count) / size));
  return { rows, weights: new Float64Array(size).fill(1) };
}

/**
 * About `size` samples, each kept with a chance πᵢ that grows with the slope of its loss at `parameters`,
 * πᵢ = min(1, c·(‖∂ℓᵢ/∂f‖ + mean)), and weighted by 1/πᵢ: where the loss is steep every sample counts for itself, where
 * it is flat few stand for many. Systematic sampling in the order of the samples (the running sum of π passes whole
 * numbers), so nothing is drawn at random and neighbours share the work.
 */
export async function steepCoreset(
  objective: Objective,
  parameters: Float64Array,
  size: number,
): Promise<Coreset> {
  const { train, loss } = objective;
  const n = train.count;
  if (size >= n) return evenCoreset(n, n);
  const slopes = loss.slopes(await objective.evaluate(parameters, train), train.targets);
  const steep = Float64Array.from({ length: n }, (_, i) =>
    norm(slopes.data.subarray(i * slopes.cols, (i + 1) * slopes.cols)),
  );
  const mean = steep.reduce((sum, s) => sum + s, 0) / n || 1;
  const chances = (scale: number) => steep.map((s) => Math.min(1, scale * (s + mean)));
  const total = (scale: number) => chances(scale).reduce((sum, p) => sum + p, 0);
  let [low, high] = [0, 1 / mean];
  for (let turn = 0; turn < 60; turn++) {
    const middle = (low + high) / 2;
    if (total(middle) < size) low = middle;
    else high = middle;
  }
  const pi = chances(high);
  const rows: number[] = [];
  let sum = 0.5;
  pi.forEach((p, i) => {
    const next = sum + p;
    if (Math.floor(next) > Math.floor(sum)) rows.push(i);
    sum = next;
  });
  const weights = Float64Array.from(rows, (i) => 1 / pi[i]!);
  const scale = rows.length / n;
  return { rows: Int32Array.from(rows), weights: weights.map((w) => w * scale) };
}
