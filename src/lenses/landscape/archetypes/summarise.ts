import { median } from "../../../stats/quantile.ts";
import { completeness } from "../network/completeness.ts";
import type { EnergyGraph } from "../network/energy-graph.ts";
import { mergeTree } from "../network/merge-tree.ts";
import { monotonicBasins } from "../network/monotonic-basins.ts";
import { persistencePairs } from "../network/persistence.ts";
import { frustration } from "./frustration.ts";

/** What kind of landscape it is, in numbers. Counts of minima and saddles are lower bounds: what a search has found. */
export interface LandscapeSummary {
  minima: number;
  /** Distinct transition states, those of a minimum with itself included. */
  saddles: number;
  /** Transition states a minimum. */
  ratio: number;
  /** Parts that no known path joins. */
  components: number;
  lowest: number;
  /** Between the lowest and the highest minimum. */
  range: number;
  /** Median over all minima but the lowest of a component of the height to climb before there is a lower one. */
  barrier: number;
  /** The same over the range of the minima's values; NaN where there is only one value. */
  relativeBarrier: number;
  /** Funnels: monotonic sequence basins, and the share of the minima that lead to the global one. */
  basins: number;
  primaryShare: number;
  frustration: number;
  /** Chao's lower bound of the minima within reach of the walkers, at least those found; NaN for networks without a record of two. */
  estimate: number;
}

/** {@link LandscapeSummary} of a network. @throws UserError for a network without minima or of points not certified. */
export function summarise(network: EnergyGraph & { walkers?: readonly string[] }): LandscapeSummary {
  const { minima, saddles, walkers = [] } = network;
  const tree = mergeTree(network);
  const values = minima.map(({ value }) => value);
  const lowest = Math.min(...values);
  const range = Math.max(...values) - lowest;
  const finite = persistencePairs(tree).filter(({ death }) => death < Infinity);
  const barrier = finite.length > 0 ? median(finite.map(({ persistence }) => persistence)) : Number.NaN;
  const { groups } = monotonicBasins(network);
  const recorded = minima as readonly { seen?: readonly { walker: string; hits: number }[] }[];
  const seen = recorded.map((minimum) => ({ seen: minimum.seen ?? [] }));
  return {
    ...{ minima: minima.length, saddles: saddles.length, ratio: saddles.length / minima.length },
    ...{ components: tree.roots.length, lowest, range, barrier },
    relativeBarrier: range > 0 ? barrier / range : Number.NaN,
    basins: groups.length,
    primaryShare: (groups[0]?.minima.length ?? 0) / minima.length,
    frustration: frustration(network),
    estimate:
      walkers.length >= 2
        ? Math.max(minima.length, completeness({ minima: seen, walkers }).estimate)
        : Number.NaN,
  };
}
