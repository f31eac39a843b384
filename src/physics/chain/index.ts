/** The t–V1–V2 ring of spinless fermions, solved exactly. See docs/chain.md. */

export { cuts } from "./cuts.ts";
export { fidelitySusceptibility } from "./fidelity.ts";
export { groundState, groundStateSolver } from "./ground-state.ts";
export { criticalEstimates } from "./indicators.ts";
export { energyGap, levelSolver } from "./levels.ts";
export { type ChainOptions, chainRing, pinPatterns, type RingOptions } from "./model.ts";
export {
  bondOrder,
  bondStrengths,
  chargeOrder,
  densities,
  orderParameters,
  structureFactor,
} from "./observables.ts";
export { phasePlane } from "./plane.ts";
export {
  type ChainSet,
  chainSet,
  evenTestSet,
  mixedTestSet,
  plateauSet,
  restrictSet,
  test2020Set,
  trainingSet,
  validationSet,
} from "./sets.ts";
export { excitationSolver, levelCrossing } from "./spectroscopy.ts";
