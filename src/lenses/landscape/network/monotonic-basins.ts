import { demand } from "../../../core/errors.ts";
import { checkGraph, type EnergyGraph } from "./energy-graph.ts";

/** Which lower neighbour a minimum is led to. */
export type DescentRule = "lowest saddle" | "lowest neighbour" | "steepest";

export interface MonotonicBasins {
  rule: DescentRule;
  /** For every minimum the lower one that it is led to; itself for a bottom. */
  next: Int32Array;
  /** For every minimum the bottom where its sequence ends. */
  bottom: Int32Array;
  /** The groups, that of the global minimum (the primary one) first, then by the value of their bottoms. */
  groups: { bottom: number; minima: number[] }[];
}

/**
 * Monotonic sequence basins: from every minimum step to a directly connected lower one and repeat until there is none.
 * Of several the step goes over the lowest saddle (default; of equal ones to the lower minimum), to the lowest neighbour
 * (of equal ones over the lower saddle), or where (V_i − V_j)/distance is largest; then to the smaller number. Saddles
 * that join a minimum to itself are ignored, and a minimum without any is a group of its own.
 * Source: Kunz & Berry, J. Chem. Phys. 103, 1904 (1995).
 * @throws UserError for "steepest" without a distance.
 */
export function monotonicBasins(
  graph: EnergyGraph,
  options: { rule?: DescentRule; distance?: (a: number, b: number) => number } = {},
): MonotonicBasins {
  checkGraph(graph, "monotonicBasins");
  const { rule = "lowest saddle", distance } = options;
  demand(rule !== "steepest" || distance, () => "monotonicBasins: the rule 'steepest' needs a distance");
  const { minima, saddles } = graph;
  const rank = (from: number, to: number, saddle: number): [number, number] => {
    const value = minima[to]!.value;
    if (rule === "lowest saddle") return [saddle, value];
    if (rule === "lowest neighbour") return [value, saddle];
    return [-(minima[from]!.value - value) / distance!(from, to), saddle];
  };
  const next = Int32Array.from(minima.keys());
  const best: ([number, number] | undefined)[] = minima.map(() => undefined);
  for (const { value, minima: ends } of saddles) {
    for (const [from, to] of [ends, [ends[1], ends[0]]] as const) {
      if (!(minima[to]!.value < minima[from]!.value)) continue;
      const mine = rank(from, to, value);
      const held = best[from];
      const before = held ? mine[0] - held[0] || mine[1] - held[1] || to - next[from]! : -1;
      if (before >= 0) continue;
      best[from] = mine;
      next[from] = to;
    }
  }
  const bottom = new Int32Array(minima.length);
  const byValue = Array.from(minima.keys()).sort((a, b) => minima[a]!.value - minima[b]!.value || a - b);
  for (const i of byValue) bottom[i] = next[i] === i ? i : bottom[next[i]!]!;
  const groups = byValue
    .filter((i) => next[i] === i)
    .map((i) => ({ bottom: i, minima: Array.from(minima.keys()).filter((j) => bottom[j] === i) }));
  return { rule, next, bottom, groups };
}
