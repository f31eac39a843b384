import { UserError } from "../../core/errors.ts";
import { type NumericArray, toFloat64 } from "../../data/array.ts";
import { readSafetensors, writeSafetensors } from "../../data/safetensors.ts";
import type { SequentialModel } from "./sequential.ts";

/** The name of a parameter of the model in a file: "conv1.weight" may be "layer1.0.weight" there. */
export type TensorNames = Readonly<Record<string, string>>;

/**
 * Parameters of `model` from a safetensors file. Weights are [outputs, inputs, kernel] and [outputs, inputs], as
 * PyTorch stores them. @param options.names the file's name for each parameter; default the model's own names.
 * @throws UserError naming tensors that are missing, not the model's, misshaped or not finite.
 */
export function importWeights(
  model: SequentialModel,
  bytes: Uint8Array,
  options: { names?: TensorNames; source?: string } = {},
): Float64Array {
  const { source = "safetensors" } = options;
  const { tensors } = readSafetensors(bytes, source);
  const names = namesOf(model, options.names);
  const missing = Object.values(names).filter((name) => !tensors.has(name));
  const extra = [...tensors.keys()].filter((name) => !Object.values(names).includes(name));
  if (missing.length > 0 || extra.length > 0) {
    const parts = [
      ...(missing.length > 0 ? [`lacks ${missing.join(", ")}`] : []),
      ...(extra.length > 0 ? [`holds ${extra.join(", ")}, which the model has not`] : []),
    ];
    throw new UserError(`importWeights: ${source} ${parts.join(" and ")} (model "${model.name}")`);
  }
  const flat = new Float64Array(model.layout.size);
  for (const parameter of model.layout.names) {
    const name = names[parameter]!;
    const tensor = tensors.get(name)!;
    const shape = model.layout.shapes[parameter]!;
    if (tensor.shape.length !== shape.length || tensor.shape.some((n, i) => n !== shape[i])) {
      throw new UserError(
        `importWeights: ${source}: tensor "${name}" has the shape [${tensor.shape}]; model "${model.name}" expects [${shape}]`,
      );
    }
    const values = toFloat64(tensor);
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw new UserError(`importWeights: ${source}: tensor "${name}" holds ${values[bad]} at ${bad}`);
    flat.set(values, model.layout.slice(parameter).start);
  }
  return flat;
}

/** The safetensors file (float64) of a model's parameters; {@link importWeights} reads it back exactly. */
export function exportWeights(
  model: SequentialModel,
  flat: Float64Array,
  options: { names?: TensorNames; metadata?: Readonly<Record<string, string>> } = {},
): Uint8Array<ArrayBuffer> {
  const names = namesOf(model, options.names);
  const arrays = model.layout.unpack(flat);
  const tensors = new Map<string, NumericArray>(
    model.layout.names.map((parameter) => [
      names[parameter]!,
      { shape: model.layout.shapes[parameter]!, data: arrays[parameter]! },
    ]),
  );
  return writeSafetensors(tensors, options.metadata);
}

function namesOf(model: SequentialModel, given: TensorNames = {}): TensorNames {
  const unknown = Object.keys(given).find((name) => !model.layout.names.includes(name));
  if (unknown !== undefined) {
    throw new UserError(
      `weights: model "${model.name}" has no parameter "${unknown}"; it has ${model.layout.names.join(", ")}`,
    );
  }
  return Object.fromEntries(model.layout.names.map((name) => [name, given[name] ?? name]));
}
