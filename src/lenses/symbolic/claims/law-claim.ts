import { type EvidenceCard, notRun, type Stability } from "../../../claims/card.ts";
import type { ClaimOf } from "../../../claims/claim.ts";
import { againstTruth } from "../../../claims/evidence/baselines.ts";
import { twinLeak } from "../../../claims/evidence/leak.ts";
import { stabilityFrom } from "../../../claims/evidence/stability.ts";
import type { ClaimWithCard } from "../../../claims/report-claims.ts";
import { canonicalKey } from "../../../expressions/canonical.ts";
import { evaluateRows } from "../../../expressions/evaluate.ts";
import { withStandard } from "../../../expressions/evaluator.ts";
import type { Expression } from "../../../expressions/expression.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import type { SymbolicAnalysis } from "../analyse.ts";
import { predictionErrors } from "../evidence/constants.ts";
import type { Version } from "../evidence/versions.ts";
import { lawText } from "../law-text.ts";
import { rowName, type SymbolicSubject } from "../subject.ts";

/** Sample points of a claim: evenly spaced rows, at most so many. */
const mostPoints = 200;
/** Agreement with a known law from which the formula counts as right. */
const rightFrom = 0.999;

/** The chosen formula as a claim of kind equation, with its card. */
export function lawClaim(subject: SymbolicSubject, analysis: SymbolicAnalysis): ClaimWithCard {
  return { claim: claimOf(subject, analysis), card: cardOf(subject, analysis) };
}

/** Id of the claim. */
export const lawId = ({ id }: SymbolicSubject): string => (id === undefined ? "law" : `${id}.law`);

type EquationClaim = ClaimOf<"equation">;

function claimOf(subject: SymbolicSubject, analysis: SymbolicAnalysis): EquationClaim {
  const { problem, law, constants, complexity } = analysis;
  const { target } = subject;
  const text = lawText(analysis, law.expression);
  const n = problem.target.length;
  return {
    ...formulaOf(subject, analysis, law.expression),
    id: lawId(subject),
    title: `${target.name} from ${subject.columns.map(({ name }) => name).join(", ")}`,
    statement: `${target.name} = ${text} in ${n} rows, with an RMS error of ${short(law.rms)}${suffix(target.unit)} (complexity ${complexity}, R² ${determinationText(law.determination)}).`,
    constants: constants.constants.map(({ value, standardError }, k) => ({
      name: `c${k + 1}`,
      value,
      unit: "",
      uncertainty: standardError,
    })),
    uncertainty: atPoints(n, predictionErrors(law, constants.covariance)),
  };
}

/** What two formulas on one subject share, so that they can be compared. */
function formulaOf(
  subject: SymbolicSubject,
  analysis: SymbolicAnalysis,
  expression: Expression,
): EquationClaim {
  const { problem, operators } = analysis;
  const { target, columns, model = "the data themselves", data } = subject;
  const n = problem.target.length;
  // A known law may be written in operators that the search did not have.
  const all = withStandard(operators);
  const values = evaluateRows(expression, problem.columns, all);
  return {
    kind: "equation",
    id: "formula",
    title: "formula",
    statement: "A formula.",
    unit: target.unit ?? "",
    subject: { model, data, seeds: [] },
    output: target.name,
    inputs: columns.map(({ name, unit = "" }) => ({ name, unit })),
    tex: lawText(analysis, expression, "latex"),
    text: lawText(analysis, expression),
    canonical: canonicalKey(expression, { operators: all }),
    constants: [],
    points: atPoints(n, Array.from(values.keys()))!.map((row) => rowName(subject, row)),
    values: atPoints(n, values)!,
    uncertainty: null,
  };
}

function atPoints(n: number, values: ArrayLike<number> | undefined): number[] | null {
  if (values === undefined) return null;
  const count = Math.min(n, mostPoints);
  return Array.from({ length: count }, (_, k) => values[Math.floor((k * n) / count)]!);
}

function cardOf(subject: SymbolicSubject, analysis: SymbolicAnalysis): EvidenceCard {
  const { problem, nulls, seeds, bootstraps, heldOut, extreme, baselines } = analysis;
  const unit = problem.weights === undefined ? (subject.target.unit ?? "") : "";
  const rows = problem.target.length;
  return {
    null: [...nulls.tests],
    baselines:
      heldOut.split.inside.length < 2 || baselines.length === 0
        ? notRun(`${heldOut.split.inside.length} row held out is too few to compare formulas on.`)
        : baselines,
    stability: [stability(seeds, "seeds"), stability(bootstraps, "resampled rows")],
    faithfulness: notRun(
      "The formula stands beside the data; there is no network from which it could be taken.",
    ),
    truth:
      subject.truth === undefined
        ? notRun("No law behind these data is known.")
        : [
            againstTruth(
              formulaOf(subject, analysis, analysis.law.expression),
              formulaOf(subject, analysis, subject.truth.law),
              { truth: subject.truth.source, threshold: rightFrom },
            ),
          ],
    outOfDistribution:
      extreme?.outside === undefined
        ? notRun(`${rows} rows are too few to hold the extremes of a column out.`)
        : [
            {
              parameter: problem.names[extreme.split.column!]!,
              heldOut: extreme.split.words,
              by: "error",
              measure: problem.weights === undefined ? "RMS error" : "RMS error in units of σ",
              unit,
              inside: extreme.inside,
              outside: Math.min(extreme.outside, 1e300),
            },
          ],
    multiplicity: {
      configurations: 1,
      what: "one search; every null draw searched and chose anew",
      tests: null,
      adjustedP: null,
    },
    leakage: twinLeak(
      rowsOf(problem.columns, heldOut.split.train),
      rowsOf(problem.columns, heldOut.split.inside),
      { split: `${heldOut.split.words}, held out from the search` },
    ),
  };
}

function stability(versions: readonly Version[], over: string): Stability {
  return stabilityFrom(
    versions.map(({ agreement }) => agreement),
    { over, measure: "terms of the canonical forms in common with the claim, weighted by their size" },
  );
}

function rowsOf(columns: readonly Float64Array[], rows: readonly number[]): Matrix {
  const out = matrix(rows.length, columns.length);
  rows.forEach((i, k) => {
    columns.forEach((column, j) => {
      out.data[k * columns.length + j] = column[i]!;
    });
  });
  return out;
}

const suffix = (unit: string | undefined) =>
  unit === undefined || unit === "" || unit === "1" ? "" : ` ${unit}`;
const short = (value: number) => String(Number(value.toPrecision(3)));

/** R² with the digits that still differ from 1. */
export function determinationText(value: number): string {
  const missing = 1 - value;
  if (missing <= 1e-12) return "1 to 12 digits";
  const digits = Math.max(3, Math.ceil(-Math.log10(Math.max(missing, 1e-12))) + 1);
  return missing < 0 || missing > 1 ? short(value) : value.toFixed(Math.min(13, digits));
}
