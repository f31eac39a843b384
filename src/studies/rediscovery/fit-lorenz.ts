import { random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { print } from "../../expressions/print.ts";
import { dynamicsFromTable } from "../../lenses/symbolic/sparse/data.ts";
import type { SparseOptions } from "../../lenses/symbolic/sparse/options.ts";
import { type SparseDynamics, sindy } from "../../lenses/symbolic/sparse/sindy.ts";
import { sampleSystem } from "../../physics/dynamics/sample-system.ts";
import { lorenz } from "../../physics/dynamics/systems.ts";

const names = lorenz.variables;
const truth: readonly Readonly<Record<string, number>>[] = [
  { x: -10, y: 10 },
  { x: 28, y: -1, "x*z": -1 },
  { z: -8 / 3, "x*y": 1 },
];
export const levels = [0, 0.001, 0.01, 0.05];
export const methods: { name: string; key: string; options: SparseOptions }[] = [
  { name: "measured rates", key: "rates", options: {} },
  {
    name: "measured rates, noise of the states taken out",
    key: "corrected",
    options: { correctNoise: true },
  },
  {
    name: "weak form, from the states alone",
    key: "weak",
    options: { rates: "weak form", weak: { window: 151 } },
  },
  {
    name: "Savitzky–Golay, from the states alone",
    key: "smooth",
    options: { rates: "savitzky-golay", window: 31 },
  },
];

/** One sparse regression held against the true equations. */
export interface LorenzFit {
  method: string;
  key: string;
  noise: number;
  seed: number;
  dynamics: SparseDynamics;
  /** True terms that were chosen, of seven; their largest relative error (1 for a missing one). */
  found: number;
  worst: number;
  spurious: number;
  /** Spurious terms with a flag, and true terms with one. */
  flagged: number;
  doubted: number;
}

/** Every method on every noise level and seed. */
export function fitLorenz(options: { seeds: number; rounds: number }, seed: number, task: Task): LorenzFit[] {
  const fits: LorenzFit[] = [];
  const all = levels.flatMap((noise) =>
    Array.from({ length: noise === 0 ? 1 : options.seeds }, (_, k) => ({ noise, k })),
  );
  all.forEach(({ noise, k }, i) => {
    task.check();
    task.report(i / all.length, `Lorenz at noise ${noise}`);
    const stream = random(seed, "rediscovery", "lorenz", k);
    const data = dynamicsFromTable(sampleSystem(lorenz, { noise, random: stream }), names);
    for (const { name, key, options: how } of methods) {
      const dynamics = sindy(data, { ...how, rounds: options.rounds, random: stream.fork("ensemble", key) });
      fits.push({ method: name, key, noise, seed: k, dynamics, ...held(dynamics) });
    }
  });
  return fits;
}

function held({ equations }: SparseDynamics) {
  let [found, worst, spurious, flagged, doubted] = [0, 0, 0, 0, 0];
  equations.forEach(({ terms }, k) => {
    const own = new Map(terms.map((term) => [print(term.term, { names }), term]));
    for (const [text, value] of Object.entries(truth[k]!)) {
      const term = own.get(text);
      if (term) found++;
      if (term && term.flags.length > 0) doubted++;
      worst = Math.max(worst, term ? Math.abs(term.coefficient / value - 1) : 1);
    }
    for (const [text, { flags }] of own) {
      if (text in truth[k]!) continue;
      spurious++;
      if (flags.length > 0) flagged++;
    }
  });
  return { found, worst, spurious, flagged, doubted };
}
