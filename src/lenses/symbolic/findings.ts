import { isNotRun } from "../../claims/card.ts";
import { median } from "../../stats/quantile.ts";
import { emptyFindings, type Findings } from "../contract.ts";
import type { SymbolicAnalysis } from "./analyse.ts";
import { determinationText, lawClaim } from "./claims/law-claim.ts";
import { diagnosticsOf } from "./diagnostics.ts";
import { agreementFigure } from "./figures/agreement.ts";
import { constantsFigure } from "./figures/constants.ts";
import { fitFigure, residualFigure } from "./figures/fit.ts";
import { frontFigure } from "./figures/front.ts";
import { lawText } from "./law-text.ts";
import type { SymbolicSubject } from "./subject.ts";
import { constantsTable, frontTable, languagesTable } from "./tables.ts";

/** What the lens reports of an analysis: metrics, figures, tables, the formula, the claim with its card. */
export function findingsOf(subject: SymbolicSubject, analysis: SymbolicAnalysis): Findings {
  const constants = constantsTable(subject, analysis);
  const intervals = constantsFigure(subject, analysis);
  return {
    ...emptyFindings(),
    metrics: metricsOf(subject, analysis),
    figures: [
      frontFigure(subject, analysis),
      fitFigure(subject, analysis),
      residualFigure(subject, analysis),
      agreementFigure(subject, analysis),
      ...(intervals === undefined ? [] : [intervals]),
    ],
    tables: [
      frontTable(subject, analysis),
      ...(constants === undefined ? [] : [constants]),
      languagesTable(subject, analysis),
    ],
    formulas: [
      {
        label: `${subject.target.name}, complexity ${analysis.complexity}`,
        tex: lawText(analysis, analysis.law.expression, "latex"),
      },
    ],
    diagnostics: diagnosticsOf(subject, analysis),
    summary: summaryOf(subject, analysis),
    claims: [lawClaim(subject, analysis)],
  };
}

function metricsOf(subject: SymbolicSubject, analysis: SymbolicAnalysis): Record<string, number> {
  const { law, choice, nulls, seeds, bootstraps, heldOut, extreme, singularities, units } = analysis;
  const prefix = subject.id === undefined ? "" : `${subject.id}.`;
  const share = (list: readonly { same: boolean }[]) => list.filter(({ same }) => same).length / list.length;
  const [saved, loss] = nulls.tests;
  const count = (status: "certain" | "possible") =>
    singularities.found.filter((found) => found.status === status).length;
  const found: Record<string, number> = {
    "law.complexity": analysis.complexity,
    "law.constants": law.parameters,
    "law.rms": law.rms,
    "law.r2": law.determination,
    "law.saved_nats": choice.saved,
    "choice.disagree": choice.disagree ? 1 : 0,
    "choice.close": choice.close.length,
    "null.p": saved.p,
    "null.p.complexity": loss.p,
    "null.floor": saved.floor,
    "seeds.same_form": share(seeds),
    "seeds.agreement": median(seeds.map((v) => v.agreement)),
    "resamples.same_form": share(bootstraps),
    "resamples.agreement": median(bootstraps.map((v) => v.agreement)),
    "heldout.rms": Math.min(heldOut.inside, 1e300),
    "heldout.train_rms": Math.min(heldOut.train, 1e300),
    "lookelsewhere.r2": analysis.lookElsewhere,
    "noise.rms": Math.sqrt(analysis.noise.variance),
    "dummies.used": analysis.dummies?.used.length ?? 0,
    "singularities.certain": count("certain"),
    "singularities.possible": count("possible"),
    "constants.near_zero": analysis.constants.constants.filter((c) => c.nearZero).length,
    searches: analysis.searches,
    evaluations: analysis.evaluations,
    ...(extreme?.outside === undefined
      ? {}
      : {
          "extreme.inside_rms": Math.min(extreme.inside, 1e300),
          "extreme.outside_rms": Math.min(extreme.outside, 1e300),
        }),
    ...(units === undefined
      ? {}
      : {
          "units.violations": units.wildcard.violations.length,
          "units.absorbed": units.wildcard.absorbed,
          "units.strict_violations": units.strict.violations.length,
        }),
  };
  return Object.fromEntries(Object.entries(found).map(([name, value]) => [prefix + name, value]));
}

function summaryOf(subject: SymbolicSubject, analysis: SymbolicAnalysis): string[] {
  const { law, nulls, seeds, bootstraps, extreme, problem } = analysis;
  const [test] = nulls.tests;
  const unit = subject.target.unit ?? "";
  const suffix = unit === "" || unit === "1" ? "" : ` ${unit}`;
  const same = (list: readonly { same: boolean }[]) =>
    `${list.filter((v) => v.same).length} of ${list.length}`;
  const { truth } = lawClaim(subject, analysis).card;
  return [
    `${subject.target.name} = ${lawText(analysis, law.expression)}, with an RMS error of ${short(law.rms)}${suffix} over ${problem.target.length} rows (R² ${determinationText(law.determination)}).`,
    `On permuted targets ${test.exceedances} of ${test.rounds} searches of the same budget save as much (p ${test.exceedances === 0 ? "at its floor of" : "="} ${short(test.p)}); ${same(seeds)} other seeds and ${same(bootstraps)} resamples of the rows choose the same form.`,
    ...(extreme?.outside === undefined
      ? []
      : [
          `Searched without the extremes (${extreme.split.words}), the error is ${short(extreme.outside)} there against ${short(extreme.inside)} on rows held out within${problem.weights === undefined ? suffix && ` (${unit})` : " (in units of σ)"}.`,
        ]),
    ...(isNotRun(truth)
      ? []
      : [`Against ${truth[0]!.truth} the ${truth[0]!.measure} is ${short(truth[0]!.score)}.`]),
  ];
}

const short = (value: number) => String(Number(value.toPrecision(3)));
