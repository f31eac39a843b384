import type { CellResult } from "./cell-job.ts";
import { type VariantId, variantIds } from "./variants.ts";

/** How often a variant was recovered at a noise level. */
export interface Recovery {
  variant: VariantId;
  noise: number;
  found: number;
  seeds: number;
  /** Of the invariant: how many are a function of q² + p² exactly. */
  exact: number;
}

/** The cells counted by variant and noise. */
export function countRecoveries(cells: readonly CellResult[]): Recovery[] {
  const noises = [...new Set(cells.map(({ noise }) => noise))];
  return variantIds.flatMap((variant) =>
    noises.map((noise) => {
      const own = cells.filter((cell) => cell.variant === variant && cell.noise === noise);
      return {
        variant,
        noise,
        found: own.filter(({ judgement }) => judgement.accepted).length,
        exact: own.filter(({ judgement }) => judgement.symbolic).length,
        seeds: own.length,
      };
    }),
  );
}
