import { breathe } from "../../core/breathe.ts";
import { quietTask, type Task } from "../../core/task.ts";
import { mapInWorkers } from "../../core/workers.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { type GroundStateSolver, groundStateSolver } from "./ground-state.ts";
import type { RingOptions } from "./model.ts";
import { type OrderParameters, orderParameters } from "./observables.ts";

export interface Coupling {
  V1: number;
  V2: number;
}

/** Threads and progress of a long computation; the same numbers come out whatever they are. */
export interface HowToRun {
  /** Worker threads; 0 (default) stays in this thread and yields now and then. */
  threads?: number;
  task?: Task;
}

/** Ground states of one ring at many couplings. */
export interface GroundStates {
  /** One state a row. */
  states: Matrix;
  energy: Float64Array;
  /** Largest residual met. */
  residual: number;
  orders: Record<keyof OrderParameters, Float64Array>;
}

/** What one worker computes. */
export interface StateJob {
  ring: RingOptions;
  points: readonly Coupling[];
  /** false: only energies and order parameters are wanted. */
  keepStates: boolean;
}

const pointsPerJob = 50;

/**
 * Ground states with their order parameters for every one of `points`, each solved from the same start, so that the
 * bytes do not depend on the number of threads. L = 12: about 1 ms a state.
 * @param options.keepStates false leaves `states` empty (0 × dim) and spares the memory (8·dim bytes a state).
 * @throws UserError for a ring that does not exist; Cancelled.
 */
export async function groundStates(
  ring: RingOptions,
  points: readonly Coupling[],
  options: HowToRun & { keepStates?: boolean } = {},
): Promise<GroundStates> {
  const { threads = 0, task = quietTask, keepStates = true } = options;
  const inputs: StateJob[] = [];
  for (let from = 0; from < points.length; from += pointsPerJob) {
    inputs.push({ ring, points: points.slice(from, from + pointsPerJob), keepStates });
  }
  const module = import.meta.url;
  const parts = await mapInWorkers<StateJob, GroundStates>({
    module,
    fn: "solveStates",
    inputs,
    threads,
    task,
  });
  const cols = parts[0]?.states.cols ?? groundStateSolver(ring).basis.count;
  const joined: GroundStates = {
    states: matrix(keepStates ? points.length : 0, cols),
    energy: new Float64Array(points.length),
    residual: 0,
    orders: {
      cdw1: new Float64Array(points.length),
      cdw2: new Float64Array(points.length),
      bond: new Float64Array(points.length),
    },
  };
  parts.forEach((part, k) => {
    const at = k * pointsPerJob;
    joined.states.data.set(part.states.data, keepStates ? at * cols : 0);
    joined.energy.set(part.energy, at);
    joined.residual = Math.max(joined.residual, part.residual);
    for (const name of ["cdw1", "cdw2", "bond"] as const) joined.orders[name].set(part.orders[name], at);
  });
  return joined;
}

/** One job of {@link groundStates}; exported for the worker threads. */
export async function solveStates(job: StateJob, task: Task): Promise<GroundStates> {
  const solver: GroundStateSolver = prepared(job.ring);
  const count = job.points.length;
  const dim = solver.basis.count;
  const states = matrix(job.keepStates ? count : 0, dim);
  const energy = new Float64Array(count);
  const orders = {
    cdw1: new Float64Array(count),
    cdw2: new Float64Array(count),
    bond: new Float64Array(count),
  };
  let residual = 0;
  for (const [k, point] of job.points.entries()) {
    if (k % 10 === 0) await breathe(task);
    const state = solver.solve(point);
    if (job.keepStates) states.data.set(state.amplitudes, k * dim);
    energy[k] = state.energy;
    residual = Math.max(residual, state.residual);
    const found = orderParameters(solver.basis, state.amplitudes);
    for (const name of ["cdw1", "cdw2", "bond"] as const) orders[name][k] = found[name];
    task.report((k + 1) / count, `V1 = ${point.V1.toFixed(3)}, V2 = ${point.V2.toFixed(3)}`);
  }
  return { states, energy, residual, orders };
}

let last: { key: string; solver: GroundStateSolver } | undefined;

/** The solver of a ring; the last one is kept, since consecutive jobs ask for the same ring. */
function prepared(ring: RingOptions): GroundStateSolver {
  const key = JSON.stringify(ring);
  if (last?.key !== key) last = { key, solver: groundStateSolver(ring) };
  return last.solver;
}
