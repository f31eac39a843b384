import { usageError } from "../../core/errors.ts";
import type { Params, Values } from "../../core/params.ts";

export const params = {
  seeds: { type: "int", default: 10, min: 1, max: 1000, help: "Data sets and searches of every cell." },
  noises: {
    type: "string",
    default: "0,0.001,0.01,0.1",
    help: "Noise levels in standard deviations of the target (of q and p for the invariant, on top of its 0.1).",
  },
  budget: {
    type: "number",
    default: 1,
    min: 0.01,
    max: 100,
    help: "Factor on the variants' budgets of evaluations.",
  },
  reruns: {
    type: "int",
    default: 4,
    min: 1,
    max: 99,
    help: "Reruns of each search with other seeds, and as many on resampled rows, behind a law's card.",
  },
  nullTables: { type: "int", default: 42, min: 0, max: 10_000, help: "Tables of pure noise; 0 for none." },
  nulls: {
    type: "int",
    default: 19,
    min: 1,
    max: 999,
    help: "Reruns on permuted targets behind each belief.",
  },
  evidence: {
    type: "number",
    default: 0.01,
    min: 0,
    max: 1,
    help: "Noise level of the tables that the lens looks at in full.",
  },
} as const satisfies Params;

export type OscillatorOptions = Values<typeof params>;

export const presets = {
  quick: { seeds: 2, noises: "0,0.01", nullTables: 6, budget: 0.5, reruns: 2 },
  full: {},
} as const;

/** The noise levels. @throws UserError (exit status 2) for what is no list of numbers from 0. */
export function noisesOf({ noises }: Pick<OscillatorOptions, "noises">): number[] {
  const list = noises.split(",").map((text) => (text.trim() === "" ? Number.NaN : Number(text)));
  const bad = list.findIndex((value) => !(value >= 0 && value <= 10));
  if (bad >= 0 || new Set(list).size < list.length) {
    throw usageError(
      `option 'noises': ${JSON.stringify(noises)}; expected different numbers from 0 to 10, separated by commas, such as 0,0.01`,
    );
  }
  return list;
}
