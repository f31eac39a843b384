/** Graph networks that give an energy of beads: SchNet, PaiNN, SO3net, trained here or read from files. See docs/relevance.md. */

export { lammpsPairTable } from "./lammps-table.ts";
export { type GraphNetwork, graphNetwork, networkEnergy, networkForces } from "./potential.ts";
export { initialWeights, type NetworkSizes } from "./shapes.ts";
export { type PotentialConfig, tracedPotential } from "./traced-model.ts";
export { fluidFrames, methaneRecipe, waterRecipe } from "./train-fluid.ts";
export { type PotentialTraining, type TrainedPotential, trainPotential } from "./train-potential.ts";
export type { NamedWeights } from "./weights.ts";
