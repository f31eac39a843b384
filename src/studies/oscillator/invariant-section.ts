import type { ClaimWithCard } from "../../claims/report-claims.ts";
import { numberColumn, textColumn } from "../../data/table.ts";
import { print } from "../../expressions/print.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note } from "../../lenses/diagnostic.ts";
import { sparseInvariants } from "../../lenses/symbolic/sparse/invariants.ts";
import { polynomialLibrary } from "../../lenses/symbolic/sparse/library.ts";
import type { Section } from "../contract.ts";
import { type CellResult, problemFor } from "./cell-job.ts";
import { portraitFigure } from "./figure-portrait.ts";

/** The part of the report on the invariant of noisy orbits. */
export function invariantSection(cell: CellResult, { claim, card }: ClaimWithCard): Section {
  const findings = emptyFindings();
  const { columns, names, target } = problemFor("d", cell.noise, cell.seed);
  const text = (expression: Parameters<typeof print>[0]) => print(expression, { names, digits: 4 });
  const spectrum = sparseInvariants(polynomialLibrary(2, { degree: 2, constant: false }), columns, target);
  const chosen = cell.front[cell.chosen]!;
  findings.metrics["oscillator.d.alignment"] = cell.judgement.measured["alignment"]!;
  findings.metrics["oscillator.d.within_share"] = chosen.loss;
  findings.metrics["oscillator.d.null_space.first"] = spectrum[0]!.within;
  findings.metrics["oscillator.d.null_space.second"] = spectrum[1]!.within;
  findings.figures.push(portraitFigure(cell));
  findings.tables.push(
    {
      name: "oscillator-invariant-front",
      title: "Formulas for what stays constant, from short to accurate",
      rows: cell.front.length,
      provenance: [],
      columns: [
        numberColumn(
          "complexity",
          "",
          cell.front.map(({ complexity }) => complexity),
        ),
        textColumn(
          "formula",
          cell.front.map(({ expression }) => text(expression)),
        ),
        numberColumn(
          "within",
          "",
          cell.front.map(({ loss }) => loss),
          {
            help: "share of the variance of ranks that lies within orbits",
          },
        ),
        textColumn(
          "chosen",
          cell.front.map((_, i) => (i === cell.chosen ? "yes" : "")),
        ),
      ],
    },
    {
      name: "oscillator-null-space",
      title: "Quadratic forms by how well they are conserved",
      rows: spectrum.length,
      provenance: [],
      columns: [
        numberColumn(
          "within",
          "",
          spectrum.map(({ within }) => within),
          {
            help: "share of the variance that lies within orbits; 0 is conserved",
          },
        ),
        textColumn(
          "form",
          spectrum.map(({ expression }) => text(expression)),
        ),
      ],
    },
  );
  findings.diagnostics.push(
    note(
      "A constant is conserved and says nothing: its variance between orbits is zero, so that it has no loss, and it is never a candidate. Formulas are compared by the ranks of their values, since any monotone function of an invariant is one.",
    ),
    note(
      "Noise of 0.1 on q and p alone puts a share of the variance within orbits that no formula can take away; the front ends there.",
    ),
  );
  findings.summary.push(
    `On noisy orbits ${text(cell.expression)} is what stays constant: its gradient agrees with that of q² + p² to ${cell.judgement.measured["alignment"]!.toFixed(4)}; ${(100 * chosen.loss).toFixed(1)} % of its variance lies within orbits, which is the noise.`,
  );
  return {
    ...findings,
    claims: [{ claim, card }],
    title: "What stays constant",
    asked:
      "Given noisy orbits and nothing else, which function of q and p is constant on each and differs between them?",
  };
}
