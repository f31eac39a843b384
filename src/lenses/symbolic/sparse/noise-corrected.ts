import { UserError } from "../../../core/errors.ts";
import { matrix } from "../../../linalg/matrix.ts";
import type { Moments } from "./normal.ts";

/**
 * The moments of a polynomial library as they would be without the noise of the states: every product of two terms is a
 * monomial, and for x measured with normal noise of standard deviation σ the polynomial σᵏ·Heₖ(x/σ) has the expected
 * value of the true xᵏ (He the probabilists' Hermite polynomials). Ordinary least squares reads the noise of the states
 * as signal: E[x²] is too large by σ², and coefficients and spurious terms are biased by it; these moments are not.
 * Targets must have errors that do not depend on those of the states (measured rates; not differences of the states).
 * Source: polynomial errors-in-variables regression, Cheng & Schneeweiss, J. R. Stat. Soc. B 60, 189 (1998).
 * @param exponents for each term the powers of the states. @param sigma σ of each state.
 * @throws UserError unless each state has a σ from 0.
 */
export function noiseCorrectedMoments(
  exponents: readonly (readonly number[])[],
  states: readonly Float64Array[],
  targets: readonly ArrayLike<number>[],
  sigma: readonly number[],
  [from, to]: readonly [number, number] = [0, states[0]!.length],
): Moments {
  if (sigma.length !== states.length || sigma.some((value) => !(value >= 0))) {
    throw new UserError(
      `noiseCorrectedMoments: σ is ${sigma.join(", ")}; expected one number from 0 for each of ${states.length} states`,
    );
  }
  const most = states.map((_, j) => 2 * Math.max(...exponents.map((powers) => powers[j]!)));
  const hermite = states.map((values, j) => correctedPowers(values.subarray(from, to), sigma[j]!, most[j]!));
  const product = (powers: readonly number[], i: number) =>
    powers.reduce((value, power, j) => value * hermite[j]![power]![i]!, 1);
  const p = exponents.length;
  const gram = matrix(p, p);
  const means = new Map<string, number>();
  exponents.forEach((a, ia) => {
    exponents.forEach((b, ib) => {
      const powers = a.map((power, j) => power + b[j]!);
      const key = powers.join();
      let sum = means.get(key);
      if (sum === undefined) {
        sum = 0;
        for (let i = 0; i < to - from; i++) sum += product(powers, i);
        means.set(key, sum);
      }
      gram.data[ia * p + ib] = sum;
    });
  });
  const right = targets.map((target) =>
    Float64Array.from(exponents, (powers) => {
      let sum = 0;
      for (let i = 0; i < to - from; i++) sum += target[from + i]! * product(powers, i);
      return sum;
    }),
  );
  return { gram, right };
}

/** Unbiased estimates of x⁰ … xᵏ from noisy x: He₀ = 1, He₁ = x, Heₖ₊₁ = x·Heₖ − kσ²·Heₖ₋₁. */
function correctedPowers(values: Float64Array, sigma: number, most: number): Float64Array[] {
  const lists = [new Float64Array(values.length).fill(1), values];
  for (let k = 1; k < most; k++) {
    const [last, before] = [lists[k]!, lists[k - 1]!];
    lists.push(values.map((x, i) => x * last[i]! - k * sigma ** 2 * before[i]!));
  }
  return lists;
}
