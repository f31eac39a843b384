import type { ForceField } from "./force-field.ts";
import { neighbourGraph } from "./graph.ts";
import type { Configuration } from "./start.ts";

/** The exact two-body terms of one frame: one entry a pair within the cutoff. */
export interface PairTerms {
  first: Int32Array;
  second: Int32Array;
  /** Å. */
  r: Float64Array;
  /** kcal/mol. */
  value: Float64Array;
}

/** The exact three-body terms of one frame: one entry a triplet of which at least two sides are within the cutoff. */
export interface TripletTerms {
  /** Three beads a triplet, ascending. */
  beads: Int32Array;
  /** Three sides a triplet, Å: r₁₂, r₁₃, r₂₃, of the image that its centre sees. */
  sides: Float64Array;
  /** kcal/mol. */
  value: Float64Array;
}

/** V₂ of every pair of a frame, with its distance. @throws UserError as `pairList`. */
export function pairTerms(field: ForceField, { positions, cell }: Configuration): PairTerms {
  const graph = neighbourGraph(positions, cell, field.cutoff);
  const edges = Array.from({ length: graph.edges }, (_, e) => e).filter(
    (e) => graph.receiver[e]! < graph.sender[e]!,
  );
  const r = Float64Array.from(edges, (e) => graph.distances[e]!);
  return {
    first: Int32Array.from(edges, (e) => graph.receiver[e]!),
    second: Int32Array.from(edges, (e) => graph.sender[e]!),
    r,
    value: r.map((distance) => field.pairTerm(distance)),
  };
}

/**
 * V₃ of every triplet of a frame of which two sides are within the cutoff, with its sides. A triplet whose sides close
 * only around the periodic cell (a cell less than 3·cutoff across) is listed once for every way it closes.
 * @throws UserError as `pairList`.
 */
export function tripletTerms(field: ForceField, { positions, cell }: Configuration): TripletTerms {
  const graph = neighbourGraph(positions, cell, field.cutoff);
  const { starts, sender, vectors, distances } = graph;
  const beads: number[] = [];
  const sides: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < graph.beads; i++) {
    for (let a = starts[i]!; a < starts[i + 1]!; a++) {
      for (let b = a + 1; b < starts[i + 1]!; b++) {
        const [j, k] = [sender[a]!, sender[b]!];
        let square = 0;
        for (let axis = 0; axis < 3; axis++) square += (vectors[3 * b + axis]! - vectors[3 * a + axis]!) ** 2;
        const far = Math.sqrt(square);
        // A closed triangle is seen from all three corners: the lowest bead takes it.
        if (far < field.cutoff && (j < i || k < i)) continue;
        const side = new Map([
          [key(i, j), distances[a]!],
          [key(i, k), distances[b]!],
          [key(j, k), far],
        ]);
        const [x, y, z] = [i, j, k].sort((p, q) => p - q) as [number, number, number];
        const three = [side.get(key(x, y))!, side.get(key(x, z))!, side.get(key(y, z))!] as const;
        beads.push(x, y, z);
        sides.push(...three);
        values.push(field.tripletTerm(...three));
      }
    }
  }
  return { beads: Int32Array.from(beads), sides: Float64Array.from(sides), value: Float64Array.from(values) };
}

function key(i: number, j: number): string {
  return i < j ? `${i} ${j}` : `${j} ${i}`;
}
