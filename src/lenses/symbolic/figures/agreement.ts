import * as Plot from "@observablehq/plot";
import { numberColumn, textColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import type { SymbolicAnalysis } from "../analyse.ts";
import { lawText } from "../law-text.ts";
import type { SymbolicSubject } from "../subject.ts";
import { blue, cut, guide, ink, named, orange } from "./style.ts";

/** What the search chooses with other seeds and on resampled rows, and how much that shares with the formula. */
export function agreementFigure(subject: SymbolicSubject, analysis: SymbolicAnalysis): PlotFigure {
  const { seeds, bootstraps } = analysis;
  const rows = [
    ...seeds.map((version) => ({ ...version, kind: "other seed" })),
    ...bootstraps.map((version) => ({ ...version, kind: "resampled rows" })),
  ].map((row) => ({ ...row, equation: lawText(analysis, row.expression) }));
  const same = (list: readonly { same: boolean }[]) =>
    `${list.filter((v) => v.same).length} of ${list.length}`;
  const name = named(subject.id, "agreement");
  return {
    kind: "plot",
    name,
    title: "The same search again: which formula does it choose?",
    caption:
      `Each row is a whole search, ${seeds.length} with other seeds and ${bootstraps.length} on rows drawn with replacement; dot: terms of the canonical forms in common with the claimed formula, weighted by their size (1: the same terms with the same coefficients). ` +
      `The same form up to constants: ${same(seeds)} seeds, ${same(bootstraps)} resamples. Below 0.6 (dashed) the choice is not stable.`,
    data: {
      name,
      rows: rows.length,
      provenance: subject.provenance ?? [],
      columns: [
        textColumn(
          "search",
          rows.map((row) => row.name),
        ),
        numberColumn(
          "agreement",
          "",
          rows.map((row) => row.agreement),
        ),
        numberColumn(
          "same_form",
          "",
          rows.map((row) => (row.same ? 1 : 0)),
        ),
        textColumn(
          "equation",
          rows.map((row) => row.equation),
        ),
        textColumn(
          "form",
          rows.map((row) => row.skeleton),
        ),
      ],
    },
    plot: {
      width: 900,
      height: 70 + 22 * rows.length,
      marginLeft: 130,
      marginRight: 440,
      x: { label: "agreement with the claimed formula", domain: [0, 1] },
      y: { label: null, type: "point", domain: rows.map((row) => row.name) },
      color: { type: "categorical", domain: ["other seed", "resampled rows"], range: [blue, orange] },
      marks: [
        Plot.ruleX([0.6], { stroke: guide, strokeDasharray: "4,3" }),
        Plot.ruleX([0.9], { stroke: guide }),
        Plot.ruleY(rows, { y: "name", x1: 0, x2: "agreement", stroke: "kind", strokeWidth: 1.6 }),
        Plot.dot(rows, { x: "agreement", y: "name", fill: "kind", r: 4.5 }),
        ...[true, false].map((same) =>
          Plot.text(
            rows.filter((row) => row.same === same),
            {
              x: 1,
              y: "name",
              text: (row: { equation: string }) => cut(row.equation, 62),
              textAnchor: "start",
              dx: 14,
              fill: ink,
              fontWeight: same ? 700 : 400,
            },
          ),
        ),
      ],
    },
  };
}
