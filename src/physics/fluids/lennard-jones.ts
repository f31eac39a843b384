import { demand } from "../../core/errors.ts";
import type { ForceField } from "./force-field.ts";

/** One-site methane of the TraPPE force field: Martin & Siepmann, J. Phys. Chem. B 102 (1998) 2569; ε/k_B = 148 K. */
export const methaneSite = { epsilon: 0.29411, sigma: 3.73 } as const;

export interface LennardJonesOptions {
  /** Depth ε, kcal/mol; methane's 0.29411 by default. */
  epsilon?: number;
  /** σ, Å; methane's 3.73 by default. */
  sigma?: number;
  /** Å; 8.9 by default. */
  cutoff?: number;
  /**
   * How the potential ends at the cutoff: "shifted" (default) subtracts φ(r_c), "force-shifted" also (r − r_c)φ′(r_c)
   * so that forces go to zero, "cut" leaves a step in the energy.
   */
  end?: "shifted" | "force-shifted" | "cut";
}

/**
 * The Lennard-Jones fluid, φ(r) = 4ε[(σ/r)¹² − (σ/r)⁶] up to the cutoff: strictly two-body.
 * Source: Lennard-Jones, Proc. Phys. Soc. 43 (1931) 461; force shift: Toxvaerd & Dyre, J. Chem. Phys. 134 (2011) 081102.
 * @throws UserError for a parameter that is not above 0.
 */
export function lennardJones(options: LennardJonesOptions = {}): ForceField {
  const { epsilon = methaneSite.epsilon, sigma = methaneSite.sigma, cutoff = 8.9, end = "shifted" } = options;
  for (const [name, value] of Object.entries({ epsilon, sigma, cutoff })) {
    demand(value > 0, () => `lennardJones: ${name} is ${value}; expected a number above 0`);
  }
  const s6 = sigma ** 6;
  const phi = (r: number) => 4 * epsilon * (s6 / r ** 6) * (s6 / r ** 6 - 1);
  const slope = (r: number) => (-24 * epsilon * (s6 / r ** 6) * ((2 * s6) / r ** 6 - 1)) / r;
  const tilt = end === "force-shifted" ? slope(cutoff) : 0;
  const shift = end === "cut" ? 0 : phi(cutoff);
  const limit = cutoff * cutoff;
  return {
    name: "Lennard-Jones",
    cutoff,
    highestOrder: 2,
    pairTerm: (r) => (r < cutoff ? phi(r) - shift - tilt * (r - cutoff) : 0),
    tripletTerm: () => 0,
    accumulate(positions, { count, first, second, offsets }, out) {
      const { forces, virial } = out;
      let energy = 0;
      let [xx, xy, xz, yy, yz, zz] = [0, 0, 0, 0, 0, 0];
      for (let p = 0; p < count; p++) {
        const i = 3 * first[p]!;
        const j = 3 * second[p]!;
        const x = positions[j]! - positions[i]! + offsets[3 * p]!;
        const y = positions[j + 1]! - positions[i + 1]! + offsets[3 * p + 1]!;
        const z = positions[j + 2]! - positions[i + 2]! + offsets[3 * p + 2]!;
        const square = x * x + y * y + z * z;
        if (square >= limit) continue;
        const inverse = 1 / square;
        const ratio = s6 * inverse * inverse * inverse;
        energy += 4 * epsilon * ratio * (ratio - 1) - shift;
        let push = 24 * epsilon * ratio * (2 * ratio - 1) * inverse;
        if (tilt !== 0) {
          const r = Math.sqrt(square);
          energy -= tilt * (r - cutoff);
          push += tilt / r;
        }
        const fx = push * x;
        const fy = push * y;
        const fz = push * z;
        forces[i]! -= fx;
        forces[i + 1]! -= fy;
        forces[i + 2]! -= fz;
        forces[j]! += fx;
        forces[j + 1]! += fy;
        forces[j + 2]! += fz;
        xx += x * fx;
        xy += x * fy;
        xz += x * fz;
        yy += y * fy;
        yz += y * fz;
        zz += z * fz;
      }
      [xx, xy, xz, xy, yy, yz, xz, yz, zz].forEach((value, k) => {
        virial[k]! += value;
      });
      out.pairEnergy += energy;
    },
  };
}
