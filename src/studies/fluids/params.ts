import { pickParams, type Values } from "../../core/params.ts";
import { nature } from "../../lenses/relevance/about.ts";

/** The study's parameters; those of the relevance lens keep their names. */
export const params = {
  system: {
    type: "choice",
    default: "both",
    choices: ["both", "lj", "mw", "alanine", "all"],
    help: "Which fluids are made and learned: Lennard-Jones methane (lj), mW water (mw), both, the alanine dipeptide set (alanine), or all three.",
  },
  weights: {
    type: "string",
    default: "",
    help: "Safetensors file of a SchNet, PaiNN or SO3net trained elsewhere, with the names of SchNetPack; it is opened instead of training one.",
  },
  frames: {
    type: "string",
    default: "",
    help: "Extended XYZ file of the frames to look at with those weights.",
  },
  lengthUnit: {
    type: "string",
    default: "",
    help: "Unit of length of that file where it does not name it: angstrom, nm or bohr.",
  },
  energyUnit: {
    type: "string",
    default: "",
    help: "Unit of energy of that file where it does not name it: kcal/mol, kJ/mol, eV.",
  },
  species: {
    type: "string",
    default: "",
    help: "Rows of the embedding by species where the weights do not name them: C=6,O=8.",
  },
  tables: {
    type: "choice",
    default: "exact",
    choices: ["exact", "published"],
    help: "Harmonics of an SO3net from a file: exact, or with the rounding of the published program.",
  },
  temperature: {
    type: "number",
    default: 0,
    min: 0,
    max: 1e5,
    unit: "K",
    help: "Temperature of frames from a file, for −kT ln g(r); 0 where it is not known.",
  },
  alanine: {
    type: "string",
    default: "",
    help: "Folder with ala2_coordinates.npy and ala2_forces.npy, for system alanine.",
  },
  beads: {
    type: "int",
    default: 0,
    min: 0,
    max: 4000,
    help: "Beads of a frame that is made; 0: the recipe's.",
  },
  share: {
    type: "number",
    default: 1,
    min: 0.001,
    max: 1000,
    help: "How many frames are made, over the recipe's number.",
  },
  stride: {
    type: "int",
    default: 0,
    min: 0,
    max: 100_000,
    help: "Steps of dynamics between frames; 0: the recipe's.",
  },
  epochs: { type: "int", default: 0, min: 0, max: 100_000, help: "Passes over the frames; 0: the recipe's." },
  features: { type: "int", default: 0, min: 0, max: 512, help: "Features a bead; 0: the recipe's." },
  seeds: { type: "int", default: 2, min: 1, max: 50, help: "Networks trained from different starts." },
  noise: {
    type: "number",
    default: 0,
    min: 0,
    max: 100,
    unit: "kcal/mol/Å",
    help: "Deviation of normal noise put on every component of the training forces, as mapping from a finer model does.",
  },
  energies: {
    type: "number",
    default: 0,
    min: 0,
    max: 1e6,
    unit: "1/Å²",
    help: "Weight of the squared energy error per bead beside that of the forces; 0 trains on forces alone, which leaves a constant per bead free. With energies the readout takes the mean energy up, and the vacuum terms come out worse, not better. Noisy forces come without energies.",
  },
  elsewhere: {
    type: "number",
    default: 0.9,
    min: 0.3,
    max: 2,
    help: "Density of the state that nothing was trained on, over that of the training frames.",
  },
  dynamics: {
    type: "int",
    default: 2000,
    min: 0,
    max: 1_000_000,
    help: "Steps of the network's own dynamics for g(r) and angles; 0 for none.",
  },
  conserved: {
    type: "int",
    default: 600,
    min: 0,
    max: 1_000_000,
    help: "Steps without a thermostat, in which the energy has to stay; 0 for none.",
  },
  lookFrames: { type: "int", default: 8, min: 1, max: 10_000, help: "Validation frames the lens looks at." },
  ...pickParams(nature.params, [
    "mode",
    "branching",
    "gamma",
    "gammas",
    "orders",
    "bins",
    "angleBins",
    "shell",
    "bootstraps",
    "inContext",
    "forceBeads",
    "significant",
    "cuts",
    "drawn",
    "nulls",
  ]),
  // Trained biases are larger than what they are added to here and there: only counting them conserves the energy.
  mode: { ...nature.params.mode, default: "biases-counted" },
} as const;

export type FluidsOptions = Values<typeof params>;

/** What quick and full change from the defaults. */
export const presets = {
  quick: {},
  full: {
    system: "all",
    seeds: 5,
    lookFrames: 24,
    nulls: 99,
    inContext: 96,
    forceBeads: 12,
    dynamics: 20_000,
    bootstraps: 2000,
  },
} as const satisfies Readonly<Record<"quick" | "full", Partial<FluidsOptions>>>;
