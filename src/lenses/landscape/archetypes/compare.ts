import { demand } from "../../../core/errors.ts";
import { quietTask, type Task } from "../../../core/task.ts";
import { numberColumn, type Provenance, type Table, textColumn } from "../../../data/table.ts";
import { type ClassifierProblem, weightCount } from "../../../models/classifier/index.ts";
import { type ExploreOptions, explore } from "../../../optim/landscape/explore.ts";
import type { LandscapeSource } from "../../../optim/landscape/job.ts";
import type { Network } from "../../../optim/landscape/network.ts";
import { type LandscapeSummary, summarise } from "./summarise.ts";

/** A landscape to be compared with others. */
export interface ArchetypeCase {
  /** What differs along the table: "3 hidden units"; distinct. */
  label: string;
  /** Its place on the figure's axis: 3. */
  at: number;
  /** Cases of one series are joined by a line: "1 hidden layer". */
  series: string;
  problem: ClassifierProblem;
}

/** What was found of one case. */
export interface Archetype extends LandscapeSummary {
  label: string;
  at: number;
  series: string;
  /** Weights and rows. */
  weights: number;
  rows: number;
  lambda: number;
  network: Network;
}

/** Where networks are kept between runs. */
export interface NetworkShelf {
  load(label: string): Network | undefined;
  save(label: string, network: Network): void;
}

/**
 * Explores several landscapes of classifiers with the same effort and says what kind of landscape each is. The same seed
 * and effort go to every case, so that differences are of the landscapes; counts stay lower bounds. Points are told apart
 * by their value (to 1e-8) unless the effort says otherwise: alignment is exact for one hidden layer only, and of two
 * layers copies of one minimum would count as many.
 * @param options.shelf networks that are there are gone on with: what has run is not run again
 * @throws UserError for two cases of one label, or a case that cannot be explored; Cancelled.
 */
export async function compareLandscapes(
  cases: readonly ArchetypeCase[],
  options: {
    seed: number;
    effort?: Omit<ExploreOptions, "source" | "seed" | "network" | "threads" | "task">;
    threads?: number;
    shelf?: NetworkShelf;
    task?: Task;
  },
): Promise<Archetype[]> {
  const { seed, effort, threads = 0, shelf, task = quietTask } = options;
  const twice = cases.find(({ label }, i) => cases.findIndex((other) => other.label === label) < i);
  demand(!twice, () => `compareLandscapes: the case '${twice!.label}' is there twice`);
  const out: Archetype[] = [];
  for (const [i, { label, at, series, problem }] of cases.entries()) {
    const held = shelf?.load(label);
    const { network } = await explore({
      ...{
        same: { value: 1e-8, distance: Infinity },
        ...effort,
        seed,
        threads,
        source: classifierSource({ ...problem, name: label }),
      },
      ...(held ? { network: held } : {}),
      task: task.part(i / cases.length, (i + 1) / cases.length, label),
    });
    shelf?.save(label, network);
    const { shape, data, lambda } = problem;
    out.push({
      ...{ label, at, series, weights: weightCount(shape), rows: data.rows, lambda },
      ...{ ...summarise(network), network },
    });
  }
  return out;
}

/** How worker threads get the landscape of a classifier. */
export function classifierSource(problem: ClassifierProblem): LandscapeSource {
  const ending = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const module = new URL(`../../../models/classifier/landscape${ending}`, import.meta.url).href;
  return { module, fn: "classifierFrom", input: problem };
}

/** The comparison as a table, one row a landscape. */
export function archetypeTable(
  archetypes: readonly Archetype[],
  options: { name: string; title: string; provenance?: readonly Provenance[] },
): Table {
  const column = (name: string, of: (archetype: Archetype) => number, help?: string) =>
    numberColumn(name, "", archetypes.map(of), help === undefined ? {} : { help });
  return {
    ...{ name: options.name, title: options.title, rows: archetypes.length },
    columns: [
      textColumn(
        "landscape",
        archetypes.map(({ label }) => label),
      ),
      column("weights", ({ weights }) => weights),
      column("rows", ({ rows }) => rows),
      column("λ", ({ lambda }) => lambda),
      column("minima", ({ minima }) => minima, "found: a lower bound"),
      column("minima in reach", ({ estimate }) => estimate, "Chao's lower bound from how often each was met"),
      column("transition states", ({ saddles }) => saddles, "found: a lower bound"),
      column("per minimum", ({ ratio }) => ratio, "transition states"),
      column("components", ({ components }) => components, "parts that no known path joins"),
      column("lowest loss", ({ lowest }) => lowest),
      column("range", ({ range }) => range, "of the minima's losses"),
      column("median barrier", ({ barrier }) => barrier, "to a lower minimum"),
      column("barrier/range", ({ relativeBarrier }) => relativeBarrier),
      column("funnels", ({ basins }) => basins, "monotonic sequence basins"),
      column("primary share", ({ primaryShare }) => primaryShare, "of minima that lead to the global one"),
      column("frustration", ({ frustration }) => frustration, "mean of (barrier − lowest)/(loss − lowest)"),
    ],
    provenance: options.provenance ?? [],
  };
}
