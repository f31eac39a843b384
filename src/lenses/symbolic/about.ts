import { rerunCitation } from "../citations.ts";
import type { Axes, Citation } from "../contract.ts";
import { rowKinds } from "./evidence/deal.ts";
import { rules } from "./selection/choose.ts";

const axes: Axes = {
  access: "functional",
  scope: "global",
  aim: "discovering",
  features: "high-level",
  time: "intrinsic",
};

const citations: Citation[] = [
  {
    text: "Cranmer: Interpretable machine learning for science with PySR and SymbolicRegression.jl. arXiv:2305.01582 (2023)",
    bibtex: `@misc{cranmer2023interpretable,
  title         = {Interpretable Machine Learning for Science with {PySR} and {SymbolicRegression.jl}},
  author        = {Cranmer, Miles},
  year          = {2023},
  eprint        = {2305.01582},
  archivePrefix = {arXiv}
}`,
  },
  {
    text: "Bartlett, Desmond, Ferreira: Exhaustive symbolic regression. IEEE Trans. Evol. Comput. 28 (2024) 950, arXiv:2211.11461 (2022)",
    bibtex: `@article{bartlett2024exhaustive,
  title   = {Exhaustive Symbolic Regression},
  author  = {Bartlett, Deaglan J. and Desmond, Harry and Ferreira, Pedro G.},
  journal = {IEEE Transactions on Evolutionary Computation},
  volume  = {28},
  pages   = {950--964},
  year    = {2024},
  note    = {arXiv:2211.11461}
}`,
  },
  rerunCitation,
];

/** Operators of a search where nothing else is said. */
export const defaultOperators = "add,sub,mul,div,square,sqrt,exp,log,sin,cos";

const params = {
  operators: {
    type: "string",
    default: defaultOperators,
    help: "Operators that formulas may use, separated by commas.",
  },
  evaluations: {
    type: "int",
    default: 200_000,
    min: 1000,
    max: 1_000_000_000,
    help: "Budget of every search, in evaluations of a formula on all rows; on 1000 of them where there are more.",
  },
  maxComplexity: {
    type: "int",
    default: 20,
    min: 3,
    max: 60,
    help: "Largest complexity of a formula, in nodes.",
  },
  islands: { type: "int", default: 4, min: 1, max: 64, help: "Populations of a search that evolve apart." },
  population: { type: "int", default: 64, min: 8, max: 4096, help: "Members of one population." },
  rule: {
    type: "choice",
    choices: rules,
    default: "description length",
    help: "What takes one formula from the front; the other rules are printed beside it.",
  },
  nulls: {
    type: "int",
    default: 19,
    min: 1,
    max: 9999,
    help: "Reruns of the whole search on permuted targets; the smallest p is 1/(nulls + 1).",
  },
  rows: {
    type: "choice",
    choices: rowKinds,
    default: "independent",
    help: "What the rows are: independent draws (the null permutes targets), or a series in order (it shifts them in a circle, so that smooth series do not count as a finding).",
  },
  seeds: { type: "int", default: 4, min: 1, max: 99, help: "Reruns of the search with other seeds." },
  bootstraps: { type: "int", default: 4, min: 1, max: 99, help: "Reruns of the search on resampled rows." },
  dummies: {
    type: "int",
    default: 2,
    min: 0,
    max: 20,
    help: "Shuffled copies of columns that one rerun is offered; a formula that uses one follows chance.",
  },
  heldOut: {
    type: "number",
    default: 0.2,
    min: 0.02,
    max: 0.5,
    help: "Share of the rows that are held out from the search by which errors are measured.",
  },
  level: { type: "number", default: 0.95, min: 0.5, max: 0.999, help: "Confidence level of intervals." },
  stopAt: {
    type: "number",
    default: 1e-14,
    min: 0,
    max: 1,
    help: "A search ends at this loss, as a share of the target's variance.",
  },
  strictUnits: {
    type: "boolean",
    default: false,
    help: "With units, take constants as pure numbers; otherwise they adopt what is missing, and that is counted.",
  },
} as const;

/** What the symbolic lens asks, where it stands, whom it follows and what can be set. */
export const nature = {
  name: "symbolic",
  question:
    "Which short formula gives the target from the columns, and which of the formulas do the data support?",
  axes,
  citations,
  params,
};
