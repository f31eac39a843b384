import { breathe } from "../../../core/breathe.ts";
import { UserError } from "../../../core/errors.ts";
import { quietTask, type Task } from "../../../core/task.ts";
import { eigenSymmetric } from "../../../linalg/eigen-symmetric.ts";
import { matmul } from "../../../linalg/matmul.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { takeRows } from "../../../linalg/rows.ts";
import { transpose } from "../../../linalg/transpose.ts";
import { demandRows, rowProducts, type Solve, solveRows } from "./rows.ts";

/** What a Gauss–Newton step needs of some training samples (m of them, C outputs). */
export interface LocalModel {
  /** J = ∂f/∂θ, (m·C) × d, row i·C + c. */
  jacobian: Matrix;
  /** r = ∂ℓ/∂f, m × C: p − y, or f − y. */
  slopes: Matrix;
  /** S = ∂²ℓ/∂f², m × C²: diag(p) − ppᵀ, or 1. Positive semi-definite. */
  curvatures: Matrix;
}

export interface NewtonRemovalOptions {
  solve: Solve;
  /** n, the number of training samples: the 1/n of the loss, which stays when samples go. */
  count: number;
  /** Sets of rows of the local model that are taken out together; by default each alone. */
  groups?: readonly (readonly number[])[];
  task?: Task;
}

export interface NewtonRemoval {
  /** Δθ, groups × d. */
  changes: Matrix;
  /**
   * The largest eigenvalue of (1/n) S^½ J H⁻¹ Jᵀ S^½ of every group: its leverage h, 0 without say, near 1 where the
   * group alone holds some direction in place.
   */
  leverages: Float64Array;
  /** Groups of leverage above 1: what is left of the curvature is indefinite, and the step leads to no minimum. */
  doubtful: readonly number[];
}

/**
 * The parameters after the samples of a group are taken out, by one Newton step on the loss without them: exact where
 * the loss is quadratic in θ (ridge regression). The group's own curvature, by Gauss–Newton, leaves H through Woodbury:
 * Δθ = (1/n) H⁻¹ Jᵀ (1 − (1/n) S J H⁻¹ Jᵀ)⁻¹ r. The samples' weights become 0, while 1/n and the ridge stay.
 * Elsewhere it corrects first-order influence for the leverage of what is removed, not for a curvature that changes.
 * Source: Pregibon, Ann. Statist. 9 (1981) 705 for single samples of a generalised linear model; Woodbury's identity.
 * @throws UserError for shapes that do not fit, and naming the group where a leverage is 1 (no minimum without it).
 */
export async function newtonRemoval(
  points: LocalModel,
  { solve, count, groups, task = quietTask }: NewtonRemovalOptions,
): Promise<NewtonRemoval> {
  const { jacobian, slopes } = points;
  checkLocalModel("newtonRemoval", points);
  const { rows: samples, cols: outputs } = slopes;
  if (!Number.isInteger(count) || count < samples) {
    throw new UserError(
      `newtonRemoval: count ${count}; expected the number of training samples, at least ${samples}`,
    );
  }
  const sets = groups ?? Array.from({ length: samples }, (_, i) => [i]);
  const changes = matrix(sets.length, jacobian.cols);
  const leverages = new Float64Array(sets.length);
  const doubtful: number[] = [];
  const solved = await solveRows("newtonRemoval", solve, jacobian);
  for (let g = 0; g < sets.length; g++) {
    if (g % 64 === 63) await breathe(task);
    const members = checkMembers("newtonRemoval", sets[g]!, g, samples);
    const rows = members.flatMap((i) => Array.from({ length: outputs }, (_, c) => i * outputs + c));
    const x = takeRows(solved, rows);
    const k = rowProducts(takeRows(jacobian, rows), x);
    for (let i = 0; i < k.data.length; i++) k.data[i]! /= count;
    const { z, leverage } = downdate(points, members, k);
    if (z === undefined) {
      throw new UserError(
        `newtonRemoval: group ${g} (sample ${members.slice(0, 5).join(", ")}${members.length > 5 ? ", …" : ""}) has leverage ${leverage}: without it the loss has no minimum; raise the damping or the ridge`,
      );
    }
    leverages[g] = leverage;
    if (leverage > 1) doubtful.push(g);
    for (let r = 0; r < rows.length; r++) {
      const scale = z[r]! / count;
      for (let j = 0; j < x.cols; j++) changes.data[g * x.cols + j]! += scale * x.data[r * x.cols + j]!;
    }
  }
  return { changes, leverages, doubtful };
}

