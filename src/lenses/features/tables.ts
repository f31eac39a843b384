import { numberColumn, type Table, textColumn } from "../../data/table.ts";
import { rowOf } from "../../linalg/rows.ts";
import { rms } from "../../stats/describe.ts";
import type { BestMatch, FeatureAnalysis } from "./analyse.ts";
import { type FeatureSubject, labelOf } from "./subject.ts";

/** One line a term: its best component before and after the smooth trends, with p-values. */
export function matchTable({ provenance = [] }: FeatureSubject, { terms }: FeatureAnalysis): Table {
  const column = (name: string, help: string, of: (match: (typeof terms)[number]) => number | undefined) =>
    numberColumn(
      name,
      "",
      terms.map((match) => of(match) ?? Number.NaN),
      { help },
    );
  const best = (
    prefix: string,
    how: string,
    of: (match: (typeof terms)[number]) => BestMatch | undefined,
  ) => [
    column(`${prefix}component`, `best component ${how}`, (m) => plusOne(of(m)?.component)),
    column(`${prefix}ρ`, `Pearson correlation with it ${how}`, (m) => of(m)?.rho),
    column(`${prefix}p`, `against random fields ${how}, the best of all components`, (m) => of(m)?.field.p),
    column(`${prefix}p perm.`, `against permuted samples ${how}`, (m) => of(m)?.permutation.p),
    column(`${prefix}p all`, `against random fields ${how}, over all terms too`, (m) => of(m)?.family),
    column(
      `${prefix}length`,
      `correlation length of the term ${how}, in nucleons; below 0.5: none`,
      (m) => of(m)?.length,
    ),
  ];
  return {
    name: "feature-matches",
    rows: terms.length,
    columns: [
      textColumn(
        "term",
        terms.map(({ term }) => labelOf(term)),
      ),
      ...best("", "as it is", (m) => m.raw),
      column("cosine", "largest |cosine|, means not taken off", (m) =>
        m.cosine.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
      ),
      column(
        "trends",
        "share of the term's variance that the other smooth terms explain",
        (m) => m.explainedByTrends,
      ),
      ...best("free ", "with smooth trends projected out", (m) => m.detrended),
    ],
    provenance,
  };
}

/** One line a component: how much it varies, what it adds to the output and to the error, and its closest term. */
export function componentTable(
  { unit, provenance = [] }: FeatureSubject,
  { decomposition, error, terms }: FeatureAnalysis,
): Table {
  const kept = decomposition.contributions.rows;
  const each = <T>(of: (component: number) => T) => Array.from({ length: kept }, (_, c) => of(c));
  const closest = each((c) =>
    terms
      .map(({ term, raw, detrended }) => ({
        label: labelOf(term),
        rho: (term.smooth ? raw : (detrended ?? raw)).comparison.rho[c]!,
      }))
      .reduce((best, other) => (Math.abs(other.rho) > Math.abs(best.rho) ? other : best)),
  );
  return {
    name: "feature-components",
    rows: kept,
    columns: [
      numberColumn(
        "component",
        "",
        each((c) => c + 1),
      ),
      numberColumn(
        "share",
        "",
        each((c) => decomposition.pca.explained[c]!),
        { help: "of the layer's variance" },
      ),
      numberColumn(
        "adds",
        unit,
        each((c) => rms(rowOf(decomposition.contributions, c))),
        {
          help: "root mean square of what it adds to the output",
        },
      ),
      numberColumn("error", unit, error.truncation.slice(1), {
        help: "with this and all earlier components",
      }),
      numberColumn("refitted", unit, error.leastSquares.slice(1), {
        help: "the same with the readout refitted",
      }),
      textColumn(
        "closest term",
        closest.map(({ label }) => label),
      ),
      numberColumn(
        "ρ",
        "",
        closest.map(({ rho }) => rho),
        {
          help: "with smooth trends projected out unless the term is one",
        },
      ),
    ],
    provenance,
  };
}

function plusOne(component: number | undefined): number | undefined {
  return component === undefined ? undefined : component + 1;
}
