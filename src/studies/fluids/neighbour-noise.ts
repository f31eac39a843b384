import { demand } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { Configurations } from "../../data/configurations.ts";

/**
 * The noise of mapped forces, kcal/mol/Å a component, from frames of nearest conformation: √(½⟨(F − F′)²⟩) with both
 * frames turned into the axes of their first three beads. An upper estimate, because neighbours differ in their mean
 * force too; a difference estimator as of Rice, Ann. Stat. 12 (1984) 1215.
 * @param options.queries frames whose nearest neighbour is sought among all others.
 * @throws UserError for a set without forces, with fewer than three beads or two frames.
 */
export function neighbourNoise(set: Configurations, options: { queries: number; random: Random }): number {
  const { frames, beads, positions, forces } = set;
  demand(
    forces !== undefined && beads >= 3 && frames >= 2,
    () => `neighbourNoise: ${set.name}: ${beads} beads, ${frames} frames; expected forces, 3 beads, 2 frames`,
  );
  const width = 3 * beads;
  const shape = new Float64Array(frames * width);
  const turned = new Float64Array(frames * width);
  for (let f = 0; f < frames; f++) {
    const axes = bodyAxes(positions.subarray(f * width, (f + 1) * width));
    for (let i = 0; i < beads; i++) {
      for (let a = 0; a < 3; a++) {
        for (let k = 0; k < 3; k++) {
          const at = f * width + 3 * i;
          shape[at + a]! += axes[a]![k]! * (positions[at + k]! - positions[f * width + 3 + k]!);
          turned[at + a]! += axes[a]![k]! * forces[at + k]!;
        }
      }
    }
  }
  const queries = options.random.permutation(frames).subarray(0, Math.min(options.queries, frames));
  let sum = 0;
  for (const q of queries) {
    let [nearest, least] = [-1, Number.POSITIVE_INFINITY];
    for (let f = 0; f < frames; f++) {
      if (f === q) continue;
      let square = 0;
      for (let k = 0; k < width && square < least; k++) {
        square += (shape[q * width + k]! - shape[f * width + k]!) ** 2;
      }
      if (square < least) [nearest, least] = [f, square];
    }
    for (let k = 0; k < width; k++) {
      sum += (turned[q * width + k]! - turned[nearest * width + k]!) ** 2;
    }
  }
  return Math.sqrt(sum / (2 * queries.length * width));
}

/** Orthonormal axes fixed to the first three beads: along 1→0, in their plane, and normal to it. */
function bodyAxes(at: Float64Array): [number[], number[], number[]] {
  const away = (i: number) => [0, 1, 2].map((k) => at[3 * i + k]! - at[3 + k]!);
  const unit = (v: number[]) => {
    const length = Math.hypot(...v);
    return v.map((x) => x / length);
  };
  const dot = (a: number[], b: number[]) => a.reduce((sum, x, k) => sum + x * b[k]!, 0);
  const one = unit(away(0));
  const other = away(2);
  const along = dot(other, one);
  const two = unit(other.map((x, k) => x - along * one[k]!));
  const three = [
    one[1]! * two[2]! - one[2]! * two[1]!,
    one[2]! * two[0]! - one[0]! * two[2]!,
    one[0]! * two[1]! - one[1]! * two[0]!,
  ];
  return [one, two, three];
}
