import { usageError } from "../../core/errors.ts";
import type { Values } from "../../core/params.ts";
import type { ExploreOptions } from "../../optim/landscape/explore.ts";
import type { nature } from "./about.ts";
import type { GrowOptions } from "./explore-until.ts";

/** The lens's options. */
export type LandscapeOptions = Values<typeof nature.params>;

/** Options of the lens as those of an exploration. */
export function explorationOf(options: LandscapeOptions): Omit<ExploreOptions, "source" | "seed"> {
  const {
    walkers,
    steps,
    step,
    temperature,
    save,
    modes,
    searches,
    neighbours,
    rounds,
    cycles,
    attempts,
    searchCycles,
  } = options;
  return {
    walkers,
    hop: { steps, step, temperature, save },
    ...{ modes, searches, neighbours, rounds, cycles, modeSizes: sizesOf(options) },
    pairAttempts: attempts,
    transition: { follow: { maxCycles: searchCycles } },
  };
}

/** Options of the lens as those of the grouping and of the growth of the search. */
export function growthOf(options: LandscapeOptions): GrowOptions {
  const { grouping, rule, height, cut, least, growths } = options;
  return { grouping, rule, height, cut, least, growths };
}

/** How far along a mode searches start. @throws UserError for a word that is no number above 0. */
function sizesOf({ modeSizes }: LandscapeOptions): number[] {
  return modeSizes
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "")
    .map((word) => {
      const value = Number(word);
      if (value > 0 && Number.isFinite(value)) return value;
      throw usageError(`option 'modeSizes': '${word}'; expected numbers above 0, separated by commas`);
    });
}
