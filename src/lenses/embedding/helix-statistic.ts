import { turnsGrid } from "./helix.ts";

/** How well two components circle together. */
export interface Circling {
  /** 0 to 1; 1 for a perfect circle run through at constant speed. */
  q: number;
  /** The number of turns at which q is reached. */
  turns: number;
}

/**
 * The helix test statistic: with z₁, z₂ two score columns, each freed of its straight-line trend in t and scaled to
 * unit variance, q = max over the sign and over f in [1.5, 4] of |⟨(z₁ ± i·z₂)·e^(−2πift)⟩|² / ⟨|z₁ ± i·z₂|²⟩, where
 * ⟨·⟩ is the mean over tokens and f runs over the helix fit's grid. It asks for one common frequency and a quarter turn
 * between the two, which a random walk's components (one turn and one and a half) do not have.
 *
 * The columns are the second and third principal component (PC1 and PC2 where counting starts at zero): the first is
 * the axis. Calibrated by the null models of `claims/nulls`.
 */
export function helixStatistic(
  second: ArrayLike<number>,
  third: ArrayLike<number>,
  t: ArrayLike<number>,
): Circling {
  const n = t.length;
  const z1 = detrended(second, t);
  const z2 = detrended(third, t);
  let power = 0;
  for (let i = 0; i < n; i++) power += z1[i]! ** 2 + z2[i]! ** 2;
  let best: Circling = { q: 0, turns: Number.NaN };
  if (power === 0) return best;
  for (const turns of turnsGrid) {
    if (turns < 1.5 || turns > 4) continue;
    let c1 = 0;
    let s1 = 0;
    let c2 = 0;
    let s2 = 0;
    for (let i = 0; i < n; i++) {
      const angle = 2 * Math.PI * turns * t[i]!;
      const c = Math.cos(angle);
      const s = Math.sin(angle);
      c1 += z1[i]! * c;
      s1 += z1[i]! * s;
      c2 += z2[i]! * c;
      s2 += z2[i]! * s;
    }
    // |Σ(z₁ ± i z₂)(c − i s)|² = (c₁ ± s₂)² + (−s₁ ± c₂)².
    for (const sign of [1, -1]) {
      const amplitude = (c1 + sign * s2) ** 2 + (sign * c2 - s1) ** 2;
      const q = amplitude / (n * power);
      if (q > best.q) best = { q, turns };
    }
  }
  return best;
}

/** Residuals of a straight-line fit, scaled to unit variance; zeros where nothing is left. */
export function detrended(y: ArrayLike<number>, t: ArrayLike<number>): Float64Array {
  const n = t.length;
  let mt = 0;
  let my = 0;
  for (let i = 0; i < n; i++) {
    mt += t[i]! / n;
    my += y[i]! / n;
  }
  let ty = 0;
  let tt = 0;
  for (let i = 0; i < n; i++) {
    ty += (t[i]! - mt) * (y[i]! - my);
    tt += (t[i]! - mt) ** 2;
  }
  const slope = tt > 0 ? ty / tt : 0;
  const out = Float64Array.from({ length: n }, (_, i) => y[i]! - my - slope * (t[i]! - mt));
  const deviation = Math.sqrt(out.reduce((a, b) => a + b * b, 0) / n);
  return deviation > 0 ? out.map((value) => value / deviation) : out;
}
