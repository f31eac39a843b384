import * as Plot from "@observablehq/plot";
import { numberColumn, type Provenance } from "../../../data/table.ts";
import type { Pca } from "../../../linalg/pca.ts";
import type { PlotFigure } from "../../figure.ts";
import type { TokenTable } from "../subject.ts";
import { componentLabel, labelOf } from "./words.ts";

interface Point {
  token: number;
  x: number;
  y: number;
}

/** A table's trained tokens in the plane of its first two principal components, joined in their order. */
export function planeFigure(
  table: TokenTable,
  tokens: readonly number[],
  fitted: Pca,
  provenance: readonly Provenance[],
): PlotFigure {
  const width = fitted.scores.cols;
  const points = tokens.map((token, i): Point => {
    return { token, x: fitted.scores.data[i * width]!, y: fitted.scores.data[i * width + 1]! };
  });
  const marked = points.filter(({ token }) => table.marked?.includes(token));
  const [even, odd] = [0, 1].map((parity) => points.filter(({ token }) => Math.abs(token % 2) === parity));
  const name = `embedding-${table.name}-plane`;
  const at = { x: "x", y: "y" } as const;
  const dot = { ...at, fill: "token", stroke: "white", strokeWidth: 0.6 } as const;
  return {
    kind: "plot",
    name,
    title: `Learned embeddings of ${labelOf(table)} in their first two principal components`,
    caption:
      `${tokens.length} trained tokens, joined in their order; ● even, ▲ odd${marked.length > 0 ? "; named: marked tokens" : ""}. ` +
      "Tokens that run along the picture in order were arranged by size; even and odd ones that part show pairing. " +
      "The signs of the axes carry no meaning.",
    data: {
      name,
      rows: points.length,
      columns: [
        numberColumn(
          table.name,
          "",
          points.map((p) => p.token),
        ),
        numberColumn(
          "PC1",
          "",
          points.map((p) => p.x),
        ),
        numberColumn(
          "PC2",
          "",
          points.map((p) => p.y),
        ),
      ],
      provenance,
    },
    plot: {
      height: 450,
      marginTop: 30,
      inset: 14,
      x: { label: componentLabel(1, fitted.explained[0]!) },
      y: { label: componentLabel(2, fitted.explained[1]!) },
      color: { type: "linear", label: labelOf(table) },
      marks: [
        Plot.line(points, { ...at, stroke: "#8b949e", strokeWidth: 0.8 }),
        Plot.dot(even!, { ...dot, symbol: "circle", r: 4.4 }),
        Plot.dot(odd!, { ...dot, symbol: "triangle", r: 4.4 }),
        Plot.dot(marked, { ...at, r: 6.5, stroke: "#1f2328", strokeWidth: 1.2 }),
        Plot.text(marked, {
          ...at,
          text: (point: Point) => `${table.name} = ${point.token}`,
          dx: 10,
          dy: -9,
          textAnchor: "start",
          fontWeight: 600,
          fill: "#1f2328",
          stroke: "white",
          strokeWidth: 3.5,
        }),
        Plot.text(["● even   ▲ odd"], {
          frameAnchor: "top-right",
          dy: -16,
          fill: "#59636e",
        }),
      ],
    },
  };
}
