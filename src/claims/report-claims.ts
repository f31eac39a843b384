import { z } from "zod";
import { UserError } from "../core/errors.ts";
import { benjaminiHochberg } from "../stats/benjamini-hochberg.ts";
import { cardSchema, type EvidenceCard, isNotRun } from "./card.ts";
import { checked } from "./check.ts";
import { type Claim, checkClaim, claimSchema } from "./claim.ts";
import { claimP } from "./claim-p.ts";
import { verdict, verdictSchema } from "./verdict.ts";

/** A claim with what stands behind it: what a lens ends in. */
export interface ClaimWithCard {
  claim: Claim;
  card: EvidenceCard;
}

export const reportClaimSchema = z.strictObject({
  claim: claimSchema,
  card: cardSchema,
  verdict: verdictSchema,
});

/** A claim as a report prints it: with its verdict, after the number of claims has been taken into account. */
export type ReportClaim = z.infer<typeof reportClaimSchema>;

/**
 * Puts the claims of one report together: checks each claim and card, adjusts the p-values for how many there are, and
 * gives each claim its verdict. The p of a claim is {@link claimP} times the configurations it was chosen from (at most
 * 1); Benjamini–Hochberg runs over all claims of the report that have one.
 * @throws UserError for a claim or card that is not whole, naming the field, and for an id used twice.
 */
export function assembleReportClaims(claims: readonly ClaimWithCard[]): ReportClaim[] {
  const seen = new Set<string>();
  const whole = claims.map(({ claim, card }) => {
    checkClaim(claim);
    if (seen.has(claim.id)) {
      throw new UserError(`claims: the id '${claim.id}' is used twice; give each claim of a report its own`);
    }
    seen.add(claim.id);
    return { claim, card: checkCard(card, claim.id) };
  });
  const tested = whole.flatMap(({ claim, card }) => {
    const own = claimP(card);
    const tried = isNotRun(card.multiplicity) ? 1 : card.multiplicity.configurations;
    return own ? [{ id: claim.id, p: Math.min(1, tried * own.p) }] : [];
  });
  const adjusted = benjaminiHochberg(tested.map(({ p }) => p));
  return whole.map(({ claim, card }) => {
    const at = tested.findIndex(({ id }) => id === claim.id);
    const multiplicity = isNotRun(card.multiplicity)
      ? card.multiplicity
      : { ...card.multiplicity, tests: tested.length || null, adjustedP: at < 0 ? null : adjusted[at]! };
    const full = { ...card, multiplicity };
    return { claim, card: full, verdict: verdict(full) };
  });
}

/** @throws UserError naming the claim and the heading that is neither filled nor listed as not run. */
export function checkCard(card: EvidenceCard, id: string): EvidenceCard {
  return checked(cardSchema, card, `evidence card of '${id}'`);
}
