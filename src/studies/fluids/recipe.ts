import { type FluidRecipe, methaneRecipe, waterRecipe } from "../../models/potentials/train-fluid.ts";
import type { FluidsOptions } from "./params.ts";

/** The networks of the study: methane by a SchNet, water by an SO3net, and that SO3net on methane as its null. */
export type FluidName = "lj" | "mw" | "lj_so3net";

const recipes = {
  lj: () => methaneRecipe("schnet"),
  mw: waterRecipe,
  lj_so3net: () => methaneRecipe("so3net"),
} as const;

/** What can be changed in a recipe. */
export type RecipeOptions = Pick<FluidsOptions, "beads" | "share" | "epochs" | "features" | "stride">;

/** The recipe of a network as the options change it. Plain names and options cross threads; laws do not. */
export function recipeOf(name: FluidName, options: RecipeOptions): FluidRecipe {
  const recipe = recipes[name]();
  const { beads, share, epochs, features, stride } = options;
  const part = (count: number, least: number) => Math.max(least, Math.ceil(share * count));
  const validation = part(recipe.validation, 2);
  return {
    ...recipe,
    beads: beads || recipe.beads,
    states: recipe.states.map((state, k) => ({
      ...state,
      frames: part(state.frames, k === 0 ? validation + recipe.training.batch : recipe.training.batch),
    })),
    validation,
    stride: stride || recipe.stride,
    config: { ...recipe.config, ...(features > 0 ? { features } : {}) },
    training: { ...recipe.training, ...(epochs > 0 ? { epochs } : {}) },
  };
}
