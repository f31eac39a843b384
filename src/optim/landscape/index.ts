/** Minima and transition states of any twice differentiable function. See docs/landscape-explorer.md. */

export { type Exploration, type ExploreOptions, explore } from "./explore.ts";
export { type LandscapeSource, loadLandscape } from "./job.ts";
export type { AnyLandscape, AsyncLandscape, Landscape, Symmetry } from "./landscape.ts";
export {
  globalMinimum,
  mergeNetworks,
  type Network,
  type NetworkMinimum,
  type NetworkSaddle,
} from "./network.ts";
export { tracedLandscape } from "./traced-landscape.ts";
