import { UserError } from "../../../core/errors.ts";
import { dotAt } from "../../../linalg/gram.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { demandRows } from "./rows.ts";

/** Eigenpairs of a curvature: all of them, or the ones that an iteration found. */
export interface Eigenpairs {
  /** In any order. */
  values: Float64Array;
  /** Row k: the unit eigenvector of `values[k]`; k × d. */
  vectors: Matrix;
}

/**
 * How curvatures are ranked: by size, |λ|, so that no strong direction of either sign counts as flat; or signed, largest
 * λ first, as the Hessian-based toolbox of Dawid et al. (2022) does, which leaves strong negative curvature in the flat
 * space.
 */
export type CurvatureOrder = "size" | "signed";

/** The positions of `values` from the strongest curvature to the flattest; equals keep their order. */
export function curvatureOrder(values: ArrayLike<number>, order: CurvatureOrder = "size"): Int32Array {
  const rank = order === "size" ? Math.abs : (value: number) => value;
  const at = Int32Array.from({ length: values.length }, (_, k) => k);
  return at.sort((i, j) => rank(values[j]!) - rank(values[i]!) || i - j);
}

/**
 * The local-ensemble extrapolation score ‖(1 − U_m U_mᵀ) q‖₂ with U_m the m strongest curvature directions: how much of
 * a prediction hangs on directions of θ that the training data leave flat. 0 where the data determine it; it falls with
 * m from ‖q‖ at m = 0 to 0 at m = d. Projected twice, never by a difference of squares.
 * Source: Madras, Atwood & D'Amour, ICLR 2020.
 * @param queries q: gradients of the prediction, or of the loss under a label; t × d
 * @param counts the values of m, rising @returns t × counts.length, in q's unit
 * @throws UserError for shapes that do not fit, vectors that are not orthonormal, and an m beyond the vectors
 */
export function leesCurve(
  queries: Matrix,
  { values, vectors }: Eigenpairs,
  counts: ArrayLike<number>,
  order: CurvatureOrder = "size",
): Matrix {
  const where = "leesCurve";
  const d = vectors.cols;
  demandRows(where, "the queries", queries, d);
  demandRows(where, "the eigenvectors", vectors, d);
  if (values.length !== vectors.rows) {
    throw new UserError(`${where}: ${values.length} eigenvalues for ${vectors.rows} eigenvectors`);
  }
  for (let c = 0; c < counts.length; c++) {
    const m = counts[c]!;
    if (!Number.isInteger(m) || m < (c === 0 ? 0 : counts[c - 1]!) || m > vectors.rows) {
      throw new UserError(
        `${where}: m = ${m} at position ${c}; expected rising whole numbers from 0 to ${vectors.rows}, the number of eigenvectors`,
      );
    }
  }
  const ranked = curvatureOrder(values, order);
  demandUnit(where, vectors);
  const out = matrix(queries.rows, counts.length);
  for (let t = 0; t < queries.rows; t++) {
    const rest = queries.data.slice(t * d, (t + 1) * d);
    let done = 0;
    for (let c = 0; c < counts.length; c++) {
      const m = counts[c]!;
      removeDirections(rest, vectors, ranked, done, m);
      removeDirections(rest, vectors, ranked, 0, m);
      done = m;
      out.data[t * counts.length + c] = Math.sqrt(dotAt(rest, 0, rest, 0, d));
    }
  }
  return out;
}

/** {@link leesCurve} at one m: t scores. */
export function lees(queries: Matrix, pairs: Eigenpairs, m: number, order?: CurvatureOrder): Float64Array {
  return leesCurve(queries, pairs, [m], order).data;
}

/**
 * For a classifier without labels: the minimum over candidate labels of the score of the loss gradient under that
 * label. @param queriesByLabel one t × d matrix a label @returns the scores and the label that gave each
 */
export function leesOverLabels(
  queriesByLabel: readonly Matrix[],
  pairs: Eigenpairs,
  m: number,
  order?: CurvatureOrder,
): { scores: Float64Array; labels: Int32Array } {
  const first = queriesByLabel[0];
  if (!first) throw new UserError("leesOverLabels: no candidate labels");
  const scores = new Float64Array(first.rows).fill(Infinity);
  const labels = new Int32Array(first.rows);
  queriesByLabel.forEach((queries, label) => {
    if (queries.rows !== first.rows) {
      throw new UserError(
        `leesOverLabels: ${queries.rows} gradients under label ${label}, ${first.rows} under label 0`,
      );
    }
    lees(queries, pairs, m, order).forEach((score, t) => {
      if (score >= scores[t]!) return;
      scores[t] = score;
      labels[t] = label;
    });
  });
  return { scores, labels };
}

function removeDirections(
  q: Float64Array,
  vectors: Matrix,
  ranked: Int32Array,
  from: number,
  to: number,
): void {
  const d = vectors.cols;
  for (let r = from; r < to; r++) {
    const at = ranked[r]! * d;
    const along = dotAt(vectors.data, at, q, 0, d);
    for (let j = 0; j < d; j++) q[j]! -= along * vectors.data[at + j]!;
  }
}

function demandUnit(where: string, vectors: Matrix): void {
  const d = vectors.cols;
  for (let k = 0; k < vectors.rows; k++) {
    const length = Math.sqrt(dotAt(vectors.data, k * d, vectors.data, k * d, d));
    if (Math.abs(length - 1) > 1e-6) {
      throw new UserError(`${where}: eigenvector ${k} has length ${length}; expected rows of length 1`);
    }
    const next = k + 1 < vectors.rows ? dotAt(vectors.data, k * d, vectors.data, (k + 1) * d, d) : 0;
    if (Math.abs(next) > 1e-6) {
      throw new UserError(
        `${where}: eigenvectors ${k} and ${k + 1} have the inner product ${next}; expected orthogonal rows`,
      );
    }
  }
}
