import * as Plot from "@observablehq/plot";
import { demand } from "../../../core/errors.ts";
import { numberColumn, textColumn } from "../../../data/table.ts";
import { median } from "../../../stats/quantile.ts";
import type { PlotFigure } from "../../figure.ts";
import type { PermutationTestInput } from "./inputs.ts";
import { categories, faint, ink, neutral } from "./style.ts";

/**
 * What is left of the test AUC when the values of a set of weights are shuffled among themselves: a row for each choice
 * of the set, with mean and sd over the shuffles; the grey band is the mean ± sd of random sets of as many weights, the
 * dashed line the AUC of the untouched network. Of several tests (seeds) every one is a small dot, the large dot is
 * their median and the line their range; band and dashed line are medians.
 * @throws UserError for no test, or tests of different choices.
 */
export function permutationTestFigure(input: PermutationTestInput): PlotFigure {
  const { name, tests } = input;
  const [first] = tests;
  demand(first, () => `permutationTestFigure '${name}': no test; expected one or more`);
  const choices = first.choices.map(({ choice }) => choice);
  for (const { label, choices: own } of tests) {
    demand(
      own.map(({ choice }) => choice).join() === choices.join(),
      () =>
        `permutationTestFigure '${name}': '${label}' has the choices ${own.map(({ choice }) => choice).join(", ")}; expected ${choices.join(", ")} as in '${first.label}'`,
    );
  }
  const several = tests.length > 1;
  const all = [...choices, "random sets"];
  const rows = tests.flatMap(({ label, choices: own, random }) =>
    [...own, { choice: "random sets", ...random }].map((row) => ({
      label,
      ...row,
      kind: kindOf(row.choice, choices),
    })),
  );
  const summary = all.map((choice) => {
    const own = rows.filter((row) => row.choice === choice);
    const means = own.map(({ mean }) => mean);
    const centre = median(means);
    return {
      ...{ choice, centre, kind: kindOf(choice, choices) },
      low: several ? Math.min(...means) : centre - own[0]!.sd,
      high: several ? Math.max(...means) : centre + own[0]!.sd,
    };
  });
  const base = median(tests.map((test) => test.base));
  const middle = median(tests.map(({ random }) => random.mean));
  const spread = median(tests.map(({ random }) => random.sd));
  const low = Math.min(...summary.map((row) => row.low), middle - spread);
  const column = tests.flatMap((test) => Array.from({ length: all.length }, () => test.base));
  return {
    kind: "plot",
    name,
    title: input.title,
    caption: input.caption,
    data: {
      name,
      rows: rows.length,
      columns: [
        textColumn(
          "test",
          rows.map(({ label }) => label),
        ),
        textColumn(
          "weights",
          rows.map(({ choice }) => choice),
        ),
        numberColumn(
          "auc",
          "",
          rows.map(({ mean }) => mean),
          { uncertainty: Float64Array.from(rows, ({ sd }) => sd) },
        ),
        numberColumn("base", "", column, { help: "AUC of the untouched network" }),
      ],
      provenance: input.provenance ?? [],
    },
    plot: {
      ...{ width: 640, height: 74 + 32 * all.length, marginRight: 66, inset: 0, grid: false },
      x: {
        label: "test AUC after the shuffle",
        domain: [low - 0.02, Math.max(base, ...summary.map((row) => row.high)) + 0.02],
        grid: true,
      },
      y: { domain: all, label: null, tickSize: 0 },
      color: {
        ...{
          type: "categorical",
          domain: ["conserved weights", "other choices", "random sets", "no shuffle"],
        },
        range: [categories[0], categories[1], neutral, ink],
      },
      marks: [
        Plot.rectX([0], { x1: middle - spread, x2: middle + spread, fill: neutral, fillOpacity: 0.18 }),
        Plot.ruleX([middle], { stroke: neutral }),
        Plot.ruleX([base], { stroke: ink, strokeDasharray: "5,3" }),
        Plot.ruleX(
          [0.5].filter((x) => x > low - 0.02),
          { stroke: faint, strokeDasharray: "1,3" },
        ),
        Plot.link(summary, {
          x1: "low",
          x2: "high",
          y1: "choice",
          y2: "choice",
          stroke: "kind",
          strokeWidth: 2.2,
          strokeOpacity: 0.6,
        }),
        Plot.dot(several ? rows : [], { x: "mean", y: "choice", fill: "kind", r: 2.2, fillOpacity: 0.7 }),
        Plot.dot(summary, {
          x: "centre",
          y: "choice",
          fill: "kind",
          r: 5.2,
          stroke: "white",
          strokeWidth: 1.2,
        }),
        Plot.text(summary, {
          ...{ frameAnchor: "right" as const, y: "choice", textAnchor: "start", dx: 10 },
          text: (row: { centre: number }) => row.centre.toFixed(3),
        }),
      ],
    },
  };
}

function kindOf(choice: string, choices: readonly string[]): string {
  if (choice === "random sets") return choice;
  return choice === choices[0] ? "conserved weights" : "other choices";
}
