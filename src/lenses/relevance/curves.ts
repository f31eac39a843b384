import type { Random } from "../../core/random.ts";
import { pearson } from "../../stats/correlation.ts";
import { quantile } from "../../stats/quantile.ts";

/** Values over a coordinate in bins, with a band from whole frames drawn again. */
export interface Curve {
  /** Middles of the bins that hold anything in every frame set drawn. */
  at: Float64Array;
  value: Float64Array;
  /** Standard deviation of the mean over resampled frames; NaN for a single frame. */
  error: Float64Array;
  /** Values in each bin. */
  count: Float64Array;
}

/** One frame's values: y at x. */
export interface Scatter {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

/**
 * The mean of y in bins of x over all frames. The error is that of whole frames drawn with replacement (block bootstrap:
 * Künsch, Ann. Stat. 17 (1989) 1217), because pairs of one frame are not independent. Bins with fewer than `options.least` values are left out (by default a
 * tenth of the mean, 1 to 5).
 */
export function binnedCurve(
  frames: readonly Scatter[],
  edges: ArrayLike<number>,
  options: { rounds: number; random: Random; least?: number },
): Curve {
  const bins = edges.length - 1;
  const { rounds, random } = options;
  const all = frames.reduce((sum, { x }) => sum + x.length, 0);
  const least = options.least ?? Math.max(1, Math.min(5, Math.floor(all / (10 * bins))));
  const sums = frames.map(() => new Float64Array(bins));
  const counts = frames.map(() => new Float64Array(bins));
  frames.forEach(({ x, y }, f) => {
    for (let k = 0; k < x.length; k++) {
      const bin = binOf(edges, x[k]!);
      if (bin < 0) continue;
      sums[f]![bin]! += y[k]!;
      counts[f]![bin]!++;
    }
  });
  const total = (lists: readonly Float64Array[], bin: number) =>
    lists.reduce((sum, list) => sum + list[bin]!, 0);
  const filled = Array.from({ length: bins }, (_, bin) => bin).filter((bin) => total(counts, bin) >= least);
  const squares = new Float64Array(bins);
  const means = new Float64Array(bins);
  const drawn = new Float64Array(bins);
  if (frames.length > 1) {
    for (let b = 0; b < rounds; b++) {
      const chosen = Array.from(frames, () => random.int(frames.length));
      for (const bin of filled) {
        let [sum, count] = [0, 0];
        for (const f of chosen) {
          sum += sums[f]![bin]!;
          count += counts[f]![bin]!;
        }
        if (count === 0) continue;
        drawn[bin]!++;
        means[bin]! += sum / count;
        squares[bin]! += (sum / count) ** 2;
      }
    }
  }
  return {
    at: Float64Array.from(filled, (bin) => (edges[bin]! + edges[bin + 1]!) / 2),
    value: Float64Array.from(filled, (bin) => total(sums, bin) / total(counts, bin)),
    error: Float64Array.from(filled, (bin) => {
      const n = drawn[bin]!;
      return n < 2
        ? Number.NaN
        : Math.sqrt(Math.max(0, squares[bin]! / n - (means[bin]! / n) ** 2) * (n / (n - 1)));
    }),
    count: Float64Array.from(filled, (bin) => total(counts, bin)),
  };
}

/** The bin of a value; −1 outside. The last bin holds its upper edge. */
function binOf(edges: ArrayLike<number>, x: number): number {
  const last = edges.length - 1;
  if (!(x >= edges[0]! && x <= edges[last]!)) return -1;
  return Math.min(last - 1, Math.floor(((x - edges[0]!) / (edges[last]! - edges[0]!)) * last));
}

/** A correlation over all frames with its interval over frames. */
export interface FrameCorrelation {
  value: number;
  low: number;
  high: number;
  /** Of y on x: Σ(x − x̄)(y − ȳ)/Σ(x − x̄)², with its interval. */
  slope: { value: number; low: number; high: number };
  /** Pairs of numbers. */
  count: number;
}

/**
 * Pearson's correlation of x and y over all frames together, with a 95 % percentile interval from whole frames drawn
 * with replacement. Undefined where one side does not vary. One frame has no interval: low and high are the value.
 */
export function frameCorrelation(
  frames: readonly Scatter[],
  options: { rounds: number; random: Random },
): FrameCorrelation | undefined {
  const moments = frames.map(({ x, y }) => {
    const m = new Float64Array(6);
    m[0] = x.length;
    for (let k = 0; k < x.length; k++) {
      m[1]! += x[k]!;
      m[2]! += y[k]!;
      m[3]! += x[k]! * x[k]!;
      m[4]! += y[k]! * y[k]!;
      m[5]! += x[k]! * y[k]!;
    }
    return m;
  });
  const of = (chosen: readonly number[]) => {
    const [n, x, y, xx, yy, xy] = Array.from({ length: 6 }, (_, k) =>
      chosen.reduce((sum, f) => sum + moments[f]![k]!, 0),
    ) as [number, number, number, number, number, number];
    const [sxx, syy, sxy] = [xx - (x * x) / n, yy - (y * y) / n, xy - (x * y) / n];
    const tiny = (s: number, whole: number) => s <= 1e-12 * whole;
    return tiny(sxx, xx) || tiny(syy, yy)
      ? { r: Number.NaN, slope: Number.NaN }
      : { r: Math.max(-1, Math.min(1, sxy / Math.sqrt(sxx * syy))), slope: sxy / sxx };
  };
  const every = frames.map((_, f) => f);
  const { r: value, slope } = of(every);
  if (!Number.isFinite(value)) return undefined;
  const count = frames.reduce((sum, { x }) => sum + x.length, 0);
  const alone = { value, low: value, high: value, slope: { value: slope, low: slope, high: slope }, count };
  if (frames.length < 2) return alone;
  const draws = Array.from({ length: options.rounds }, () =>
    of(every.map(() => options.random.int(frames.length))),
  ).filter(({ r }) => Number.isFinite(r));
  if (draws.length === 0) return undefined;
  const interval = (pick: (draw: { r: number; slope: number }) => number) => {
    const values = draws.map(pick);
    return { low: quantile(values, 0.025), high: quantile(values, 0.975) };
  };
  return {
    value,
    ...interval(({ r }) => r),
    slope: { value: slope, ...interval((draw) => draw.slope) },
    count,
  };
}

/** Pearson's correlation of two curves at the places both have; NaN for fewer than three or a constant one. */
export function curveCorrelation(
  a: Pick<Curve, "at" | "value">,
  b: Pick<Curve, "at" | "value">,
): { value: number; shared: number[] } {
  const places = new Map(Array.from(b.at, (x, k) => [x.toFixed(9), k]));
  const pairs = Array.from(a.at, (x, k) => [k, places.get(x.toFixed(9))] as const).flatMap(([i, j]) =>
    j === undefined ? [] : [[i, j] as const],
  );
  const shared = pairs.map(([i]) => a.at[i]!);
  if (pairs.length < 3) return { value: Number.NaN, shared };
  return {
    value: pearson(
      pairs.map(([i]) => a.value[i]!),
      pairs.map(([, j]) => b.value[j]!),
    ),
    shared,
  };
}
