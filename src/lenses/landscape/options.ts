import type { Values } from "../../core/params.ts";
import type { ExploreOptions } from "../../optim/landscape/explore.ts";
import type { nature } from "./about.ts";
import type { GrowOptions } from "./explore-until.ts";

/** The lens's options. */
export type LandscapeOptions = Values<typeof nature.params>;

/** Options of the lens as those of an exploration. */
export function explorationOf(options: LandscapeOptions): Omit<ExploreOptions, "source" | "seed"> {
  const { walkers, steps, step, temperature, modes, searches, neighbours, rounds, cycles } = options;
  return {
    walkers,
    hop: { steps, step, temperature },
    ...{ modes, searches, neighbours, rounds, cycles, modeSizes: [0.3] },
  };
}

/** Options of the lens as those of the grouping and of the growth of the search. */
export function growthOf(options: LandscapeOptions): GrowOptions {
  const { grouping, rule, height, cut, least, growths } = options;
  return { grouping, rule, height, cut, least, growths };
}
