import { random } from "../../core/random.ts";
import { spec } from "../../program/dtype.ts";
import type { Value } from "../../program/ops/index.ts";
import * as o from "../../program/ops/index.ts";
import { layout } from "../../program/parameters.ts";
import type { Samples } from "./contract.ts";
import type { TracedModel } from "./traced-programs.ts";

/** f = W₂ᵀ tanh(W₁ᵀx + b₁) + b₂ on one sample. */
export function perceptron(inputs: number, width: number, outputs: number): TracedModel {
  const parameters = layout({
    "first.weight": [inputs, width],
    "first.bias": [width],
    "second.weight": [width, outputs],
    "second.bias": [outputs],
  });
  return {
    name: "perceptron, tanh",
    layout: parameters,
    inputs: [spec([inputs], "float64")],
    outputs,
    kinks: false,
    forward(flat: Value, x: Value) {
      const p = parameters.views(flat);
      const hidden = o.tanh(o.add(o.matmul(x, p["first.weight"]), p["first.bias"]));
      return o.add(o.matmul(hidden, p["second.weight"]), p["second.bias"]);
    },
  };
}

/** f = Wᵀx, no bias, for whole batches: linear or logistic regression. */
export function linearModel(inputs: number, outputs: number): TracedModel {
  const parameters = layout({ weight: [inputs, outputs] });
  return {
    name: "linear model",
    layout: parameters,
    inputs: [spec([inputs], "float64")],
    outputs,
    kinks: false,
    forwardBatch: (flat, x) => o.matmul(x, parameters.view(flat, "weight")),
  };
}

/** The perceptron's outputs by plain loops. */
export function plainPerceptron(sizes: [number, number, number], p: Float64Array, x: ArrayLike<number>) {
  const [inputs, width, outputs] = sizes;
  const b1 = inputs * width;
  const w2 = b1 + width;
  const b2 = w2 + width * outputs;
  const hidden = Array.from({ length: width }, (_, j) => {
    let sum = p[b1 + j]!;
    for (let i = 0; i < inputs; i++) sum += x[i]! * p[i * width + j]!;
    return Math.tanh(sum);
  });
  return Array.from({ length: outputs }, (_, c) => {
    let sum = p[b2 + c]!;
    for (let j = 0; j < width; j++) sum += hidden[j]! * p[w2 + j * outputs + c]!;
    return sum;
  });
}

/** Points about class centres on a circle, overlapping, and the class of each. */
export function blobs(count: number, classes: number, seed: number, spread = 0.7): Samples {
  const stream = random(seed, "blobs");
  const targets = Float64Array.from({ length: count }, (_, i) => i % classes);
  const points = new Float64Array(2 * count);
  targets.forEach((y, i) => {
    points[2 * i] = Math.cos((2 * Math.PI * y) / classes) + spread * stream.normal();
    points[2 * i + 1] = Math.sin((2 * Math.PI * y) / classes) + spread * stream.normal();
  });
  return { count, inputs: [points], targets };
}

/** Normal numbers, `width` a sample, and targets that are a line in them with noise. */
export function lineSamples(count: number, width: number, seed: number): Samples {
  const stream = random(seed, "line");
  const x = Float64Array.from({ length: count * width }, () => stream.normal());
  const targets = Float64Array.from({ length: count }, (_, i) => {
    let sum = 0.3 * stream.normal();
    for (let k = 0; k < width; k++) sum += (k + 1) * 0.2 * x[i * width + k]!;
    return sum;
  });
  return { count, inputs: [x], targets };
}

/** Normal parameters of a given scale. */
export function drawn(size: number, seed: number, scale = 0.5): Float64Array {
  const stream = random(seed, "parameters");
  return Float64Array.from({ length: size }, () => scale * stream.normal());
}
