import { random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { problemFor, searchVariant } from "./cell-job.ts";

/** The invariant's search on orbits dealt out anew. */
export interface ShuffledOrbits {
  noise: number;
  /** Seed of the data. */
  seed: number;
  round: number;
  evaluations: number;
}

/** The smallest share of variance within orbits that the search finds where rows are dealt out among orbits. */
export async function searchShuffledOrbits(job: ShuffledOrbits, task: Task): Promise<number> {
  const { noise, seed, round, evaluations } = job;
  const problem = problemFor("d", noise, seed);
  const stream = random(seed, "oscillator", "shuffled orbits", round);
  const target = Float64Array.from(stream.permutation(problem.target.length), (i) => problem.target[i]!);
  const { front, chosen } = await searchVariant(
    "d",
    { ...problem, target },
    {
      seed: stream.int(2 ** 31 - 1),
      evaluations,
      task,
    },
  );
  return front[chosen]!.loss;
}
