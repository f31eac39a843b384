import { probabilities } from "../../lenses/curvature/answers/functionals.ts";
import { signFlips } from "../../lenses/curvature/answers/sign-flips.ts";
import type { Objective } from "../../models/objective/contract.ts";
import type { LabelledSet } from "./data.ts";
import { samplesOf } from "./network-job.ts";

/** What a network says along a cut. */
export interface Prediction {
  control: Float64Array;
  /** Probability of the last class. */
  probability: Float64Array;
  /** Share of the states whose most probable class is the label. */
  accuracy: number;
  /** Where the most probable class changes, for two classes by interpolation of the logit margin. */
  boundaries: number[];
}

/** Evaluates a network on the states of a set and finds where its prediction changes. */
export async function predictAlong(
  objective: Objective,
  parameters: Float64Array,
  { set, inputs, labels }: LabelledSet,
): Promise<Prediction> {
  const outputs = await objective.evaluate(parameters, samplesOf({ states: inputs, labels }));
  const p = probabilities(outputs);
  const classes = p.cols;
  const best = Array.from({ length: p.rows }, (_, t) => {
    const row = p.data.subarray(t * classes, (t + 1) * classes);
    return row.indexOf(Math.max(...row));
  });
  const probability = Float64Array.from(best, (_, t) => p.data[t * classes + classes - 1]!);
  const order = Array.from(set.control, (_, t) => t).sort((a, b) => set.control[a]! - set.control[b]!);
  const control = order.map((t) => set.control[t]!);
  const boundaries =
    classes === 2
      ? signFlips(
          control,
          order.map((t) => outputs.data[2 * t + 1]! - outputs.data[2 * t]!),
        ).map(({ at }) => at)
      : order.slice(1).flatMap((t, k) => {
          const before = order[k]!;
          return best[t] === best[before] ? [] : [(set.control[t]! + set.control[before]!) / 2];
        });
  return {
    control: set.control,
    probability,
    accuracy: best.filter((c, t) => c === labels[t]).length / best.length,
    boundaries,
  };
}
