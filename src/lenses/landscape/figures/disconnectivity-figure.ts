import { numberColumn, textColumn } from "../../../data/table.ts";
import { globalMinimum } from "../../../optim/landscape/network.ts";
import type { PlotFigure } from "../../figure.ts";
import { type Branch, disconnectivity } from "../network/disconnectivity.ts";
import { encoding } from "./encoding.ts";
import type { DisconnectivityInput } from "./inputs.ts";
import { type Piece, quantity, treePlot } from "./tree-plot.ts";

/**
 * A disconnectivity graph: every branch ends at the value of a minimum, and branches meet at the level above which
 * their minima hang together. Basins stand side by side, the largest in the middle, or with `metric` at the mean of a
 * property of their minima (branches may then cross). Coloured by group or by a property; the data are the branches.
 * Sources: Becker & Karplus, J. Chem. Phys. 106, 1495 (1997); Komatsuzaki et al., J. Chem. Phys. 122, 084714 (2005)
 * for the metric layout.
 * @throws UserError for a graph that is not one of certified points, or values that are not one a minimum.
 */
export function disconnectivityFigure(input: DisconnectivityInput): PlotFigure {
  const { name, graph, energy, metric, property, groups, minimum, levels } = input;
  const count = graph.minima.length;
  const code = encoding({ ...input, lead: globalMinimum(graph) }, count);
  const { branches, lines } = disconnectivity(graph, {
    ...(levels === undefined ? {} : { levels }),
    ...(minimum === undefined ? {} : { minimum }),
    ...(metric ? { metric: (id: number) => metric.values[id]! } : {}),
    ...(groups ? { group: (id: number) => groups[id] } : {}),
  });
  const root = branches[0]!;
  const text = (id: number) => input.labels?.[id] ?? String(id + 1);
  const leaves = branches.flatMap(({ leaf, x, y, minima }) =>
    leaf === undefined ? [] : [{ x, y, minima, text: text(leaf) }],
  );
  const heights = branches.map(({ y }) => y);
  const span = Math.max(...heights) - Math.min(...heights) || Math.abs(root.y) * 0.1 || 1;
  const pieces: Piece[] = [
    { from: [root.x, root.y + 0.03 * span], to: [root.x, root.y], minima: root.minima },
    ...lines.map(({ from, to, branch }) => ({ from, to, minima: branches[branch]!.minima })),
  ];
  const drawn = root.minima.length;
  const mean = (values: ArrayLike<number>) =>
    branches.map(({ minima }) => minima.reduce((sum, id) => sum + values[id]!, 0) / minima.length);
  return {
    kind: "plot",
    name,
    title: input.title,
    caption:
      drawn === count
        ? input.caption
        : `${input.caption} Not drawn: ${count - drawn} of ${count} minima, which no known path joins to these.`,
    data: {
      name,
      rows: branches.length,
      columns: [
        numberColumn("branch", "", [...branches.keys()]),
        numberColumn(
          "parent",
          "",
          column(branches, ({ parent }) => (parent < 0 ? Number.NaN : parent)),
        ),
        numberColumn(
          "x",
          metric?.unit ?? "",
          column(branches, ({ x }) => x),
          {
            help: metric ? `mean ${metric.label} of its minima` : "place in the picture, in leaves",
          },
        ),
        numberColumn(energy.label, energy.unit, heights, { help: "where the branch splits or ends" }),
        numberColumn(
          "minima",
          "",
          column(branches, ({ minima }) => minima.length),
        ),
        textColumn(
          "minimum",
          branches.map(({ leaf }) => (leaf === undefined ? "" : text(leaf))),
          "the minimum, where the branch ends",
        ),
        ...(groups
          ? [
              textColumn(
                input.groupLabel ?? "group",
                branches.map(({ group }) => group ?? ""),
              ),
            ]
          : []),
        ...(property ? [numberColumn(property.label, property.unit, mean(property.values))] : []),
      ],
      provenance: input.provenance ?? [],
    },
    plot: treePlot({
      ...{ pieces, leaves, encoding: code, energy },
      x: metric
        ? { domain: padded(branches.map(({ x }) => x)), label: quantity(metric) }
        : { domain: [0, Math.max(1, drawn)] },
    }),
  };
}

function column(branches: readonly Branch[], of: (branch: Branch) => number): number[] {
  return branches.map(of);
}

/** The range of the values with room at both ends. */
export function padded(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = 0.04 * (high - low) || 0.05 * Math.abs(low) || 1;
  return [low - room, high + room];
}
