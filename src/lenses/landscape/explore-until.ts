import { breathe } from "../../core/breathe.ts";
import { quietTask } from "../../core/task.ts";
import { type Exploration, type ExploreOptions, explore } from "../../optim/landscape/explore.ts";
import { chooseGroup, type GroupingOptions, type MinimaGroup } from "./conserved/choose-group.ts";

/** When to stop looking for more minima. */
export interface GrowOptions extends GroupingOptions {
  /** Minima that the group has to have. */
  least: number;
  /** How often the search is continued with as many walkers again, at most. */
  growths: number;
}

export interface GrownExploration extends Exploration {
  group: MinimaGroup;
  /** How often the search was continued. */
  grown: number;
}

/**
 * Explores, and while the chosen group has fewer than `least` minima goes on with as many walkers again, at most `growths`
 * times. The number of walkers of every continuation is fixed beforehand, so the network depends on the options alone.
 */
export async function exploreUntil(
  options: ExploreOptions,
  { least, growths, ...grouping }: GrowOptions,
): Promise<GrownExploration> {
  const { walkers = 8, task = quietTask } = options;
  const part = (k: number) => task.part(k / (growths + 1), (k + 1) / (growths + 1));
  let sum = await explore({ ...options, walkers, task: part(0) });
  let group = chooseGroup(sum.network, grouping);
  let grown = 0;
  while (group.minima.length < least && grown < growths) {
    grown++;
    await breathe(task);
    const more = await explore({
      ...options,
      network: sum.network,
      walkers: walkers * (grown + 1),
      task: part(grown),
    });
    sum = addedUp(sum, more);
    group = chooseGroup(sum.network, grouping);
  }
  task.report(1);
  return { ...sum, group, grown };
}

/** The work of two explorations, one of which went on from the other. */
function addedUp(a: Exploration, b: Exploration): Exploration {
  const counts = <K extends string>(x: Partial<Record<K, number>>, y: Partial<Record<K, number>>) => {
    const out: Partial<Record<K, number>> = { ...x };
    for (const [name, count] of Object.entries(y) as [K, number][]) out[name] = (out[name] ?? 0) + count;
    return out;
  };
  return {
    network: b.network,
    unreachable: b.unreachable,
    quenches: a.quenches + b.quenches,
    failedQuenches: a.failedQuenches + b.failedQuenches,
    gradients: a.gradients + b.gradients,
    hessians: a.hessians + b.hessians,
    refused: counts(a.refused, b.refused) as Record<string, number>,
    failures: counts(a.failures, b.failures),
  };
}
