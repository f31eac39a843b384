import { matrix } from "../../linalg/matrix.ts";
import { baseWidth, type TokenRegressor } from "../token-regressor.ts";
import type { LayerFactors, Samples } from "./contract.ts";

/** One linear map of a token regressor: where its weight [inputs, units] and its bias [units] lie in θ. */
interface LinearMap {
  layer: string;
  units: number;
  /** Inputs without the 1 of the bias. */
  inputs: number;
  weight: number;
  bias: number | undefined;
}

/** What a pass over samples leaves: inputs a of every map, and slopes ∂y/∂u of its outputs u, sample by sample. */
export interface TokenPass {
  maps: readonly LinearMap[];
  inputs: Float64Array[];
  slopes: Float64Array[];
  /** Which ReLU units are open, samples × (2·depth·width). */
  open: Uint8Array;
}

/** The linear maps in order: three embeddings (of one-hot tokens), the first layer, two a block, the readout. */
export function tokenMaps({ layout, config }: TokenRegressor): LinearMap[] {
  const { width, depth, vocabularies } = config;
  const map = (layer: string, inputs: number, units: number): LinearMap => ({
    ...{ layer, inputs, units, weight: layout.slice(`${layer}.weight`).start },
    bias: layout.slice(`${layer}.bias`).start,
  });
  const table = (name: string, slot: number): LinearMap => ({
    ...{ layer: `embedding.${name}`, inputs: vocabularies[slot]!, units: width, bias: undefined },
    weight: layout.slice(`embedding.${name}`).start,
  });
  return [
    ...[table("Z", 0), table("N", 1), table("task", 2)],
    map("attention", 3 * width, width),
    ...Array.from({ length: depth }, (_, k) => [
      map(`block${k}.first`, width, width),
      map(`block${k}.second`, width, width),
    ]).flat(),
    map("readout", width, vocabularies[2]),
  ];
}

/**
 * One forward and one backward pass a sample of the network of {@link tokenRegressor} by plain loops in float64: its
 * one output is the readout's column of the sample's task. The inputs of the embeddings are left out (they are the
 * tokens).
 */
export function tokenPass(model: TokenRegressor, theta: Float64Array, samples: Samples): TokenPass {
  const { width: h, depth, vocabularies } = model.config;
  const maps = tokenMaps(model);
  const tokens = samples.inputs as readonly Int32Array[];
  const { count } = samples;
  const dense = maps.slice(3);
  const inputs = dense.map((map) => new Float64Array(count * map.inputs));
  const slopes = maps.map((map) => new Float64Array(count * map.units));
  const open = new Uint8Array(count * 2 * depth * h);
  const tasks = vocabularies[2];
  const scale = baseWidth / h;
  const last = maps.at(-1)!;
  const before = new Float64Array(h);
  const down = new Float64Array(h);
  for (let i = 0; i < count; i++) {
    const e = inputs[0]!.subarray(i * 3 * h, (i + 1) * 3 * h);
    for (let slot = 0; slot < 3; slot++) {
      const row = maps[slot]!.weight + tokens[slot]![i]! * h;
      e.set(theta.subarray(row, row + h), slot * h);
    }
    apply(theta, maps[3]!, e, before);
    let x = inputs[1]!.subarray(i * h, (i + 1) * h);
    for (let j = 0; j < h; j++) x[j] = before[j]! / (1 + Math.exp(-before[j]!));
    const silu = before.slice();
    for (let k = 0; k < depth; k++) {
      const gates = open.subarray((i * depth + k) * 2 * h, (i * depth + k + 1) * 2 * h);
      const inner = inputs[2 * k + 2]!.subarray(i * h, (i + 1) * h);
      apply(theta, maps[4 + 2 * k]!, x, inner);
      for (let j = 0; j < h; j++)
        if (inner[j]! > 0) gates[j] = 1;
        else inner[j] = 0;
      apply(theta, maps[5 + 2 * k]!, inner, before);
      const next = inputs[2 * k + 3]!.subarray(i * h, (i + 1) * h);
      for (let j = 0; j < h; j++) {
        if (before[j]! > 0) gates[h + j] = 1;
        next[j] = x[j]! + Math.max(before[j]!, 0);
      }
      x = next;
    }
    const task = tokens[2]![i]!;
    slopes.at(-1)![i * tasks + task] = 1;
    for (let j = 0; j < h; j++) {
      down[j] = scale * theta[last.weight + j * tasks + task]!;
      x[j]! *= scale;
    }
    for (let k = depth - 1; k >= 0; k--) {
      const gates = open.subarray((i * depth + k) * 2 * h, (i * depth + k + 1) * 2 * h);
      const second = slopes[5 + 2 * k]!.subarray(i * h, (i + 1) * h);
      for (let j = 0; j < h; j++) second[j] = gates[h + j]! * down[j]!;
      const first = slopes[4 + 2 * k]!.subarray(i * h, (i + 1) * h);
      pull(theta, maps[5 + 2 * k]!, second, first);
      for (let j = 0; j < h; j++) first[j]! *= gates[j]!;
      pull(theta, maps[4 + 2 * k]!, first, before);
      for (let j = 0; j < h; j++) down[j]! += before[j]!;
    }
    const attention = slopes[3]!.subarray(i * h, (i + 1) * h);
    for (let j = 0; j < h; j++) {
      const gate = 1 / (1 + Math.exp(-silu[j]!));
      attention[j] = down[j]! * gate * (1 + silu[j]! * (1 - gate));
    }
    const embedded = new Float64Array(3 * h);
    pull(theta, maps[3]!, attention, embedded);
    for (let slot = 0; slot < 3; slot++)
      slopes[slot]!.set(embedded.subarray(slot * h, (slot + 1) * h), i * h);
  }
  return { maps, inputs, slopes, open };
}

