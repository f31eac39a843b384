import { UserError } from "../../../core/errors.ts";
import { cholesky, choleskySolve } from "../../../linalg/cholesky.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";

/** ΘᵀWΘ and ΘᵀWẋ for every target. */
export interface Moments {
  /** terms × terms. */
  gram: Matrix;
  /** One list of `terms` values for each target. */
  right: Float64Array[];
}

/** The moments of a design (rows × terms) and targets, over the rows `from` up to `to`. */
export function momentsOf(
  design: Matrix,
  targets: readonly ArrayLike<number>[],
  [from, to]: readonly [number, number] = [0, design.rows],
): Moments {
  const { cols: p, data } = design;
  const gram = matrix(p, p);
  const right = targets.map(() => new Float64Array(p));
  for (let i = from; i < to; i++) {
    const at = i * p;
    for (let a = 0; a < p; a++) {
      const left = data[at + a]!;
      for (let b = 0; b <= a; b++) gram.data[a * p + b]! += left * data[at + b]!;
      for (let k = 0; k < targets.length; k++) right[k]![a]! += left * targets[k]![i]!;
    }
  }
  for (let a = 0; a < p; a++) for (let b = 0; b < a; b++) gram.data[b * p + a] = gram.data[a * p + b]!;
  return { gram, right };
}

/** Σ count·moments over parts of the rows; a part with count 0 is left out. */
export function sumOfMoments(parts: readonly Moments[], counts?: ArrayLike<number>): Moments {
  const first = parts[0]!;
  const p = first.gram.cols;
  const sum: Moments = { gram: matrix(p, p), right: first.right.map(() => new Float64Array(p)) };
  parts.forEach((part, k) => {
    const count = counts === undefined ? 1 : counts[k]!;
    if (count === 0) return;
    for (let i = 0; i < p * p; i++) sum.gram.data[i]! += count * part.gram.data[i]!;
    sum.right.forEach((list, t) => {
      for (let j = 0; j < p; j++) list[j]! += count * part.right[t]![j]!;
    });
  });
  return sum;
}

/**
 * The coefficients of the terms `active` (0 for the others): (G + ridge·D)·c = r on them, with D the diagonal of G.
 * @throws UserError for terms that depend on each other on the data.
 */
export function solveActive(
  gram: Matrix,
  right: Float64Array,
  active: readonly number[],
  ridge: number,
): Float64Array {
  const p = gram.cols;
  const out = new Float64Array(p);
  const n = active.length;
  if (n === 0) return out;
  const scale = active.map((a) => Math.sqrt(gram.data[a * p + a]!));
  const zero = scale.findIndex((value) => !(value > 0));
  if (zero >= 0) {
    throw new UserError(
      `sparse regression: term ${active[zero]} of the library is zero on the data; leave it out`,
    );
  }
  const scaled = matrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      scaled.data[i * n + j] = gram.data[active[i]! * p + active[j]!]! / (scale[i]! * scale[j]!);
    }
    scaled.data[i * n + i]! += ridge;
  }
  const factor = factored(scaled);
  if (!factor) {
    throw new UserError(
      "sparse regression: terms of the library depend on each other on these data; take fewer terms (a lower degree) or a ridge above 0",
    );
  }
  const solution = choleskySolve(
    factor,
    Float64Array.from(active, (a, i) => right[a]! / scale[i]!),
  );
  active.forEach((a, i) => {
    out[a] = solution[i]! / scale[i]!;
  });
  return out;
}

/** The Cholesky factor; undefined where a term is a combination of others to 13 digits of its squared length. */
function factored(scaled: Matrix): Matrix | undefined {
  try {
    const factor = cholesky(scaled);
    for (let i = 0; i < scaled.rows; i++)
      if (factor.data[i * scaled.cols + i]! ** 2 < 1e-13) return undefined;
    return factor;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
