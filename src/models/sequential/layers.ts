import { UserError } from "../../core/errors.ts";

/** Elementwise functions between linear maps; relu has derivative 0 at 0. */
export type ActivationName = "relu" | "tanh" | "softplus";

/** One layer, as data. Numbers of inputs follow from the layer before; stated, they are checked. */
export type Layer =
  | {
      /** out[o, j] = b[o] + Σ_c Σ_k W[o, c, k]·in[c, stride·j + k − padding], zeros outside. */
      kind: "conv1d";
      outputs: number;
      kernel: number;
      padding?: number;
      stride?: number;
      inputs?: number;
      name?: string;
    }
  /** Largest, or mean, of windows of `size` positions side by side; a rest at the end is dropped. */
  | { kind: "maxPool1d" | "averagePool1d"; size: number; name?: string }
  | { kind: "activation"; function: ActivationName; name?: string }
  /** [channels, length] as one vector, channel by channel. */
  | { kind: "flatten"; name?: string }
  /** out[o] = b[o] + Σᵢ W[o, i]·in[i]. */
  | { kind: "dense"; outputs: number; inputs?: number; name?: string }
  /** Does nothing: models here are in evaluation mode. `active` says that a training would draw: a hazard. */
  | { kind: "dropout"; rate: number; active?: boolean; name?: string };

/** The shape of a sample, without the batch: [channels, length] or [features]. */
export type SampleShape = readonly [channels: number, length: number] | readonly [features: number];

/** A layer with its name and the shapes that go in and come out. */
export interface PlacedLayer {
  layer: Layer;
  name: string;
  from: SampleShape;
  to: SampleShape;
}

const prefixes: Record<Layer["kind"], string> = {
  conv1d: "conv",
  maxPool1d: "maxPool",
  averagePool1d: "averagePool",
  activation: "activation",
  flatten: "flatten",
  dense: "dense",
  dropout: "dropout",
};

/**
 * Names the layers (conv1, maxPool1, activation1 …, unless they have names) and works out their shapes.
 * @throws UserError naming the model and the layer that does not fit what it is given
 */
export function placeLayers(model: string, input: SampleShape, layers: readonly Layer[]): PlacedLayer[] {
  requireShape(model, input);
  const counts = new Map<string, number>();
  const seen = new Set<string>();
  let from = input;
  const placed = layers.map((layer): PlacedLayer => {
    const prefix = prefixes[layer.kind];
    if (prefix === undefined) {
      throw new UserError(
        `sequential: model "${model}" has a layer of kind "${layer.kind}"; expected one of ${Object.keys(prefixes).join(", ")}`,
      );
    }
    const number = (counts.get(prefix) ?? 0) + 1;
    counts.set(prefix, number);
    const name = layer.name ?? `${prefix}${number}`;
    const where = `sequential: layer "${name}" (${layer.kind}) of model "${model}"`;
    if (seen.has(name)) throw new UserError(`${where}: the name is used twice; give each layer its own`);
    seen.add(name);
    const to = shapeAfter(where, layer, from);
    const result = { layer, name, from, to };
    from = to;
    return result;
  });
  const first = layers.find((layer) => layer.kind !== "flatten" && layer.kind !== "dropout");
  if (first?.kind !== "conv1d" && first?.kind !== "dense") {
    throw new UserError(
      `sequential: model "${model}" begins with ${first === undefined ? "no layer that computes" : `a layer of kind "${first.kind}"`}; expected conv1d or dense first (pool or transform the data before)`,
    );
  }
  if (from.length !== 1) {
    throw new UserError(
      `sequential: model "${model}" ends with the shape [${from.join(", ")}]; end it with flatten and dense layers`,
    );
  }
  return placed;
}

function shapeAfter(where: string, layer: Layer, from: SampleShape): SampleShape {
  const [width, length] = from;
  switch (layer.kind) {
    case "conv1d": {
      const { outputs, kernel, padding = 0, stride = 1, inputs = width } = layer;
      if (length === undefined) {
        throw new UserError(
          `${where}: gets a vector of ${width} values; a convolution needs [channels, length]`,
        );
      }
      requireCounts(where, { outputs, kernel, stride }, 1);
      requireCounts(where, { padding }, 0);
      requireInputs(where, inputs, width);
      const out = Math.floor((length + 2 * padding - kernel) / stride) + 1;
      if (out < 1) {
        throw new UserError(
          `${where}: a kernel of ${kernel} does not fit the length ${length} with padding ${padding}`,
        );
      }
      return [outputs, out];
    }
    case "maxPool1d":
    case "averagePool1d": {
      requireCounts(where, { size: layer.size }, 1);
      if (length === undefined) {
        throw new UserError(`${where}: gets a vector of ${width} values; pooling needs [channels, length]`);
      }
      if (layer.size > length) {
        throw new UserError(`${where}: windows of ${layer.size} do not fit the length ${length}`);
      }
      return [width, Math.floor(length / layer.size)];
    }
    case "activation": {
      if (["relu", "tanh", "softplus"].includes(layer.function)) return from;
      throw new UserError(`${where}: function "${layer.function}"; expected relu, tanh or softplus`);
    }
    case "flatten":
      return [width * (length ?? 1)];
    case "dense": {
      if (length !== undefined) {
        throw new UserError(`${where}: gets the shape [${from.join(", ")}]; put a flatten layer before it`);
      }
      requireCounts(where, { outputs: layer.outputs }, 1);
      requireInputs(where, layer.inputs ?? width, width);
      return [layer.outputs];
    }
    case "dropout": {
      if (layer.rate >= 0 && layer.rate < 1) return from;
      throw new UserError(`${where}: rate ${layer.rate}; expected 0 ≤ rate < 1`);
    }
  }
}

function requireShape(model: string, shape: readonly number[]): void {
  if ((shape.length === 1 || shape.length === 2) && shape.every((n) => Number.isInteger(n) && n >= 1)) return;
  throw new UserError(
    `sequential: model "${model}" has the input shape [${shape.join(", ")}]; expected [channels, length] or [features], whole numbers of at least 1`,
  );
}

function requireCounts(where: string, counts: Record<string, number>, least: number): void {
  for (const [name, value] of Object.entries(counts)) {
    if (Number.isInteger(value) && value >= least) continue;
    throw new UserError(`${where}: ${name} is ${value}; expected a whole number of at least ${least}`);
  }
}

function requireInputs(where: string, stated: number, found: number): void {
  if (stated === found) return;
  throw new UserError(`${where}: is said to take ${stated} inputs, but the layer before gives ${found}`);
}
