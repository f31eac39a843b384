import { breathe } from "../../core/breathe.ts";
import type { Task } from "../../core/task.ts";
import type { GraphNetwork } from "../../models/potentials/potential.ts";
import { pressureToAtm } from "../../physics/fluids/constants.ts";
import type { ForceField } from "../../physics/fluids/force-field.ts";
import { neighbourGraph } from "../../physics/fluids/graph.ts";
import type { Configuration } from "../../physics/fluids/start.ts";
import {
  type EnergyByOrder,
  expansionByOrder,
  lawByOrder,
  type OrderGradients,
  orderGradients,
  relevanceByOrder,
} from "./force-relevance.ts";
import { networkWalks } from "./network-walks.ts";
import type { RelevanceRules } from "./rules.ts";

/** Forces and pressure by order in one frame: relevance, exact expansion and, where it is known, the law. */
export interface GradientsLook {
  /** The frame's number in its set. */
  number: number;
  /** Beads whose forces were worked out. */
  beads: readonly number[];
  sources: readonly GradientsSource[];
}

/** One way to divide the energy, and what its orders say. */
export interface GradientsSource {
  by: "relevance" | "vacuum" | "truth";
  gradients: OrderGradients;
  /** The orders' parts of the pressure without the kinetic one, W_n/(3V), atm; absent without a periodic cell. */
  pressure?: Float64Array;
}

/** Forces of evenly chosen beads and the pressure of one frame by order, three ways. @throws Cancelled. */
export async function lookAtGradients(
  net: GraphNetwork,
  kinds: Int32Array,
  frame: Configuration,
  options: { number: number; beads: number; rules: RelevanceRules; law?: ForceField; task: Task },
): Promise<GradientsLook> {
  const { number, rules, law, task } = options;
  const all = frame.positions.length / 3;
  const count = Math.min(options.beads, all);
  const beads = Array.from({ length: count }, (_, k) => Math.floor(((k + 0.5) * all) / count));
  const modelOf = ({ positions, cell }: Configuration) =>
    networkWalks(net, neighbourGraph(positions, cell, net.cutoff), kinds, rules);
  const ways: [GradientsSource["by"], EnergyByOrder][] = [
    ["relevance", relevanceByOrder(modelOf)],
    ["vacuum", expansionByOrder(net, kinds)],
    ...(law ? ([["truth", lawByOrder(law)]] as [GradientsSource["by"], EnergyByOrder][]) : []),
  ];
  const sources: GradientsSource[] = [];
  for (const [k, [by, energies]] of ways.entries()) {
    await breathe(task);
    const part = task.part(k / ways.length, (k + 1) / ways.length);
    const gradients = orderGradients(energies, frame, { beads, task: part });
    const { volume, periodic } = frame.cell;
    const pressure = periodic.every(Boolean)
      ? gradients.virial.map((value) => (value / (3 * volume)) * pressureToAtm)
      : undefined;
    sources.push({ by, gradients, ...(pressure ? { pressure } : {}) });
  }
  return { number, beads, sources };
}

/** Root mean square over beads and components of each order's force, kcal/mol/Å. */
export function forceByOrder({ sizes, forces }: OrderGradients): number[] {
  const each = forces.length / sizes.length;
  return sizes.map((_, n) => {
    const part = forces.subarray(n * each, (n + 1) * each);
    return Math.sqrt(part.reduce((sum, f) => sum + f * f, 0) / Math.max(1, each));
  });
}
