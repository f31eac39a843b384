import { demand } from "../../core/errors.ts";
import type { GroundStateSolver } from "./ground-state.ts";

export interface FidelitySusceptibility {
  /** χ_F per site, in 1/J² where J = 1. */
  value: number;
  /** The step dV of `value`. */
  step: number;
  /** |χ(dV) − χ(dV/2)| / χ(dV/2): above a few percent the step is too wide or the states too inexact. */
  disagreement: number;
}

/**
 * Fidelity susceptibility per site along V1 or V2,
 * χ_F = 2(1 − ⟨ψ(V − dV/2)|ψ(V + dV/2)⟩)/(L·dV²) = ‖ψ₊ − ψ₋‖²/(L·dV²),
 * the second form without cancellation. The step is checked against half of it; the error is O(dV²).
 * Source: You, Li & Gu, Phys. Rev. E 76, 022101 (2007).
 * @param options.step dV, default 1e-3·max(1, |V|).
 * @param options.tolerance largest `disagreement` allowed; default 0.02.
 * @throws UserError if the two steps disagree by more.
 */
export function fidelitySusceptibility(
  solver: GroundStateSolver,
  at: { V1: number; V2: number },
  options: { along?: "V1" | "V2"; step?: number; tolerance?: number } = {},
): FidelitySusceptibility {
  const { along = "V1", tolerance = 0.02 } = options;
  const step = options.step ?? 1e-3 * Math.max(1, Math.abs(at[along]));
  demand(step > 0, () => `fidelitySusceptibility: step = ${step}; expected a positive number`);
  const chi = (dV: number) => {
    const plus = solver.solve({ ...at, [along]: at[along] + dV / 2 }).amplitudes;
    const minus = solver.solve({ ...at, [along]: at[along] - dV / 2 }).amplitudes;
    let sum = 0;
    for (let s = 0; s < plus.length; s++) sum += (plus[s]! - minus[s]!) ** 2;
    return sum / (solver.ring.L * dV * dV);
  };
  const value = chi(step);
  const finer = chi(step / 2);
  const disagreement = Math.abs(value - finer) / finer;
  demand(
    disagreement <= tolerance,
    () =>
      `fidelitySusceptibility: ${value} with step ${step} and ${finer} with half of it at V1 = ${at.V1}, V2 = ${at.V2}; choose another step`,
  );
  return { value, step, disagreement };
}
