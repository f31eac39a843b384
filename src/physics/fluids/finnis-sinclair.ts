import { demand } from "../../core/errors.ts";
import type { ForceField } from "./force-field.ts";
import { addCentralForces, fillStars, type Stars } from "./star.ts";

export interface FinnisSinclairOptions {
  /** A, kcal/mol/Å. */
  amplitude?: number;
  /** Å. */
  cutoff?: number;
}

/**
 * E = −A Σ_i √ρ_i with ρ_i = Σ_j (r_ij − r_c)²: every order of the many-body expansion is there, and they alternate in
 * sign. The energy counts as collective; its terms come from `manyBodyTerms`.
 * Source: Finnis & Sinclair, Philos. Mag. A 50 (1984) 45 (the attractive part).
 * @throws UserError for a cutoff that is not above 0.
 */
export function finnisSinclair(options: FinnisSinclairOptions = {}): ForceField {
  const { amplitude = 1, cutoff = 5 } = options;
  demand(cutoff > 0, () => `finnisSinclair: cutoff is ${cutoff}; expected a length in Å above 0`);
  const density = (r: number) => (r < cutoff ? (r - cutoff) ** 2 : 0);
  const dimer = (r: number) => -2 * amplitude * Math.sqrt(density(r));
  let stars: Stars | undefined;
  return {
    name: "Finnis–Sinclair",
    cutoff,
    highestOrder: Number.POSITIVE_INFINITY,
    pairTerm: dimer,
    tripletTerm(r12, r13, r23) {
      const [a, b, c] = [density(r12), density(r13), density(r23)];
      const trimer = -amplitude * (Math.sqrt(a + b) + Math.sqrt(a + c) + Math.sqrt(b + c));
      return trimer - dimer(r12) - dimer(r13) - dimer(r23);
    },
    accumulate(positions, pairs, out) {
      stars = fillStars(positions, pairs, cutoff, stars);
      const { first, second, r } = stars;
      const densities = new Float64Array(positions.length / 3);
      for (let p = 0; p < stars.pairs; p++) {
        const value = density(r[p]!);
        densities[first[p]!]! += value;
        densities[second[p]!]! += value;
      }
      const roots = densities.map(Math.sqrt);
      const slopes = Float64Array.from({ length: stars.pairs }, (_, p) => {
        const inverse = 1 / roots[first[p]!]! + 1 / roots[second[p]!]!;
        return -amplitude * (r[p]! - cutoff) * inverse;
      });
      out.collectiveEnergy -= amplitude * roots.reduce((sum, root) => sum + root, 0);
      addCentralForces(stars, slopes, out);
    },
  };
}
