import type { DynamicalSystem } from "./system.ts";

const source = (page: string) =>
  `Strogatz, Nonlinear Dynamics and Chaos (1994), ${page}; in the set of La Cava et al. (ODE-Strogatz)`;
const common = { variables: ["x", "y"], points: 100 } as const;

/** Two-state systems of Strogatz's textbook, fourteen equations; four trajectories of a hundred points each. */
export const strogatzSystems: readonly DynamicalSystem[] = [
  {
    ...common,
    name: "bacres",
    equations: ["20 - x - x*y/(1 + 0.5*x^2)", "10 - x*y/(1 + 0.5*x^2)"],
    rate([x, y], out) {
      const eaten = (x! * y!) / (1 + 0.5 * x! * x!);
      out[0] = 20 - x! - eaten;
      out[1] = 10 - eaten;
    },
    starts: [
      [5, 10],
      [15, 5],
      [2, 20],
      [10, 15],
    ],
    span: 10,
    box: [
      [0.5, 20],
      [0.5, 20],
    ],
    source: source("bacterial respiration"),
  },
  {
    ...common,
    name: "barmag",
    equations: ["0.5*sin(x - y) - sin(x)", "0.5*sin(y - x) - sin(y)"],
    rate([x, y], out) {
      out[0] = 0.5 * Math.sin(x! - y!) - Math.sin(x!);
      out[1] = 0.5 * Math.sin(y! - x!) - Math.sin(y!);
    },
    starts: [
      [6, 2],
      [1, 5.5],
      [3, 1],
      [2.5, -2.8],
    ],
    span: 6,
    box: [
      [-3, 3],
      [-3, 3],
    ],
    source: source("bar magnets"),
  },
  {
    ...common,
    name: "glider",
    equations: ["-0.05*x^2 - sin(y)", "x - cos(y)/x"],
    rate([x, y], out) {
      out[0] = -0.05 * x! * x! - Math.sin(y!);
      out[1] = x! - Math.cos(y!) / x!;
    },
    starts: [
      [3, 0],
      [5, 1],
      [2, -1],
      [8, 0.5],
    ],
    span: 8,
    box: [
      [0.5, 8],
      [-3, 3],
    ],
    source: source("glider"),
  },
  {
    ...common,
    name: "lv",
    equations: ["3*x - 2*x*y - x^2", "2*y - x*y - y^2"],
    rate([x, y], out) {
      out[0] = 3 * x! - 2 * x! * y! - x! * x!;
      out[1] = 2 * y! - x! * y! - y! * y!;
    },
    starts: [
      [4, 1],
      [1, 3],
      [8, 2],
      [0.3, 0.4],
    ],
    span: 6,
    box: [
      [0, 6],
      [0, 4],
    ],
    source: source("competing species"),
  },
  {
    ...common,
    name: "predprey",
    equations: ["x*(4 - x - y/(1 + x))", "y*(x/(1 + x) - 0.075*y)"],
    rate([x, y], out) {
      out[0] = x! * (4 - x! - y! / (1 + x!));
      out[1] = y! * (x! / (1 + x!) - 0.075 * y!);
    },
    starts: [
      [5, 10],
      [1, 2],
      [8, 1],
      [3, 15],
    ],
    span: 10,
    box: [
      [0.2, 8],
      [0.2, 15],
    ],
    source: source("predator and prey"),
  },
  {
    ...common,
    name: "shearflow",
    equations: ["cos(x)/tan(y)", "(cos(y)^2 + 0.1*sin(y)^2)*sin(x)"],
    rate([x, y], out) {
      out[0] = Math.cos(x!) / Math.tan(y!);
      out[1] = (Math.cos(y!) ** 2 + 0.1 * Math.sin(y!) ** 2) * Math.sin(x!);
    },
    starts: [
      [0.5, 0.6],
      [-1, 1],
      [2.5, 0.9],
      [-2, 0.4],
    ],
    span: 4,
    box: [
      [-3, 3],
      [0.3, 1.4],
    ],
    source: source("shear flow"),
  },
  {
    ...common,
    name: "vdp",
    equations: ["10*(y - (x^3 - x)/3)", "-x/10"],
    rate([x, y], out) {
      out[0] = 10 * (y! - (x! ** 3 - x!) / 3);
      out[1] = -x! / 10;
    },
    starts: [
      [2, 1],
      [-1.5, 0.2],
      [0.5, -1],
      [1, 0.5],
    ],
    span: 12,
    box: [
      [-2, 2],
      [-1, 1],
    ],
    source: source("van der Pol"),
  },
];
