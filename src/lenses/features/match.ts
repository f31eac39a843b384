import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { rowOf } from "../../linalg/rows.ts";
import type { CandidateTerm } from "./subject.ts";
import { dot, trendBasis, withoutTrends } from "./trends.ts";

/** One term held against all components, after something was projected out of both. */
export interface Comparison {
  /** Orthonormal: what is projected out, a constant first. */
  basis: readonly Float64Array[];
  /** What is left of the term, scaled to length one. */
  term: Float64Array;
  /** What is left of each component's contribution, scaled to length one: components × samples. */
  components: Matrix;
  /** Correlation of the two, one a component, with its sign. 0 for a component with nothing left. */
  rho: Float64Array;
}

/** A term beside every component. */
export interface TermMatch {
  term: CandidateTerm;
  /** Pearson's correlation: only the means are projected out. */
  raw: Comparison;
  /**
   * Partial correlation: all other smooth terms are projected out of term and component. Undefined where nothing is
   * left of the term.
   */
  detrended: Comparison | undefined;
  /** Cosine without taking the mean off the term: the similarity that the paper's text names. */
  cosine: Float64Array;
  /** Share of the term's variance that the other smooth terms explain. */
  explainedByTrends: number;
}

/** Less than this share of a term's deviation left after projecting out trends is rounding. */
const vanishing = 1e-6;

/**
 * Correlates every term with what every component adds to the output, before and after the smooth trends (a constant
 * and the terms marked `smooth`, but never the term itself) are projected out of both by least squares.
 * @param contributions components × samples, each of mean zero.
 */
export function matchTerms(terms: readonly CandidateTerm[], contributions: Matrix): TermMatch[] {
  const samples = contributions.cols;
  const constant = trendBasis(samples, []);
  const centred = unitRows(contributions, constant);
  const trendsOf = (except: CandidateTerm | undefined) =>
    trendBasis(
      samples,
      terms.filter((other) => other.smooth && other !== except).map(({ values }) => values),
    );
  const all = trendsOf(undefined);
  const detrendedRows = unitRows(contributions, all);
  return terms.map((term) => {
    const raw = compare(term.values, constant, centred)!;
    const basis = term.smooth ? trendsOf(term) : all;
    const components = term.smooth ? unitRows(contributions, basis) : detrendedRows;
    const detrended = compare(term.values, basis, components);
    const left = withoutTrends(term.values, basis);
    const centredTerm = withoutTrends(term.values, constant);
    const length = Math.sqrt(dot(term.values, term.values));
    const shrink = Math.sqrt(dot(centredTerm, centredTerm)) / length;
    return {
      term,
      raw,
      detrended,
      cosine: raw.rho.map((rho) => rho * shrink),
      explainedByTrends: 1 - dot(left, left) / dot(centredTerm, centredTerm),
    };
  });
}

/** The comparison that decides on a term: a smooth term's as it is, any other's with smooth trends projected out. */
export function decisive({ term, raw, detrended }: TermMatch): Comparison {
  return term.smooth ? raw : (detrended ?? raw);
}

/** The component with the largest |value|, counted from 0. */
export function strongest(values: Float64Array): number {
  return values.reduce((best, value, i) => (Math.abs(value) > Math.abs(values[best]!) ? i : best), 0);
}

/** Correlations of `values` with rows that are already of length one and free of `basis`. */
function compare(
  values: ArrayLike<number>,
  basis: readonly Float64Array[],
  components: Matrix,
): Comparison | undefined {
  const rest = withoutTrends(values, basis);
  const centred = withoutTrends(values, basis.slice(0, 1));
  const norm = Math.sqrt(dot(rest, rest));
  if (!(norm > vanishing * Math.sqrt(dot(centred, centred)))) return undefined;
  const term = rest.map((value) => value / norm);
  const rho = Float64Array.from({ length: components.rows }, (_, c) =>
    Math.max(-1, Math.min(1, dot(rowOf(components, c), term))),
  );
  return { basis, term, components, rho };
}

function unitRows(rows: Matrix, basis: readonly Float64Array[]): Matrix {
  const out = matrix(rows.rows, rows.cols);
  for (let c = 0; c < rows.rows; c++) {
    const own = rowOf(rows, c);
    const rest = withoutTrends(own, basis);
    const norm = Math.sqrt(dot(rest, rest));
    if (norm > vanishing * Math.sqrt(dot(own, own)))
      out.data.set(
        rest.map((value) => value / norm),
        c * rows.cols,
      );
  }
  return out;
}
