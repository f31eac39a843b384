import type { Configurations } from "../../data/configurations.ts";
import { matrix } from "../../linalg/matrix.ts";
import { boltzmann } from "../../physics/fluids/constants.ts";
import { neighbourGraph } from "../../physics/fluids/graph.ts";
import { leastSquares } from "../../stats/least-squares.ts";
import type { Curve } from "./curves.ts";
import type { Corners, FrameTerms } from "./frame-terms.ts";
import { configurationOf } from "./subject.ts";

/** A curve of a classical method; the methods state no error. */
export type PlainCurve = Pick<Curve, "at" | "value">;

/**
 * The potential of mean force −kT ln g(r) of the frames, kcal/mol, at the middles of `edges`: the cheapest guess at a
 * pair potential, right for a dilute gas. Bins without pairs are left out.
 * Source: Reith, Pütz & Müller-Plathe, J. Comput. Chem. 24 (2003) 1624.
 */
export function boltzmannInversion(
  terms: readonly FrameTerms[],
  volumes: readonly number[],
  edges: Float64Array,
  temperature: number,
): PlainCurve {
  const bins = edges.length - 1;
  const g = new Float64Array(bins);
  terms.forEach(({ pairs, beads }, f) => {
    for (const r of pairs.distance) {
      const bin = Math.floor(((r - edges[0]!) / (edges[bins]! - edges[0]!)) * bins);
      if (bin < 0 || bin >= bins) continue;
      const shell = (4 / 3) * Math.PI * (edges[bin + 1]! ** 3 - edges[bin]! ** 3);
      g[bin]! += (2 * volumes[f]!) / (beads * (beads - 1) * shell * terms.length);
    }
  });
  const filled = Array.from(g.keys()).filter((bin) => g[bin]! > 0);
  return {
    at: Float64Array.from(filled, (bin) => (edges[bin]! + edges[bin + 1]!) / 2),
    value: Float64Array.from(filled, (bin) => -boltzmann * temperature * Math.log(g[bin]!)),
  };
}

/** −kT ln(p(θ)/sin θ) of the corners, kcal/mol up to a constant: the same guess for an angular term. */
export function angleInversion(
  corners: readonly Corners[],
  edges: Float64Array,
  temperature: number,
): PlainCurve {
  const bins = edges.length - 1;
  const counts = new Float64Array(bins);
  for (const { angle } of corners) {
    for (const theta of angle) {
      const bin = Math.floor(((theta - edges[0]!) / (edges[bins]! - edges[0]!)) * bins);
      if (bin >= 0 && bin < bins) counts[bin]!++;
    }
  }
  const middle = (bin: number) => (edges[bin]! + edges[bin + 1]!) / 2;
  const filled = Array.from(counts.keys()).filter((bin) => counts[bin]! > 0);
  return {
    at: Float64Array.from(filled, middle),
    value: Float64Array.from(
      filled,
      (bin) => -boltzmann * temperature * Math.log(counts[bin]! / Math.sin((middle(bin) * Math.PI) / 180)),
    ),
  };
}

/**
 * The pair potential that matches the frames' forces best among all central pair forces that are linear between the
 * middles of `edges` (linear least squares), integrated from the cutoff inwards, kcal/mol.
 * Source: Izvekov & Voth, J. Phys. Chem. B 109 (2005) 2469 (multiscale coarse-graining).
 * @returns undefined for frames without forces, or too few of them to settle all coefficients.
 */
export function pairForceMatch(
  frames: Configurations,
  numbers: readonly number[],
  edges: Float64Array,
): PlainCurve | undefined {
  const { forces, beads } = frames;
  if (!forces) return undefined;
  const cutoff = edges.at(-1)!;
  const graphs = numbers.map((f) => {
    const { positions, cell } = configurationOf(frames, f);
    return neighbourGraph(positions, cell, cutoff);
  });
  const width = edges[1]! - edges[0]!;
  const first = edges[0]! + width / 2;
  const knots = edges.length - 1;
  const counts = new Float64Array(knots);
  const weightsAt = (r: number): [number, number][] => {
    const place = Math.max(0, (r - first) / width);
    const k = Math.min(knots - 1, Math.floor(place));
    const part = place - k;
    return k + 1 < knots
      ? [
          [k, 1 - part],
          [k + 1, part],
        ]
      : [[k, Math.max(0, 1 - 2 * part)]];
  };
  for (const graph of graphs) {
    for (const r of graph.distances) for (const [k, w] of weightsAt(r)) counts[k]! += w;
  }
  const used = Array.from(counts.keys()).filter((k) => counts[k]! > 1);
  const column = new Map(used.map((k, j) => [k, j]));
  const rows = 3 * beads * numbers.length;
  if (used.length < 3 || rows < 4 * used.length) return undefined;
  const design = matrix(rows, used.length);
  const target = new Float64Array(rows);
  graphs.forEach((graph, g) => {
    const at = 3 * beads * numbers[g]!;
    target.set(forces.subarray(at, at + 3 * beads), 3 * beads * g);
    for (let e = 0; e < graph.edges; e++) {
      const row = 3 * beads * g + 3 * graph.receiver[e]!;
      for (const [k, w] of weightsAt(graph.distances[e]!)) {
        const j = column.get(k);
        if (j === undefined) continue;
        for (let a = 0; a < 3; a++) {
          design.data[(row + a) * used.length + j]! -= (w * graph.vectors[3 * e + a]!) / graph.distances[e]!;
        }
      }
    }
  });
  const { coefficients } = leastSquares(design, target);
  const value = new Float64Array(used.length);
  for (let j = used.length - 1; j >= 0; j--) {
    const here = coefficients[j]!;
    const next = j + 1 < used.length ? coefficients[j + 1]! : 0;
    const step = j + 1 < used.length ? (used[j + 1]! - used[j]!) * width : width / 2;
    value[j] = (j + 1 < used.length ? value[j + 1]! : 0) + (step * (here + next)) / 2;
  }
  return { at: Float64Array.from(used, (k) => (edges[k]! + edges[k + 1]!) / 2), value };
}
