import { demand } from "../../core/errors.ts";
import { type Configurations, frameOf } from "../../data/configurations.ts";
import { angleCosine, bondLength, dihedralAngle, type InternalCoordinate } from "./internal-coordinates.ts";

/** One term of a prior energy of a molecule in vacuum; energies in kcal/mol, lengths in Å. */
export type PriorTerm =
  | { kind: "bond"; beads: readonly [number, number]; stiffness: number; rest: number }
  | { kind: "angle"; beads: readonly [number, number, number]; stiffness: number; rest: number }
  | {
      kind: "dihedral";
      beads: readonly [number, number, number, number];
      /** k₁, k₂, … of cos nφ and of sin nφ. */
      cosine: readonly number[];
      sine: readonly number[];
    }
  | { kind: "repulsion"; beads: readonly [number, number]; sigma: number };

/** A prior's energy with its exact split by order, and its forces. */
export interface PriorEnergy {
  energy: number;
  /** Bonds and repulsion (two-body), angles (three-body), dihedrals (four-body). */
  byOrder: { 2: number; 3: number; 4: number };
  /** beads×3, kcal/mol/Å. */
  forces: Float64Array;
}

const orders = { bond: 2, angle: 3, dihedral: 4, repulsion: 2 } as const;

/**
 * The prior energy Σ k(r − r₀)² over bonds + Σ k(cos θ − c₀)² over angles + Σ Σ_n (a_n cos nφ + b_n sin nφ) over
 * dihedrals + Σ (σ/r)⁶ over pairs, in kcal/mol. Each term is a many-body term of the order of its beads.
 * Forms: as in the coarse-graining library mlcg.
 * @throws UserError for a term whose beads are not there.
 */
export function priorEnergy(terms: readonly PriorTerm[], positions: Float64Array): PriorEnergy {
  const out: PriorEnergy = {
    energy: 0,
    byOrder: { 2: 0, 3: 0, 4: 0 },
    forces: new Float64Array(positions.length),
  };
  for (const term of terms) {
    const lost = term.beads.find(
      (bead) => !(Number.isInteger(bead) && bead >= 0 && 3 * bead < positions.length),
    );
    demand(
      lost === undefined,
      () =>
        `priorEnergy: ${term.kind} of beads ${term.beads.join(", ")}; there are ${positions.length / 3}, counted from 0`,
    );
    const { value, gradient } = coordinateOf(term, positions);
    const [energy, slope] = energyAndSlope(term, value);
    out.byOrder[orders[term.kind]] += energy;
    out.energy += energy;
    term.beads.forEach((bead, b) => {
      for (let k = 0; k < 3; k++) out.forces[3 * bead + k]! -= slope * gradient[3 * b + k]!;
    });
  }
  return out;
}

/**
 * What is left of a set's forces (and energies) when the prior's are taken off: what a network is trained on, so that
 * prior and network together give the forces. @throws UserError for a set without forces.
 */
export function withoutPrior(
  set: Configurations,
  terms: readonly PriorTerm[],
): Configurations & { forces: Float64Array } {
  const { forces } = set;
  demand(forces !== undefined, () => `withoutPrior: ${set.name} has no forces`);
  const left = forces.slice();
  const energies = set.energies?.slice();
  for (let f = 0; f < set.frames; f++) {
    const prior = priorEnergy(terms, frameOf(set, f).positions);
    prior.forces.forEach((force, i) => {
      left[3 * set.beads * f + i]! -= force;
    });
    if (energies) energies[f]! -= prior.energy;
  }
  return { ...set, name: `${set.name}, less prior`, forces: left, ...(energies ? { energies } : {}) };
}

/** The coordinate a term speaks of: a length, a cosine or an angle. */
export function coordinateOf({ kind, beads }: PriorTerm, positions: Float64Array): InternalCoordinate {
  switch (kind) {
    case "bond":
    case "repulsion":
      return bondLength(positions, ...beads);
    case "angle":
      return angleCosine(positions, ...beads);
    case "dihedral":
      return dihedralAngle(positions, ...beads);
  }
}

function energyAndSlope(term: PriorTerm, x: number): [number, number] {
  switch (term.kind) {
    case "bond":
    case "angle":
      return [term.stiffness * (x - term.rest) ** 2, 2 * term.stiffness * (x - term.rest)];
    case "repulsion": {
      const energy = (term.sigma / x) ** 6;
      return [energy, (-6 * energy) / x];
    }
    case "dihedral": {
      let [energy, slope] = [0, 0];
      term.cosine.forEach((a, k) => {
        const [n, b] = [k + 1, term.sine[k]!];
        energy += a * Math.cos(n * x) + b * Math.sin(n * x);
        slope += n * (b * Math.cos(n * x) - a * Math.sin(n * x));
      });
      return [energy, slope];
    }
  }
}
