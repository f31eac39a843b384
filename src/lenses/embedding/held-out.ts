import { type EvidenceCard, notRun } from "../../claims/card.ts";
import { median } from "../../stats/quantile.ts";
import { fewestTokens } from "./helix-window.ts";
import { type TokenTable, trainedTokens } from "./subject.ts";
import type { TablePair } from "./table-pair.ts";

/** A network trained by the same recipe where a part of the data was held out. */
export interface HeldOutNetwork {
  /** Its tables; `trained` says which tokens it saw. */
  pair: TablePair;
  /** The parameter whose extremes were held out: "A". */
  parameter: string;
  /** Which part, as numbers: "A below 58 and above 207". */
  heldOut: string;
}

/**
 * A claim on one table out of distribution. A token that was held out has no trained embedding, so the question is what
 * becomes of the claim for the tokens that are left: it is made anew from a network that never saw the rest, and
 * compared with the claim of the network shown at the tokens that both know. Beside it stands the agreement with the
 * other networks at the same tokens (median): what another random start alone costs.
 * @param options.agreement of the claims made from two tables at these tokens, 0 to 1, measured as its stability is
 * @param options.range first and last token that the claim speaks of; default: all
 */
export function agreementHeldOut(options: {
  name: "Z" | "N";
  networks: readonly TablePair[];
  shown: number;
  without: HeldOutNetwork | undefined;
  range?: readonly [number, number];
  agreement(a: TokenTable, b: TokenTable, tokens: readonly number[]): number;
  measure: string;
}): EvidenceCard["outOfDistribution"] {
  const { name, networks, shown, without, range, agreement, measure } = options;
  if (!without) return notRun("No network was trained where a part of the data was held out.");
  if (networks.length < 2) {
    return notRun("One network was trained; nothing says how much another start alone changes the claim.");
  }
  const seen = without.pair[name].trained;
  const own = networks[shown]![name];
  const trained = own.trained.map((flag, row) => flag && seen[row] === true);
  const { tokens } = trainedTokens({ ...own, trained }, range);
  if (tokens.length < fewestTokens) {
    return notRun(`Without ${without.heldOut} only ${tokens.length} tokens of the claim train.`);
  }
  const others = networks.filter((_, k) => k !== shown);
  return [
    {
      parameter: without.parameter,
      heldOut: without.heldOut,
      by: "agreement",
      measure: `${measure}, over ${name} ${tokens[0]}–${tokens.at(-1)},`,
      unit: "",
      inside: median(others.map((other) => agreement(own, other[name], tokens))),
      outside: agreement(own, without.pair[name], tokens),
    },
  ];
}
