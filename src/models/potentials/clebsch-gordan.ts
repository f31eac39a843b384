import { demand } from "../../core/errors.ts";
import { exactHarmonics, harmonics } from "./spherical-harmonics.ts";

/** Couplings C(s₁, s₂ → s₃) of real harmonics, one entry a nonzero, in ascending order of (s₁, s₂, s₃). */
export interface Couplings {
  lmax: number;
  count: number;
  first: Int32Array;
  second: Int32Array;
  third: Int32Array;
  value: Float64Array;
}

/** The degree l of component s = l² + l + m. */
export function degreeOf(s: number): number {
  return Math.floor(Math.sqrt(s));
}

/**
 * Real Clebsch–Gordan coefficients to `lmax` ≤ 2 where l₁ + l₂ + l₃ is even (parity allowed), orthonormal:
 * Σ_{s₁s₂} C(s₁,s₂→s) C(s₁,s₂→s′) = δ for the same (l₁, l₂). From the integral of three harmonics,
 * C = ∫Y₁Y₂Y₃ / (⟨l₁0l₂0|l₃0⟩ √((2l₁+1)(2l₂+1)/(4π(2l₃+1)))), integrated exactly by a product rule.
 * Source: Varshalovich, Moskalev & Khersonskii (1988), 5.9 and 8.5.
 */
export function exactCouplings(lmax: number): Couplings {
  demand(
    Number.isInteger(lmax) && lmax >= 0 && lmax <= 2,
    () => `exactCouplings: lmax ${lmax}; expected 0, 1 or 2`,
  );
  const size = (lmax + 1) ** 2;
  const { values, weights } = sphereRule(lmax);
  const entries: [number, number, number, number][] = [];
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      for (let c = 0; c < size; c++) {
        const [l1, l2, l3] = [degreeOf(a), degreeOf(b), degreeOf(c)];
        if ((l1 + l2 + l3) % 2 === 1 || l3 > l1 + l2 || l3 < Math.abs(l1 - l2)) continue;
        let integral = 0;
        weights.forEach((weight, p) => {
          const at = p * size;
          integral += weight * values[at + a]! * values[at + b]! * values[at + c]!;
        });
        if (Math.abs(integral) < 1e-12) continue;
        const scale = Math.sqrt(((2 * l1 + 1) * (2 * l2 + 1)) / (4 * Math.PI * (2 * l3 + 1)));
        entries.push([a, b, c, integral / (scale * zeroCoupling(l1, l2, l3))]);
      }
    }
  }
  return fromEntries(lmax, entries);
}

/**
 * The couplings with the float32 rounding that SchNetPack's transformation to real harmonics leaves: where a sum of
 * two halves rounds down, by one unit in the last place. What published SO3net weights were trained with.
 */
export function publishedCouplings(lmax: number): Couplings {
  const exact = exactCouplings(lmax);
  const value = exact.value.map((v, k) => {
    const magnitude = Math.abs(v);
    const third = exact.third[k]!;
    const central = third === degreeOf(third) * (degreeOf(third) + 1);
    if (Math.abs(magnitude - 1) < 1e-9) return central ? Math.sign(v) : Math.sign(v) * 0.9999999403953552;
    const rounded = roundedDown.find((r) => Math.abs(r - magnitude) < 2e-7);
    return rounded === undefined ? Math.fround(v) : Math.sign(v) * rounded;
  });
  return { ...exact, value };
}

/** Magnitudes that come out one unit in the last place below the nearest float32. */
const roundedDown = [0.7071067094802856, 0.462909996509552, 0.40824827551841736] as const;

/** ⟨l₁ 0 l₂ 0 | l₃ 0⟩ for an even sum of degrees. */
function zeroCoupling(l1: number, l2: number, l3: number): number {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const g = (l1 + l2 + l3) / 2;
  const triangle =
    (factorial(2 * g - 2 * l1) * factorial(2 * g - 2 * l2) * factorial(2 * g - 2 * l3)) /
    factorial(2 * g + 1);
  const middle = factorial(g) / (factorial(g - l1) * factorial(g - l2) * factorial(g - l3));
  return ((g - l3) % 2 === 0 ? 1 : -1) * Math.sqrt((2 * l3 + 1) * triangle) * middle;
}

/** Points and weights that integrate polynomials of degree 7 on the sphere exactly: four latitudes, eight longitudes. */
function sphereRule(lmax: number): { values: Float64Array; weights: Float64Array } {
  const root = (sign: number) => Math.sqrt((3 + sign * 2 * Math.sqrt(6 / 5)) / 7);
  const latitudes = [-1, 1].flatMap((sign) =>
    [-1, 1].map((side) => [side * root(sign), (18 - sign * Math.sqrt(30)) / 36] as const),
  );
  const points: number[] = [];
  const weights: number[] = [];
  for (const [z, weight] of latitudes) {
    for (let k = 0; k < 8; k++) {
      const phi = (Math.PI * (k + 0.5)) / 4;
      const r = Math.sqrt(1 - z * z);
      points.push(r * Math.cos(phi), r * Math.sin(phi), z);
      weights.push((weight * Math.PI) / 4);
    }
  }
  const ones = new Float64Array(weights.length).fill(1);
  return {
    values: harmonics(Float64Array.from(points), ones, lmax, exactHarmonics),
    weights: Float64Array.from(weights),
  };
}

function fromEntries(lmax: number, entries: readonly (readonly number[])[]): Couplings {
  return {
    lmax,
    count: entries.length,
    first: Int32Array.from(entries, (e) => e[0]!),
    second: Int32Array.from(entries, (e) => e[1]!),
    third: Int32Array.from(entries, (e) => e[2]!),
    value: Float64Array.from(entries, (e) => e[3]!),
  };
}
