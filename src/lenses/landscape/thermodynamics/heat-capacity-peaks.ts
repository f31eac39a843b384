import { demand } from "../../../core/errors.ts";
import { type Levels, type Thermodynamics, thermodynamics } from "./superposition.ts";

/** A maximum of the heat capacity and the minima that change places there. */
export interface HeatCapacityPeak extends Thermodynamics {
  /** Minima that gain and lose most, by number, with dp/dT; together nine tenths of the exchange. */
  gaining: { minimum: number; slope: number }[];
  losing: { minimum: number; slope: number }[];
}

/**
 * The maxima of C(T) between two temperatures: bracketed on a geometric grid and narrowed by golden section, coldest
 * first. @param options.grid points of the grid; default 400.
 */
export function heatCapacityPeaks(
  levels: Levels,
  range: { from: number; to: number },
  options: { grid?: number } = {},
): HeatCapacityPeak[] {
  const { grid = 400 } = options;
  demand(
    range.from > 0 && range.to > range.from,
    () => `heatCapacityPeaks: from ${range.from} to ${range.to}; expected 0 < from < to`,
  );
  const excess = (logT: number) => thermodynamics({ ...levels, modes: 0 }, Math.exp(logT)).heatCapacity;
  const [low, high] = [Math.log(range.from), Math.log(range.to)];
  const at = (i: number) => low + ((high - low) * i) / (grid - 1);
  const heights = Float64Array.from({ length: grid }, (_, i) => excess(at(i)));
  const peaks: HeatCapacityPeak[] = [];
  for (let i = 1; i < grid - 1; i++) {
    if (!(heights[i]! > heights[i - 1]! && heights[i]! >= heights[i + 1]!)) continue;
    const logT = goldenMaximum(excess, at(i - 1), at(i + 1));
    const state = thermodynamics(levels, Math.exp(logT));
    peaks.push({
      ...state,
      gaining: most(state.occupationSlope, 1),
      losing: most(state.occupationSlope, -1),
    });
  }
  return peaks;
}

/** The largest slopes of one sign, until they make nine tenths of all of that sign. */
function most(slopes: Float64Array, sign: number): { minimum: number; slope: number }[] {
  const sorted = Array.from(slopes, (slope, minimum) => ({ minimum, slope }))
    .filter(({ slope }) => sign * slope > 0)
    .sort((a, b) => sign * (b.slope - a.slope) || a.minimum - b.minimum);
  const total = sorted.reduce((sum, { slope }) => sum + slope, 0);
  let sum = 0;
  const count = sorted.findIndex(({ slope }) => {
    sum += slope;
    return sum / total >= 0.9;
  });
  return sorted.slice(0, count + 1);
}

function goldenMaximum(f: (x: number) => number, from: number, to: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [from, to];
  let [c, d] = [b - ratio * (b - a), a + ratio * (b - a)];
  let [fc, fd] = [f(c), f(d)];
  while (b - a > 1e-9) {
    if (fc >= fd) {
      [b, d, fd] = [d, c, fc];
      c = b - ratio * (b - a);
      fc = f(c);
    } else {
      [a, c, fc] = [c, d, fd];
      d = a + ratio * (b - a);
      fd = f(d);
    }
  }
  return (a + b) / 2;
}
