import { numberColumn, type Table, textColumn } from "../data/table.ts";
import { isNotRun, skipped } from "./card.ts";
import { claimP } from "./claim-p.ts";
import type { ReportClaim } from "./report-claims.ts";

/** The claims of a report as a table: one row each, p-values with their floors, headings not run. NaN where none. */
export function claimsTable(claims: readonly ReportClaim[], name = "claims"): Table {
  const column = (of: (claim: ReportClaim) => number | null | undefined) =>
    claims.map((claim) => of(claim) ?? Number.NaN);
  const words = (of: (claim: ReportClaim) => string) => claims.map(of);
  return {
    name,
    rows: claims.length,
    columns: [
      textColumn(
        "claim",
        words(({ claim }) => claim.id),
      ),
      textColumn(
        "kind",
        words(({ claim }) => claim.kind),
      ),
      textColumn(
        "verdict",
        words(({ verdict }) => verdict.word),
      ),
      numberColumn(
        "p",
        "",
        column(({ card }) => claimP(card)?.p),
        { help: "the largest p of its null tests" },
      ),
      numberColumn(
        "floor",
        "",
        column(({ card }) => claimP(card)?.floor),
        { help: "the smallest p that this test can give" },
      ),
      numberColumn(
        "adjusted p",
        "",
        column(({ card }) => (isNotRun(card.multiplicity) ? null : card.multiplicity.adjustedP)),
        { help: "Benjamini–Hochberg over the claims of this report" },
      ),
      textColumn(
        "not run",
        words(({ card }) =>
          skipped(card)
            .map(({ heading }) => heading)
            .join(" "),
        ),
      ),
      textColumn(
        "statement",
        words(({ claim }) => claim.statement),
      ),
    ],
    provenance: [],
  };
}
