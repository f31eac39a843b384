import { sizeOf } from "../../program/dtype.ts";
import type { ActivationName, PlacedLayer } from "./layers.ts";
import type { SequentialModel } from "./sequential.ts";

/** An operation without parameters on [channels, from] that gives [channels, to]. */
export type Post =
  | { kind: "max" | "mean"; size: number; from: number; to: number }
  | { kind: "activation"; function: ActivationName; from: number; to: number };

/**
 * A linear map and what follows it up to the next one. A dense layer is a convolution whose kernel is as long as its
 * input; mean pooling right after the map is drawn into it: the map is then applied to means of patches.
 */
export interface Stage {
  name: string;
  /** Channels and length that come in. */
  inputs: number;
  length: number;
  /** Channels that go out. */
  outputs: number;
  kernel: number;
  /** Inputs of one unit: inputs·kernel. */
  fan: number;
  /** Positions the map is applied at. */
  positions: number;
  /** Where weight [outputs, inputs, kernel] and bias [outputs] begin in θ. */
  weight: number;
  bias: number;
  /**
   * The map sees boxes: box q of a channel is the mean of `group` padded inputs from q on, `stride` apart (group 1: the
   * input itself), and kernel element k at position j sees box j·step + k.
   */
  stride: number;
  padding: number;
  group: number;
  step: number;
  /** Boxes a channel. */
  boxes: number;
  posts: readonly Post[];
  /** Length after the posts. */
  outputLength: number;
}

/** A layered network made ready for the kernels. */
export interface Plan {
  stages: readonly Stage[];
  /** Parameters, values in and values out of one sample. */
  size: number;
  inputs: number;
  outputs: number;
}

/** The stages of a network. Parameters of stage s lie before those of stage s + 1. */
export function planOf(model: SequentialModel): Plan {
  const stages: Stage[] = [];
  let current: PlacedLayer[] = [];
  const finish = () => {
    if (current.length > 0) stages.push(stageOf(model, current));
  };
  for (const placed of model.layers) {
    const { kind } = placed.layer;
    if (kind === "flatten" || kind === "dropout") continue;
    if (kind === "conv1d" || kind === "dense") {
      finish();
      current = [placed];
    } else current.push(placed);
  }
  finish();
  let [channels, length = 1] = model.config.input;
  for (const stage of stages) {
    Object.assign(stage, reshaped(stage, channels, length));
    channels = stage.outputs;
    length = stage.outputLength;
  }
  return { stages, size: model.layout.size, inputs: model.inputs, outputs: model.outputs };
}

/** A dense stage as a convolution over the [channels, length] that arrive, before they were flattened. */
function reshaped(stage: Stage, channels: number, length: number): Partial<Stage> {
  if (stage.inputs === channels && stage.length === length) return {};
  return {
    inputs: channels,
    length,
    kernel: length,
    boxes: length,
  };
}

function stageOf(model: SequentialModel, [linear, ...after]: PlacedLayer[]): Stage {
  const { layer, name, from, to } = linear!;
  const conv = layer.kind === "conv1d" ? layer : { kernel: 1, padding: 0, stride: 1 };
  const { kernel, padding = 0, stride = 1 } = conv;
  const [inputs, length = 1] = from;
  let positions = to[1] ?? 1;
  let group = 1;
  const rest = [...after];
  while (rest[0]?.layer.kind === "averagePool1d") {
    group *= rest[0].layer.size;
    positions = rest[0].to[1]!;
    rest.shift();
  }
  const posts = rest.map(({ layer: post, from: before, to: then }): Post => {
    const sizes = { from: before[1] ?? 1, to: then[1] ?? 1 };
    if (post.kind === "activation") return { kind: "activation", function: post.function, ...sizes };
    const kind = post.kind === "maxPool1d" ? "max" : "mean";
    return { kind, size: (post as { size: number }).size, ...sizes };
  });
  const weights = `${name}.weight`;
  return {
    name,
    inputs,
    length,
    outputs: to[0],
    kernel,
    fan: sizeOf(model.layout.shapes[weights]!) / to[0],
    positions,
    weight: model.layout.slice(weights).start,
    bias: model.layout.slice(`${name}.bias`).start,
    stride,
    padding,
    group,
    step: stride * group,
    boxes: length + 2 * padding - (group - 1) * stride,
    posts,
    outputLength: posts.at(-1)?.to ?? positions,
  };
}
