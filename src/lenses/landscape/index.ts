/** What is read off a network of stationary points. See docs/landscape.md. */

export { landscapeLens } from "./lens.ts";
export { completeness } from "./network/completeness.ts";
export { disconnectivity } from "./network/disconnectivity.ts";
export { barrierBetween, mergeTree, superbasins } from "./network/merge-tree.ts";
export { monotonicBasins } from "./network/monotonic-basins.ts";
export { newickOfMergeTree } from "./network/newick.ts";
export { persistencePairs } from "./network/persistence.ts";
export { heatCapacityPeaks } from "./thermodynamics/heat-capacity-peaks.ts";
export { superpositionLevels, thermodynamics } from "./thermodynamics/superposition.ts";
