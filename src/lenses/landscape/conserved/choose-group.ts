import { demand } from "../../../core/errors.ts";
import { globalMinimum } from "../../../optim/landscape/network.ts";
import type { EnergyGraph } from "../network/energy-graph.ts";
import { mergeTree, superbasins } from "../network/merge-tree.ts";
import { type DescentRule, monotonicBasins } from "../network/monotonic-basins.ts";
import { persistencePairs } from "../network/persistence.ts";

/** How minima are put together in groups. */
export type Grouping = "primary" | "largest" | "superbasin" | "persistence" | "component" | "all";

export interface GroupingOptions {
  grouping: Grouping;
  /** Of monotonic sequence basins; default "lowest saddle". */
  rule?: DescentRule;
  /** "superbasin": minima that hang together at or below this height. */
  height?: number;
  /** "persistence": the cut is just below where the k-th most persistent minimum is lost; default 2. */
  cut?: number;
}

/** A group of minima with its lowest. */
export interface MinimaGroup {
  /** How the group is called: "primary monotonic sequence basin". */
  name: string;
  bottom: number;
  minima: number[];
}

/**
 * One group of minima: the monotonic sequence basin of the global minimum ("primary") or the one with most minima
 * ("largest"; of equal ones that of the lower bottom), the superbasin of the global minimum at a height or just below the
 * k-th most persistent merging, its connected component, or all minima there are.
 * @throws UserError for a superbasin without a height, and a persistence cut that is not there.
 */
export function chooseGroup(graph: EnergyGraph, options: GroupingOptions): MinimaGroup {
  const { grouping, rule = "lowest saddle", height, cut = 2 } = options;
  const lowest = globalMinimum(graph);
  const holding = (groups: readonly number[][]) => groups.find((group) => group.includes(lowest))!;
  switch (grouping) {
    case "primary":
    case "largest": {
      const { groups } = monotonicBasins(graph, { rule });
      const largest = groups.reduce((best, group) =>
        group.minima.length > best.minima.length ? group : best,
      );
      return {
        name: `${grouping} monotonic sequence basin`,
        ...(grouping === "primary" ? groups[0]! : largest),
      };
    }
    case "superbasin":
      demand(
        height !== undefined && Number.isFinite(height),
        () => `chooseGroup: grouping 'superbasin' needs a height, got ${height}`,
      );
      return {
        name: `superbasin at ${height}`,
        bottom: lowest,
        minima: holding(superbasins(mergeTree(graph), height)),
      };
    case "persistence": {
      const tree = mergeTree(graph);
      const pairs = persistencePairs(tree).filter(({ death }) => Number.isFinite(death));
      const pair = pairs[cut - 2];
      demand(
        pair !== undefined,
        () =>
          `chooseGroup: persistence cut ${cut}; ${pairs.length} minima merge, so expected 2 to ${pairs.length + 1}`,
      );
      const below = pair.death - 1e-12 * Math.max(1, Math.abs(pair.death));
      return {
        name: `superbasin below persistence cut ${cut}`,
        bottom: lowest,
        minima: holding(superbasins(tree, below)),
      };
    }
    case "component":
      return {
        name: "connected component",
        bottom: lowest,
        minima: holding(superbasins(mergeTree(graph), Infinity)),
      };
    case "all":
      return { name: "all minima", bottom: lowest, minima: Array.from(graph.minima.keys()) };
  }
}
