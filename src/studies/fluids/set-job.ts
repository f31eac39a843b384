import type { Task } from "../../core/task.ts";
import type { Configurations } from "../../data/configurations.ts";
import { type FluidFrames, fluidFrames } from "../../models/potentials/train-fluid.ts";
import { fluidSet } from "../../physics/fluids/fluid-set.ts";
import { type FluidName, type RecipeOptions, recipeOf } from "./recipe.ts";

/** Frames of a known fluid to make: plain data. */
export interface SetJob {
  name: FluidName;
  options: RecipeOptions;
  seed: number;
  /** Density of the state that nothing is trained on, over the fluid's own; 0 makes the training frames. */
  elsewhere: number;
}

/** What a set job makes: training and validation frames, or the frames of another density (all of them validation). */
export async function makeSet({ name, options, seed, elsewhere }: SetJob, task: Task): Promise<FluidFrames> {
  const recipe = recipeOf(name, options);
  if (elsewhere === 0) return fluidFrames(recipe, seed, task);
  const { system, beads, validation, stride } = recipe;
  const frames = Math.max(6, Math.ceil(validation / 2));
  const density = elsewhere * system.density;
  const set: Configurations = await fluidSet({ system, beads, frames, stride, density, seed, task });
  return {
    set,
    train: new Int32Array(0),
    validation: Int32Array.from({ length: frames }, (_, f) => f),
    state: new Int32Array(frames),
  };
}