/** z = (1 − S K)⁻¹ r = r + S^½ (1 − W)⁻¹ S^½ K r with W = S^½ K S^½, through the eigenvectors of W. */
function downdate(
  { slopes, curvatures }: LocalModel,
  members: readonly number[],
  k: Matrix,
): { z: Float64Array | undefined; leverage: number } {
  const outputs = slopes.cols;
  const size = k.rows;
  const r = takeRows(slopes, members);
  const root = matrix(size, size);
  members.forEach((i, at) => {
    const s = matrix(outputs, outputs, curvatures.data.slice(i * outputs ** 2, (i + 1) * outputs ** 2));
    const half = squareRoot(s, i);
    for (let a = 0; a < outputs; a++) {
      for (let b = 0; b < outputs; b++) {
        root.data[(at * outputs + a) * size + at * outputs + b] = half.data[a * outputs + b]!;
      }
    }
  });
  const { values, vectors } = eigenSymmetric(matmul(matmul(root, k), root));
  const kr = matmul(k, matrix(size, 1, r.data));
  const projected = matmul(vectors, matmul(root, kr));
  for (let e = 0; e < size; e++) {
    const left = 1 - values[e]!;
    if (Math.abs(left) < 1e-12) return { z: undefined, leverage: values[e]! };
    projected.data[e]! /= left;
  }
  const back = matmul(root, matmul(transpose(vectors), projected));
  return { z: r.data.map((value, a) => value + back.data[a]!), leverage: values[0]! };
}

/** The symmetric root of a small positive semi-definite matrix; rounding below zero counts as zero. */
function squareRoot(s: Matrix, sample: number): Matrix {
  const { values, vectors } = eigenSymmetric(s);
  const least = values[values.length - 1]!;
  if (least < -1e-10 * Math.max(1, values[0]!)) {
    throw new UserError(
      `newtonRemoval: the loss curvature of sample ${sample} has the eigenvalue ${least}; expected a loss that is convex in the outputs`,
    );
  }
  const scaled = matrix(s.rows, s.rows, vectors.data.slice());
  for (let i = 0; i < scaled.data.length; i++) {
    scaled.data[i]! *= Math.sqrt(Math.max(0, values[Math.floor(i / s.rows)]!));
  }
  return matmul(transpose(vectors), scaled);
}

/** @throws UserError unless the three arrays are of the same samples and outputs. */
export function checkLocalModel(where: string, { jacobian, slopes, curvatures }: LocalModel): void {
  const { rows: samples, cols: outputs } = slopes;
  if (jacobian.rows !== samples * outputs) {
    throw new UserError(
      `${where}: a Jacobian of ${jacobian.rows} rows for ${samples} samples of ${outputs} outputs; expected ${samples * outputs}`,
    );
  }
  if (curvatures.rows !== samples || curvatures.cols !== outputs ** 2) {
    throw new UserError(
      `${where}: loss curvatures of ${curvatures.rows}×${curvatures.cols}; expected ${samples}×${outputs ** 2}`,
    );
  }
  demandRows(where, "the Jacobian", jacobian, jacobian.cols);
  demandRows(where, "the loss slopes", slopes, outputs);
  demandRows(where, "the loss curvatures", curvatures, outputs ** 2);
}

/** @throws UserError for an empty group, a sample that is not there and one that is there twice. */
export function checkMembers(
  where: string,
  members: readonly number[],
  group: number,
  samples: number,
): readonly number[] {
  if (members.length === 0) throw new UserError(`${where}: group ${group} is empty`);
  const seen = new Set<number>();
  for (const i of members) {
    if (!Number.isInteger(i) || i < 0 || i >= samples) {
      throw new UserError(`${where}: group ${group} names sample ${i}; expected 0 to ${samples - 1}`);
    }
    if (seen.has(i)) throw new UserError(`${where}: group ${group} names sample ${i} twice`);
    seen.add(i);
  }
  return members;
}
