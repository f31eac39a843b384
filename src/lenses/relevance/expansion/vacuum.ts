import { quietTask, type Task } from "../../../core/task.ts";
import type { NeighbourGraph } from "../../../physics/fluids/graph.ts";
import { connectedSets, setKey } from "../adjacency.ts";
import type { BodyOrder } from "../bodies.ts";
import type { SubsetEnergy } from "./subset-energy.ts";

/** The many-body expansion of a frame's energy, every term worked out with its beads alone in the box. */
export interface VacuumExpansion {
  /** V of all sets of 1, 2, 3 … beads that hang together, kcal/mol. */
  orders: readonly BodyOrder[];
  /** Energy of the frame. */
  energy: number;
  /** Energy less the orders above: what larger sets hold. */
  remainder: number;
}

/**
 * The exact expansion V(S) = Σ_{T ⊆ S} (−1)^{|S|−|T|} E(T) of a frame over all sets of up to `largest` beads that hang
 * together in `graph` (that of the potential's cutoff: sets that do not have V = 0, for their parts do not feel each
 * other). The truth of the potential's own energy, for comparison with relevances; one-body terms of a network trained
 * on forces are constants without meaning. Source: Rota 1964; Drautz, Fähnle & Sanchez 2004.
 * @throws Cancelled when `task` was told to stop.
 */
export function vacuumExpansion(
  energy: SubsetEnergy,
  graph: NeighbourGraph,
  options: { largest?: number; task?: Task } = {},
): VacuumExpansion {
  const { largest = 3, task = quietTask } = options;
  const known: Map<number, number>[] = [];
  const orders: BodyOrder[] = [];
  for (let size = 1; size <= largest; size++) {
    const sets = connectedSets(graph, size);
    const relevance = new Float64Array(sets.length / size);
    const here = new Map<number, number>();
    relevance.forEach((_, k) => {
      if (k % 64 === 0) {
        task.check();
        task.report((size - 1 + k / relevance.length) / largest, `exact ${size}-body terms`);
      }
      const set = sets.subarray(k * size, (k + 1) * size);
      let value = energy(set);
      for (let mask = 1; mask < 2 ** size - 1; mask++) {
        const sub = set.filter((_bead, b) => mask & (1 << b));
        value -= known[sub.length - 1]!.get(setKey(sub, 0, sub.length, graph.beads)) ?? 0;
      }
      relevance[k] = value;
      here.set(setKey(set, 0, size, graph.beads), value);
    });
    known.push(here);
    orders.push({ size, sets, relevance, total: relevance.reduce((sum, v) => sum + v, 0) });
  }
  const whole = energy(Int32Array.from({ length: graph.beads }, (_, i) => i));
  return { orders, energy: whole, remainder: whole - orders.reduce((sum, o) => sum + o.total, 0) };
}
