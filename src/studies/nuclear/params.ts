import type { Values } from "../../core/params.ts";
import { schedules } from "../../optim/schedule.ts";
import { splitKinds } from "../../physics/nuclear/splits.ts";

/** The nuclear study's parameters. */
export const params = {
  data: {
    type: "choice",
    default: "npm",
    choices: ["npm", "ame2020", "livechart"],
    help: "Table of masses: the one that comes with npm (AME2012), or one added with 'physlens data add'.",
  },
  nuclides: {
    type: "choice",
    default: "all",
    choices: ["all", "measured"],
    help: "Learn from all nuclides of the table, extrapolated masses too, or from measured ones alone.",
  },
  minZ: { type: "int", default: 9, min: 0, max: 118, help: "Fewest protons of a nuclide that takes part." },
  minN: { type: "int", default: 9, min: 0, max: 150, help: "Fewest neutrons of a nuclide that takes part." },
  tasks: {
    type: "string",
    default: "binding",
    help: "What is learned, separated by commas, 'binding' among them: sn, sp, s2n, s2p, qa, qbm, qbm_n, qec, z, n, radius (LiveChart).",
  },
  split: {
    type: "choice",
    default: "nuclei",
    choices: splitKinds,
    help: "How validation data are held out: whole nuclei without leaks (nuclei), chain ends (extrapolate), or the paper's leaking splits (random, random-all_same).",
  },
  fraction: {
    type: "number",
    default: 0.8,
    min: 0.01,
    max: 0.99,
    help: "Share of the nuclei (or rows) that trains.",
  },
  edge: {
    type: "int",
    default: 1,
    min: 1,
    max: 20,
    help: "Nuclei held out at either end of each chain by the split 'extrapolate'.",
  },
  width: { type: "int", default: 64, min: 4, max: 8192, help: "Width of embeddings and layers." },
  depth: { type: "int", default: 2, min: 0, max: 32, help: "Residual blocks." },
  seeds: {
    type: "int",
    default: 6,
    min: 1,
    max: 100,
    help: "Networks trained from different random starts.",
  },
  epochs: { type: "int", default: 3000, min: 1, max: 10_000_000, help: "Passes over the training data." },
  learningRate: { type: "number", default: 5e-3, min: 1e-8, max: 1, help: "AdamW's learning rate." },
  schedule: {
    type: "choice",
    default: "cosine",
    choices: schedules,
    help: "How the learning rate runs: constant (the paper) or falling to zero.",
  },
  warmup: {
    type: "number",
    default: 0,
    min: 0,
    max: 1,
    help: "Share of the steps over which the learning rate first rises from zero.",
  },
  weightDecay: { type: "number", default: 0.03, min: 0, max: 10, help: "AdamW's decoupled weight decay." },
  batch: {
    type: "number",
    default: 0.2,
    min: 1e-6,
    max: 1e6,
    help: "Minibatch: a share of the training rows up to 1, a number of rows above.",
  },
  scaling: {
    type: "choice",
    default: "training",
    choices: ["training", "whole-table"],
    help: "Where the least and greatest target come from; the whole table (the paper) lets held-out values in.",
  },
  weighting: {
    type: "choice",
    default: "none",
    choices: ["none", "uncertainty"],
    help: "Count each value alike, or by 1/(its uncertainty² + modelError²).",
  },
  modelError: {
    type: "number",
    default: 100,
    min: 0,
    max: 1e6,
    unit: "keV",
    help: "What is added to every uncertainty when they weight the fit.",
  },
  dtype: {
    type: "choice",
    default: "float32",
    choices: ["float32", "float64"],
    help: "Precision of training.",
  },
  device: {
    type: "string",
    default: "cpu",
    help: "Where the network runs: cpu, or cuda where it is installed.",
  },
  operationThreads: {
    type: "int",
    default: 1,
    min: 1,
    max: 256,
    help: "Threads inside one operation of one network, beside the networks that train in parallel.",
  },
  nulls: {
    type: "int",
    default: 999,
    min: 19,
    max: 99_999,
    help: "Draws from each null model behind the helix p-values.",
  },
  maxComponents: {
    type: "int",
    default: 100,
    min: 1,
    max: 10_000,
    help: "Most principal components kept in the truncation curves.",
  },
  fixedN: {
    type: "string",
    default: "50,82,126",
    help: "Neutron numbers at which the topography of the Z embeddings is drawn.",
  },
} as const;

export type NuclearOptions = Values<typeof params>;

/** What the presets change. */
export const presets: Readonly<Record<"quick" | "full", Partial<NuclearOptions>>> = {
  quick: { nulls: 199 },
  full: { width: 1024, seeds: 3, epochs: 20_000, learningRate: 1e-3, weightDecay: 0.01, minZ: 1, minN: 1 },
};
