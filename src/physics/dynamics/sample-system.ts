import type { Random } from "../../core/random.ts";
import { numberColumn, type Table } from "../../data/table.ts";
import { spreadOf } from "../oscillators/noise.ts";
import { integrate } from "./integrate.ts";
import type { DynamicalSystem } from "./system.ts";

/**
 * Trajectories of a system from each of its initial states at evenly spaced times.
 * @param options.noise on the states, in their standard deviations (default 0; then no stream is needed).
 * @returns columns trajectory, t, each variable, and for each its exact derivative at the true state ("dx" for "x").
 * @throws UserError as `integrate`.
 */
export function sampleSystem(
  system: DynamicalSystem,
  options: { noise?: number; random?: Random; points?: number; span?: number } = {},
): Table {
  const { noise = 0, random, points = system.points, span = system.span } = options;
  const { variables, starts } = system;
  const rows = starts.length * points;
  const times = Float64Array.from({ length: points }, (_, i) => (span * i) / (points - 1));
  const states = variables.map(() => new Float64Array(rows));
  const rates = variables.map(() => new Float64Array(rows));
  const rate = new Float64Array(variables.length);
  starts.forEach((start, k) => {
    integrate(system.rate, start, times).forEach((state, i) => {
      system.rate(state, rate);
      for (let j = 0; j < variables.length; j++) {
        states[j]![k * points + i] = state[j]!;
        rates[j]![k * points + i] = rate[j]!;
      }
    });
  });
  const measured = states.map((values, j) => {
    if (noise === 0 || !random) return { values, more: {} };
    const sigma = noise * spreadOf(values);
    const stream = random.fork("noise", j);
    return {
      values: values.map((value) => value + sigma * stream.normal()),
      more: { uncertainty: new Float64Array(rows).fill(sigma) },
    };
  });
  return {
    name: system.name,
    title: `Trajectories of the system ${system.name}`,
    rows,
    columns: [
      numberColumn(
        "trajectory",
        "",
        Float64Array.from({ length: rows }, (_, i) => Math.floor(i / points)),
      ),
      numberColumn(
        "t",
        "",
        Float64Array.from({ length: rows }, (_, i) => times[i % points]!),
      ),
      ...variables.map((name, j) => numberColumn(name, "", measured[j]!.values, measured[j]!.more)),
      ...variables.map((name, j) => numberColumn(`d${name}`, "", rates[j]!)),
    ],
    provenance: [{ name: "simulated", source: "physlens", citation: system.source, license: "CC0-1.0" }],
  };
}
