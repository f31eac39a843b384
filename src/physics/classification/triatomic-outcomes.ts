import { demand } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { quench } from "../../optim/landscape/quench.ts";
import { runSearch } from "../../optim/landscape/search.ts";
import { type LabelledData, labelled } from "./labelled-data.ts";
import { triatomic } from "./triatomic.ts";
import { nuisanceNames, nuisanceValues } from "./xor.ts";

/** Shortest and longest bond that a start may have, in σ. */
const bond = { least: 0.9, most: 2.4 } as const;

/**
 * Where a random triangle of three atoms ends when it is quenched ({@link triatomic}): the features are the three
 * distances r₁₂, r₁₃, r₂₃ of the start in σ, the classes the triangle and the chains with atom 1, 2 or 3 in the middle. r₁₂
 * and r₁₃ are uniform on 0.9 … 2.4 and so is the angle between them; starts with r₂₃ outside of that range are drawn again.
 * A chain is told by its longest distance, more than 1.5 times the shortest one.
 */
export function triatomicOutcomes(
  options: { rows: number; tripleDipole?: number; nuisance?: number },
  random: Random,
): LabelledData {
  const { rows, tripleDipole = 2, nuisance = 0 } = options;
  const landscape = triatomic(tripleDipole);
  return labelled(
    {
      name: `LJ3 quench outcomes, triple dipole ${tripleDipole}`,
      rows,
      classes: ["triangle", "atom 1 in the middle", "atom 2 in the middle", "atom 3 in the middle"],
      names: ["r12", "r13", "r23", ...nuisanceNames(nuisance)],
      relevant: [0, 1, 2],
    },
    () => {
      const start = randomTriangle(random);
      const end = runSearch(landscape, quench(start, { rms: 1e-8, maxStep: 0.1 }));
      demand(
        end.converged,
        () =>
          `triatomicOutcomes: a quench with triple dipole ${tripleDipole} did not converge (${end.stopped}); take a number between 0 and 3`,
      );
      return { x: [...distancesOf(start), ...nuisanceValues(nuisance, random)], label: outcome(end.x) };
    },
  );
}

/** r₁₂, r₁₃ and r₂₃. */
export function distancesOf(x: Float64Array): [number, number, number] {
  const length = (i: number, j: number) =>
    Math.hypot(x[i]! - x[j]!, x[i + 1]! - x[j + 1]!, x[i + 2]! - x[j + 2]!);
  return [length(0, 3), length(0, 6), length(3, 6)];
}

/** 0 for a triangle, else the atom in the middle: the one that the longest distance does not touch. */
function outcome(x: Float64Array): number {
  const distances = distancesOf(x);
  const longest = Math.max(...distances);
  if (longest <= 1.5 * Math.min(...distances)) return 0;
  return 3 - distances.indexOf(longest);
}

function randomTriangle(random: Random): Float64Array {
  const length = () => bond.least + (bond.most - bond.least) * random.uniform();
  for (;;) {
    const [to2, to3] = [length(), length()];
    const angle = Math.PI * random.uniform();
    const x = Float64Array.of(0, 0, 0, to2, 0, 0, to3 * Math.cos(angle), to3 * Math.sin(angle), 0);
    const third = distancesOf(x)[2];
    if (third >= bond.least && third <= bond.most) return x;
  }
}
