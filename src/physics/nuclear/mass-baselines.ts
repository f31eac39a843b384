import { usageError } from "../../core/errors.ts";
import { additiveBaseline } from "./additive-baseline.ts";
import { equation5Published, equation5Refitted } from "./equation-5.ts";
import { fittedBaseline, textbookBaseline } from "./formula-baseline.ts";
import { gaussianProcessBaseline } from "./gaussian-process-baseline.ts";
import { bw2, semf } from "./liquid-drop.ts";
import type { MassBaseline } from "./mass-baseline.ts";

/** The baselines a referee asks for, from the simplest to the strongest. */
export const massBaselines: readonly MassBaseline[] = [
  textbookBaseline(semf),
  textbookBaseline(bw2),
  equation5Published,
  equation5Refitted,
  fittedBaseline(semf),
  fittedBaseline(bw2),
  additiveBaseline(semf),
  additiveBaseline(bw2),
  gaussianProcessBaseline(semf),
  gaussianProcessBaseline(bw2),
];

/** The baselines of the given names, in that order. @throws UserError that lists the names there are. */
export function massBaselinesNamed(names: readonly string[]): MassBaseline[] {
  return names.map((name) => {
    const found = massBaselines.find((baseline) => baseline.name === name);
    if (found) return found;
    const known = massBaselines.map((baseline) => baseline.name).join(", ");
    throw usageError(`massBaselinesNamed: unknown baseline '${name}'; known: ${known}`);
  });
}
