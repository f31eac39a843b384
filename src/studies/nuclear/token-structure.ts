import { orderedness, orderednessEvenOdd } from "../../lenses/embedding/orderedness.ts";
import { parityRatio } from "../../lenses/embedding/parity-ratio.ts";
import { trainedTokens } from "../../lenses/embedding/subject.ts";
import { pca } from "../../linalg/pca.ts";
import { columnOf } from "../../linalg/rows.ts";
import type { TokenRegressor } from "../../models/token-regressor.ts";
import type { FlatVector } from "../../optim/adamw.ts";
import { tokenTable } from "./subject.ts";

/** Flags by token of both tables: does it occur in training? */
export interface TrainedFlags {
  Z: boolean[];
  N: boolean[];
}

/**
 * Orderedness along the first component, plain and within each parity, and parity ratio of the trained tokens of both
 * tables: "ordering.N", "ordering.N.evenodd", "parity.Z".
 */
export function tokenStructure(
  model: TokenRegressor,
  parameters: FlatVector,
  trained: TrainedFlags,
): Record<string, number> {
  const out: Record<string, number> = {};
  for (const name of ["Z", "N"] as const) {
    const { tokens, rows } = trainedTokens(tokenTable(model, parameters, name, trained[name]));
    const first = columnOf(pca(rows, { components: 1 }).scores, 0);
    out[`ordering.${name}`] = orderedness(first);
    out[`ordering.${name}.evenodd`] = orderednessEvenOdd(first, tokens);
    out[`parity.${name}`] = parityRatio(rows, tokens);
  }
  return out;
}
