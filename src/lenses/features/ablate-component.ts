import type { Faithfulness } from "../../claims/card.ts";
import type { Random } from "../../core/random.ts";
import { rowOf } from "../../linalg/rows.ts";
import { rms } from "../../stats/describe.ts";
import type { Decomposition } from "./decompose.ts";
import type { FeatureSubject } from "./subject.ts";

/** How many random directions stand beside a component. */
const controls = 99;

/**
 * Takes a component out of the activations (its scores at their mean) and reports how much the model's error grows,
 * beside taking the same scores out along random directions of the activations: equal change of the activations at
 * every sample, another direction. A component that the readout listens to beats them.
 * @param component counted from 0
 */
export function ablateComponent(
  { readout, target, quantity, unit, rows }: FeatureSubject,
  { pca, contributions, output }: Decomposition,
  component: number,
  random: Random,
): Faithfulness {
  const kept = contributions.rows;
  const error = output.map((value, i) => value - target[i]!);
  const before = rms(error);
  const own = rowOf(contributions, component);
  const change = rms(error.map((value, i) => value - own[i]!)) - before;
  const control = Array.from({ length: controls }, () => {
    const direction = Float64Array.from({ length: rows.cols }, () => random.normal());
    const length = Math.hypot(...direction);
    const gain =
      (readout.scale * direction.reduce((sum, value, j) => sum + value * readout.weights[j]!, 0)) / length;
    return rms(error.map((value, i) => value - gain * pca.scores.data[i * kept + component]!)) - before;
  });
  return {
    what: `component ${component + 1} of the penultimate layer set to its mean`,
    quantity: `RMS error of the ${quantity}`,
    unit,
    change,
    control: "the same scores taken out along a random direction of the layer",
    controls: control,
  };
}
