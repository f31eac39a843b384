import { demand } from "../../../core/errors.ts";
import { type GraphNetwork, networkEnergy } from "../../../models/potentials/potential.ts";
import { openCell } from "../../../physics/fluids/cell.ts";
import { neighbourGraph } from "../../../physics/fluids/graph.ts";

/** Exact few-body terms of a network in vacuum, kcal/mol: functions of distances, Å. */
export interface FewBody {
  /** Energy of one bead of a species. */
  single(species?: number): number;
  /** V₂(r) of a dimer. */
  pair(r: number, species?: readonly [number, number]): number;
  /** V₃ of a trimer with the sides r₁₂, r₁₃, r₂₃: its energy less those of its dimers and beads. */
  triplet(sides: readonly [number, number, number], species?: readonly [number, number, number]): number;
}

/** The few-body terms of a network. Species are rows of its embedding, `options.species` (0) by default. */
export function fewBody(net: GraphNetwork, options: { species?: number } = {}): FewBody {
  const { species: usual = 0 } = options;
  const energy = (positions: readonly number[], species: readonly number[]) =>
    networkEnergy(
      net,
      neighbourGraph(Float64Array.from(positions), openCell(), net.cutoff, { floor: 0 }),
      Int32Array.from(species),
    );
  const single = (species = usual) => energy([0, 0, 0], [species]);
  const pair = (r: number, species: readonly [number, number] = [usual, usual]) => {
    demand(r > 0 && Number.isFinite(r), () => `fewBody: distance ${r}; expected a length in Å above 0`);
    return energy([0, 0, 0, r, 0, 0], species) - single(species[0]) - single(species[1]);
  };
  return {
    single,
    pair,
    triplet(sides, species = [usual, usual, usual]) {
      const [a, b, c] = sides;
      const along = (a * a + b * b - c * c) / (2 * a);
      const height = b * b - along * along;
      demand(
        a > 0 && b > 0 && c > 0 && height > -1e-9 * b * b,
        () => `fewBody: sides ${a}, ${b}, ${c} Å; expected three lengths that close a triangle`,
      );
      const [i, j, k] = species;
      const third = [along, Math.sqrt(Math.max(height, 0)), 0] as const;
      const ones = single(i) + single(j) + single(k);
      const pairs = pair(a, [i, j]) + pair(b, [i, k]) + pair(c, [j, k]);
      return energy([0, 0, 0, a, 0, 0, ...third], species) - pairs - ones;
    },
  };
}
