import type { Values } from "../../core/params.ts";
import { nature } from "../../lenses/landscape/about.ts";

const { walkers, steps, step, temperature, save, modes, modeSizes, searches, neighbours, rounds, cycles } =
  nature.params;
const { attempts, searchCycles } = nature.params;
const {
  grouping,
  rule,
  height,
  cut,
  least,
  growths,
  conserved,
  epsilon,
  leaving,
  boltzmann,
  shuffles,
  randomSets,
  bootstraps,
  dataResamples,
  groupDraws,
  attributionRows,
  integralSteps,
  repeats,
  orders,
  weightNulls,
  coldest,
  hottest,
} = nature.params;

const own = (help: string) => `${help} −1: what suits the system.`;

/** The study's parameters; those of the landscape lens keep their names. */
export const params = {
  system: {
    type: "choice",
    default: "six-features",
    choices: [
      "six-features",
      "xor",
      "chequerboard",
      "moons",
      "circles",
      "triatomic",
      "iris",
      "lj4",
      "lj5",
      "lj6",
      "lj7",
      "lj8",
      "lj13",
      "lj38",
      "muller-brown",
      "six-hump-camel",
      "himmelblau",
      "double-well",
    ],
    help: "What is explored: the loss of a small classifier on one of the data sets, a Lennard-Jones cluster, or a test surface.",
  },
  module: {
    type: "string",
    default: "",
    help: "JavaScript or TypeScript module of your own that exports a function giving a landscape: {name, n, valueAndGradient, start}, or what tracedLandscape returns.",
  },
  fn: { type: "string", default: "landscape", help: "The name of that function." },
  data: {
    type: "string",
    default: "",
    help: "CSV file with a header line; a classifier of its rows is explored instead of a system.",
  },
  target: { type: "string", default: "", help: "The column of that file that holds the class." },
  features: {
    type: "string",
    default: "",
    help: "Columns of that file to use, separated by commas; default all but the target.",
  },
  standardise: {
    type: "boolean",
    default: true,
    help: "Take the training rows' mean off every feature and divide by their standard deviation (of given data and iris).",
  },
  network: {
    type: "string",
    default: "",
    help: "SQLite file of stationary points of the same landscape, from an earlier run: the search goes on from it.",
  },
  seeds: {
    type: "int",
    default: 2,
    min: 1,
    max: 1000,
    help: "Data sets (or divisions of given data) and searches of a classifier, one for each seed.",
  },
  rows: { type: "int", default: 400, min: 8, max: 1_000_000, help: "Training rows that are made." },
  testRows: { type: "int", default: 400, min: 8, max: 1_000_000, help: "Held-out rows that are made." },
  testShare: {
    type: "number",
    default: 0.3,
    min: 0.05,
    max: 0.9,
    help: "Share of given rows that is held out.",
  },
  noise: { type: "number", default: 0.3, min: 0, max: 100, help: "Noise in the rule that makes the labels." },
  nuisance: {
    type: "int",
    default: 2,
    min: 0,
    max: 1000,
    help: "Columns of pure noise beside those of XOR, chequerboard, moons and circles.",
  },
  squares: { type: "int", default: 2, min: 2, max: 100, help: "Squares along a side of the chequerboard." },
  hidden: {
    type: "string",
    default: "5",
    help: "Hidden units of the classifier, one number a layer, separated by commas.",
  },
  lambda: {
    type: "number",
    default: 5e-4,
    min: 0,
    max: 1e6,
    help: "λ of λ Σ w² in the loss; 0 leaves flat directions, which are refused.",
  },
  regulariseBiases: { type: "boolean", default: true, help: "Does λ act on biases too?" },
  mostWeights: {
    type: "int",
    default: 300,
    min: 2,
    max: 2000,
    help: "Classifiers of more weights are refused before any work, with what they would take.",
  },
  walkers: { ...walkers, default: -1, min: -1, help: own(walkers.help) },
  steps: { ...steps, default: -1, min: -1, help: own(steps.help) },
  step: { ...step, default: -1, min: -1, help: own(step.help) },
  save: { ...save, default: -1, min: -1, help: own(save.help) },
  temperature: { ...temperature, default: -1, min: -1, help: own(temperature.help) },
  modes: { ...modes, default: -1, min: -1, help: own(modes.help) },
  modeSizes: { ...modeSizes, default: "", help: `${modeSizes.help} Empty: what suits the system.` },
  searches: { ...searches, default: -1, min: -1, help: own(searches.help) },
  neighbours: { ...neighbours, default: -1, min: -1, help: own(neighbours.help) },
  rounds: { ...rounds, default: -1, min: -1, help: own(rounds.help) },
  cycles: { ...cycles, default: -1, min: -1, help: own(cycles.help) },
  attempts: { ...attempts, default: -1, min: -1, help: own(attempts.help) },
  searchCycles: { ...searchCycles, default: -1, min: -1, help: own(searchCycles.help) },
  ...{ grouping, rule, height, cut, least, growths, conserved, epsilon, leaving, boltzmann },
  ...{ shuffles, randomSets, bootstraps, dataResamples, groupDraws, attributionRows, integralSteps, repeats },
  ...{ orders, weightNulls, coldest, hottest },
  labelNulls: {
    type: "int",
    default: 1,
    min: 0,
    max: 1000,
    help: "Explorations of the first seed's loss with shuffled labels, as a null model; the smallest p is 1/(B + 1).",
  },
  superposition: {
    type: "boolean",
    default: true,
    help: "Combine the minima of the first seed: averages, selection and a gate, on rows nothing was trained on.",
  },
  archetypes: {
    type: "boolean",
    default: false,
    help: "Compare landscapes: hidden units, depth, rows and regularisation, each explored anew.",
  },
} as const;

export type StudyOptions = Values<typeof params>;

/** What quick and full change from the defaults. */
export const presets = {
  quick: {},
  full: {
    seeds: 10,
    labelNulls: 19,
    bootstraps: 2000,
    dataResamples: 100,
    groupDraws: 999,
    archetypes: true,
  },
} as const satisfies Readonly<Record<"quick" | "full", Partial<StudyOptions>>>;
