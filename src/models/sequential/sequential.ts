import { UserError } from "../../core/errors.ts";
import type { Value } from "../../program/ops/index.ts";
import * as o from "../../program/ops/index.ts";
import { type Layout, layout } from "../../program/parameters.ts";
import { site } from "../../program/sites.ts";
import { type Layer, type PlacedLayer, placeLayers, type SampleShape } from "./layers.ts";

/** What a layered network is made of: plain data, that crosses threads and goes into files. */
export interface SequentialConfig {
  name: string;
  input: SampleShape;
  layers: readonly Layer[];
}

/** A network of layers one after another, all its parameters in one flat vector θ. */
export interface SequentialModel {
  config: SequentialConfig;
  name: string;
  /** weight and bias of each linear layer in turn: "conv1.weight" [outputs, inputs, kernel], "dense1.weight" [outputs, inputs]. */
  layout: Layout;
  layers: readonly PlacedLayer[];
  /** Names of the sites, in order of evaluation: the output of each layer under the layer's name. */
  sites: readonly string[];
  /** Values that come out for one sample. */
  outputs: number;
  /** Values that go in for one sample. */
  inputs: number;
  /** Active dropout layers, by name. */
  hazards: readonly string[];
  /** Does a ReLU or max-pooling make it piecewise? */
  kinks: boolean;
  /**
   * The network in operations of a program: one sample ([channels, length] or [features]) gives [outputs], a batch
   * with the sample axis first gives [batch, outputs].
   */
  forward(flat: Value, x: Value): Value;
}

/**
 * A network from layers as data, in evaluation mode:
 *
 *     sequential({ name: "mlp", input: [2], layers: [
 *       { kind: "dense", outputs: 100 }, { kind: "activation", function: "tanh" }, { kind: "dense", outputs: 3 } ] })
 *
 * Weights are stored as PyTorch stores them; every linear layer has a bias; θ is w1, b1, w2, b2, …
 * @throws UserError naming the layer that does not fit
 */
export function sequential(config: SequentialConfig): SequentialModel {
  const layers = placeLayers(config.name, config.input, config.layers);
  const parameters = layout(
    Object.fromEntries(
      layers.flatMap((placed) => {
        const shape = weightShape(placed);
        if (shape === undefined) return [];
        return [
          [`${placed.name}.weight`, shape],
          [`${placed.name}.bias`, [shape[0]!]],
        ];
      }),
    ) as Record<string, readonly number[]>,
  );
  const computing = layers.filter(({ layer }) => layer.kind !== "dropout");
  const inputs = config.input.reduce((product, n) => product * n, 1);
  return {
    config,
    name: config.name,
    layout: parameters,
    layers,
    sites: computing.map(({ name }) => name),
    outputs: layers.at(-1)!.to[0],
    inputs,
    hazards: layers.flatMap(({ layer, name }) =>
      layer.kind === "dropout" && layer.active ? [`dropout layer "${name}" is active`] : [],
    ),
    kinks: layers.some(
      ({ layer }) => layer.kind === "maxPool1d" || (layer.kind === "activation" && layer.function === "relu"),
    ),
    forward(flat, x) {
      const rank = config.input.length;
      const tail = x.shape.slice(-rank);
      if (x.shape.length > rank + 1 || tail.length !== rank || tail.some((n, i) => n !== config.input[i])) {
        throw new UserError(
          `${config.name}: the input is ${o.describe(x)}; expected [${config.input.join(", ")}], with or without a batch axis before it`,
        );
      }
      return computing.reduce(
        (value, placed) => site(placed.name, apply(flat, value, placed, parameters)),
        x,
      );
    },
  };
}

function weightShape({ layer, from }: PlacedLayer): readonly number[] | undefined {
  if (layer.kind === "conv1d") return [layer.outputs, from[0], layer.kernel];
  if (layer.kind === "dense") return [layer.outputs, from[0]];
  return undefined;
}

/** One layer on [(batch,) channels, length] or [(batch,) features]. */
function apply(flat: Value, x: Value, { layer, name, to }: PlacedLayer, parameters: Layout): Value {
  switch (layer.kind) {
    case "conv1d": {
      const { padding = 0, stride = 1 } = layer;
      const kernel = o.transpose(parameters.view(flat, `${name}.weight`), [2, 1, 0]);
      const swept = o.conv1d(o.swapaxes(x), kernel, { stride, padding: [padding, padding] });
      return o.swapaxes(o.add(swept, parameters.view(flat, `${name}.bias`)));
    }
    case "maxPool1d":
    case "averagePool1d": {
      const lead = x.shape.slice(0, -1).map((): o.Index => []);
      const whole = o.slice(x, ...lead, [0, to[1]! * layer.size]);
      return (layer.kind === "maxPool1d" ? o.maxPool : o.averagePool)(whole, layer.size, -1);
    }
    case "activation":
      return { relu: o.relu, tanh: o.tanh, softplus: o.softplus }[layer.function](x);
    case "flatten": {
      if (x.shape.at(-1) === to[0]) return x;
      return o.reshape(x, [...x.shape.slice(0, -2), to[0]]);
    }
    case "dense": {
      const weight = o.swapaxes(parameters.view(flat, `${name}.weight`));
      return o.add(o.matmul(x, weight), parameters.view(flat, `${name}.bias`));
    }
    case "dropout":
      return x;
  }
}
