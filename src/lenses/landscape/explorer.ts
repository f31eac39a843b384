import type { Task } from "../../core/task.ts";
import type { LandscapeSource } from "../../optim/landscape/job.ts";
import { exploreUntil, type GrownExploration } from "./explore-until.ts";
import { explorationOf, growthOf, type LandscapeOptions } from "./options.ts";

/** How landscapes are explored: here in this thread, in a study in several, with its checkpoints. */
export type Explorer = (
  source: LandscapeSource,
  options: { seed: number; label: string; task: Task },
) => Promise<GrownExploration>;

/** Explores with the lens's own options. */
export function explorerOf(options: LandscapeOptions, threads = 0): Explorer {
  return (source, { seed, task }) =>
    exploreUntil({ source, seed, threads, task, ...explorationOf(options) }, growthOf(options));
}
