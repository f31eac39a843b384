import * as Plot from "@observablehq/plot";
import { numberColumn, textColumn } from "../../data/table.ts";
import { print } from "../../expressions/print.ts";
import type { PlotFigure } from "../../lenses/figure.ts";
import { guide, okabeIto } from "../../report/palette.ts";
import type { LorenzFit } from "./fit-lorenz.ts";

const names = ["x", "y", "z"];

/** How often each term is chosen over the resamples, one panel an equation. */
export function inclusionFigure({ dynamics, noise }: LorenzFit): PlotFigure {
  const rows = dynamics.equations.flatMap(({ target, terms, alternatives }) => {
    const chosen = new Map(terms.map((term) => [term.index, term]));
    const other = new Map(alternatives.map((one) => [one.index, one.inclusion]));
    return dynamics.library.map((term, index) => {
      const own = chosen.get(index);
      return {
        equation: target,
        term: print(term, { names }),
        inclusion: own?.inclusion ?? other.get(index) ?? 0,
        state: own === undefined ? "not chosen" : own.flags.length > 0 ? "chosen, flagged" : "chosen",
      };
    });
  });
  const terms = dynamics.library.map((term) => print(term, { names }));
  return {
    kind: "plot",
    name: "lorenz-inclusion",
    title: `Lorenz at noise ${noise}: how sure is each term?`,
    caption: `Share of 200 resamples of the rows in which each term of the library is chosen; least squares with measured rates on one noisy trajectory of 5001 points. Dashed: 95 %, below which a chosen term is flagged. Terms chosen in no more than one in twenty resamples stand at 0. The constants are noise read as signal.`,
    data: {
      name: "lorenz-inclusion",
      rows: rows.length,
      provenance: [],
      columns: [
        textColumn(
          "equation",
          rows.map(({ equation }) => equation),
        ),
        textColumn(
          "term",
          rows.map(({ term }) => term),
        ),
        numberColumn(
          "inclusion",
          "",
          rows.map(({ inclusion }) => inclusion),
        ),
        textColumn(
          "state",
          rows.map(({ state }) => state),
        ),
      ],
    },
    plot: {
      height: 380,
      marginRight: 60,
      fy: { label: null, domain: dynamics.equations.map(({ target }) => target) },
      x: { label: "term of the library", domain: terms, type: "point", padding: 0.6 },
      y: { label: "share of resamples", domain: [0, 1.05], ticks: [0, 0.5, 1], tickFormat: ".1f" },
      color: {
        type: "categorical",
        domain: ["chosen", "chosen, flagged", "not chosen"],
        range: [okabeIto[0]!, okabeIto[1]!, guide],
      },
      marks: [
        Plot.ruleY([0.95], { stroke: guide, strokeDasharray: "3,3" }),
        Plot.ruleX(rows, {
          fy: "equation",
          x: "term",
          y1: 0,
          y2: "inclusion",
          stroke: "state",
          strokeWidth: 2,
        }),
        Plot.dot(rows, { fy: "equation", x: "term", y: "inclusion", fill: "state", r: 4.5 }),
      ],
    },
  };
}
