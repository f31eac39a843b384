import type { DynamicalSystem } from "./system.ts";

/**
 * The convecting fluid of Lorenz (J. Atmos. Sci. 20, 130 (1963)), σ = 10, ρ = 28, β = 8/3, from (−8, 8, 27) over ten time
 * units at steps of 0.002, as Brunton, Proctor & Kutz (PNAS 113, 3932 (2016)) sample it.
 */
export const lorenz: DynamicalSystem = {
  name: "Lorenz",
  variables: ["x", "y", "z"],
  equations: ["-10*x + 10*y", "28*x - y - x*z", "x*y - 8/3*z"],
  rate([x, y, z], out) {
    out[0] = 10 * (y! - x!);
    out[1] = x! * (28 - z!) - y!;
    out[2] = x! * y! - (8 / 3) * z!;
  },
  starts: [[-8, 8, 27]],
  span: 10,
  points: 5001,
  source: "Lorenz, J. Atmos. Sci. 20, 130 (1963)",
};

/** Two uncoupled linear equations, the first example of PySINDy's documentation: ẋ = −2x, ẏ = y from (3, 0.5) on [0, 1]. */
export const linearExample: DynamicalSystem = {
  name: "linear",
  variables: ["x", "y"],
  equations: ["-2*x", "y"],
  rate([x, y], out) {
    out[0] = -2 * x!;
    out[1] = y!;
  },
  starts: [[3, 0.5]],
  span: 1,
  points: 100,
  source: "de Silva et al., J. Open Source Softw. 5, 2104 (2020)",
};

/** The normal form of a Hopf bifurcation with μ = 0.05, ω = 1, A = 1, from outside and from inside of its limit cycle. */
export const hopf: DynamicalSystem = {
  name: "Hopf",
  variables: ["x", "y"],
  equations: ["0.05*x - y - x*(x^2 + y^2)", "x + 0.05*y - y*(x^2 + y^2)"],
  rate([x, y], out) {
    const growth = 0.05 - x! * x! - y! * y!;
    out[0] = growth * x! - y!;
    out[1] = x! + growth * y!;
  },
  starts: [
    [1, 0.75],
    [0.02, 0],
  ],
  span: 60,
  points: 1500,
  source: "Brunton, Proctor & Kutz, PNAS 113, 3932 (2016)",
};

/** Prey and predators after Lotka (1925) and Volterra (1926), ẋ = x − xy/2, ẏ = xy/2 − y: its orbits are closed. */
export const lotkaVolterra: DynamicalSystem = {
  name: "Lotka–Volterra",
  variables: ["x", "y"],
  equations: ["x - 0.5*x*y", "0.5*x*y - y"],
  rate([x, y], out) {
    out[0] = x! - 0.5 * x! * y!;
    out[1] = 0.5 * x! * y! - y!;
  },
  starts: [[5, 1]],
  span: 20,
  points: 1000,
  source: "Lotka, Elements of Physical Biology (1925); Volterra, Nature 118, 558 (1926)",
};
