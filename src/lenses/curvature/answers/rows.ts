import { UserError } from "../../../core/errors.ts";
import { dotAt } from "../../../linalg/gram.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { subtractProducts } from "../../../linalg/subtract-products.ts";
import type { CurvatureSolver } from "../operator.ts";

/** (B + damping·I)⁻¹ applied to every row of a matrix: `solve` of a {@link CurvatureSolver}. */
export type Solve = CurvatureSolver["solve"];

/** A·Bᵀ for A (m × d) and B (k × d): the inner products of their rows, m × k. */
export function rowProducts(a: Matrix, b: Matrix): Matrix {
  const out = matrix(a.rows, b.rows);
  const all = {
    rows: { from: 0, to: a.rows },
    cols: { from: 0, to: b.rows },
    inner: { from: 0, to: a.cols },
  };
  subtractProducts(out, a, b, all);
  for (let i = 0; i < out.data.length; i++) out.data[i] = 0 - out.data[i]!;
  return out;
}

/** ‖row‖₂ of every row. */
export function rowNorms(a: Matrix): Float64Array {
  return Float64Array.from({ length: a.rows }, (_, i) =>
    Math.sqrt(dotAt(a.data, i * a.cols, a.data, i * a.cols, a.cols)),
  );
}

/** The mean of the rows. */
export function meanRow(a: Matrix): Float64Array {
  const out = new Float64Array(a.cols);
  for (let i = 0; i < a.rows; i++) for (let j = 0; j < a.cols; j++) out[j]! += a.data[i * a.cols + j]!;
  return out.map((value) => value / a.rows);
}

/** Every row plus scale·shift, as a copy. */
export function shiftRows(a: Matrix, shift: Float64Array, scale: number): Matrix {
  const out = matrix(a.rows, a.cols, a.data.slice());
  for (let i = 0; i < out.data.length; i++) out.data[i]! += scale * shift[i % a.cols]!;
  return out;
}

/** @throws UserError unless `a` has `cols` columns and only finite values, in the words of `name`. */
export function demandRows(where: string, name: string, a: Matrix, cols: number): void {
  if (a.cols !== cols) {
    throw new UserError(`${where}: ${name} has ${a.cols} columns; expected one a parameter, ${cols}`);
  }
  const bad = a.data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new UserError(
      `${where}: ${name}, row ${Math.floor(bad / cols)}, column ${bad % cols} is ${a.data[bad]}; expected a number`,
    );
  }
}

/** Solves, and checks that what came back fits. @throws UserError naming the row whose solution is not finite. */
export async function solveRows(where: string, solve: Solve, right: Matrix): Promise<Matrix> {
  const out = await solve(right);
  if (out.rows !== right.rows || out.cols !== right.cols) {
    throw new UserError(
      `${where}: the solver gave ${out.rows}×${out.cols} for right-hand sides of ${right.rows}×${right.cols}`,
    );
  }
  demandRows(where, "the solution", out, right.cols);
  return out;
}
