import { UserError } from "../../core/errors.ts";
import { median } from "../../stats/quantile.ts";
import type { Stability } from "../card.ts";
import type { Claim } from "../claim.ts";
import { compare } from "../compare.ts";
import { measureWords } from "../comparison.ts";

/**
 * How much one claim, made again and again, agrees with itself: every pair of the versions is compared.
 * @param versions the same claim from several seeds or resamples of the data, at least two
 * @param over what was varied: "seeds"
 * @throws UserError for a single version, and where two cannot be compared.
 */
export function stabilityOf(versions: readonly Claim[], over: string): Stability {
  if (versions.length < 2) {
    throw new UserError(
      `stabilityOf '${over}': ${versions.length} version${versions.length === 1 ? "" : "s"}; expected at least two, or list stability as not run`,
    );
  }
  const agreements: number[] = [];
  let measure = "";
  for (const [i, a] of versions.entries()) {
    for (const b of versions.slice(i + 1)) {
      const comparison = compare(a, b);
      measure = measureWords(comparison.measure);
      agreements.push(comparison.agreement);
    }
  }
  return stabilityFrom(agreements, { over, measure });
}

/** The same from agreements that were measured otherwise, one a comparison. */
export function stabilityFrom(
  agreements: readonly number[],
  { over, measure }: { over: string; measure: string },
): Stability {
  if (agreements.length === 0) throw new UserError(`stabilityFrom '${over}': no comparison was made`);
  return {
    over,
    measure,
    agreements: [...agreements],
    median: median(agreements),
    least: Math.min(...agreements),
  };
}
