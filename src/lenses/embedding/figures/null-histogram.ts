import * as Plot from "@observablehq/plot";
import { numberColumn, type Provenance, textColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import type { HelixTest } from "../helix-test.ts";
import type { TokenTable } from "../subject.ts";
import { rangeText } from "./words.ts";

/** The helix test statistic beside what random walks and smooth random paths of the same shape give. */
export function nullHistogram(
  table: TokenTable,
  test: HelixTest,
  options: { smoothLength: number; provenance: readonly Provenance[] },
): PlotFigure {
  const name = `helix-${table.name}-null`;
  const walks = "random walks";
  const paths = `smooth paths (length ${options.smoothLength})`;
  const draws = [
    ...Array.from(test.walk.values, (q) => ({ q, model: walks })),
    ...Array.from(test.smooth.values, (q) => ({ q, model: paths })),
  ];
  const { q } = test.statistic;
  const low = Math.floor(20 * Math.min(q, ...draws.map((draw) => draw.q))) / 20;
  return {
    kind: "plot",
    name,
    title: `Is the helix of ${table.name} more than chance?`,
    caption:
      `Test statistic q of the embeddings (${rangeText(table.name, test.window.tokens)}) and of ${test.walk.values.length} ` +
      `draws from each of two null models of the same shape, ${test.window.rows.rows} tokens × ${test.window.rows.cols} dimensions. ` +
      `p = ${test.walk.p.toPrecision(2)} against random walks, ${test.smooth.p.toPrecision(2)} against smooth paths ` +
      `(the smallest possible is ${test.walk.floor.toPrecision(2)}).`,
    data: {
      name,
      rows: draws.length + 1,
      columns: [
        textColumn("source", ["embeddings", ...draws.map((draw) => draw.model)]),
        numberColumn("q", "", [q, ...draws.map((draw) => draw.q)]),
      ],
      provenance: options.provenance,
    },
    plot: {
      height: 260,
      x: { label: "helix test statistic q", domain: [low, 1] },
      y: { label: "draws", grid: true },
      color: { type: "categorical", domain: [walks, paths] },
      marks: [
        Plot.rectY(draws, histogram(low)),
        Plot.ruleY([0]),
        Plot.ruleX([q], { stroke: "#1f2328", strokeWidth: 2 }),
        Plot.text([q], {
          x: (value: number) => value,
          text: (value: number) => `embeddings\nq = ${value.toFixed(3)}`,
          frameAnchor: "top",
          textAnchor: q > (low + 1) / 2 ? "end" : "start",
          dx: q > (low + 1) / 2 ? -7 : 7,
          dy: 4,
          lineHeight: 1.25,
          fontWeight: 600,
          fill: "#1f2328",
          stroke: "white",
          strokeWidth: 4,
        }),
      ],
    },
  };
}

function histogram(low: number) {
  const count = Math.round((1 - low) * 100);
  const thresholds = Array.from({ length: count + 1 }, (_, i) => low + i / 100);
  const inputs: Plot.BinXInputs<Plot.RectYOptions> = { x: { value: "q", thresholds } };
  return Plot.binX({ y2: "count" }, {
    ...inputs,
    fill: "model",
    fillOpacity: 0.6,
    inset: 0.5,
  } as typeof inputs);
}
