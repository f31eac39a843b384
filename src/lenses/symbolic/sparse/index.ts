export { type DynamicsData, dynamicsFromTable } from "./data.ts";
export { differences, savitzkyGolay } from "./derivatives.ts";
export { type SparseInvariant, sparseInvariants } from "./invariants.ts";
export { fourierLibrary, type Library, polynomialLibrary } from "./library.ts";
export type { RateMethod, SparseOptions } from "./options.ts";
export { type SparseDynamics, type SparseEquation, type SparseTerm, sindy } from "./sindy.ts";
