import type { FlatVector } from "../../optim/adamw.ts";
import { spec } from "../../program/dtype.ts";
import * as o from "../../program/ops/index.ts";
import { compile } from "../../program/session.ts";
import { trace } from "../../program/trace.ts";
import { tap } from "../../program/transform/index.ts";
import { type PaddedPairs, pairInputs } from "./neighbours.ts";
import type { Calibration, TracedPotential } from "./traced.ts";
import { type BatchShape, forcesProgram, type Pairs, pairSpecs } from "./train-programs.ts";

/**
 * Parameters such that, over the frames `rows`, what enters every activation has mean 0 and variance 1, unit by unit, and
 * the predicted forces have RMS 1: rows of the weights divided by the deviation, biases set to minus the mean, layer by
 * layer from the input on. Beads of a liquid have nearly the same surroundings: without this the few per cent in which
 * their messages differ are lost next to what they share.
 * Source: Mishkin & Matas, All you need is a good init, ICLR 2016 (with means taken out as well).
 * @param parameters changed in place.
 */
export async function calibrate(
  model: TracedPotential,
  parameters: FlatVector,
  pairs: PaddedPairs,
  rows: Int32Array,
  batch: BatchShape,
): Promise<void> {
  const { layout, calibration } = model;
  const shape = { ...batch, frames: rows.length };
  const steps = calibration.flat();
  const names = steps.map((step) => step.site);
  const tapped = tap((flat: o.Value, given: Pairs) => model.energies(flat, given, batch.kinds), names);
  const program = trace(
    (flat, given) => {
      const { taps } = tapped(flat, given);
      return names.map((name) => moments(taps[name]!, given.weights));
    },
    [spec([layout.size], batch.dtype), pairSpecs(shape)],
    { name: "layer statistics", names: ["parameters", "pairs"] },
  );
  const inputs = pairInputs(pairs, rows, batch.dtype);
  const statistics = await compile(program);
  const predicted = await compile(forcesProgram(model, shape));
  try {
    for (const stage of calibration) {
      const found = await statistics.run([parameters, ...inputs]);
      for (const step of stage) apply(model, parameters, step, found[steps.indexOf(step)] as FlatVector);
    }
    const forces = (await predicted.run([parameters, ...inputs]))[1] as Float64Array;
    const size = Math.sqrt(forces.reduce((sum, f) => sum + f * f, 0) / forces.length);
    if (size > 0) {
      const { start, end } = layout.slice("output_modules.0.outnet.1.weight");
      for (let i = start; i < end; i++) parameters[i]! /= size;
    }
  } finally {
    await statistics.release();
    await predicted.release();
  }
}

/** Means, then variances, of each column (the last axis); rows that stand for pairs count by their weight. */
function moments(values: o.Value, weights: o.Value): o.Value {
  const table = o.reshape(values, [-1, values.shape.at(-1)!]);
  const rows = table.shape[0]!;
  const weight = rows === weights.size ? o.reshape(weights, [rows, 1]) : o.ones([rows, 1], o.dtypeOf(values));
  const share = o.div(weight, o.sum(weight));
  const mean = o.sum(o.mul(table, share), { axis: 0 });
  const variance = o.sum(o.mul(o.square(o.sub(table, mean)), share), { axis: 0 });
  return o.stack([mean, variance]);
}

function apply(
  { layout }: TracedPotential,
  parameters: FlatVector,
  step: Calibration,
  found: FlatVector,
): void {
  const units = found.length / 2;
  const weight = layout.slice(`${step.dense}.weight`);
  const biased = layout.names.includes(`${step.dense}.bias`);
  if (step.how === "scale") {
    let square = 0;
    for (let k = 0; k < units; k++) square += (found[k]! ** 2 + found[units + k]!) / units;
    const size = Math.sqrt(square);
    if (!(size > 1e-6)) return;
    const end = biased ? layout.slice(`${step.dense}.bias`).end : weight.end;
    for (let i = weight.start; i < end; i++) parameters[i]! /= size;
    return;
  }
  const bias = layout.slice(`${step.dense}.bias`);
  const inputs = (weight.end - weight.start) / units;
  for (let k = 0; k < units; k++) {
    const deviation = Math.sqrt(found[units + k]!);
    if (!(deviation > 1e-6)) continue;
    for (let i = 0; i < inputs; i++) parameters[weight.start + k * inputs + i]! /= deviation;
    parameters[bias.start + k] = (parameters[bias.start + k]! - found[k]!) / deviation;
  }
}
