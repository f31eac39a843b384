import { demand } from "../../../core/errors.ts";

/** How many minima there may be, judged by how often each was met. */
export interface Completeness {
  /** Minima that at least one walker met. */
  seen: number;
  walkers: number;
  /** Minima that exactly one walker met, and exactly two. */
  once: number;
  twice: number;
  /** Chao's lower bound of the number of minima within the walkers' reach. */
  estimate: number;
  /** 95 % interval of it. */
  interval: [number, number];
  /** Good and Turing's share of all quenches' weight that is on minima met more than once. */
  coverage: number;
}

/**
 * Capture–recapture: each walker is a trap that a minimum is in or not, since quenches of one walker depend on each
 * other. With Q₁ and Q₂ minima met by one walker and by two of m,
 *
 *     S ≥ S_seen + (1 − 1/m) Q₁(Q₁ − 1)/2(Q₂ + 1)
 *
 * in its bias-corrected form, with the log-normal interval of its variance. It bounds from below what these walkers can
 * reach: minima that none of them can reach are not counted. Coverage is 1 − f₁/N over all quenches.
 * Sources: Chao, Biometrics 43, 783 (1987); Gotelli & Colwell, in Biological Diversity (2011), ch. 4; Good (1953).
 * @throws UserError for fewer than two walkers.
 */
export function completeness(network: {
  minima: readonly { seen: readonly { walker: string; hits: number }[] }[];
  walkers: readonly string[];
}): Completeness {
  const m = network.walkers.length;
  demand(m >= 2, () => `completeness: ${m} walkers; an estimate needs at least 2`);
  const [counts, hits]: [number[], number[]] = [[], []];
  for (const { seen } of network.minima) {
    if (seen.length === 0) continue;
    counts.push(seen.length);
    hits.push(seen.reduce((sum, one) => sum + one.hits, 0));
  }
  const seen = counts.length;
  const once = counts.filter((count) => count === 1).length;
  const twice = counts.filter((count) => count === 2).length;
  const share = 1 - 1 / m;
  const missing = (share * once * (once - 1)) / (2 * (twice + 1));
  const variance =
    missing === 0
      ? 0
      : (share * once * (once - 1)) / (2 * (twice + 1)) +
        (share ** 2 * once * (2 * once - 1) ** 2) / (4 * (twice + 1) ** 2) +
        (share ** 2 * once ** 2 * twice * (once - 1) ** 2) / (4 * (twice + 1) ** 4);
  const spread = missing === 0 ? 1 : Math.exp(1.959964 * Math.sqrt(Math.log(1 + variance / missing ** 2)));
  const total = hits.reduce((sum, count) => sum + count, 0);
  const single = hits.filter((count) => count === 1).length;
  return {
    ...{ seen, walkers: m, once, twice, estimate: seen + missing },
    interval: [seen + missing / spread, seen + missing * spread],
    coverage: total === 0 ? 0 : 1 - single / total,
  };
}
