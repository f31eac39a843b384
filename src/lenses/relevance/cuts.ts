import { breathe } from "../../core/breathe.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import type { GraphNetwork } from "../../models/potentials/potential.ts";
import { networkEnergy } from "../../models/potentials/potential.ts";
import type { NeighbourGraph } from "../../physics/fluids/graph.ts";
import { withoutPairs } from "./cut-graph.ts";
import type { FrameTerms } from "./frame-terms.ts";

/** What happens to the energy when named pairs are cut from the graph, and when as many random ones are. */
export interface CutCheck {
  count: number;
  /** kcal/mol. */
  change: number;
  controls: number[];
}

type Pair = readonly [number, number];

/** Mean |E − E without the pair| over the pairs of largest relevance, beside random pairs. */
export async function cutPairs(
  net: GraphNetwork,
  graph: NeighbourGraph,
  kinds: Int32Array,
  { pairs }: FrameTerms,
  options: { count: number; controls: number; random: Random; task: Task },
): Promise<CutCheck> {
  const { count: wanted, controls, random, task } = options;
  const total = pairs.relevance.length;
  const count = Math.min(wanted, total);
  const energy = networkEnergy(net, graph, kinds);
  const pairAt = (k: number): Pair => [pairs.sets[2 * k]!, pairs.sets[2 * k + 1]!];
  const change = async (chosen: readonly number[]) => {
    await breathe(task);
    return Math.abs(networkEnergy(net, withoutPairs(graph, chosen.map(pairAt)), kinds) - energy);
  };
  const own = await change(largestOf(pairs.relevance, count));
  const drawn: number[] = [];
  for (let b = 0; b < controls; b++) {
    task.report(b / controls, "cutting pairs");
    drawn.push(await change(Array.from(random.permutation(total).subarray(0, count))));
  }
  return { count, change: own, controls: drawn };
}

/**
 * Mean |E − E∖ij − E∖ik + E∖ij,ik| over the corners of the triplets of largest relevance, beside random corners: how
 * far cutting two pairs at a bead is from cutting one and the other. For a sum over pairs it vanishes.
 */
export async function cutCorners(
  net: GraphNetwork,
  graph: NeighbourGraph,
  kinds: Int32Array,
  terms: FrameTerms,
  options: { count: number; controls: number; random: Random; task: Task },
): Promise<CutCheck | undefined> {
  const { count: wanted, controls, random, task } = options;
  const { triplets, corners } = terms;
  const members = [...new Set(corners.triplet)];
  if (members.length < 2) return undefined;
  const count = Math.min(wanted, members.length);
  const known = new Map<string, number>();
  const energyWithout = (cut: readonly Pair[]) => {
    const key = cut.map((pair) => pair.join("-")).join(",");
    const found = known.get(key);
    if (found !== undefined) return found;
    const energy = networkEnergy(net, cut.length === 0 ? graph : withoutPairs(graph, cut), kinds);
    known.set(key, energy);
    return energy;
  };
  const joined = new Set<number>();
  for (let e = 0; e < graph.edges; e++) joined.add(graph.receiver[e]! * graph.beads + graph.sender[e]!);
  /** The bead of a triplet that sees both others, and those. */
  const legs = (t: number): readonly [Pair, Pair] => {
    const [a, b, c] = [triplets.sets[3 * t]!, triplets.sets[3 * t + 1]!, triplets.sets[3 * t + 2]!];
    const near = (i: number, j: number) => joined.has(i * graph.beads + j);
    const [centre, p, q] =
      near(a, b) && near(a, c) ? [a, b, c] : near(b, a) && near(b, c) ? [b, a, c] : [c, a, b];
    return [
      [centre, p],
      [centre, q],
    ];
  };
  const change = async (chosen: readonly number[]) => {
    let sum = 0;
    for (const t of chosen) {
      await breathe(task);
      const [one, two] = legs(t);
      sum += Math.abs(
        energyWithout([]) - energyWithout([one]) - energyWithout([two]) + energyWithout([one, two]),
      );
    }
    return sum / chosen.length;
  };
  const sizes = Float64Array.from(members, (t) => triplets.relevance[t]!);
  const own = await change(largestOf(sizes, count).map((k) => members[k]!));
  const drawn: number[] = [];
  for (let b = 0; b < controls; b++) {
    task.report(b / controls, "cutting corners");
    const order = random.permutation(members.length).subarray(0, count);
    drawn.push(await change(Array.from(order, (k) => members[k]!)));
  }
  return { count, change: own, controls: drawn };
}

/** Places of the `count` values of largest size, largest first. */
export function largestOf(values: Float64Array, count: number): number[] {
  return Array.from(values.keys())
    .sort((a, b) => Math.abs(values[b]!) - Math.abs(values[a]!) || a - b)
    .slice(0, count);
}
