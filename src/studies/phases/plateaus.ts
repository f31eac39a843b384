import { usageError } from "../../core/errors.ts";
import type { Task } from "../../core/task.ts";
import { leftPlateaus, publishedGrids, rightPlateaus } from "../../physics/chain/grids.ts";
import { chainSet, restrictSet } from "../../physics/chain/sets.ts";
import type { StudyContext } from "../contract.ts";
import { type Prediction, predictAlong } from "./boundary.ts";
import { type LabelledSet, labelled, listOf, type PhasesData, scanValues, sizesOf } from "./data.ts";
import { type NetworkJob, type NetworkRecipe, objectiveOf, type TrainedNetwork } from "./network-job.ts";
import { networkJob, recipeFor } from "./networks.ts";
import type { PhasesOptions } from "./params.ts";

/** Training states far from the transition on both sides, of one ring. */
export interface PlateauSet {
  /** "aa": left and right. */
  plateau: string;
  L: number;
  stretches: readonly (readonly [number, number])[];
  train: LabelledSet;
  scan: LabelledSet;
  recipe: NetworkRecipe;
}

/** A network that saw only a plateau set, and what it says along the cut. */
export interface PlateauNetwork {
  set: PlateauSet;
  network: TrainedNetwork;
  prediction: Prediction;
}

/** The plateau sets of the study: the first plateau at every size, the others on the main ring. */
export async function plateauSets(
  data: PhasesData,
  options: PhasesOptions,
  { task, threads }: { task: Task; threads: number },
): Promise<PlateauSet[]> {
  const [first, ...others] = plateausOf(options.plateaus);
  const sizes = sizesOf(options.sizes).filter((L) => L !== options.L);
  const made: PlateauSet[] = [first!, ...others].map((one) => {
    const set = restrictSet(data.train.set, `plateau ${one.plateau}`, one.stretches);
    const train = labelled(set);
    return {
      ...one,
      L: options.L,
      train,
      scan: data.scan,
      recipe: recipeFor(train, 2, { ...options, weights: "" }),
    };
  });
  for (const [k, L] of sizes.entries()) {
    const how = { L, threads, task: task.part(k / sizes.length, (k + 1) / sizes.length) };
    const values = publishedGrids
      .train(options.points)
      .filter((value) => first!.stretches.some(([from, to]) => value >= from && value <= to));
    const set = await chainSet({ ...how, name: `plateau ${first!.plateau}`, cut: data.cut, values });
    const scan = await chainSet({ ...how, name: "scan", cut: data.cut, values: scanValues(data.cut) });
    const train = labelled(set);
    made.push({
      ...first!,
      L,
      train,
      scan: labelled(scan),
      recipe: recipeFor(train, 2, { ...options, weights: "" }),
    });
  }
  return made;
}

/** One job for each plateau set and seed, in the order of {@link plateauNetworks}. */
export function plateauJobs(
  sets: readonly PlateauSet[],
  options: PhasesOptions,
  context: Pick<StudyContext, "checkpoints">,
  seedOf: (index: number) => number,
): NetworkJob[] {
  return sets.flatMap(({ plateau, L, recipe }) =>
    Array.from({ length: options.seeds }, (_, k) =>
      networkJob(recipe, { name: `plateau ${plateau} L${L} ${k}`, seed: seedOf(k) }, options, context),
    ),
  );
}

/** The networks of {@link plateauJobs} with their predictions along the cut. */
export async function plateauNetworks(
  sets: readonly PlateauSet[],
  networks: readonly TrainedNetwork[],
  seeds: number,
): Promise<PlateauNetwork[]> {
  const found: PlateauNetwork[] = [];
  for (const [k, network] of networks.entries()) {
    const set = sets[Math.floor(k / seeds)]!;
    const objective = objectiveOf(set.recipe);
    found.push({ set, network, prediction: await predictAlong(objective, network.parameters, set.scan) });
  }
  return found;
}

/** The plateau sets of an option's text. @throws UserError for letters that name none. */
export function plateausOf(text: string): Pick<PlateauSet, "plateau" | "stretches">[] {
  const names = listOf(text);
  if (names.length === 0) throw usageError("option 'plateaus': names no plateau set; expected such as aa,ba");
  return names.map((plateau) => {
    const [left, right] = [plateau[0] as keyof typeof leftPlateaus, plateau[1] as keyof typeof rightPlateaus];
    if (plateau.length !== 2 || !Object.hasOwn(leftPlateaus, left) || !Object.hasOwn(rightPlateaus, right)) {
      throw usageError(
        `option 'plateaus': '${plateau}'; expected one of ${Object.keys(leftPlateaus).join("")} and one of ${Object.keys(rightPlateaus).join("")}, such as aa`,
      );
    }
    return { plateau, stretches: [leftPlateaus[left], rightPlateaus[right]] };
  });
}
