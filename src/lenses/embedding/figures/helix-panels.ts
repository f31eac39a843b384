import * as Plot from "@observablehq/plot";
import { numberColumn, type Provenance } from "../../../data/table.ts";
import { columnOf } from "../../../linalg/rows.ts";
import { variance } from "../../../stats/describe.ts";
import type { PlotFigure } from "../../figure.ts";
import { helixAt } from "../helix.ts";
import type { HelixTest } from "../helix-test.ts";
import type { TokenTable } from "../subject.ts";
import { labelOf, percent, rangeText } from "./words.ts";

interface Point {
  panel: string;
  token: number;
  score: number;
  series: "embedding" | "helix fit";
}

/** Three principal-component scores over the tokens of the window, each with the fitted helix. */
export function helixPanels(
  table: TokenTable,
  test: HelixTest,
  provenance: readonly Provenance[],
): PlotFigure {
  const { tokens, t } = test.window;
  const { scores, explained } = test.components;
  const name = `helix-${table.name}`;
  const deviations = [0, 1, 2].map((c) => Math.sqrt(variance(columnOf(scores, c))) || 1);
  const panels = deviations.map((_, c) => `PC${c + 1}, ${percent(explained[c]!)} of variance`);
  const points: Point[] = [];
  const curve: Point[] = [];
  const first = tokens[0]!;
  const span = tokens.at(-1)! - first;
  const fine = Array.from({ length: 241 }, (_, i) => i / 240);
  deviations.forEach((deviation, c) => {
    const panel = panels[c]!;
    tokens.forEach((token, i) => {
      points.push({ panel, token, score: scores.data[i * 3 + c]! / deviation, series: "embedding" });
    });
    for (const at of fine) {
      const score = helixAt(test.fit, at)[c]! / deviation;
      curve.push({ panel, token: first + span * at, score, series: "helix fit" });
    }
  });
  return {
    kind: "plot",
    name,
    title: `Helix fit to the embeddings of ${labelOf(table)}`,
    caption:
      `Scores of ${tokens.length} tokens (${rangeText(table.name, tokens)}), principal components fitted on these rows; ` +
      `each panel in units of its own standard deviation. The fit shares one frequency: ${test.fit.turns.toFixed(2)} turns, ` +
      `R² = ${test.fit.r2.toFixed(3)} over all three; test statistic q = ${test.statistic.q.toFixed(3)}, ` +
      `p = ${test.walk.p.toPrecision(2)} against ${test.walk.values.length} random walks. ` +
      "A helix is a straight line in one component and waves of one frequency, a quarter turn apart, in two others.",
    data: {
      name,
      rows: tokens.length,
      columns: [
        numberColumn(table.name, "", tokens),
        numberColumn("t", "", t),
        ...[0, 1, 2].flatMap((c) => [
          numberColumn(`PC${c + 1}`, "", columnOf(scores, c)),
          numberColumn(`fit${c + 1}`, "", columnOf(test.fit.fitted, c)),
        ]),
      ],
      provenance,
    },
    plot: {
      height: 500,
      marginLeft: 52,
      marginRight: 24,
      x: { label: labelOf(table) },
      y: { label: "score (standard deviations)", ticks: 5, insetTop: 24, insetBottom: 6 },
      fy: { label: null, axis: null, domain: panels, padding: 0.09 },
      color: { domain: ["embedding", "helix fit"], type: "categorical" },
      marks: [
        Plot.frame({ strokeOpacity: 0.25 }),
        Plot.ruleY([0], { stroke: "#8b949e", strokeWidth: 0.8 }),
        Plot.dot(points, { x: "token", y: "score", fy: "panel", fill: "series", r: 2.6 }),
        Plot.line(curve, { x: "token", y: "score", fy: "panel", stroke: "series", strokeWidth: 1.8 }),
        Plot.text(panels, {
          fy: (panel: string) => panel,
          text: (panel: string) => panel,
          frameAnchor: "top",
          dy: 6,
          fontWeight: 600,
          fill: "#1f2328",
          stroke: "white",
          strokeWidth: 4,
        }),
      ],
    },
  };
}
