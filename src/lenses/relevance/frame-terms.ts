import { breathe } from "../../core/breathe.ts";
import type { Task } from "../../core/task.ts";
import type { GraphNetwork } from "../../models/potentials/potential.ts";
import { runSo3net } from "../../models/potentials/so3net-forward.ts";
import { eachCorner } from "../../physics/fluids/angles.ts";
import { type NeighbourGraph, neighbourGraph } from "../../physics/fluids/graph.ts";
import type { Configuration } from "../../physics/fluids/start.ts";
import { connectedSets, setKey } from "./adjacency.ts";
import { type BodyRelevances, bodyRelevances } from "./bodies.ts";
import { contextTerms } from "./expansion/context.ts";
import { networkSubsets, type SubsetEnergy } from "./expansion/subset-energy.ts";
import { vacuumExpansion } from "./expansion/vacuum.ts";
import { networkWalks } from "./network-walks.ts";
import type { RelevanceRules } from "./rules.ts";
import { so3netBranches } from "./so3net-branches.ts";

/** Sets of beads with their relevance and their exact term in vacuum. */
export interface SetTerms {
  /** count×size. */
  sets: Int32Array;
  /** kcal/mol; 0 where the network's layers are too few to see such sets. */
  relevance: Float64Array;
  /** The same with products formed inside a layer credited to all beads in them; absent where it was not asked for. */
  branching?: Float64Array;
  /** V of the set: its energy in vacuum less the terms of all its parts, kcal/mol. */
  vacuum: Float64Array;
}

/** An angle at a bead of a triplet: both legs are edges of the graph, no longer than the shell. */
export interface Corners {
  /** Which triplet. */
  triplet: Int32Array;
  /** Degrees. */
  angle: Float64Array;
}

/** A few sets of a frame with their exact term among all other beads. */
export interface ContextTerms {
  /** Which of the sets. */
  at: Int32Array;
  value: Float64Array;
}

/** What one network's energy of one frame is made of. Plain data: it crosses threads. */
export interface FrameTerms {
  beads: number;
  singles: SetTerms;
  pairs: SetTerms & {
    /** Å. */ distance: Float64Array;
  };
  triplets: SetTerms;
  corners: Corners;
  /** Relevance of sets of four, where it was asked for. */
  quadruplets: number;
  /** Totals by order as relevance divides the energy: 1, 2, 3, and all above. */
  relevanceTotals: readonly [number, number, number, number];
  /** The same by the branching variant. */
  branchingTotals?: readonly [number, number, number, number];
  /** Totals by order of the exact expansion in vacuum: 1, 2, 3, and all above (the rest of the energy). */
  vacuumTotals: readonly [number, number, number, number];
  inContext: { pairs: ContextTerms; triplets: ContextTerms };
  certificate: Pick<BodyRelevances, "energy" | "constant" | "total" | "defect">;
  /** Walks that relevance sums over. */
  edges: number;
}

export interface FrameOptions {
  rules: RelevanceRules;
  /** Longest leg of an angle, Å. */
  shell: number;
  /** Largest sets whose relevance is summed one by one, 2 to 4. */
  orders: number;
  /** Pairs, and as many triplets, whose term in context is computed. */
  inContext: number;
  /** Whether an SO3net is also looked at by trees of messages. */
  branching: boolean;
  /** Whether the exact expansion in vacuum is worked out; otherwise its terms are 0. */
  vacuum: boolean;
  /** From 0 to 1: which of the pairs of like rank are taken for that. */
  offset: number;
}

/**
 * The relevance of all singles, pairs and triplets of a frame, and the exact expansion of the same energy beside it.
 * @throws UserError for a frame that the graph refuses; Cancelled.
 */
export async function frameTerms(
  net: GraphNetwork,
  kinds: Int32Array,
  frame: Configuration,
  options: FrameOptions,
  task: Task,
): Promise<FrameTerms> {
  const graph = neighbourGraph(frame.positions, frame.cell, net.cutoff);
  const model = networkWalks(net, graph, kinds, options.rules);
  task.report(0.05, "relevance of pairs and triplets");
  await breathe(task);
  const bodies = bodyRelevances(model, { largest: options.orders, task: task.part(0.05, 0.4) });
  await breathe(task);
  const [singles, pairs, triplets] = [1, 2, 3].map((size) => termsOf(graph, bodies, size)) as [
    SetTerms,
    SetTerms,
    SetTerms,
  ];
  const subsets = networkSubsets(net, graph, kinds);
  if (options.vacuum) {
    const exact = vacuumExpansion(subsets, graph, { largest: 3, task: task.part(0.4, 0.8) });
    exact.orders.forEach(({ relevance: values }, k) => {
      [singles, pairs, triplets][k]!.vacuum.set(values);
    });
    await breathe(task);
  }
  const branchingTotals = branched(net, graph, kinds, options, [singles, pairs, triplets]);
  await breathe(task);
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  const { energy, constant, total, defect } = bodies;
  const known = [singles, pairs, triplets].map(({ vacuum }) => sum(vacuum)) as [number, number, number];
  const seen = [singles, pairs, triplets].map(({ relevance }) => sum(relevance)) as [number, number, number];
  task.report(0.8, "terms in context");
  const corners = cornersOf(graph, triplets, options.shell);
  const chosen = inContext(subsets, graph, { pairs, triplets, corners }, options, task.part(0.8, 1));
  return {
    beads: graph.beads,
    singles,
    pairs: { ...pairs, distance: distancesOf(graph, pairs.sets) },
    triplets,
    corners,
    quadruplets: bodies.orders[3]?.total ?? 0,
    relevanceTotals: [...seen, total - seen[0] - seen[1] - seen[2]],
    ...(branchingTotals ? { branchingTotals } : {}),
    vacuumTotals: [...known, energy - known[0] - known[1] - known[2]],
    inContext: chosen,
    certificate: { energy, constant, total, defect },
    edges: graph.edges,
  };
}

