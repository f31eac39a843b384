import { UserError } from "../../core/errors.ts";

export interface IntegrateOptions {
  /** Relative tolerance of a step. Default 1e-9. */
  relative?: number;
  /** Absolute tolerance of a step. Default 1e-12. */
  absolute?: number;
  /** Steps before it gives up. Default 1 000 000. */
  maxSteps?: number;
}

/** ẋ at (state), written into `out`. */
export type Rate = (state: Float64Array, out: Float64Array) => void;

const stages = [
  [],
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
] as const;
const difference = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40] as const;

/**
 * Solves ẋ = f(x) from `start` at times[0], by the explicit Runge–Kutta pair of orders 5 and 4 of Dormand & Prince (J.
 * Comput. Appl. Math. 6, 19 (1980)) with steps chosen by the difference of the two; steps end exactly at the times asked
 * for.
 * @param times ascending. @returns the states at the times, one array for each.
 * @throws UserError for times that do not ascend, a state that stops being finite (naming the time), steps that get too
 * small (a singularity), or too many of them.
 */
export function integrate(
  rate: Rate,
  start: ArrayLike<number>,
  times: ArrayLike<number>,
  options: IntegrateOptions = {},
): Float64Array[] {
  const { relative = 1e-9, absolute = 1e-12, maxSteps = 1_000_000 } = options;
  const n = start.length;
  const k = Array.from({ length: 7 }, () => new Float64Array(n));
  let state = Float64Array.from(start);
  let next = new Float64Array(n);
  const trial = new Float64Array(n);
  let t = times[0]!;
  let step = firstStep(rate, state, relative, absolute);
  let steps = 0;
  rate(state, k[0]!);
  const out = [state.slice()];
  for (let i = 1; i < times.length; i++) {
    const end = times[i]!;
    if (!(end > t)) {
      throw new UserError(`integrate: time ${i} is ${end} after ${times[i - 1]}; expected ascending times`);
    }
    while (t < end) {
      if (++steps > maxSteps) {
        throw new UserError(`integrate: more than ${maxSteps} steps up to t = ${t}; is the system stiff?`);
      }
      const last = t + step >= end * (1 - 1e-15) || t + step >= end;
      const h = last ? end - t : step;
      for (let s = 1; s < 7; s++) {
        const row = stages[s]!;
        for (let j = 0; j < n; j++) {
          let sum = 0;
          for (let r = 0; r < s; r++) sum += row[r]! * k[r]![j]!;
          trial[j] = state[j]! + h * sum;
        }
        rate(trial, k[s]!);
      }
      next.set(trial);
      let error = 0;
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let r = 0; r < 7; r++) sum += difference[r]! * k[r]![j]!;
        const scale = absolute + relative * Math.max(Math.abs(state[j]!), Math.abs(next[j]!));
        error += ((h * sum) / scale) ** 2;
      }
      error = Math.sqrt(error / n);
      if (error <= 1) {
        t = last ? end : t + h;
        [state, next] = [next, state];
        k[0]!.set(k[6]!);
      }
      const factor = Number.isFinite(error) ? 0.9 * (error + 1e-30) ** -0.2 : 0.2;
      const limited = Math.min(5, Math.max(0.2, factor));
      if (error <= 1 && last) step = Math.max(step, h * limited);
      else step = h * limited;
      if (!(step > 1e-14 * Math.max(1, Math.abs(t)))) {
        throw new UserError(
          `integrate: the steps get too small at t = ${t}, state (${Array.from(state).join(", ")}); the solution may be singular there`,
        );
      }
    }
    out.push(state.slice());
  }
  return out;
}

/** A first step in which a trial Euler step changes the state by about a hundredth of its tolerance-weighted size. */
function firstStep(rate: Rate, state: Float64Array, relative: number, absolute: number): number {
  const slope = new Float64Array(state.length);
  rate(state, slope);
  let size = 0;
  let change = 0;
  for (let j = 0; j < state.length; j++) {
    const scale = absolute + relative * Math.abs(state[j]!);
    size += (state[j]! / scale) ** 2;
    change += (slope[j]! / scale) ** 2;
  }
  return size > 1e-10 && change > 1e-10 ? Math.min(0.1, 0.01 * Math.sqrt(size / change)) : 1e-6;
}
