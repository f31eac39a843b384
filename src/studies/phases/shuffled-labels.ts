import type { NullTest } from "../../claims/card.ts";
import { nullTest } from "../../claims/nulls/null-test.ts";
import { permuted } from "../../claims/nulls/permuted.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { mapInWorkers } from "../../core/workers.ts";
import type { TestGroup } from "../../lenses/curvature/check-removal.ts";
import { linspace } from "../../physics/chain/grids.ts";
import { selectRows } from "../../physics/chain/sets.ts";
import type { StudyContext } from "../contract.ts";
import type { LabelledSet, PhasesData } from "./data.ts";
import { networkJob, recipeFor, sharedCopy } from "./networks.ts";
import type { PhasesOptions } from "./params.ts";
import type { ShuffleJob, ShuffleResult } from "./shuffle-job.ts";

/** The null of shuffled labels for each group of test points, with all values drawn. */
export interface ShuffledLabels {
  group: string;
  test: NullTest;
  values: Float64Array;
  /** Networks among them that learned nothing: the same probabilities for every state. */
  silent: number;
}

/**
 * Trains networks on a thinned training set, once with its labels and `shuffles` times with the labels dealt out anew,
 * and asks each how near the label boundary the training states lie that help it most. Test points keep their labels.
 */
export async function shuffledLabels(
  data: PhasesData,
  groups: readonly TestGroup[],
  options: PhasesOptions,
  context: Pick<StudyContext, "checkpoints" | "threads"> & { task: Task; random: Random },
): Promise<ShuffledLabels[]> {
  const { random, task } = context;
  const rounds = options.shuffles;
  const thin = thinned(data.train, options.thinned);
  const recipe = recipeFor(thin, data.classes.length, { ...options, weights: "" });
  const n = thin.set.count;
  const boundary = thin.labels.findIndex((label) => label > 0);
  const { even } = data;
  const tests = { states: sharedCopy(even.inputs), labels: sharedCopy(even.labels) };
  const inputs: ShuffleJob[] = Array.from({ length: rounds + 1 }, (_, k) => {
    const labels =
      k === 0 ? recipe.labels : Float64Array.from(permuted(thin.labels, random.fork("shuffled labels", k)));
    const name = k === 0 ? "thinned" : `shuffled ${k}`;
    return {
      network: networkJob({ ...recipe, labels }, { name, seed: k }, { recipe: "minimum" }, context),
      tests,
      groups: groups.map(({ tests: members }) => members),
      top: options.top,
      seed: random.fork("ties", k).int(2 ** 31),
      boundary,
    };
  });
  const ending = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const found = await mapInWorkers<ShuffleJob, ShuffleResult>({
    module: new URL(`./shuffle-job${ending}`, import.meta.url),
    fn: "nearnessAfterTraining",
    inputs,
    threads: Math.min(context.threads, inputs.length),
    task,
  });
  const silent = found.slice(1).filter((one) => one.silent).length;
  return groups.map(({ name }, g) => {
    const values = Float64Array.from(found.slice(1), ({ nearness }) => nearness[g]!);
    const test = nullTest(found[0]!.nearness[g]!, values, {
      name: "shuffled labels",
      statistic: `nearness of the ${options.top} most helpful of ${n} training states to the label boundary`,
      cost: `${rounds} draws, each one network trained on shuffled labels, its Hessian and its influences`,
      reference: "docs/nulls/reruns.md",
    });
    return { group: name, test, values, silent };
  });
}

/** About `half` states of every class, evenly spread, in the order of the control parameter. */
function thinned(one: LabelledSet, half: number): LabelledSet {
  const kept = new Set<number>();
  for (const label of new Set(one.labels)) {
    const rows = Array.from(one.labels, (_, i) => i).filter((i) => one.labels[i] === label);
    for (const at of linspace(0, rows.length - 1, Math.min(half, rows.length)))
      kept.add(rows[Math.round(at)]!);
  }
  const rows = [...kept].sort((a, b) => a - b);
  const set = selectRows(one.set, "thinned", (row) => kept.has(row));
  return {
    set,
    inputs: set.states.data,
    labels: Float64Array.from(rows, (row) => one.labels[row]!),
    phase: rows.map((row) => one.phase[row]!),
  };
}
