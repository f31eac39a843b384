import { numberColumn, type Table, textColumn } from "../../data/table.ts";
import type { Answers } from "../../lenses/curvature/ask.ts";
import type { NuclearData } from "../nuclear/data.ts";
import { nucleusName } from "./chosen.ts";

/** Predicted less tabulated binding energy of each asked nucleus, keV. */
function errors({ predictions, set }: Answers, range: number): Float64Array {
  return set.samples!.targets.map((target, t) => range * (predictions!.outputs.data[t]! - target));
}

/** One line a held-out nucleus: how wrong the prediction is, how sure it was, and who taught it. */
export function askedTable(
  data: NuclearData,
  asked: readonly number[],
  answers: Answers,
  range: number,
): Table {
  const { split, source } = data;
  const named = (of: "helpful" | "harmful") =>
    answers.top.map((lists) =>
      lists[of].map(({ index }) => nucleusName(data, split.train[index]!)).join(", "),
    );
  return {
    name: "asked-nuclei",
    title: "Held-out nuclei and the nuclei that drove their prediction",
    rows: asked.length,
    columns: [
      textColumn(
        "nucleus",
        asked.map((row) => nucleusName(data, row)),
      ),
      numberColumn("error", "keV", errors(answers, range), { help: "predicted less tabulated" }),
      numberColumn(
        "uncertainty",
        "keV",
        answers.spread.prediction!.map((value) => range * value),
        { help: "standard deviation over resampled training sets" },
      ),
      numberColumn("extrapolation", "", answers.extrapolation.scores),
      textColumn("helpful", named("helpful"), "leaving them out would raise the error most"),
      textColumn("harmful", named("harmful"), "leaving them out would lower it most"),
    ],
    provenance: source.provenance,
  };
}

/** The same numbers as metrics. */
export function askedMetrics(
  data: NuclearData,
  asked: readonly number[],
  answers: Answers,
  range: number,
): Record<string, number> {
  const error = errors(answers, range);
  return Object.fromEntries(
    asked.flatMap((row, t) => {
      const name = nucleusName(data, row).replace(/[^A-Za-z0-9]/g, "");
      return [
        [`nuclear.${name}.error_keV`, error[t]!],
        [`nuclear.${name}.uncertainty_keV`, range * answers.spread.prediction![t]!],
      ];
    }),
  );
}
