import type { Random } from "../core/random.ts";
import { type Matrix, matrix } from "./matrix.ts";
import { product } from "./products.ts";

/** A symmetric d × d matrix A known by its products. */
export interface SymmetricOperator {
  size: number;
  /** A·v for every row v (k × d): one batch, so that the work of k products can be shared. */
  multiply(vectors: Matrix): Promise<Matrix>;
}

/** The operator of a symmetric matrix. @throws RangeError if it is not square. */
export function operatorOf(a: Matrix): SymmetricOperator {
  if (a.rows !== a.cols) throw new RangeError(`operatorOf: needs a square matrix, got ${a.rows}×${a.cols}`);
  return { size: a.rows, multiply: (vectors) => product(vectors, a) };
}

/** `count` rows of independent standard normal numbers, or of signs ±1 (Rademacher). */
export function randomRows(count: number, size: number, random: Random, kind: "normal" | "signs"): Matrix {
  const draw = kind === "normal" ? () => random.normal() : () => (random.uniform() < 0.5 ? -1 : 1);
  return matrix(count, size, Float64Array.from({ length: count * size }, draw));
}
