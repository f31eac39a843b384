import { quietTask, type Task } from "../../core/task.ts";
import { connectedSets, setKey } from "./adjacency.ts";
import { type SubsetSums, subsetSums, totalRelevance } from "./subsets.ts";
import type { WalkModel } from "./walk-model.ts";
import { enumerateWalks } from "./walks.ts";

/** Relevance of the sets of one size: of the walks that visit all beads of a set and no others. */
export interface BodyOrder {
  size: number;
  /** count×size, ascending. */
  sets: Int32Array;
  /** kcal/mol, one a set. */
  relevance: Float64Array;
  total: number;
}

/** How one frame's relevance divides over bodies, with the certificate of its sum. */
export interface BodyRelevances {
  /** Sizes 1, 2, 3 … */
  orders: readonly BodyOrder[];
  /** Σ R of all walks. */
  total: number;
  /** `total` less the orders above: what larger sets carry. */
  remainder: number;
  /** Energy of the network, kcal/mol. */
  energy: number;
  /** Part of the energy that is a constant of the readout. */
  constant: number;
  /** energy − constant − total: 0 where the rules conserve relevance. */
  defect: number;
}

/**
 * Relevance of all sets of up to `largest` beads by sums over subsets and Möbius inversion:
 * R(set) = Σ_{sub ⊆ set} (−1)^{|set|−|sub|} S(sub), where only sets that hang together have any. Takes time
 * proportional to the number of sets; walks are not enumerated.
 * @param options.sums other subset sums than those over walks: the branching variant (`so3netBranches`), whose total is
 * that of the walks. @throws Cancelled when `task` was told to stop.
 */
export function bodyRelevances(
  model: WalkModel,
  options: { largest?: number; sums?: SubsetSums; task?: Task } = {},
): BodyRelevances {
  const { task = quietTask } = options;
  const wanted = options.largest ?? 3;
  const largest = options.sums ? wanted : Math.min(wanted, model.layers.length + 1);
  const sums = options.sums ?? subsetSums(model);
  const { beads } = model.graph;
  const known: Map<number, number>[] = [];
  const orders: BodyOrder[] = [];
  for (let size = 1; size <= largest; size++) {
    const sets = connectedSets(model.graph, size);
    const relevance = new Float64Array(sets.length / size);
    const here = new Map<number, number>();
    for (let k = 0; k < relevance.length; k++) {
      if (k % 256 === 0) {
        task.check();
        task.report((size - 1 + k / relevance.length) / largest, `${size}-body relevance`);
      }
      const set = sets.subarray(k * size, (k + 1) * size);
      let value = sums.of(set);
      for (let mask = 1; mask < 2 ** size - 1; mask++) {
        const sub = set.filter((_, b) => mask & (1 << b));
        value -= known[sub.length - 1]!.get(setKey(sub, 0, sub.length, beads)) ?? 0;
      }
      relevance[k] = value;
      here.set(setKey(set, 0, size, beads), value);
    }
    known.push(here);
    orders.push({ size, sets, relevance, total: sumOf(relevance) });
  }
  return certified(model, orders, totalRelevance(model));
}

/** The same by enumeration of all walks: every order, and how many walks each set has. */
export function bodiesByEnumeration(model: WalkModel): BodyRelevances & { walks: readonly Int32Array[] } {
  const length = model.layers.length + 1;
  const { beads } = model.graph;
  const found = Array.from(
    { length },
    () => new Map<number, { set: Int32Array; sum: number; walks: number }>(),
  );
  enumerateWalks(model, (walk, relevance) => {
    const set = distinct(walk);
    const key = setKey(set, 0, set.length, beads);
    const entry = found[set.length - 1]!.get(key);
    if (entry) {
      entry.sum += relevance;
      entry.walks++;
    } else found[set.length - 1]!.set(key, { set, sum: relevance, walks: 1 });
  });
  const walks: Int32Array[] = [];
  const orders = found.map((entries, k): BodyOrder => {
    const sorted = [...entries].sort(([a], [b]) => a - b).map(([, entry]) => entry);
    walks.push(Int32Array.from(sorted, (entry) => entry.walks));
    const sets = new Int32Array(sorted.length * (k + 1));
    sorted.forEach((entry, at) => {
      sets.set(entry.set, at * (k + 1));
    });
    const relevance = Float64Array.from(sorted, (entry) => entry.sum);
    return { size: k + 1, sets, relevance, total: sumOf(relevance) };
  });
  return {
    ...certified(
      model,
      orders,
      orders.reduce((sum, o) => sum + o.total, 0),
    ),
    walks,
  };
}

/** The beads of a walk, each once, ascending. */
export function distinct(walk: Int32Array): Int32Array {
  const sorted = walk.slice().sort();
  return sorted.filter((bead, k) => k === 0 || bead !== sorted[k - 1]);
}

function certified(model: WalkModel, orders: readonly BodyOrder[], total: number): BodyRelevances {
  const remainder = total - orders.reduce((sum, o) => sum + o.total, 0);
  const { energy, constant } = model;
  return { orders, total, remainder, energy, constant, defect: energy - constant - total };
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
