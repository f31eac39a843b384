import { demand, usageError } from "../../core/errors.ts";
import { type TokenTable, type TrainedTokens, trainedTokens } from "./subject.ts";

/** Fewest tokens on which a helix is fitted: below, four coefficients and a frequency fit anything. */
export const fewestTokens = 16;

/** Reads "40-119". @throws UserError (exit status 2) for anything else or a range that runs backwards. */
export function parseWindow(text: string, where: string): readonly [number, number] {
  const match = /^\s*(\d+)\s*[-–]\s*(\d+)\s*$/.exec(text);
  const [from, to] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || from >= to) {
    throw usageError(`${where}: expected a range of tokens such as 40-119, got ${JSON.stringify(text)}`);
  }
  return [from, to];
}

/** The tokens of a helix fit, with t from 0 at the first to 1 at the last. */
export interface HelixWindow extends TrainedTokens {
  t: Float64Array;
  /** Tokens between the first and the last that are missing or were never trained. */
  missing: number;
}

/**
 * The trained tokens of `table` within `range`. Where all are there, t is evenly spaced; where some are missing, t stays
 * proportional to the token.
 * @throws UserError naming table and range if fewer than {@link fewestTokens} remain.
 */
export function helixWindow(table: TokenTable, range?: readonly [number, number]): HelixWindow {
  const { tokens, rows } = trainedTokens(table, range);
  const named = range ? `window ${range[0]}–${range[1]}` : "whole range";
  demand(
    tokens.length >= fewestTokens,
    () =>
      `embedding lens, table '${table.name}': ${tokens.length} trained tokens in the ${named} of the helix fit; ` +
      `needs at least ${fewestTokens}: choose a wider window`,
  );
  const first = tokens[0]!;
  const span = tokens.at(-1)! - first;
  return {
    tokens,
    rows,
    t: Float64Array.from(tokens, (token) => (token - first) / span),
    missing: span + 1 - tokens.length,
  };
}
