import { pickParams, type Values } from "../../core/params.ts";
import { nature } from "../../lenses/curvature/about.ts";

/** The study's parameters; those of the curvature lens keep their names. */
export const params = {
  cut: {
    type: "choice",
    default: "cdw1",
    choices: ["cdw1", "slanted", "bond", "cdw2", "three", "hidden"],
    help: "Line through the phase diagram: LL to CDW-I at V2 = 0 (cdw1) or V2 = V1/10 (slanted), LL to BO (bond), to CDW-II (cdw2), all three with three labels (three) or with LL and BO under one label (hidden) at V1 = 0.",
  },
  alsoCuts: {
    type: "string",
    default: "",
    help: "More cuts to look at after the main one, separated by commas: hidden,three.",
  },
  L: {
    type: "int",
    default: 12,
    min: 8,
    max: 16,
    help: "Sites of the ring; even, and a multiple of 4 for CDW-II.",
  },
  points: {
    type: "int",
    default: 500,
    min: 10,
    max: 5000,
    help: "Training states on either side of the label boundary (on each part of the cut's grid).",
  },
  recipe: {
    type: "choice",
    default: "minimum",
    choices: ["minimum", "shipped"],
    help: "Train the smooth net to a minimum (minimum), or the published net by the published recipe, which ends at none (shipped).",
  },
  weights: {
    type: "string",
    default: "",
    help: "Safetensors file with weights of the published net to look at instead of training it.",
  },
  ridge: {
    type: "number",
    default: 5e-3,
    min: 1e-8,
    max: 1,
    help: "Coefficient of ½‖θ‖² in the training loss (λ/n); 5e-5 is the published one and saturates.",
  },
  seeds: { type: "int", default: 1, min: 1, max: 50, help: "Networks trained from different random starts." },
  sizes: {
    type: "string",
    default: "8,10,12",
    help: "Ring sizes at which networks trained on the plateaus alone locate the transition.",
  },
  plateaus: {
    type: "string",
    default: "aa,ba",
    help: "Plateau sets, left and right: a, b on the left (V1 up to 0.25, or 0.15 to 0.4), a to h on the right (from 36 down to 4).",
  },
  shuffles: {
    type: "int",
    default: 19,
    min: 0,
    max: 999,
    help: "Networks trained on shuffled labels, on a thinned training set; 19 make p = 0.05 possible, 0 leaves them out.",
  },
  thinned: {
    type: "int",
    default: 40,
    min: 10,
    max: 500,
    help: "Training states on either side of the boundary in that thinned set.",
  },
  ...pickParams(nature.params, [
    "curvature",
    "rank",
    "damping",
    "negative",
    "labels",
    "resampling",
    "settled",
    "directions",
    "top",
    "leaveOut",
    "bootstraps",
    "nulls",
  ]),
  bootstraps: { ...nature.params.bootstraps, default: 6 },
  operationThreads: {
    type: "int",
    default: 2,
    min: 0,
    max: 64,
    help: "Threads of one Hessian; changes no result.",
  },
} as const;

export type PhasesOptions = Values<typeof params>;

/** What quick and full change from the defaults. */
export const presets = {
  quick: {},
  full: {
    seeds: 5,
    sizes: "8,10,12,14",
    plateaus: "aa,ba,ab,ae,ag,ah",
    shuffles: 99,
    bootstraps: 30,
    nulls: 999,
    alsoCuts: "hidden,three",
  },
} as const satisfies Readonly<Record<"quick" | "full", Partial<PhasesOptions>>>;
