import { median } from "../../stats/quantile.ts";

/** The metrics of one trained model. */
export interface SeedMetrics {
  seed: number;
  metrics: Readonly<Record<string, number>>;
}

/**
 * Metrics over several seeds: the median under the metric's own name, each seed's value beside it under
 * `name.seed0`, `name.seed1` … A metric that a seed lacks is the median of the others; its missing entry shows it.
 */
export function aggregate(runs: readonly SeedMetrics[]): Record<string, number> {
  const names = new Set(runs.flatMap(({ metrics }) => Object.keys(metrics)));
  const merged: Record<string, number> = {};
  for (const name of names) {
    const having = runs.filter(({ metrics }) => metrics[name] !== undefined);
    merged[name] = median(having.map(({ metrics }) => metrics[name]!));
    for (const { seed, metrics } of having) merged[`${name}.seed${seed}`] = metrics[name]!;
  }
  return merged;
}
