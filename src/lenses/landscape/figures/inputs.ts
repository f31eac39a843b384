import type { Provenance } from "../../../data/table.ts";
import type { Matrix } from "../../../linalg/matrix.ts";
import type { LandscapeSummary } from "../archetypes/summarise.ts";
import type { Scores } from "../ensemble/scores.ts";
import type { Combined } from "../ensemble/superpose.ts";
import type { EnergyGraph } from "../network/energy-graph.ts";
import type { HeatCapacityPeak } from "../thermodynamics/heat-capacity-peaks.ts";
import type { Levels } from "../thermodynamics/superposition.ts";

/** What every figure is told by its caller. */
export interface FigureText {
  /** File name without ending, unique in a run. */
  name: string;
  title: string;
  /** The figure adds to it what was left out of the picture, if anything was. */
  caption: string;
  provenance?: readonly Provenance[];
}

/** A quantity with its name and unit; "" for a pure number. */
export interface Quantity {
  label: string;
  unit: string;
}

/** A quantity of every minimum, in the order of the network. */
export interface MinimumProperty extends Quantity {
  values: ArrayLike<number>;
}

/** The group of every minimum, in the order of the network; undefined for one that belongs to none. */
export type MinimumGroups = readonly (string | undefined)[];

/** Input of `disconnectivityFigure` and `mergeTreeFigure`. */
export interface TreeInput extends FigureText {
  graph: EnergyGraph;
  /** Of the upright axis: {label: "regularised loss", unit: ""}, {label: "energy", unit: "ε"}. */
  energy: Quantity;
  /** Colour by group. At most one of `groups` and `property`. */
  groups?: MinimumGroups;
  groupLabel?: string;
  /** Colour by a property: viridis over its mean over a branch's minima. */
  property?: MinimumProperty;
  /** What each minimum is called in the picture and the data; default its number from 1. */
  labels?: readonly string[];
  /** Only the component of this minimum is drawn; default the global minimum. */
  minimum?: number;
}

/** Input of `disconnectivityFigure`. */
export interface DisconnectivityInput extends TreeInput {
  /** Number of levels; default 30. */
  levels?: number;
  /** Where a basin stands: at the mean of this over its minima. Default: basins side by side. */
  metric?: MinimumProperty;
}

/** Input of `persistenceFigure`. */
export interface PersistenceInput extends FigureText {
  graph: EnergyGraph;
  energy: Quantity;
  groups?: MinimumGroups;
  groupLabel?: string;
  labels?: readonly string[];
}

/** Input of `heatCapacityFigure`. */
export interface HeatCapacityInput extends FigureText {
  levels: Levels;
  range: { from: number; to: number };
  /** As `heatCapacityPeaks` gives them over the same range. */
  peaks: readonly HeatCapacityPeak[];
  /** Unit of the temperature: that of the values, "ε/k" for a cluster, "loss". */
  unit: string;
  labels?: readonly string[];
}

/** One way of scoring features: its values with the ends of their intervals, where it has some. */
export interface FeatureScores {
  /** "conserved weights", "permutation importance". */
  method: string;
  values: ArrayLike<number>;
  low?: ArrayLike<number>;
  high?: ArrayLike<number>;
}

/** Input of `featureScoresFigure`. */
export interface FeatureScoresInput extends FigureText {
  features: readonly string[];
  methods: readonly FeatureScores[];
  /** Features that carry the label, where the generator knows. */
  relevant?: readonly number[];
}

/** The AUC after the values of a set of weights were shuffled, over the shuffles. */
export interface ShuffledAuc {
  /** "lowest CV", "largest |w|": one word for each choice of weights. */
  choice: string;
  mean: number;
  sd: number;
}

/** The permutation test of one group of minima. */
export interface PermutationTest {
  /** "seed 3". */
  label: string;
  base: number;
  /** Over random sets of as many weights: mean and sd of the sets' means. */
  random: { mean: number; sd: number };
  /** The conserved weights first. */
  choices: readonly ShuffledAuc[];
}

/** Input of `permutationTestFigure`: one test, or one for each seed. */
export interface PermutationTestInput extends FigureText {
  tests: readonly PermutationTest[];
}

/** Input of `minimaScatter`: one property of every minimum against another. */
export interface MinimaScatterInput extends FigureText {
  x: MinimumProperty;
  y: MinimumProperty;
  groups?: MinimumGroups;
  groupLabel?: string;
}

/** Input of `spectraFigure`: the Hessian's eigenvalues at every minimum. */
export interface SpectraInput extends FigureText {
  spectra: readonly ArrayLike<number>[];
  groups?: MinimumGroups;
  groupLabel?: string;
  /** Drawn as a line: 2λ, below which nothing lies where the loss itself is convex. */
  reference?: { label: string; value: number };
}

/** Input of `toleranceFigure`: differences of all pairs of points (see `pairDifferences`). */
export interface ToleranceInput extends FigureText {
  /** |ΔV| of each pair of minima. */
  values: ArrayLike<number>;
  /** Distance after alignment of each pair. */
  distances: ArrayLike<number>;
  same: { value: number; distance: number };
}

/** Input of `completenessFigure` (see `completenessCurve`). */
export interface CompletenessInput extends FigureText {
  curve: readonly { walkers: number; seen: number; estimate: number; interval: readonly [number, number] }[];
  /** The number there is, where it is known. */
  known?: number;
}

/** Input of `archetypesFigure`: landscapes as `compareLandscapes` gives them. */
export interface ArchetypesInput extends FigureText {
  archetypes: readonly (Pick<
    LandscapeSummary,
    "minima" | "saddles" | "ratio" | "relativeBarrier" | "basins"
  > & {
    label: string;
    at: number;
    series: string;
  })[];
  axis: Quantity;
  logarithmic?: boolean;
  seriesLabel?: string;
}

/** Input of `ensembleFigure`: as `superposeMinima` gives it. */
export interface EnsembleInput extends FigureText {
  combined: readonly Combined[];
  oracle: Scores;
}

/** Input of `complementarityFigure`. */
export interface ComplementarityInput extends FigureText {
  /** Members × members: see `complementarity`. */
  apart: Matrix;
  /** Of the members. */
  labels: readonly string[];
}
