import * as Plot from "@observablehq/plot";
import { numberColumn, textColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import type { FeatureAnalysis } from "../analyse.ts";
import { type FeatureSubject, labelOf } from "../subject.ts";

interface Cell {
  panel: string;
  term: string;
  component: number;
  rho: number;
  p: number;
}

/** Correlations of every component with every term, as they are and freed of smooth trends, stars where p is small. */
export function matchMap(
  { provenance = [] }: FeatureSubject,
  { terms, decomposition }: FeatureAnalysis,
): PlotFigure {
  const name = "feature-map";
  const panels = ["as they are", "smooth trends projected out"];
  const cells = panels.flatMap((panel, mode) =>
    terms.flatMap(({ term, raw, detrended }): Cell[] => {
      const match = mode === 0 ? raw : detrended;
      return Array.from(match?.comparison.rho ?? [], (rho, c) => ({
        panel,
        term: labelOf(term),
        component: c + 1,
        rho,
        p: match!.p[c]!,
      }));
    }),
  );
  const kept = decomposition.contributions.rows;
  const components = Array.from({ length: kept }, (_, c) => c + 1);
  const shown = terms.map(({ term }) => labelOf(term));
  const stars = cells.filter(({ p }) => p <= 0.05);
  return {
    kind: "plot",
    name,
    title: "Which component of the last layer matches which term?",
    caption:
      `Pearson correlation between what each component adds to the output and each term, over ${decomposition.output.length} samples; one model. ` +
      "Below, the other smooth terms are projected out of both. ** p ≤ 0.01, * p ≤ 0.05 against random fields as smooth as the term, the best of all components counted. " +
      "Read the sign with the term's own: + adds where the term adds.",
    data: {
      name,
      rows: cells.length,
      columns: [
        textColumn(
          "comparison",
          cells.map((c) => c.panel),
        ),
        textColumn(
          "term",
          cells.map((c) => c.term),
        ),
        numberColumn(
          "component",
          "",
          cells.map((c) => c.component),
        ),
        numberColumn(
          "rho",
          "",
          cells.map((c) => c.rho),
          { help: "Pearson correlation" },
        ),
        numberColumn(
          "p",
          "",
          cells.map((c) => c.p),
          { help: "against random fields, adjusted for the components" },
        ),
      ],
      provenance,
    },
    plot: {
      height: 90 + 2 * 22 * shown.length,
      marginLeft: 130,
      marginTop: 24,
      inset: 0,
      grid: false,
      x: { type: "band", label: "principal component of the last layer", domain: components, padding: 0.04 },
      y: { type: "band", label: null, domain: shown, padding: 0.06 },
      fy: { label: null, axis: null, domain: panels, padding: 0.1 },
      color: { type: "diverging", domain: [-1, 1], label: "correlation ρ" },
      marks: [
        Plot.cell(cells, { x: "component", y: "term", fy: "panel", fill: "rho" }),
        Plot.text(stars, {
          x: "component",
          y: "term",
          fy: "panel",
          text: ({ p }: Cell) => (p <= 0.01 ? "**" : "*"),
          dy: 3,
          fontWeight: 600,
          fill: ({ rho }: Cell) => (Math.abs(rho) > 0.45 ? "white" : "#1f2328"),
        }),
        Plot.text(panels, {
          fy: (panel: string) => panel,
          text: (panel: string) => panel,
          frameAnchor: "top-left",
          dy: -14,
          fontWeight: 600,
          fill: "#1f2328",
        }),
      ],
    },
  };
}
