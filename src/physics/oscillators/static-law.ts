import type { Random } from "../../core/random.ts";
import { numberColumn, type Table } from "../../data/table.ts";
import { withNoise } from "./noise.ts";

/**
 * Accelerations of a mass on a spring at rest positions drawn at random, a = −k·x/m: k and m uniform on [1, 5], x uniform
 * on [−2, 2]. Noise is on a.
 * @param options.rows default 200. @param options.noise in standard deviations of a.
 * @returns columns k (N/m), x (m), m (kg) and a (m/s²) with its uncertainty where there is noise.
 */
export function staticLaw(options: { rows?: number; noise?: number; random: Random }): Table {
  const { rows = 200, noise = 0, random } = options;
  const [k, x, m, exact] = [0, 0, 0, 0].map(() => new Float64Array(rows)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let i = 0; i < rows; i++) {
    k[i] = 1 + 4 * random.uniform();
    m[i] = 1 + 4 * random.uniform();
    x[i] = -2 + 4 * random.uniform();
    exact[i] = (-k[i]! * x[i]!) / m[i]!;
  }
  const { values: a, sigma } = withNoise(exact, noise, random.fork("noise"));
  const uncertainty = sigma > 0 ? { uncertainty: new Float64Array(rows).fill(sigma) } : {};
  return {
    name: "oscillator-law",
    title: "Mass on a spring: acceleration",
    rows,
    columns: [
      numberColumn("k", "N/m", k, { help: "spring constant" }),
      numberColumn("x", "m", x, { help: "displacement" }),
      numberColumn("m", "kg", m, { help: "mass" }),
      numberColumn("a", "m/s^2", a, { help: "acceleration", ...uncertainty }),
    ],
    provenance: [
      { name: "simulated", source: "physlens", citation: "a = −k·x/m, drawn at random", license: "CC0-1.0" },
    ],
  };
}
