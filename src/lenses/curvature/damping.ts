import { UserError } from "../../core/errors.ts";

/** How much was added to the curvature before solving, and why. */
export interface DampingChoice {
  value: number;
  /** In a sentence, for the report. */
  why: string;
  /** Take the Gauss–Newton matrix instead of the curvature that was asked for. */
  replace: boolean;
}

/**
 * The damping δ for a curvature with these extreme eigenvalues: what was asked for where that leaves B + δ positive
 * definite; else 1.05·|λ_min| plus a millionth of λ_max ("shift"), or the Gauss–Newton matrix ("ggn").
 * @throws UserError with "refuse", naming the most negative eigenvalue.
 */
export function chooseDamping(
  { least, most }: { least: number; most: number },
  { damping, negative }: { damping: number; negative: string },
): DampingChoice {
  const floor = 1e-12 * Math.abs(most);
  const number = (value: number) => Number(value.toPrecision(3));
  if (least + damping > floor) {
    const why =
      damping > 0
        ? `Damping ${number(damping)}, as asked for; the smallest eigenvalue without it is ${number(least)}.`
        : `No damping was needed: the smallest eigenvalue is ${number(least)}.`;
    return { value: damping, why, replace: false };
  }
  const said = `the curvature has the eigenvalue ${number(least)} (largest ${number(most)})${damping > 0 ? `, and the damping of ${number(damping)} does not outweigh it` : ""}`;
  if (negative === "refuse") {
    throw new UserError(
      `curvature: ${said}: these parameters are no minimum. Train to a minimum, raise 'damping' above ${number(-least)}, or let 'negative' be shift or ggn`,
    );
  }
  if (negative === "ggn") {
    return {
      value: damping,
      why: `The Gauss–Newton matrix stands in for the Hessian, because ${said}.`,
      replace: true,
    };
  }
  const value = Math.max(damping, 1.05 * Math.max(0, -least) + 1e-6 * Math.abs(most));
  return { value, why: `Damping ${number(value)}, because ${said}.`, replace: false };
}
