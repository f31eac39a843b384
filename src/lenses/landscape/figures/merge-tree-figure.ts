import { numberColumn, textColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import { mergeTree, minimaBelow } from "../network/merge-tree.ts";
import { encoding } from "./encoding.ts";
import type { TreeInput } from "./inputs.ts";
import { type Leaf, type Piece, treePlot } from "./tree-plot.ts";

/**
 * The merge tree itself: branches meet exactly at the height of the transition state that joins them, where a
 * disconnectivity graph rounds up to its levels. All connected components stand side by side, the lowest first; the
 * data are the nodes of the tree.
 */
export function mergeTreeFigure(input: TreeInput): PlotFigure {
  const { name, graph, energy } = input;
  const tree = mergeTree(graph);
  const { nodes, minima: count } = tree;
  const code = encoding({ ...input, lead: nodes[tree.roots[0] ?? 0]?.lowest ?? 0 }, count);
  const places = new Float64Array(nodes.length);
  const pieces: Piece[] = [];
  const leaves: Leaf[] = [];
  const text = (id: number) => input.labels?.[id] ?? String(id + 1);
  const heights = nodes.map(({ value }) => value);
  const top = Math.max(...heights);
  const span = top - Math.min(...heights) || 1;
  let next = 0.5;
  const visit = (id: number, depth: number): void => {
    const { children, value } = nodes[id]!;
    const minima = minimaBelow(tree, id);
    if (children.length === 0) {
      places[id] = next++;
      leaves.push({ x: places[id]!, y: value, text: text(id), minima });
      return;
    }
    for (const child of depth % 2 === 0 ? children : children.toReversed()) visit(child, depth + 1);
    const ends = children.map((child) => places[child]!);
    const [left, right] = [Math.min(...ends), Math.max(...ends)];
    places[id] = (left + right) / 2;
    pieces.push({ from: [left, value], to: [right, value], minima });
    for (const child of children) {
      const at = places[child]!;
      pieces.push({ from: [at, value], to: [at, nodes[child]!.value], minima: minimaBelow(tree, child) });
    }
  };
  const roots = input.minimum === undefined ? tree.roots : [rootOf(nodes, input.minimum)];
  for (const root of roots) {
    visit(root, 0);
    const at = places[root]!;
    pieces.push({
      from: [at, top + 0.03 * span],
      to: [at, nodes[root]!.value],
      minima: minimaBelow(tree, root),
    });
  }
  return {
    kind: "plot",
    name,
    title: input.title,
    caption:
      roots.length > 1
        ? `${input.caption} ${roots.length} components that no known path joins stand side by side.`
        : input.caption,
    data: {
      name,
      rows: nodes.length,
      columns: [
        numberColumn("node", "", [...nodes.keys()]),
        numberColumn(
          "parent",
          "",
          nodes.map(({ parent }) => (parent < 0 ? Number.NaN : parent)),
        ),
        numberColumn(energy.label, energy.unit, heights),
        textColumn(
          "lowest minimum",
          nodes.map(({ lowest }) => text(lowest)),
        ),
        numberColumn(
          "minima",
          "",
          nodes.map(({ leaves: below }) => below),
        ),
      ],
      provenance: input.provenance ?? [],
    },
    plot: treePlot({ pieces, leaves, encoding: code, energy, x: { domain: [0, Math.max(1, next - 0.5)] } }),
  };
}

function rootOf(nodes: readonly { parent: number }[], from: number): number {
  let at = from;
  while (nodes[at]!.parent >= 0) at = nodes[at]!.parent;
  return at;
}
