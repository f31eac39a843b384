import { UserError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { numberColumn, type Table } from "../../data/table.ts";
import { withNoise } from "./noise.ts";

export interface Damped {
  /** Damping, 1/s. */
  b: number;
  /** Spring constant over mass, 1/s². */
  kappa: number;
  /** Amplitude, m. Default 1. */
  amplitude?: number;
  /** Phase, rad. Default 0. */
  delta?: number;
}

/** The damped pendulum of the graded set: b = 0.7 1/s, κ = 7 1/s². */
export const gradedDamped: Damped = { b: 0.7, kappa: 7 };

/**
 * Position, velocity and acceleration of a damped pendulum at time t, for b² < 4κ:
 * x = Re[A·exp(−bt/2)·exp(½√(b² − 4κ)·t + iδ)], which solves ẍ = −κx − bẋ.
 * Source: Iten et al., Phys. Rev. Lett. 124, 010508 (2020), the generator of SciNet's first example.
 * @throws UserError unless b² < 4κ: only there is the root imaginary.
 */
export function dampedState({ b, kappa, amplitude = 1, delta = 0 }: Damped, t: number) {
  const discriminant = 4 * kappa - b * b;
  if (!(discriminant > 0)) {
    throw new UserError(
      `dampedState: b = ${b}, κ = ${kappa} is not underdamped; expected b² below 4κ = ${4 * kappa}`,
    );
  }
  const omega = Math.sqrt(discriminant) / 2;
  const size = amplitude * Math.exp((-b * t) / 2);
  const x = size * Math.cos(omega * t + delta);
  const v = (-b / 2) * x - omega * size * Math.sin(omega * t + delta);
  return { x, v, a: -kappa * x - b * v };
}

/**
 * One trajectory of a damped pendulum at evenly spaced times on [0, span]. Noise is on the acceleration.
 * @param options.rows default 50, as SciNet. @param options.span s, default 5.
 * @param options.noise in standard deviations of the acceleration.
 * @returns columns t (s), x (m), v (m/s) and a (m/s²) with its uncertainty where there is noise.
 */
export function dampedTrajectory(options: {
  rows?: number;
  span?: number;
  noise?: number;
  damped?: Damped;
  random: Random;
}): Table {
  const { rows = 50, span = 5, noise = 0, damped = gradedDamped, random } = options;
  const t = Float64Array.from({ length: rows }, (_, i) => (span * i) / (rows - 1));
  const states = Array.from(t, (time) => dampedState(damped, time));
  const exact = Float64Array.from(states, ({ a }) => a);
  const { values: a, sigma } = withNoise(exact, noise, random.fork("noise"));
  const uncertainty = sigma > 0 ? { uncertainty: new Float64Array(rows).fill(sigma) } : {};
  return {
    name: "oscillator-damped",
    title: "Damped pendulum: acceleration",
    rows,
    columns: [
      numberColumn("t", "s", t, { help: "time" }),
      numberColumn(
        "x",
        "m",
        states.map(({ x }) => x),
        { help: "position" },
      ),
      numberColumn(
        "v",
        "m/s",
        states.map(({ v }) => v),
        { help: "velocity" },
      ),
      numberColumn("a", "m/s^2", a, { help: "acceleration", ...uncertainty }),
    ],
    provenance: [
      {
        name: "simulated",
        source: "physlens",
        citation: "Iten et al., Phys. Rev. Lett. 124, 010508 (2020): damped pendulum",
        license: "CC0-1.0",
      },
    ],
  };
}
