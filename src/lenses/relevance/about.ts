import type { Axes, Citation } from "../contract.ts";

const axes: Axes = {
  access: "mechanistic",
  scope: "local",
  aim: "discovering",
  features: "high-level",
  time: "post-hoc",
};

const citations: Citation[] = [
  {
    text: "Bonneau, Lederer, Templeton, Rosenberger, Giambagli, Müller, Clementi: Peering inside the black box by learning the relevance of many-body functions in neural network potentials. Nat. Commun. 16 (2025) 9898, arXiv:2407.04526",
    bibtex: `@article{bonneau2025peering,
  title   = {Peering inside the black box by learning the relevance of many-body functions in neural network potentials},
  author  = {Bonneau, Klara and Lederer, Jonas and Templeton, Clark and Rosenberger, David and Giambagli, Lorenzo and M{\\"u}ller, Klaus-Robert and Clementi, Cecilia},
  journal = {Nature Communications},
  volume  = {16},
  pages   = {9898},
  year    = {2025}
}`,
  },
  {
    text: "Schnake, Eberle, Lederer, Nakajima, Schütt, Müller, Montavon: Higher-order explanations of graph neural networks via relevant walks. IEEE Trans. Pattern Anal. Mach. Intell. 44 (2022) 7581",
    bibtex: `@article{schnake2022higher,
  title   = {Higher-Order Explanations of Graph Neural Networks via Relevant Walks},
  author  = {Schnake, Thomas and Eberle, Oliver and Lederer, Jonas and Nakajima, Shinichi and Sch{\\"u}tt, Kristof T. and M{\\"u}ller, Klaus-Robert and Montavon, Gr{\\'e}goire},
  journal = {IEEE Transactions on Pattern Analysis and Machine Intelligence},
  volume  = {44},
  pages   = {7581--7596},
  year    = {2022}
}`,
  },
  {
    text: "Xiong, Schnake, Montavon, Müller, Nakajima: Efficient computation of higher-order subgraph attribution via message passing. ICML 2022",
    bibtex: `@inproceedings{xiong2022efficient,
  title     = {Efficient Computation of Higher-Order Subgraph Attribution via Message Passing},
  author    = {Xiong, Ping and Schnake, Thomas and Montavon, Gr{\\'e}goire and M{\\"u}ller, Klaus-Robert and Nakajima, Shinichi},
  booktitle = {International Conference on Machine Learning},
  year      = {2022}
}`,
  },
  {
    text: "Drautz, Fähnle, Sanchez: General relations between many-body potentials and cluster expansions in multicomponent systems. J. Phys.: Condens. Matter 16 (2004) 3843",
    bibtex: `@article{drautz2004general,
  title   = {General relations between many-body potentials and cluster expansions in multicomponent systems},
  author  = {Drautz, Ralf and F{\\"a}hnle, Manfred and Sanchez, Juan M.},
  journal = {Journal of Physics: Condensed Matter},
  volume  = {16},
  pages   = {3843--3852},
  year    = {2004}
}`,
  },
];

const params = {
  mode: {
    type: "choice",
    default: "conservative",
    choices: ["conservative", "biases-counted", "published"],
    help: "Rules of relevance: conservative (the sum is the energy), the same with the biases of activations counted as relevance, or as in the published study (not conservative).",
  },
  branching: {
    type: "boolean",
    default: true,
    help: "For an SO3net also relevance by trees of messages, which credits a product formed inside one layer to all beads in it.",
  },
  gamma: {
    type: "number",
    default: 0.1,
    min: 0,
    max: 100,
    help: "γ of the rule for layers with an activation: how much contributions with the sign of the result are favoured.",
  },
  gammas: {
    type: "string",
    default: "0,0.1,0.5",
    help: "Values of γ among which the sensitivity of the curves is measured, separated by commas.",
  },
  orders: {
    type: "int",
    default: 3,
    min: 2,
    max: 4,
    help: "Largest sets of beads that are looked at one by one; what larger ones carry is given as one number.",
  },
  frames: {
    type: "int",
    default: 8,
    min: 1,
    max: 10_000,
    help: "Frames that are looked at, evenly among those given.",
  },
  bins: { type: "int", default: 36, min: 4, max: 1000, help: "Bins of the distance." },
  angleBins: { type: "int", default: 24, min: 4, max: 360, help: "Bins of the angle." },
  shell: {
    type: "number",
    default: 0,
    min: 0,
    max: 100,
    unit: "Å",
    help: "Longest leg of an angle; 0 takes the law's cutoff where it is known and the network's otherwise.",
  },
  bootstraps: {
    type: "int",
    default: 400,
    min: 20,
    max: 100_000,
    help: "Resamples of whole frames behind every interval.",
  },
  inContext: {
    type: "int",
    default: 24,
    min: 0,
    max: 10_000,
    help: "Pairs, and as many triplets, whose exact term among all other beads is computed (four and eight energies of a whole frame each); 0 for none.",
  },
  forceBeads: {
    type: "int",
    default: 3,
    min: 0,
    max: 1000,
    help: "Beads of the first frame whose forces are divided by order, beside its pressure (six looks at the frame each).",
  },
  significant: {
    type: "number",
    default: 0.1,
    min: 0,
    max: 1,
    help: "Share of the interaction energy from which an order counts as part of the interaction.",
  },
  cuts: {
    type: "int",
    default: 20,
    min: 1,
    max: 1000,
    help: "Pairs (and corners of triplets) of largest relevance that are cut from the graph as a check.",
  },
  drawn: { type: "int", default: 14, min: 1, max: 200, help: "Pairs and triplets drawn in the 3-D view." },
  nulls: {
    type: "int",
    default: 19,
    min: 1,
    max: 9999,
    help: "Networks with random weights that are looked at as a null model; the smallest p is 1/(nulls + 1).",
  },
} as const;

/** What the relevance lens asks, where it stands, whom it follows and what can be set. */
export const nature = {
  name: "relevance",
  question:
    "Which part of a graph network's energy comes from single beads, pairs, triplets and more, and is that what nature does?",
  axes,
  citations,
  params,
};
