import type { Random } from "../../core/random.ts";
import { numberColumn, type Table } from "../../data/table.ts";

interface Drawn {
  name: string;
  rows: number;
  /** Relative noise of the target. */
  noise: number;
  inputs: readonly { name: string; unit: string; from: number; to: number; logarithmic: boolean }[];
  target: { name: string; unit: string; of(...values: number[]): number };
  citation: string;
}

const benchmark = "formula and ranges of Cranmer's benchmark, arXiv:2305.01582";

const drawn = {
  newton: {
    name: "newton",
    rows: 30,
    noise: 0.1,
    inputs: [
      { name: "m1", unit: "kg", from: 1.3e22, to: 2e30, logarithmic: true },
      { name: "m2", unit: "kg", from: 1.3e22, to: 2e30, logarithmic: true },
      { name: "r", unit: "m", from: 3.7e8, to: 7.4e12, logarithmic: true },
    ],
    target: { name: "F", unit: "N", of: (m1, m2, r) => (6.6743e-11 * m1! * m2!) / r! ** 2 },
    citation: `Newton, Principia (1687); ${benchmark}`,
  },
  planck: {
    name: "planck",
    rows: 100,
    noise: 0.1,
    inputs: [
      { name: "nu", unit: "Hz", from: 1e9, to: 1e16, logarithmic: true },
      { name: "T", unit: "K", from: 100, to: 6000, logarithmic: true },
    ],
    target: {
      name: "B",
      unit: "W/m^2/Hz",
      of: (nu, T) =>
        (2 * 6.62607015e-34 * nu! ** 3) /
        299792458 ** 2 /
        Math.expm1((6.62607015e-34 * nu!) / (1.380649e-23 * T!)),
    },
    citation: `Planck, Verh. Dtsch. Phys. Ges. 2, 237 (1900); ${benchmark}`,
  },
  idealGas: {
    name: "ideal_gas",
    rows: 30,
    noise: 0.1,
    inputs: [
      { name: "n", unit: "mol", from: 1, to: 100, logarithmic: false },
      { name: "T", unit: "K", from: 300, to: 400, logarithmic: false },
      { name: "V", unit: "m^3", from: 1, to: 100, logarithmic: false },
    ],
    target: { name: "P", unit: "Pa", of: (n, T, V) => (8.314 * n! * T!) / V! },
    citation: `Clapeyron, J. École Polytech. 14, 153 (1834); ${benchmark}`,
  },
} satisfies Record<string, Drawn>;

/** Laws whose benchmark data are drawn from the formula: their names. */
export type DrawnLaw = keyof typeof drawn;
export const drawnLaws = Object.keys(drawn) as readonly DrawnLaw[];

/**
 * A table drawn from a famous law over the benchmark's ranges, with relative normal noise on the target (10 %). The noise
 * multiplies the value by 1 + 0.1·N(0, 1).
 */
export function drawLaw(law: DrawnLaw, options: { random: Random; noise?: number; rows?: number }): Table {
  const { name, inputs, target, citation, ...defaults }: Drawn = drawn[law];
  const { random, noise = defaults.noise, rows = defaults.rows } = options;
  const columns = inputs.map(({ from, to, logarithmic }) =>
    Float64Array.from({ length: rows }, () => {
      const u = random.uniform();
      return logarithmic ? from * (to / from) ** u : from + (to - from) * u;
    }),
  );
  const exact = Float64Array.from({ length: rows }, (_, i) => target.of(...columns.map((c) => c[i]!)));
  const stream = random.fork("noise");
  return {
    name,
    rows,
    columns: [
      ...inputs.map((input, j) => numberColumn(input.name, input.unit, columns[j]!)),
      numberColumn(
        target.name,
        target.unit,
        exact.map((value) => value * (1 + noise * stream.normal())),
        noise > 0 ? { uncertainty: exact.map((value) => noise * Math.abs(value)) } : {},
      ),
    ],
    provenance: [{ name: "simulated", source: "physlens", citation, license: "CC0-1.0" }],
  };
}
