/** Coarse-grained fluids with exactly known many-body content: laws, dynamics, structure. See docs/fluids.md. */

export { alanineSet } from "./alanine.ts";
export { angleDistribution, tetrahedralOrder } from "./angles.ts";
export { axilrodTeller } from "./axilrod-teller.ts";
export { blockAverage, statisticalInefficiency } from "./block-average.ts";
export { type Cell, cell, cubicCell, openCell } from "./cell.ts";
export { maxwellVelocities, simulate } from "./dynamics.ts";
export { fieldForces } from "./field-forces.ts";
export { finnisSinclair } from "./finnis-sinclair.ts";
export { fitPrior } from "./fit-prior.ts";
export { fluidSet, withForceNoise } from "./fluid-set.ts";
export { evaluate, type ForceField, totalEnergy } from "./force-field.ts";
export { neighbourGraph } from "./graph.ts";
export { lennardJones } from "./lennard-jones.ts";
export { manyBodyTerms } from "./many-body-terms.ts";
export { pairList } from "./pair-list.ts";
export { priorEnergy } from "./prior.ts";
export { coordination, radialDistribution } from "./radial-distribution.ts";
export { squaredSum } from "./squared-sum.ts";
export { diamondLattice, fccLattice, gridStart, randomInsertion } from "./start.ts";
export { mWater, stillingerWeber } from "./stillinger-weber.ts";
export { pairTerms, tripletTerms } from "./terms.ts";
