import { numberColumn, type Table, textColumn } from "../../data/table.ts";
import type { SymbolicAnalysis } from "./analyse.ts";
import { named } from "./figures/style.ts";
import { lawText } from "./law-text.ts";
import type { SymbolicSubject } from "./subject.ts";

/** Every member of the front, with what each rule says of it and its p against permuted targets. */
export function frontTable(subject: SymbolicSubject, analysis: SymbolicAnalysis): Table {
  const { candidates, picks } = analysis.choice;
  const { nulls, problem } = analysis;
  const rules = Object.keys(picks) as (keyof typeof picks)[];
  const numbers = (of: (candidate: (typeof candidates)[number]) => number) => candidates.map(of);
  const shortest = Math.min(...numbers((c) => c.assessment.descriptionLength.total));
  const lowest = Math.min(...numbers((c) => c.assessment.bic));
  const units =
    problem.dimensions === undefined
      ? []
      : [
          numberColumn(
            "absorbed",
            "",
            numbers((c) => c.absorbed ?? 0),
          ),
        ];
  return {
    name: named(subject.id, "front-members"),
    title: "The front, with every rule of choice",
    rows: candidates.length,
    provenance: subject.provenance ?? [],
    columns: [
      numberColumn(
        "complexity",
        "",
        numbers((c) => c.complexity),
      ),
      numberColumn(
        "constants",
        "",
        numbers((c) => c.assessment.parameters),
      ),
      numberColumn(
        "rms",
        subject.target.unit ?? "",
        numbers((c) => c.assessment.rms),
      ),
      numberColumn(
        "R²",
        "",
        numbers((c) => c.assessment.determination),
      ),
      numberColumn(
        "description length − shortest",
        "nat",
        numbers((c) => c.assessment.descriptionLength.total - shortest),
      ),
      numberColumn(
        "score",
        "",
        numbers((c) => c.score),
      ),
      numberColumn(
        "BIC − lowest",
        "",
        numbers((c) => c.assessment.bic - lowest),
      ),
      numberColumn(
        "p at this complexity",
        "",
        numbers((c) => nulls.p[Math.min(nulls.p.length, c.complexity) - 1]!),
      ),
      ...units,
      textColumn(
        "taken by",
        candidates.map((_, i) => rules.filter((rule) => picks[rule] === i).join(", ")),
      ),
      textColumn(
        "formula",
        candidates.map((c) => lawText(analysis, c.expression, "text", 6)),
      ),
    ],
  };
}

/** The chosen formula in every language, to be copied. */
export function languagesTable(subject: SymbolicSubject, analysis: SymbolicAnalysis): Table {
  const languages = ["text", "latex", "sympy", "julia", "c", "typescript"] as const;
  return {
    name: named(subject.id, "law"),
    title: "The chosen formula, to be copied",
    rows: languages.length,
    provenance: subject.provenance ?? [],
    columns: [
      textColumn("language", languages),
      textColumn(
        "formula",
        languages.map((language) => lawText(analysis, analysis.law.expression, language, 12)),
      ),
    ],
  };
}

/** Constants with both intervals; undefined where there are none. */
export function constantsTable(subject: SymbolicSubject, { constants }: SymbolicAnalysis): Table | undefined {
  const list = constants.constants;
  if (list.length === 0) return undefined;
  return {
    name: named(subject.id, "constants-intervals"),
    title: `Constants with ${(100 * constants.level).toFixed(0)} % intervals`,
    rows: list.length,
    provenance: subject.provenance ?? [],
    columns: [
      textColumn(
        "constant",
        list.map((_, k) => `c${k + 1}`),
      ),
      numberColumn(
        "value",
        "",
        list.map((c) => c.value),
      ),
      numberColumn(
        "standard error",
        "",
        list.map((c) => c.standardError),
      ),
      numberColumn(
        "Fisher from",
        "",
        list.map((c) => c.fisher.low),
      ),
      numberColumn(
        "Fisher to",
        "",
        list.map((c) => c.fisher.high),
      ),
      numberColumn(
        "bootstrap from",
        "",
        list.map((c) => c.bootstrap?.low ?? Number.NaN),
      ),
      numberColumn(
        "bootstrap to",
        "",
        list.map((c) => c.bootstrap?.high ?? Number.NaN),
      ),
      textColumn(
        "not told from",
        list.map((c) => (c.nearZero ? "0" : (c.recognised ?? ""))),
      ),
    ],
  };
}
