import { demand } from "../../core/errors.ts";
import { quietTask, type Task } from "../../core/task.ts";
import { cell } from "../../physics/fluids/cell.ts";
import type { Configuration } from "../../physics/fluids/start.ts";
import { bodyRelevances } from "./bodies.ts";
import type { WalkModel } from "./walk-model.ts";

/** A frame made into a walk model, as the rules say. */
export type ModelOf = (frame: Configuration) => WalkModel;

/** What each order of a frame's relevance says of forces and pressure. */
export interface OrderGradients {
  /** Sizes 1, 2, 3 …; the last entry is what larger sets carry. */
  sizes: readonly (number | "larger")[];
  /** −∂R_n/∂r of the asked beads, sizes×beads×3, kcal/mol/Å. */
  forces: Float64Array;
  /** −∂R_n/∂ε for a strain ε of all lengths, one a size, kcal/mol: three times the order's part of the pressure times the volume. */
  virial: Float64Array;
}

/**
 * Forces and virial by order of relevance: central differences of the totals R_n, so that (with rules that conserve
 * relevance) they sum to the network's own. The rules stay what they are while beads move, and what they hold constant is
 * worked out anew at each step: this is the gradient of R_n as a function of the positions, not a relevance of the force.
 * Costs six frames a bead and two for the virial.
 * @param options.beads whose forces; none by default. @param options.step Å.
 * @throws UserError for a bead that is not there, Cancelled when `task` was told to stop.
 */
export function orderGradients(
  modelOf: ModelOf,
  frame: Configuration,
  options: { largest?: number; beads?: readonly number[]; step?: number; task?: Task } = {},
): OrderGradients {
  const { largest = 3, beads = [], step = 1e-4, task = quietTask } = options;
  const count = frame.positions.length / 3;
  const missing = beads.find((bead) => !Number.isInteger(bead) || bead < 0 || bead >= count);
  demand(missing === undefined, () => `orderGradients: bead ${missing}; there are 0 to ${count - 1}`);
  demand(step > 0, () => `orderGradients: step ${step} Å; expected a length above 0`);
  const totals = (at: Configuration) => {
    task.check();
    const { orders, remainder } = bodyRelevances(modelOf(at), { largest });
    return Float64Array.of(...orders.map(({ total }) => total), remainder);
  };
  const slope = (moved: (by: number) => Configuration) => {
    const [above, below] = [totals(moved(step)), totals(moved(-step))];
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
      const along = slope((by) => ({
        positions: frame.positions.map((x, at) => (at === 3 * bead + k ? x + by : x)),
        cell: frame.cell,
      }));
      along.forEach((value, n) => {
        forces[(n * beads.length + b) * 3 + k] = value;
      });
    }
  });
  const sizes = Array.from({ length: orders }, (_, n) => (n < orders - 1 ? n + 1 : ("larger" as const)));
  return { sizes, forces, virial };
}
