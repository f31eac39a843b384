import type { Params, Values } from "../../core/params.ts";

export const params = {
  evaluations: {
    type: "int",
    default: 1_500_000,
    min: 1000,
    max: 1_000_000_000,
    help: "Budget of each Strogatz equation's search; three sets of operators share it, and it ends where nothing is left to explain.",
  },
  trajectories: {
    type: "boolean",
    default: true,
    help: "Search the Strogatz equations from trajectories, too, and not only from states drawn in a box.",
  },
  seeds: { type: "int", default: 5, min: 1, max: 1000, help: "Noisy Lorenz trajectories a level." },
  rounds: { type: "int", default: 200, min: 0, max: 100_000, help: "Resamples of each sparse regression." },
  nulls: { type: "int", default: 99, min: 1, max: 9999, help: "Reruns on permuted targets for the planets." },
} as const satisfies Params;

export type RediscoveryOptions = Values<typeof params>;

export const presets = {
  quick: { evaluations: 600_000, trajectories: false, seeds: 2, nulls: 19 },
  full: {},
} as const;
