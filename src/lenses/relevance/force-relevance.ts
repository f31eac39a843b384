import { demand } from "../../core/errors.ts";
import { quietTask, type Task } from "../../core/task.ts";
import type { GraphNetwork } from "../../models/potentials/potential.ts";
import { cell } from "../../physics/fluids/cell.ts";
import { evaluate, type ForceField } from "../../physics/fluids/force-field.ts";
import { type NeighbourGraph, neighbourGraph } from "../../physics/fluids/graph.ts";
import type { Configuration } from "../../physics/fluids/start.ts";
import { connectedSets } from "./adjacency.ts";
import { bodyRelevances } from "./bodies.ts";
import { networkSubsets, type SubsetEnergy } from "./expansion/subset-energy.ts";
import { vacuumExpansion } from "./expansion/vacuum.ts";
import type { WalkModel } from "./walk-model.ts";

/** A frame made into a walk model, as the rules say. */
export type ModelOf = (frame: Configuration) => WalkModel;

/**
 * A frame's energy by order: sets of 1, 2, 3 … beads, and last what larger sets carry; kcal/mol. Where `moved` is given,
 * only that bead will be moved, and what does not depend on it may be left out.
 */
export type EnergyByOrder = (frame: Configuration, moved?: number) => Float64Array;

/** What each order of a frame's energy says of forces and pressure. */
export interface OrderGradients {
  /** Sizes 1, 2, 3 …; the last entry is what larger sets carry. */
  sizes: readonly (number | "larger")[];
  /** −∂E_n/∂r of the asked beads, sizes×beads×3, kcal/mol/Å. */
  forces: Float64Array;
  /** −∂E_n/∂ε for a strain ε of all lengths, one a size, kcal/mol: three times the order's part of the pressure times the volume. */
  virial: Float64Array;
}

/** Energy by order as relevance divides it. */
export const relevanceByOrder =
  (modelOf: ModelOf, largest = 3): EnergyByOrder =>
  (frame) => {
    const { orders, remainder } = bodyRelevances(modelOf(frame), { largest });
    return Float64Array.of(...orders.map(({ total }) => total), remainder);
  };

/** Energy by order of the exact expansion of a network. */
export const expansionByOrder =
  (net: GraphNetwork, kinds: Int32Array, largest = 3): EnergyByOrder =>
  (frame, moved) => {
    const graph = neighbourGraph(frame.positions, frame.cell, net.cutoff);
    const energy = networkSubsets(net, graph, kinds);
    if (moved !== undefined) return expansionAround(moved, energy, graph, largest);
    const { orders, remainder } = vacuumExpansion(energy, graph, { largest });
    return Float64Array.of(...orders.map(({ total }) => total), remainder);
  };

/** Σ over the sets S with the bead of Σ (−1)^{|S|−|T|} E(T) over their parts T with the bead: all that moves with it. */
function expansionAround(bead: number, energy: SubsetEnergy, graph: NeighbourGraph, largest: number) {
  const known = new Map<string, number>();
  const energyOf = (set: Int32Array) => {
    const key = set.join();
    const value = known.get(key) ?? energy(set);
    known.set(key, value);
    return value;
  };
  const totals = new Float64Array(largest + 1);
  for (let size = 1; size <= largest; size++) {
    const sets = connectedSets(graph, size);
    for (let at = 0; at < sets.length; at += size) {
      const set = sets.subarray(at, at + size);
      if (!set.includes(bead)) continue;
      for (let mask = 1; mask < 2 ** size; mask++) {
        const part = set.filter((_, b) => mask & (1 << b));
        if (!part.includes(bead)) continue;
        totals[size - 1]! += (size - part.length) % 2 === 0 ? energyOf(part) : -energyOf(part);
      }
    }
  }
  const whole = energy(Int32Array.from({ length: graph.beads }, (_, i) => i));
  totals[largest] = whole - totals.reduce((sum, value) => sum + value, 0);
  return totals;
}

/** Energy by order of a known law. */
export const lawByOrder =
  (law: ForceField): EnergyByOrder =>
  (frame) => {
    const { pairEnergy, tripletEnergy, collectiveEnergy } = evaluate(law, frame);
    return Float64Array.of(0, pairEnergy, tripletEnergy, collectiveEnergy);
  };

/**
 * Forces and virial by order: central differences of the totals E_n, so that (where the orders sum to the energy) they
 * sum to the network's own. For relevance the rules stay what they are while beads move, and what they hold constant is
 * worked out anew at each step: this is the gradient of R_n as a function of the positions, not a relevance of the force.
 * Costs six frames a bead and two for the virial.
 * @param options.beads whose forces; none by default. @param options.step Å.
 * @throws UserError for a bead that is not there, Cancelled when `task` was told to stop.
 */
export function orderGradients(
  energies: EnergyByOrder,
  frame: Configuration,
  options: { beads?: readonly number[]; step?: number; task?: Task } = {},
): OrderGradients {
  const { beads = [], step = 1e-4, task = quietTask } = options;
  const count = frame.positions.length / 3;
  const missing = beads.find((bead) => !Number.isInteger(bead) || bead < 0 || bead >= count);
  demand(missing === undefined, () => `orderGradients: bead ${missing}; there are 0 to ${count - 1}`);
  demand(step > 0, () => `orderGradients: step ${step} Å; expected a length above 0`);
  const slope = (frameAt: (by: number) => Configuration, moved?: number) => {
    task.check();
    const above = energies(frameAt(step), moved);
    task.check();
    const below = energies(frameAt(-step), moved);
    return above.map((value, n) => -(value - below[n]!) / (2 * step));
  };
  const virial = slope((by) => ({
    positions: frame.positions.map((x) => (1 + by) * x),
    cell: cell(
      frame.cell.vectors.map((x) => (1 + by) * x),
      frame.cell.periodic,
    ),
  }));
  const orders = virial.length;
  const forces = new Float64Array(orders * beads.length * 3);
  beads.forEach((bead, b) => {
    task.report(b / beads.length, "forces by order");
    for (let k = 0; k < 3; k++) {
      const along = slope(
        (by) => ({
          positions: frame.positions.map((x, at) => (at === 3 * bead + k ? x + by : x)),
          cell: frame.cell,
        }),
        bead,
      );
      along.forEach((value, n) => {
        forces[(n * beads.length + b) * 3 + k] = value;
      });
    }
  });
  const sizes = Array.from({ length: orders }, (_, n) => (n < orders - 1 ? n + 1 : ("larger" as const)));
  return { sizes, forces, virial };
}
