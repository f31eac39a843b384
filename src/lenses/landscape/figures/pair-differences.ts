import type { AnyLandscape } from "../../../optim/landscape/landscape.ts";
import { aligned } from "../../../optim/landscape/landscape.ts";

/** |ΔV| and aligned distance of every pair (i < j, row by row) of points: what the tolerances of "same" are held against. */
export function pairDifferences(
  landscape: AnyLandscape,
  points: readonly { x: Float64Array; value: number }[],
): { values: Float64Array; distances: Float64Array } {
  const pairs = (points.length * (points.length - 1)) / 2;
  const [values, distances] = [new Float64Array(pairs), new Float64Array(pairs)];
  let at = 0;
  for (let i = 0; i < points.length; i++) {
    for (let j = i + 1; j < points.length; j++, at++) {
      values[at] = Math.abs(points[i]!.value - points[j]!.value);
      distances[at] = aligned(landscape, points[i]!.x, points[j]!.x).distance;
    }
  }
  return { values, distances };
}
