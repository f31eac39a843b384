import { nature } from "../../lenses/symbolic/about.ts";

const lens = nature.params;

/** What can be set in the study `discover`. */
export const params = {
  data: {
    type: "string",
    default: "",
    help: "CSV file with a header line; units may stand behind names: mass [kg].",
  },
  target: { type: "string", default: "", help: "The column to be explained." },
  columns: {
    type: "string",
    default: "",
    help: "Columns that formulas may use, such as k,m,x; without it all others.",
  },
  units: {
    type: "string",
    default: "",
    help: "CSV file with the columns 'name' and 'unit'; without it units are read from the header.",
  },
  sigma: { type: "string", default: "", help: "Column with one standard deviation of the target." },
  columnSigmas: {
    type: "string",
    default: "",
    help: "Columns with standard deviations of others, such as x:x_err,t:t_err.",
  },
  guess: {
    type: "string",
    default: "",
    help: "Formulas to start from, separated by semicolons, such as 'k*x/m; sqrt(k/m)'; their constants are fitted.",
  },
  rules: {
    type: "string",
    default: "",
    help: "JSON file with what formulas have to keep to: template, nesting, argumentSizes, behaviour (docs/discover.md).",
  },
  rows: lens.rows,
  operators: lens.operators,
  evaluations: lens.evaluations,
  maxComplexity: lens.maxComplexity,
  islands: lens.islands,
  population: lens.population,
  rule: lens.rule,
  nulls: lens.nulls,
  seeds: lens.seeds,
  bootstraps: lens.bootstraps,
  dummies: lens.dummies,
  heldOut: lens.heldOut,
  extreme: {
    type: "string",
    default: "",
    help: "Column whose extreme fifth is held out; without it the one that moves the formula most.",
  },
  level: lens.level,
  stopAt: lens.stopAt,
  strictUnits: lens.strictUnits,
} as const;
