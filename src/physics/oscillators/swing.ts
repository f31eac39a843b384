import type { Random } from "../../core/random.ts";
import { numberColumn, type Table } from "../../data/table.ts";
import { withNoise } from "./noise.ts";

export interface Swing {
  /** Amplitude, m. */
  amplitude: number;
  /** Angular frequency, rad/s. */
  omega: number;
  /** Phase at t = 0, rad. */
  phase: number;
}

/** The swing of the graded set: A = 1 m, ω = 2 rad/s, φ = 0.3 rad. */
export const gradedSwing: Swing = { amplitude: 1, omega: 2, phase: 0.3 };

/**
 * A harmonic trajectory x(t) = A·sin(ωt + φ) at evenly spaced times on [0, span]. Noise is on x.
 * @param options.rows default 100. @param options.span s, default 10. @param options.noise in standard deviations of x.
 * @returns columns t (s) and x (m) with its uncertainty where there is noise.
 */
export function swingTrajectory(options: {
  rows?: number;
  span?: number;
  noise?: number;
  swing?: Swing;
  random: Random;
}): Table {
  const { rows = 100, span = 10, noise = 0, swing = gradedSwing, random } = options;
  const t = Float64Array.from({ length: rows }, (_, i) => (span * i) / (rows - 1));
  const exact = t.map((time) => swing.amplitude * Math.sin(swing.omega * time + swing.phase));
  const { values: x, sigma } = withNoise(exact, noise, random.fork("noise"));
  const uncertainty = sigma > 0 ? { uncertainty: new Float64Array(rows).fill(sigma) } : {};
  return {
    name: "oscillator-trajectory",
    title: "Harmonic oscillator: position over time",
    rows,
    columns: [
      numberColumn("t", "s", t, { help: "time" }),
      numberColumn("x", "m", x, { help: "position", ...uncertainty }),
    ],
    provenance: [
      {
        name: "simulated",
        source: "physlens",
        citation: "x = A·sin(ωt + φ) at even times",
        license: "CC0-1.0",
      },
    ],
  };
}
