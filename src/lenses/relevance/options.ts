import { usageError } from "../../core/errors.ts";
import type { Values } from "../../core/params.ts";
import type { nature } from "./about.ts";
import { biasesCounted, conservative, published, type RelevanceRules } from "./rules.ts";

/** The lens's options. */
export type RelevanceOptions = Values<typeof nature.params>;

const modes = { conservative, "biases-counted": biasesCounted, published } as const;

/** The rules of an option set: a mode with its γ. */
export function rulesOf({ mode, gamma }: Pick<RelevanceOptions, "mode" | "gamma">): RelevanceRules {
  const rules = modes[mode];
  return rules.unit === "gradient" ? rules : { ...rules, unit: { ...rules.unit, gamma } };
}

/** The values of γ that sensitivity is measured with. @throws UserError for a word that is no number from 0. */
export function gammasOf({ gammas }: Pick<RelevanceOptions, "gammas">): number[] {
  return gammas
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "")
    .map((word) => {
      const value = Number(word);
      if (!(value >= 0 && Number.isFinite(value))) {
        throw usageError(`option 'gammas': '${word}'; expected numbers from 0, separated by commas`);
      }
      return value;
    });
}
