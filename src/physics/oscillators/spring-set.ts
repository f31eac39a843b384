import { UserError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { numberColumn, type Table } from "../../data/table.ts";
import { spreadOf } from "./noise.ts";

export interface SpringSetOptions {
  /** Default 25. */
  trajectories?: number;
  /** Points a trajectory, evenly spaced on [0, span]. Default 30. */
  points?: number;
  /** Default 3. */
  span?: number;
  /** Standard deviation of the measured q and p. Default 0.1. */
  sigma?: number;
  /** More noise, in standard deviations of q and of p, added in quadrature. Default 0. */
  noise?: number;
  random: Random;
}

/**
 * Trajectories of the spring of Hamiltonian neural networks, H = q² + p², so that q̇ = 2p and ṗ = −2q: each starts in a
 * random direction at a radius uniform on [0.1, 1]. Noise is on q and p; their derivatives are those of the true motion.
 * Source: Greydanus, Dzamba & Yosinski, NeurIPS 2019, experiment "spring" (25 training trajectories, σ = 0.1).
 * @returns columns trajectory (its number), t, q, p, dq, dp and H (of the true motion), in the set's own units.
 * @throws UserError for fewer than two points a trajectory or a negative noise.
 */
export function springSet(options: SpringSetOptions): Table {
  const { trajectories = 25, points = 30, span = 3, sigma = 0.1, noise = 0, random } = options;
  if (!(points >= 2) || !(sigma >= 0) || !(noise >= 0)) {
    throw new UserError(
      `springSet: points = ${points}, sigma = ${sigma}, noise = ${noise}; expected at least 2 points and noise from 0`,
    );
  }
  const rows = trajectories * points;
  const make = () => new Float64Array(rows);
  const [number, t, q, p, dq, dp, energy] = [make(), make(), make(), make(), make(), make(), make()];
  for (let k = 0; k < trajectories; k++) {
    const radius = 0.1 + 0.9 * random.uniform();
    const angle = 2 * Math.PI * random.uniform();
    for (let i = 0; i < points; i++) {
      const row = k * points + i;
      number[row] = k;
      t[row] = (span * i) / (points - 1);
      q[row] = radius * Math.cos(angle - 2 * t[row]!);
      p[row] = radius * Math.sin(angle - 2 * t[row]!);
      dq[row] = 2 * p[row]!;
      dp[row] = -2 * q[row]!;
      energy[row] = radius * radius;
    }
  }
  const stream = random.fork("noise");
  const total = (values: Float64Array) => Math.hypot(sigma, noise * spreadOf(values));
  const measured = (values: Float64Array, size: number) =>
    values.map((value) => value + size * stream.normal());
  const [sq, sp] = [total(q), total(p)];
  const stated = (size: number) => ({ uncertainty: new Float64Array(rows).fill(size) });
  return {
    name: "oscillator-springs",
    title: "Springs with H = q² + p²",
    rows,
    columns: [
      numberColumn("trajectory", "", number, { help: "number of the trajectory" }),
      numberColumn("t", "", t, { help: "time" }),
      numberColumn("q", "", measured(q, sq), { help: "position", ...stated(sq) }),
      numberColumn("p", "", measured(p, sp), { help: "momentum", ...stated(sp) }),
      numberColumn("dq", "", dq, { help: "dq/dt of the true motion" }),
      numberColumn("dp", "", dp, { help: "dp/dt of the true motion" }),
      numberColumn("H", "", energy, { help: "energy of the true motion" }),
    ],
    provenance: [
      {
        name: "simulated",
        source: "physlens",
        citation: "Greydanus, Dzamba & Yosinski, Hamiltonian Neural Networks, NeurIPS 2019: spring",
        license: "CC0-1.0",
      },
    ],
  };
}
