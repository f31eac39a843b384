import { demand } from "../../core/errors.ts";
import { type ClassifierShape, layoutOf } from "./shape.ts";

/** Weight `i` of a flat vector in words: "the weight from input 1 to unit 2", "the bias of class 0", counted from 0. */
export function weightName(shape: ClassifierShape, i: number): string {
  const { sizes, weightsAt, biasAt, count } = layoutOf(shape);
  demand(
    Number.isInteger(i) && i >= 0 && i < count,
    () => `weightName: weight ${i}; there are 0 to ${count - 1}`,
  );
  const last = sizes.length - 1;
  const unit = (layer: number, k: number) => {
    if (layer === 0) return `input ${k}`;
    if (layer === last) return `class ${k}`;
    return last > 2 ? `unit ${k} of layer ${layer}` : `unit ${k}`;
  };
  const biased = biasAt.findLastIndex((at) => i >= at);
  if (biased >= 0) return `the bias of ${unit(biased + 1, i - biasAt[biased]!)}`;
  const layer = weightsAt.findLastIndex((at) => i >= at);
  const at = i - weightsAt[layer]!;
  const from = sizes[layer]!;
  return `the weight from ${unit(layer, at % from)} to ${unit(layer + 1, Math.floor(at / from))}`;
}
