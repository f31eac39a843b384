import * as Plot from "@observablehq/plot";
import { numberColumn, textColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import { mergeTree } from "../network/merge-tree.ts";
import { persistencePairs } from "../network/persistence.ts";
import { encoding } from "./encoding.ts";
import type { PersistenceInput } from "./inputs.ts";
import { ink, neutral } from "./style.ts";
import { placedLabels } from "./tree-labels.ts";
import { quantity } from "./tree-plot.ts";

const frame = { width: 640, height: 420, marginLeft: 74, marginRight: 20, marginTop: 14, marginBottom: 42 };
const { width, height, marginLeft, marginRight, marginTop, marginBottom } = frame;

/**
 * The persistence diagram of the minima: each is born at its own value and dies at the transition state over which it
 * first meets a lower one; how far a point stands above the diagonal is its barrier. Triangles at the head are the
 * lowest minima of the components, which never die.
 */
export function persistenceFigure(input: PersistenceInput): PlotFigure {
  const { name, graph, energy } = input;
  const count = graph.minima.length;
  const tree = mergeTree(graph);
  const pairs = persistencePairs(tree);
  const text = (id: number) => (id < 0 ? "" : (input.labels?.[id] ?? String(id + 1)));
  const code = encoding({ ...input, lead: tree.nodes[tree.roots[0]!]!.lowest, single: true }, count);
  const finite = pairs.filter(({ death }) => death < Infinity);
  const low = Math.min(...pairs.map(({ birth }) => birth));
  const most = Math.max(...pairs.map(({ birth }) => birth), ...finite.map(({ death }) => death));
  const span = most - low || 1;
  const [head, limit] = [most + 0.07 * span, most + 0.12 * span];
  const rows = pairs.map(({ minimum, birth, death }) => ({
    birth,
    death: Math.min(death, head),
    endless: death === Infinity,
    code: code.of([minimum]),
    label: text(minimum),
  }));
  const domain: [number, number] = [low - 0.05 * span, limit];
  const place = (value: number, from: number, to: number) =>
    from + ((to - from) * (value - domain[0])) / (domain[1] - domain[0]);
  const named = placedLabels(
    rows.slice(0, pairs.length - finite.length + 8).map((row) => ({
      ...{ text: row.label, row, x: place(row.birth, marginLeft, width - marginRight) },
      y: place(row.death, height - marginBottom, marginTop),
    })),
    [],
  ).map(({ row }) => row);
  return {
    kind: "plot",
    name,
    title: input.title,
    caption: input.caption,
    data: {
      name,
      rows: pairs.length,
      columns: [
        textColumn(
          "minimum",
          pairs.map(({ minimum }) => text(minimum)),
        ),
        numberColumn(
          "birth",
          energy.unit,
          pairs.map(({ birth }) => birth),
          { help: `${energy.label} of the minimum` },
        ),
        numberColumn(
          "death",
          energy.unit,
          pairs.map(({ death }) => (death === Infinity ? Number.NaN : death)),
          {
            help: `${energy.label} of the transition state where it meets a lower minimum; none for the lowest of a component`,
          },
        ),
        textColumn(
          "into",
          pairs.map(({ into }) => text(into)),
          "the lowest minimum that it meets there",
        ),
      ],
      provenance: input.provenance ?? [],
    },
    plot: {
      ...{ ...frame, grid: true, inset: 0 },
      x: { label: quantity({ ...energy, label: `birth: ${energy.label} of the minimum` }), domain },
      y: { label: quantity({ ...energy, label: `death: ${energy.label} of the saddle` }), domain },
      color: code.color,
      marks: [
        Plot.line(
          [
            [domain[0], domain[0]],
            [limit, limit],
          ],
          { stroke: neutral, strokeDasharray: "4,3" },
        ),
        Plot.ruleX(
          rows.filter(({ endless }) => !endless),
          { x: "birth", y1: "birth", y2: "death", stroke: "code", strokeOpacity: 0.35 },
        ),
        Plot.dot(rows, {
          ...{ x: "birth", y: "death", fill: "code", r: 3.6, stroke: "white", strokeWidth: 0.7 },
          symbol: (row: { endless: boolean }) => (row.endless ? "triangle" : "circle"),
        }),
        Plot.text(named, {
          ...{ x: "birth", y: "death", text: "label", dy: -10, fontSize: 11, fill: ink },
          ...{ stroke: "white", strokeWidth: 3 },
        }),
      ],
    },
  };
}
