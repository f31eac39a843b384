import { UserError } from "../../../core/errors.ts";
import { mean, variance } from "../../../stats/describe.ts";

/** Of a longer table every k-th row takes part, so that at most so many do. */
const mostRows = 2000;

export interface NoiseFloor {
  /** Estimated variance of the noise in the target, in its unit squared; not below 0. */
  variance: number;
  method: "replicates" | "nearest neighbours";
  /** Pairs of rows with equal columns, or rows that took part. */
  count: number;
}

/**
 * The part of the target's variance that no function of the columns explains. From rows with equal columns where at
 * least `n`/4 rows have a twin: the pooled variance within them. Otherwise by the Gamma test (Stefánsson, Končar &
 * Jones, Neural Computing & Applications 5 (1997) 131): half the mean squared difference of y to the p-th neighbour
 * against the mean squared distance to it, p = 1 … 10, extrapolated to distance 0; columns are scaled to deviation 1.
 * Rough for fewer than about 50 rows or many columns.
 * @throws UserError for fewer than 4 rows.
 */
export function noiseFloor(all: readonly Float64Array[], y: Float64Array): NoiseFloor {
  const stride = Math.ceil(y.length / mostRows);
  const thinned = (values: Float64Array) => values.filter((_, i) => i % stride === 0);
  const [columns, target] = [all.map(thinned), thinned(y)];
  const n = target.length;
  if (n < 4) throw new UserError(`noiseFloor: ${n} rows; expected at least 4`);
  const groups = new Map<string, number[]>();
  target.forEach((y, i) => {
    const key = columns.map((column) => column[i]).join();
    const found = groups.get(key);
    if (found) found.push(y);
    else groups.set(key, [y]);
  });
  const twins = [...groups.values()].filter((values) => values.length > 1);
  const inTwins = twins.reduce((sum, values) => sum + values.length, 0);
  if (inTwins >= n / 4 && inTwins >= 4) {
    const squares = twins.reduce((sum, values) => sum + variance(values) * (values.length - 1), 0);
    return { variance: squares / (inTwins - twins.length), method: "replicates", count: inTwins };
  }
  const scaled = columns.map((column) => {
    const [centre, spread] = [mean(column), Math.sqrt(variance(column, 0)) || 1];
    return column.map((value) => (value - centre) / spread);
  });
  const most = Math.min(10, n - 1);
  const distance = new Float64Array(most);
  const half = new Float64Array(most);
  const order = Array.from({ length: n }, (_, i) => i);
  const to = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      to[j] = j === i ? -1 : scaled.reduce((sum, column) => sum + (column[i]! - column[j]!) ** 2, 0);
    }
    const neighbours = order.toSorted((a, b) => to[a]! - to[b]!);
    for (let p = 0; p < most; p++) {
      const j = neighbours[p + 1]!;
      distance[p]! += to[j]! / n;
      half[p]! += (target[i]! - target[j]!) ** 2 / (2 * n);
    }
  }
  const [near, rough] = [mean(distance), mean(half)];
  const squares = distance.reduce((sum, d) => sum + (d - near) ** 2, 0);
  const slope = distance.reduce((sum, d, p) => sum + (d - near) * (half[p]! - rough), 0) / (squares || 1);
  return { variance: Math.max(0, rough - slope * near), method: "nearest neighbours", count: n };
}
