import { numberColumn, textColumn } from "../../data/table.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note, warning } from "../../lenses/diagnostic.ts";
import type { Section } from "../contract.ts";
import type { Prediction } from "./boundary.ts";
import type { PhasesData } from "./data.ts";
import type { TrainedNetwork } from "./network-job.ts";
import { labelBoundaries } from "./report-data.ts";

/** A network trained on the whole cut, and what it says of each set. */
export interface MainNetwork {
  network: TrainedNetwork;
  train: Prediction;
  even: Prediction;
  scan: Prediction;
}

/** The networks: did they reach a minimum, how good are they, where does their prediction change. */
export function networkSection(data: PhasesData, networks: readonly MainNetwork[], model: string): Section {
  const { axis } = data;
  const first = networks[0]!;
  const at = list(first.scan.boundaries);
  const told = list(labelBoundaries(data));
  const column = (name: string, of: (one: MainNetwork) => number, help?: string) =>
    numberColumn(name, "", networks.map(of), help === undefined ? {} : { help });
  return {
    ...emptyFindings(),
    title: "The networks",
    asked: "Are the networks at a minimum of their loss, and how well do they tell the phases apart?",
    metrics: {
      "accuracy.train": first.train.accuracy,
      "accuracy.even": first.even.accuracy,
      "training.loss": first.network.value,
      "training.gradient_norm": first.network.gradientNorm,
    },
    tables: [
      {
        name: "networks",
        title: `Networks: ${model}`,
        rows: networks.length,
        columns: [
          textColumn(
            "network",
            networks.map(({ network }) => network.name),
          ),
          column("loss", ({ network }) => network.value),
          column("gradient norm", ({ network }) => network.gradientNorm),
          column("accuracy, training", ({ train }) => train.accuracy),
          column("accuracy, even", ({ even }) => even.accuracy),
          column(
            `boundary ${axis.name}`,
            ({ scan }) => scan.boundaries[0] ?? Number.NaN,
            "where the most probable class first changes",
          ),
          column("boundaries", ({ scan }) => scan.boundaries.length),
          textColumn(
            "training ended",
            networks.map(({ network }) => network.stopped),
          ),
        ],
        provenance: [],
      },
    ],
    diagnostics: [
      ...networks
        .filter(({ network }) => !network.converged)
        .map(({ network }) => warning(`Network '${network.name}' is ${network.stopped}.`)),
      ...networks
        .filter(({ scan }) => scan.boundaries.length === 0)
        .map(({ network }) =>
          warning(
            `Network '${network.name}' names the same phase all along the cut: it learned nothing, and answers about it mean nothing. Try another --seed.`,
          ),
        ),
      note(
        `The prediction of '${first.network.name}' changes at ${axis.label} = ${at}; its labels change at ${told}. A critical value from a network trained on these labels is determined by the labels, so none is claimed.`,
      ),
    ],
    summary: [
      `A ${model} (${networks.length} start${networks.length === 1 ? "" : "s"}) reaches ‖∇R‖ = ${first.network.gradientNorm.toExponential(0)} and tells the classes of ${(100 * first.even.accuracy).toFixed(0)} % of the 'even' test states; its prediction changes at ${axis.label} = ${at}, its labels at ${told}.`,
    ],
  };
}

/** "1.04 and 1.69". */
function list(places: readonly number[]): string {
  return places.length === 0 ? "no place" : places.map((at) => at.toFixed(2)).join(" and ");
}