/** Fills in the branching variant: the same Möbius inversion, over sums inside subsets that follow trees. */
function branched(
  net: GraphNetwork,
  graph: NeighbourGraph,
  kinds: Int32Array,
  { branching, rules }: FrameOptions,
  terms: readonly SetTerms[],
): FrameTerms["branchingTotals"] {
  if (!branching || net.architecture !== "so3net") return undefined;
  const sums = so3netBranches(net, runSo3net(net, graph, kinds), rules);
  const { orders, remainder } = vacuumExpansion((set) => sums.of(set), graph, { largest: 3 });
  orders.forEach(({ relevance }, k) => {
    terms[k]!.branching = relevance;
  });
  return [orders[0]!.total, orders[1]!.total, orders[2]!.total, remainder];
}

function termsOf(graph: NeighbourGraph, bodies: BodyRelevances, size: number): SetTerms {
  const order = bodies.orders[size - 1];
  const sets = order?.sets ?? connectedSets(graph, size);
  const count = sets.length / size;
  return {
    sets,
    relevance: order?.relevance ?? new Float64Array(count),
    vacuum: new Float64Array(count),
  };
}

function distancesOf(graph: NeighbourGraph, sets: Int32Array): Float64Array {
  const { beads } = graph;
  const found = new Map<number, number>();
  for (let e = 0; e < graph.edges; e++) {
    found.set(graph.receiver[e]! * beads + graph.sender[e]!, graph.distances[e]!);
  }
  return Float64Array.from(
    { length: sets.length / 2 },
    (_, k) => found.get(sets[2 * k]! * beads + sets[2 * k + 1]!)!,
  );
}

function cornersOf(graph: NeighbourGraph, triplets: SetTerms, shell: number): Corners {
  const { beads, sender, distances } = graph;
  const index = new Map<number, number>();
  for (let k = 0; k < triplets.relevance.length; k++) index.set(setKey(triplets.sets, 3 * k, 3, beads), k);
  const [triplet, angle]: number[][] = [[], []];
  eachCorner(graph, (bead, cosine, a, b) => {
    if (distances[a]! > shell || distances[b]! > shell) return;
    const set = Int32Array.of(bead, sender[a]!, sender[b]!).sort();
    triplet!.push(index.get(setKey(set, 0, 3, beads))!);
    angle!.push((Math.acos(Math.max(-1, Math.min(1, cosine))) * 180) / Math.PI);
  });
  return { triplet: Int32Array.from(triplet!), angle: Float64Array.from(angle!) };
}

/** Pairs of even rank in distance, and triplets of even rank in angle, so that all of the range is met. */
function inContext(
  subsets: SubsetEnergy,
  graph: NeighbourGraph,
  { pairs, triplets, corners }: { pairs: SetTerms; triplets: SetTerms; corners: Corners },
  { inContext: count, offset }: FrameOptions,
  task: Task,
): FrameTerms["inContext"] {
  const ranked = (values: Float64Array) => {
    const order = Int32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]! || a - b);
    const chosen = Math.min(count, order.length);
    return Array.from(
      { length: chosen },
      (_, k) => order[Math.floor(((k + offset) * order.length) / chosen)]!,
    );
  };
  const termsAt = (terms: SetTerms, at: readonly number[], size: number, part: Task): ContextTerms => {
    const sets = new Int32Array(at.length * size);
    at.forEach((which, k) => {
      sets.set(terms.sets.subarray(which * size, (which + 1) * size), k * size);
    });
    return {
      at: Int32Array.from(at),
      value: contextTerms(subsets, graph.beads, sets, size, { task: part }),
    };
  };
  const corner = [...new Set(ranked(corners.angle).map((k) => corners.triplet[k]!))];
  return {
    pairs: termsAt(pairs, ranked(distancesOf(graph, pairs.sets)), 2, task.part(0, 0.4)),
    triplets: termsAt(triplets, corner, 3, task.part(0.4, 1)),
  };
}
