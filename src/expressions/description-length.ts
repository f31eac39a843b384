import { UserError } from "../core/errors.ts";
import { constantsOf, type Expression, nodes } from "./expression.ts";

export interface DescriptionLength {
  /** k·ln n: which of the n symbols in use stands at each of the k nodes. */
  structure: number;
  /** ln of the whole numbers and of the fitted constants in units of their precision, with a sign each. */
  constants: number;
  /** −ln of the likelihood at the best fit. */
  residuals: number;
  /** The sum, in nats. */
  total: number;
}

/**
 * The description length of an expression fitted to data, in nats, in the form of Bartlett, Desmond and Ferreira (2023,
 * arXiv 2211.11461): L = −ln L̂ + k·ln n − (p/2)·ln 3 + Σ (½·ln I_ii + ln|cᵢ|) + Σ ln|whole numbers|, for k nodes of n
 * different symbols and p constants with Fisher information I_ii. Ours beside it: every constant costs ln 2 for its
 * sign; one that its precision does not tell from 0 (|cᵢ| < √(12/I_ii)) costs ln 2 in all, and so does a whole number
 * below 2. Setting such a constant to 0 and fitting again is left to the caller.
 * @param fit −ln L̂; I_ii of each constant from the left, Σ (∂f/∂cᵢ)²/σ² for Gaussian errors; `fixed`: which constants
 *   are not fitted and count as whole numbers (their information is not read).
 * @throws UserError if there are not as many informations as constants.
 */
export function descriptionLength(
  expression: Expression,
  fit: { negativeLogLikelihood: number; information: ArrayLike<number>; fixed?: readonly boolean[] },
): DescriptionLength {
  const values = constantsOf(expression);
  const { negativeLogLikelihood, information, fixed } = fit;
  if (information.length !== values.length) {
    throw new UserError(
      `descriptionLength: ${values.length} constants, but ${information.length} Fisher informations.`,
    );
  }
  const symbols = new Set<string>();
  let count = 0;
  for (const node of nodes(expression)) {
    count++;
    symbols.add(node.kind === "constant" ? "c" : node.kind === "variable" ? `x${node.index}` : node.operator);
  }
  let constants = 0;
  values.forEach((value, i) => {
    const size = Math.abs(value);
    if (fixed?.[i] === true) {
      constants += Math.max(Math.LN2, Math.log(size) || 0);
      return;
    }
    const precise = 0.5 * Math.log(information[i]! / 3) + Math.log(size);
    const told = size * Math.sqrt(information[i]! / 12) >= 1;
    constants += told ? precise + Math.LN2 : Math.LN2;
  });
  const structure = count * Math.log(Math.max(2, symbols.size));
  return {
    structure,
    constants,
    residuals: negativeLogLikelihood,
    total: structure + constants + negativeLogLikelihood,
  };
}

/** −ln L̂ of n residuals with unknown equal Gaussian errors, from their sum of squares: n/2·(1 + ln(2π·S/n)). */
export function gaussianNegativeLogLikelihood(sumOfSquares: number, n: number): number {
  return (n / 2) * (1 + Math.log((2 * Math.PI * sumOfSquares) / n));
}
