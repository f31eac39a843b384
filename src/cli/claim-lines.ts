import { isNotRun } from "../claims/card.ts";
import { claimP } from "../claims/claim-p.ts";
import type { ReportClaim } from "../claims/report-claims.ts";
import { metricText, textTable } from "./text-table.ts";

/** Claims as a text table with an empty line behind it: verdict, p with its floor, adjusted p, and what is claimed. */
export function claimLines(claims: readonly ReportClaim[]): string[] {
  if (claims.length === 0) return [];
  const head = ["claim", "verdict", "p", "floor", "adjusted p", "statement"];
  const number = (value: number | null | undefined) => (value == null ? "–" : metricText(value));
  const rows = claims.map(({ claim, card, verdict }) => {
    const p = claimP(card);
    const adjusted = isNotRun(card.multiplicity) ? undefined : card.multiplicity.adjustedP;
    return [claim.id, verdict.word, number(p?.p), number(p?.floor), number(adjusted), claim.statement];
  });
  return [...textTable([head, ...rows], [2, 3, 4]), ""];
}
