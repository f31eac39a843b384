import type { NullTest } from "../../claims/card.ts";
import type { AnyLandscape } from "../../optim/landscape/landscape.ts";
import type { Network } from "../../optim/landscape/network.ts";
import type { MinimaGroup } from "./conserved/choose-group.ts";
import type { GroupLook } from "./conserved/look-at-group.ts";
import type { GrownExploration } from "./explore-until.ts";
import type { Completeness } from "./network/completeness.ts";
import type { MergeTree } from "./network/merge-tree.ts";
import type { MonotonicBasins } from "./network/monotonic-basins.ts";
import type { PersistencePair } from "./network/persistence.ts";
import type { HeatCapacityPeak } from "./thermodynamics/heat-capacity-peaks.ts";
import type { Levels } from "./thermodynamics/superposition.ts";

/** What harmonic superposition makes of the minima. */
export interface Heat {
  levels: Levels;
  range: { from: number; to: number };
  peaks: HeatCapacityPeak[];
}

/** Everything that was found about a landscape. */
export interface LandscapeAnalysis {
  landscape: AnyLandscape;
  network: Network;
  /** The work, where the lens explored itself. */
  exploration?: Omit<GrownExploration, "network" | "group">;
  group: MinimaGroup;
  basins: MonotonicBasins;
  tree: MergeTree;
  persistence: PersistencePair[];
  /** Undefined for fewer than two walkers. */
  completeness?: Completeness;
  /** Undefined where minima differ in their flat directions, or there is one alone. */
  heat?: Heat;
  /** Eigenvalues of the Hessian at every minimum, softest first; none above 300 coordinates. */
  spectra?: Float64Array[];
  /** Test AUC of every minimum of a classifier. */
  aucs?: Float64Array;
  /** The group of a classifier, or why nothing is said of it. */
  look?: GroupLook;
  refusal?: string;
  nulls: NullTest[];
}
