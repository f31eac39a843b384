import { demand } from "../../core/errors.ts";
import { addPairForce, type ForceField } from "./force-field.ts";
import { fillStars, type Stars } from "./star.ts";

export interface AxilrodTellerOptions {
  /** Strength ν, kcal/mol·Å⁹. */
  strength?: number;
  /** Longest side of a triangle that counts, Å. */
  cutoff?: number;
}

/**
 * The triple-dipole dispersion energy, purely three-body: Σ over triangles of ν(1 + 3 cos γ₁ cos γ₂ cos γ₃)/(abc)³,
 * times w(a)w(b)w(c) with w(r) = (1 + cos πr/r_c)/2, so that energy and forces end smoothly.
 * Source: Axilrod & Teller, J. Chem. Phys. 11 (1943) 299.
 * @throws UserError for a cutoff that is not above 0.
 */
export function axilrodTeller(options: AxilrodTellerOptions = {}): ForceField {
  const { strength = 1000, cutoff = 6 } = options;
  demand(cutoff > 0, () => `axilrodTeller: cutoff is ${cutoff}; expected a length in Å above 0`);
  let stars: Stars | undefined;
  return {
    name: "Axilrod–Teller",
    cutoff,
    highestOrder: 3,
    pairTerm: () => 0,
    tripletTerm: (a, b, c) => triangle(a, b, c, strength, cutoff)[0],
    accumulate(positions, pairs, out) {
      stars = fillStars(positions, pairs, cutoff, stars);
      const { starts, neighbour, pair, sign, r, unit } = stars;
      const spoke = (e: number, axis: number) => sign[e]! * unit[3 * pair[e]! + axis]! * r[pair[e]!]!;
      for (let i = 0; i < starts.length - 1; i++) {
        for (let e = starts[i]!; e < starts[i + 1]!; e++) {
          const j = neighbour[e]!;
          if (j < i) continue;
          for (let d = e + 1; d < starts[i + 1]!; d++) {
            const k = neighbour[d]!;
            if (k < i) continue;
            const x = spoke(d, 0) - spoke(e, 0);
            const y = spoke(d, 1) - spoke(e, 1);
            const z = spoke(d, 2) - spoke(e, 2);
            const c = Math.hypot(x, y, z);
            if (c >= cutoff) continue;
            const [a, b] = [r[pair[e]!]!, r[pair[d]!]!];
            const [energy, da, db, dc] = triangle(a, b, c, strength, cutoff);
            out.tripletEnergy += energy;
            addPairForce(out, i, j, spoke(e, 0), spoke(e, 1), spoke(e, 2), -da / a);
            addPairForce(out, i, k, spoke(d, 0), spoke(d, 1), spoke(d, 2), -db / b);
            addPairForce(out, j, k, x, y, z, -dc / c);
          }
        }
      }
    },
  };
}

/** The energy of a triangle with sides a, b, c and its derivatives by them. */
function triangle(
  a: number,
  b: number,
  c: number,
  strength: number,
  cutoff: number,
): [number, number, number, number] {
  if (a >= cutoff || b >= cutoff || c >= cutoff) return [0, 0, 0, 0];
  const [a2, b2, c2] = [a * a, b * b, c * c];
  const [p, q, s] = [b2 + c2 - a2, a2 + c2 - b2, a2 + b2 - c2];
  const angles = 1 + (3 * p * q * s) / (8 * a2 * b2 * c2);
  const distance = (a * b * c) ** -3;
  const windows = [a, b, c].map((side) => 0.5 * (1 + Math.cos((Math.PI * side) / cutoff)));
  const window = windows[0]! * windows[1]! * windows[2]!;
  const energy = strength * angles * distance * window;
  // d(pqs)/da = 2a(−qs + ps + pq), and so on; the denominator gives −2/side, distance −3/side.
  const product = 3 / (8 * a2 * b2 * c2);
  const bySide = [
    2 * a * (p * s + p * q - q * s),
    2 * b * (q * s + p * q - p * s),
    2 * c * (q * s + p * s - p * q),
  ];
  const slope = (side: number, n: number) => {
    const turned = product * bySide[n]! - (2 * (angles - 1)) / side;
    const fade = (-0.5 * Math.PI * Math.sin((Math.PI * side) / cutoff)) / cutoff;
    const others = windows[(n + 1) % 3]! * windows[(n + 2) % 3]!;
    return strength * distance * (window * (turned - (3 * angles) / side) + others * angles * fade);
  };
  return [energy, slope(a, 0), slope(b, 1), slope(c, 2)];
}
