import { demand } from "../../core/errors.ts";
import { type Configurations, frameOf } from "../../data/configurations.ts";
import { matrix } from "../../linalg/matrix.ts";
import { mean, variance } from "../../stats/describe.ts";
import { leastSquares } from "../../stats/least-squares.ts";
import { boltzmann } from "./constants.ts";
import { coordinateOf, type PriorTerm } from "./prior.ts";

/** Which beads a prior's terms are about. */
export interface PriorTopology {
  bonds: readonly (readonly [number, number])[];
  angles: readonly (readonly [number, number, number])[];
  dihedrals: readonly (readonly [number, number, number, number])[];
  repulsions: readonly (readonly [number, number])[];
}

/** A chain 0–1–2–…: all its bonds, angles and dihedrals; repulsion between beads three or more bonds apart. */
export function chainTopology(beads: number): PriorTopology {
  const index = Array.from({ length: beads }, (_, i) => i);
  return {
    bonds: index.slice(1).map((i) => [i - 1, i] as const),
    angles: index.slice(2).map((i) => [i - 2, i - 1, i] as const),
    dihedrals: index.slice(3).map((i) => [i - 3, i - 2, i - 1, i] as const),
    repulsions: index.flatMap((i) => index.slice(i + 3).map((j) => [i, j] as const)),
  };
}

/**
 * A prior by Boltzmann inversion of a set's own distributions, each coordinate by itself:
 * bonds and angles k = k_BT/(2·variance) about the mean; dihedrals the Fourier series of −k_BT ln p(φ), fitted to a
 * histogram of 60 bins, each with its count as weight; repulsion σ such that (σ/r)⁶ kcal/mol is k_BT at the shortest
 * distance that occurs.
 * @param options.temperature of the set, K. @param options.harmonics of the dihedrals, 3 by default.
 * @throws UserError for fewer than 100 frames and a temperature that is not above 0.
 */
export function fitPrior(
  set: Configurations,
  topology: PriorTopology,
  options: { temperature: number; harmonics?: number },
): PriorTerm[] {
  const { temperature, harmonics = 3 } = options;
  demand(temperature > 0, () => `fitPrior: temperature ${temperature} K; expected a number above 0`);
  demand(set.frames >= 100, () => `fitPrior: ${set.frames} frames of ${set.name}; expected 100 or more`);
  const thermal = boltzmann * temperature;
  const sampled = (term: PriorTerm): Float64Array =>
    Float64Array.from({ length: set.frames }, (_, f) => coordinateOf(term, frameOf(set, f).positions).value);
  const harmonic = (term: PriorTerm & { kind: "bond" | "angle" }): PriorTerm => {
    const values = sampled(term);
    return { ...term, stiffness: thermal / (2 * variance(values)), rest: mean(values) };
  };
  return [
    ...topology.bonds.map((beads) => harmonic({ kind: "bond", beads, stiffness: 0, rest: 0 })),
    ...topology.angles.map((beads) => harmonic({ kind: "angle", beads, stiffness: 0, rest: 0 })),
    ...topology.dihedrals.map((beads): PriorTerm => {
      const values = sampled({ kind: "dihedral", beads, cosine: [], sine: [] });
      return { kind: "dihedral", beads, ...fourierPotential(values, thermal, harmonics) };
    }),
    ...topology.repulsions.map((beads): PriorTerm => {
      const shortest = sampled({ kind: "repulsion", beads, sigma: 0 }).reduce((a, b) => Math.min(a, b));
      return { kind: "repulsion", beads, sigma: shortest * thermal ** (1 / 6) };
    }),
  ];
}

function fourierPotential(
  angles: Float64Array,
  thermal: number,
  harmonics: number,
): { cosine: number[]; sine: number[] } {
  const bins = 60;
  const counts = new Float64Array(bins);
  for (const phi of angles)
    counts[Math.min(bins - 1, Math.floor(((phi + Math.PI) / (2 * Math.PI)) * bins))]!++;
  const filled = Array.from({ length: bins }, (_, k) => k).filter((k) => counts[k]! > 0);
  const width = 2 * harmonics + 1;
  demand(
    filled.length > width,
    () => `fitPrior: a dihedral visits ${filled.length} of ${bins} bins, too few for ${harmonics} harmonics`,
  );
  const design = matrix(filled.length, width);
  filled.forEach((k, row) => {
    const phi = -Math.PI + ((k + 0.5) * 2 * Math.PI) / bins;
    design.data[row * width] = 1;
    for (let n = 1; n <= harmonics; n++) {
      design.data[row * width + 2 * n - 1] = Math.cos(n * phi);
      design.data[row * width + 2 * n] = Math.sin(n * phi);
    }
  });
  const { coefficients } = leastSquares(
    design,
    filled.map((k) => -thermal * Math.log(counts[k]! / angles.length)),
    { weights: filled.map((k) => counts[k]!) },
  );
  return {
    cosine: Array.from({ length: harmonics }, (_, n) => coefficients[2 * n + 1]!),
    sine: Array.from({ length: harmonics }, (_, n) => coefficients[2 * n + 2]!),
  };
}
