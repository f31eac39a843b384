import type { Random } from "../../core/random.ts";
import { quantile } from "../../stats/quantile.ts";
import type { Baseline, Truth } from "../card.ts";
import type { Claim } from "../claim.ts";
import { compare } from "../compare.ts";
import { measureWords } from "../comparison.ts";
import { randomClaim } from "./random-claim.ts";

/**
 * The first mandatory baseline: agreement with `reference` that random claims of the same kind reach, as the value that
 * 5 % of `rounds` draws beat, beside the claim's own.
 * @param options.against what the reference is, in words: "the fitted pairing term"
 */
export function randomBaseline<C extends Claim>(
  claim: C,
  reference: C,
  options: { against: string; rounds: number; random: Random },
): Baseline {
  const { against, rounds, random } = options;
  const { agreement, measure } = compare(claim, reference);
  const draws = Array.from(
    { length: rounds },
    (_, b) => compare(randomClaim(claim, random.fork("random claim", b)), reference).agreement,
  );
  return {
    name: `random ${claim.kind}`,
    role: "random claim",
    measure: `${measureWords(measure)} with ${against}`,
    unit: "",
    better: "higher",
    own: agreement,
    score: quantile(draws, 0.95),
    draws: rounds,
  };
}

/** The second: the cheapest classical method's claim, judged against the same reference. */
export function classicalBaseline<C extends Claim>(
  claim: C,
  classical: C,
  reference: C,
  options: { name: string; against: string },
): Baseline {
  const own = compare(claim, reference);
  return {
    name: options.name,
    role: "classical",
    measure: `${measureWords(own.measure)} with ${options.against}`,
    unit: "",
    better: "higher",
    own: own.agreement,
    score: compare(classical, reference).agreement,
    draws: 1,
  };
}

/** The claim beside a known truth; `threshold` is the agreement from which it counts as right, fixed beforehand. */
export function againstTruth<C extends Claim>(
  claim: C,
  truth: C,
  options: { truth: string; threshold: number },
): Truth {
  const { agreement, measure } = compare(claim, truth);
  return {
    truth: options.truth,
    measure: measureWords(measure),
    score: agreement,
    threshold: options.threshold,
  };
}
