import { UserError } from "../../../core/errors.ts";
import type { Objective, ObjectiveSource } from "../search/contract.ts";

/** The gradients that a formula should be parallel to. */
export interface GradientTarget {
  /** ∂q/∂xⱼ at every row, one column for each input. */
  gradients: readonly Float64Array[];
  /** Step of each input that counts as one; gradients are multiplied by it. */
  scales: readonly number[];
}

/**
 * 1 − mean over rows of |cos(∇f, ∇q)|, each input measured in its scale: 0 where f is a function of q alone. Rows where
 * ∇q is zero say nothing and are left out; where ∇f is zero the cosine counts as 0, so that a constant gains nothing.
 * Source: Wetzel, arXiv:2401.04978 and Patel & Wetzel, arXiv:2409.05305: two quantities are the same concept where one is
 * a monotone function of the other, and then their normalised gradients agree.
 */
export function gradientDisagreement(
  own: readonly ArrayLike<number>[],
  { gradients, scales }: GradientTarget,
  rows?: Int32Array,
): number {
  const n = rows?.length ?? gradients[0]!.length;
  const inputs = gradients.length;
  let sum = 0;
  let counted = 0;
  for (let i = 0; i < n; i++) {
    const row = rows === undefined ? i : rows[i]!;
    let dot = 0;
    let left = 0;
    let right = 0;
    for (let j = 0; j < inputs; j++) {
      const a = own[j]![i]! * scales[j]!;
      const b = gradients[j]![row]! * scales[j]!;
      dot += a * b;
      left += a * a;
      right += b * b;
    }
    if (right === 0) continue;
    if (!Number.isFinite(left)) return Number.NaN;
    counted++;
    if (left > 0) sum += Math.abs(dot) / Math.sqrt(left * right);
  }
  return counted === 0 ? Number.NaN : Math.max(0, 1 - sum / counted);
}

/** The objective of a search by {@link gradientDisagreement}. @throws UserError for scales that are not positive. */
export function gradientObjective(target: GradientTarget): Objective {
  const bad = target.scales.findIndex((scale) => !(scale > 0));
  if (bad >= 0 || target.scales.length !== target.gradients.length) {
    throw new UserError(
      `gradientObjective: ${target.gradients.length} gradients with scales ${target.scales.join(", ")}; expected a positive scale for each`,
    );
  }
  return ({ rows, gradient }) => gradientDisagreement(gradient(), target, rows);
}

/** The same as a source that worker threads load. */
export function gradientSource(target: GradientTarget): ObjectiveSource {
  return { module: import.meta.url, fn: "gradientObjective", input: target };
}
