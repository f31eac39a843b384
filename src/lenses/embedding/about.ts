import type { Axes, Citation } from "../contract.ts";

const axes: Axes = {
  access: "mechanistic",
  scope: "global",
  aim: "discovering",
  features: "high-level",
  time: "post-hoc",
};

const citations: Citation[] = [
  {
    text: "Kitouni, Nolte, Pérez-Díaz, Trifinopoulos, Williams: From Neurons to Neutrons: A Case Study in Interpretability. ICML 2024, arXiv:2405.17425",
    bibtex: `@inproceedings{kitouni2024neurons,
  title     = {From Neurons to Neutrons: A Case Study in Interpretability},
  author    = {Kitouni, Ouail and Nolte, Niklas and P{\\'e}rez-D{\\'i}az, V{\\'i}ctor Samuel and Trifinopoulos, Sokratis and Williams, Mike},
  booktitle = {Proceedings of the 41st International Conference on Machine Learning},
  year      = {2024},
  eprint    = {2405.17425},
  archivePrefix = {arXiv}
}`,
  },
];

const params = {
  windowN: {
    type: "string",
    default: "40-119",
    help: "Tokens of the helix fit for a table named N that states no window of its own.",
  },
  windowZ: {
    type: "string",
    default: "25-79",
    help: "Tokens of the helix fit for a table named Z that states no window of its own.",
  },
  nulls: {
    type: "int",
    default: 999,
    min: 99,
    max: 99_999,
    help: "Draws from each null model behind the helix p-values; the smallest p is 1/(nulls + 1).",
  },
  smoothLength: {
    type: "number",
    default: 10,
    min: 0.5,
    max: 1000,
    unit: "tokens",
    help: "Correlation length of the smooth random paths, the second null model of the helix.",
  },
  gridPoints: {
    type: "int",
    default: 40,
    min: 8,
    max: 400,
    help: "Points along each side of a topography map.",
  },
  margin: {
    type: "number",
    default: 0.1,
    min: 0,
    max: 5,
    help: "How far a topography map reaches beyond the tokens, as a share of their range.",
  },
  maxComponents: {
    type: "int",
    default: 100,
    min: 1,
    help: "Most principal components kept in the truncation curve.",
  },
  controls: {
    type: "int",
    default: 9,
    min: 1,
    max: 999,
    help: "Random directions beside each change of the helix; each costs one prediction of all pairs.",
  },
  prominence: {
    type: "number",
    default: 0.05,
    min: 0,
    max: 1,
    help: "Least prominence of a top of a perturbed curve, as a share of the curve's range.",
  },
} as const;

/** What the embedding lens asks, where it stands, whom it follows and what can be set. */
export const nature = {
  name: "embedding",
  question:
    "How did the model arrange its tokens: by size, by parity, on a helix, and how many directions does it need?",
  axes,
  citations,
  params,
};