/** ∂y/∂θ of every sample, count × d, as outer products of inputs and slopes. */
export function tokenJacobian(model: TokenRegressor, theta: Float64Array, samples: Samples) {
  const { maps, inputs, slopes } = tokenPass(model, theta, samples);
  const d = model.layout.size;
  const out = matrix(samples.count, d);
  for (let i = 0; i < samples.count; i++) {
    const row = out.data.subarray(i * d, (i + 1) * d);
    maps.forEach(({ units, inputs: width, weight, bias }, m) => {
      const slope = slopes[m]!.subarray(i * units, (i + 1) * units);
      if (m < 3) {
        row.set(slope, weight + samples.inputs[m]![i]! * units);
        return;
      }
      const from = inputs[m - 3]!;
      for (let a = 0; a < width; a++) {
        const value = from[i * width + a]!;
        if (value === 0) continue;
        for (let u = 0; u < units; u++) row[weight + a * units + u] = value * slope[u]!;
      }
      row.set(slope, bias!);
    });
  }
  return out;
}

/** The pass as layer factors: tokens one-hot, a 1 for the bias. */
export function tokenLayerFactors(
  model: TokenRegressor,
  theta: Float64Array,
  samples: Samples,
): LayerFactors[] {
  const { maps, inputs, slopes } = tokenPass(model, theta, samples);
  const { count } = samples;
  return maps.map(({ layer, units, inputs: width, weight, bias }, m) => {
    const cols = bias === undefined ? width : width + 1;
    const a = matrix(count, cols);
    for (let i = 0; i < count; i++) {
      if (m < 3) a.data[i * cols + samples.inputs[m]![i]!] = 1;
      else {
        a.data.set(inputs[m - 3]!.subarray(i * width, (i + 1) * width), i * cols);
        a.data[i * cols + width] = 1;
      }
    }
    const index = new Int32Array(units * cols);
    for (let u = 0; u < units; u++) {
      for (let k = 0; k < width; k++) index[u * cols + k] = weight + k * units + u;
      if (bias !== undefined) index[u * cols + width] = bias + u;
    }
    return { layer, positions: 1, inputs: a, outputSlopes: matrix(count, units, slopes[m]!), index };
  });
}

/** out ← b + Wᵀa. */
function apply(theta: Float64Array, map: LinearMap, a: Float64Array, out: Float64Array): void {
  const { units, inputs, weight, bias } = map;
  for (let u = 0; u < units; u++) out[u] = theta[bias! + u]!;
  for (let k = 0; k < inputs; k++) {
    const value = a[k]!;
    if (value === 0) continue;
    const row = weight + k * units;
    for (let u = 0; u < units; u++) out[u]! += value * theta[row + u]!;
  }
}

/** out ← W·slope. */
function pull(theta: Float64Array, map: LinearMap, slope: Float64Array, out: Float64Array): void {
  const { units, inputs, weight } = map;
  for (let k = 0; k < inputs; k++) {
    let sum = 0;
    const row = weight + k * units;
    for (let u = 0; u < units; u++) sum += theta[row + u]! * slope[u]!;
    out[k] = sum;
  }
}
