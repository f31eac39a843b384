import { UserError } from "../../../core/errors.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { trajectoryRanges } from "./derivatives.ts";

export interface WeakFormOptions {
  /** Points of a test function's support. Default 101. */
  window?: number;
  /** Points from one test function to the next. Default window/8. */
  step?: number;
  /** p of the test function (1 − s²)ᵖ. Default 4. */
  power?: number;
}

/** The weak form of ẋ = Θ(x)·c: one row a test function. */
export interface WeakForm {
  /** ∫ φ·θⱼ dt, test functions × terms. */
  design: Matrix;
  /** −∫ φ̇·x dt for every state. */
  targets: Float64Array[];
}

/**
 * Multiplies ẋ = Θ(x)c by test functions φ(t) = (1 − s²)ᵖ, s from −1 to 1 over a window of points, and integrates by
 * parts: no derivative of the data is taken, and their noise is averaged over the window. Integrals by the trapezoidal
 * rule, which is accurate to a high order for functions that vanish smoothly at both ends.
 * Source: Messenger & Bortz, Multiscale Model. Simul. 19, 1474 (2021).
 * @param design the terms at each row (rows × terms). @param trajectory the trajectory of each row.
 * @throws UserError for windows that no trajectory is long enough for.
 */
export function weakForm(
  design: Matrix,
  states: readonly Float64Array[],
  times: Float64Array,
  trajectory: ArrayLike<number> | undefined,
  options: WeakFormOptions = {},
): WeakForm {
  const { window = 101, power = 4 } = options;
  const step = options.step ?? Math.max(1, Math.floor(window / 8));
  const starts: number[] = [];
  for (const [from, to] of trajectoryRanges(trajectory, times.length)) {
    for (let at = from; at + window <= to; at += step) starts.push(at);
  }
  if (window < 5 || starts.length === 0) {
    throw new UserError(
      `weakForm: a window of ${window} points; expected at least 5 and no more than a trajectory has`,
    );
  }
  const p = design.cols;
  const rows = starts.length;
  const out = { design: matrix(rows, p), targets: states.map(() => new Float64Array(rows)) };
  starts.forEach((from, row) => {
    const [first, last] = [times[from]!, times[from + window - 1]!];
    const half = (last - first) / 2;
    for (let i = from; i < from + window; i++) {
      const s = (times[i]! - first) / half - 1;
      const bump = Math.max(0, 1 - s * s);
      const before = i === from ? 0 : times[i]! - times[i - 1]!;
      const after = i === from + window - 1 ? 0 : times[i + 1]! - times[i]!;
      const weight = (before + after) / 2;
      const value = weight * bump ** power;
      const slope = (weight * (-2 * power * s * bump ** (power - 1))) / half;
      for (let j = 0; j < p; j++) out.design.data[row * p + j]! += value * design.data[i * p + j]!;
      for (let k = 0; k < states.length; k++) out.targets[k]![row]! -= slope * states[k]![i]!;
    }
  });
  return out;
}
