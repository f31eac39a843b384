import { UserError } from "../../../core/errors.ts";
import type { Task } from "../../../core/task.ts";
import { choleskyLarge, choleskySolveRows } from "../../../linalg/cholesky-large.ts";
import { eigenSymmetric } from "../../../linalg/eigen-symmetric.ts";
import { ldl, ldlSolveRows } from "../../../linalg/ldl.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { product } from "../../../linalg/products.ts";
import { addDiagonal, asymmetry, symmetrise } from "../../../linalg/symmetric.ts";
import type { CurvatureOperator, CurvatureSolver } from "../operator.ts";

/** What to do where B + damping·1 is not positive definite. */
export type IndefinitePolicy = "ldl" | "pseudo-inverse" | "refuse";

export interface MatrixSolverOptions {
  /**
   * Where Cholesky fails: "ldl" (default) solves the indefinite system and warns of its inertia; "pseudo-inverse"
   * inverts on the space |λ| > tolerance·max|λ| only; "refuse" throws.
   */
  indefinite?: IndefinitePolicy;
  /** Of the pseudo-inverse; default 1e-10. */
  tolerance?: number;
}

/**
 * A curvature from a matrix: an array from elsewhere, or one formed here.
 * @param options.symmetry largest |H_ij − H_ji| over max|H| that is taken for rounding and averaged out; default 1e-6.
 * @throws UserError for a matrix that is not square, not finite or not symmetric, naming the element.
 */
export function operatorFromMatrix(
  h: Matrix,
  options: MatrixSolverOptions & { name?: string; semidefinite?: boolean; symmetry?: number } = {},
): CurvatureOperator {
  const { name = "curvature from a matrix", semidefinite = false, symmetry = 1e-6 } = options;
  const b = checkedSymmetric(h, name, symmetry);
  return {
    name,
    size: b.rows,
    semidefinite,
    multiply: async (vectors) => {
      requireWidth(name, vectors, b.rows);
      return product(vectors, b);
    },
    dense: async () => b,
    solver: ({ damping, task }) => matrixSolver(b, { ...options, name, damping, ...(task ? { task } : {}) }),
  };
}

/** Factors B + damping·1, by Cholesky where it is positive definite, and says what it did. B is not changed. */
export async function matrixSolver(
  b: Matrix,
  options: MatrixSolverOptions & { name: string; damping: number; task?: Task },
): Promise<CurvatureSolver> {
  const { name, damping, indefinite = "ldl", tolerance = 1e-10, task } = options;
  requireDamping(name, damping);
  const withTask = task ? { task } : {};
  let failure: string;
  try {
    const l = await choleskyLarge(addDiagonal(b, damping), { inPlace: true, ...withTask });
    return {
      method: "cholesky",
      damping,
      negative: 0,
      warnings: [],
      solve: async (right) => {
        requireWidth(name, right, b.rows);
        return choleskySolveRows(l, right, withTask);
      },
    };
  } catch (error) {
    if (!(error instanceof RangeError) || !error.message.includes("not positive definite")) throw error;
    failure = error.message;
  }
  if (indefinite === "pseudo-inverse") return pseudoInverse(b, { name, damping, tolerance });
  if (indefinite === "refuse") {
    throw new UserError(
      `${name}: with damping ${damping} it is not positive definite (${failure}); raise the damping above the size of its most negative eigenvalue, use the Gauss–Newton matrix, or a pseudo-inverse`,
    );
  }
  const factors = ldl(addDiagonal(b, damping));
  const { positive, negative, zero } = factors.inertia;
  if (zero > 0) {
    throw new UserError(
      `${name}: with damping ${damping} it is singular (${zero} of ${b.rows} pivots vanish); add damping or use a pseudo-inverse`,
    );
  }
  return {
    method: "ldl",
    damping,
    negative,
    warnings: [
      `${name} with damping ${damping} is indefinite: ${negative} eigenvalues are negative and ${positive} positive. The solution is a saddle point's, not a minimum's; damping above the size of the most negative eigenvalue, the Gauss–Newton matrix or a pseudo-inverse avoid that`,
    ],
    solve: async (right) => {
      requireWidth(name, right, b.rows);
      return ldlSolveRows(factors, right);
    },
  };
}

/** Inverts B + damping·1 on the eigenvectors with |λ| > tolerance·max|λ|, all others give 0. */
function pseudoInverse(
  b: Matrix,
  options: { name: string; damping: number; tolerance: number },
): CurvatureSolver {
  const { name, damping, tolerance } = options;
  const { values, vectors } = eigenSymmetric(addDiagonal(b, damping));
  const largest = Math.max(Math.abs(values[0]!), Math.abs(values[values.length - 1]!));
  const keep = values.map((value) => (Math.abs(value) > tolerance * largest ? 1 / value : 0));
  const dropped = keep.filter((inverse) => inverse === 0).length;
  const negative = keep.filter((inverse) => inverse < 0).length;
  return {
    method: "pseudo-inverse",
    damping,
    negative,
    warnings: [
      `${name} with damping ${damping} is not positive definite: inverted on ${keep.length - dropped} of ${keep.length} eigenvectors (|λ| > ${(tolerance * largest).toExponential(1)}), ${negative} of them with a negative eigenvalue`,
    ],
    solve: async (right) => {
      requireWidth(name, right, b.rows);
      const along = await product(right, vectors, { transposeB: true });
      const d = b.rows;
      for (let k = 0; k < along.data.length; k++) along.data[k]! *= keep[k % d]!;
      return product(along, vectors);
    },
  };
}

/** @throws UserError unless rows have `size` values. */
export function requireWidth(name: string, rows: Matrix, size: number): void {
  if (rows.cols !== size) throw new UserError(`${name}: rows of ${rows.cols} values for ${size} parameters`);
}

/** @throws UserError unless the damping is a number ≥ 0. */
export function requireDamping(name: string, damping: number): void {
  if (Number.isFinite(damping) && damping >= 0) return;
  throw new UserError(`${name}: damping ${damping}; expected a number ≥ 0`);
}

/** Rows e_from … e_(to−1) of the identity. */
export function unitRows(from: number, to: number, size: number): Matrix {
  const out = matrix(to - from, size);
  for (let i = from; i < to; i++) out.data[(i - from) * size + i] = 1;
  return out;
}

function checkedSymmetric(h: Matrix, name: string, symmetry: number): Matrix {
  const { rows: n, cols, data } = h;
  if (n !== cols || n === 0)
    throw new UserError(`${name}: a ${n}×${cols} matrix; a curvature is square, d × d`);
  let largest = 0;
  for (let k = 0; k < data.length; k++) {
    const value = data[k]!;
    if (!Number.isFinite(value)) {
      throw new UserError(`${name}: element (${Math.floor(k / n)}, ${k % n}) is ${value}; expected a number`);
    }
    largest = Math.max(largest, Math.abs(value));
  }
  const { gap, row, col } = asymmetry(h);
  if (gap === 0) return h;
  if (gap > symmetry * largest) {
    throw new UserError(
      `${name}: not symmetric, elements (${row}, ${col}) and (${col}, ${row}) are ${data[row * n + col]} and ${data[col * n + row]}; check that it is a Hessian, or average it with its transpose`,
    );
  }
  return symmetrise(h);
}
