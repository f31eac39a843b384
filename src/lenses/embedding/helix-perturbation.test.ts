import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { defaults } from "../../core/params.ts";
import { random } from "../../core/random.ts";
import { quietTask } from "../../core/task.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { pca, reconstruct } from "../../linalg/pca.ts";
import { rowOf } from "../../linalg/rows.ts";
import { countMaxima, downwardCurvature, smoothed } from "./curve-shape.ts";
import { helixAt } from "./helix.ts";
import { ablateHelix } from "./helix-ablation.ts";
import {
  changedRows,
  fitTableHelix,
  helixChange,
  randomDirections,
  withoutCircle,
  withoutComponents,
} from "./helix-change.ts";
import { perturbHelix } from "./helix-perturbation.ts";
import { embeddingLens } from "./lens.ts";
import { plantedHelix } from "./planted-helix.ts";
import type { PerturbationProbe, TokenTable } from "./subject.ts";

const width = 12;
const first = 20;

function tableOf(name: string, rows: Matrix): TokenTable {
  const tokens = Array.from({ length: rows.rows }, (_, i) => first + i);
  return { name, tokens, rows, trained: tokens.map(() => true) };
}

/** 60 tokens on a helix; the same random directions whatever the parameters. */
function helix(options: { turns?: number; pitch?: number; noise?: number }, seed: string): Matrix {
  return plantedHelix(60, width, { turns: 2, pitch: 5, noise: 0, ...options }, random(1, seed));
}

describe("helixChange", () => {
  const table = tableOf("N", helix({}, "N"));
  const fitted = fitTableHelix(table);

  it("draws the helix that the new parameters plant (oracle: the generator with those parameters)", () => {
    const cases = [
      [{ length: 1.2, radius: 1, frequency: 1 }, { pitch: 6 }],
      [{ length: 0.8, radius: 1, frequency: 1 }, { pitch: 4 }],
      [{ length: 1, radius: 1, frequency: 2 }, { turns: 4 }],
      [{ length: 1, radius: 1, frequency: 3 }, { turns: 6 }],
      [{ length: 1.5, radius: 1.5, frequency: 1 }, undefined],
    ] as const;
    for (const [factors, planted] of cases) {
      const rows = changedRows(fitted, helixChange(fitted, factors));
      // Length and radius by the same factor scale all of a helix that starts from its axis's foot.
      const expected = planted ? helix(planted, "N").data : table.rows.data.map((value) => 1.5 * value);
      rows.data.forEach((value, k) => {
        expect(value).toBeCloseTo(expected[k]!, 8);
      });
    }
  });

  it("changes nothing with factors of one, and leaves noise and higher components (oracle: a full inverse PCA)", () => {
    const noisy = tableOf("N", helix({ noise: 0.1 }, "N"));
    const own = fitTableHelix(noisy);
    helixChange(own, { length: 1, radius: 1, frequency: 1 }).data.forEach((value) => {
      expect(value).toBeCloseTo(0, 12);
    });
    const change = helixChange(own, { length: 1, radius: 1.5, frequency: 2 });
    const all = pca(noisy.rows);
    const scores = matrix(60, width, all.scores.data.slice());
    for (let i = 0; i < 60; i++)
      for (let c = 0; c < 3; c++) scores.data[i * width + c]! += change.data[i * 3 + c]!;
    const expected = reconstruct(all, scores);
    changedRows(own, change).data.forEach((value, k) => {
      expect(value).toBeCloseTo(expected.data[k]!, 9);
    });
  });

  it("keeps to the window: rows outside stay, and t runs from its first token", () => {
    const own = fitTableHelix(table, [30, 59]);
    const rows = changedRows(own, helixChange(own, { length: 2, radius: 1, frequency: 1 }));
    table.tokens.forEach((token, i) => {
      const moved = Math.hypot(...rowOf(rows, i).map((value, j) => value - rowOf(table.rows, i)[j]!));
      if (token <= 30 || token > 59) expect(moved).toBeLessThan(1e-9);
      else expect(moved).toBeGreaterThan(0.01);
    });
  });

  it("takes the circle out, and components out to their mean", () => {
    const left = changedRows(fitted, withoutCircle(fitted));
    const line = fitTableHelix(tableOf("N", left));
    expect(line.components.explained[0]).toBeGreaterThan(0.999_999);
    const bare = pca(changedRows(fitted, withoutComponents(fitted, [0, 1, 2])), { components: 1 });
    expect(bare.variance[0]).toBeLessThan(1e-20);
    expect(helixAt(fitted.fit, 0)).toHaveLength(3);
  });

  it("gives random directions that are orthonormal", () => {
    const directions = randomDirections(3, width, random(2));
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 3; b++) {
        const dot = rowOf(directions, a).reduce((sum, value, j) => sum + value * rowOf(directions, b)[j]!, 0);
        expect(dot).toBeCloseTo(a === b ? 1 : 0, 12);
      }
    }
  });
});

describe("curve shapes", () => {
  const x = Array.from({ length: 41 }, (_, i) => 50 + i);

  it("curvature is that of a parabola, whatever its top and with a zigzag on it", () => {
    const parabola = x.map((v) => 8 - 0.003 * (v - 63) ** 2);
    expect(downwardCurvature(x, parabola)).toBeCloseTo(0.006, 12);
    expect(
      downwardCurvature(
        x,
        parabola.map((y, i) => y + 0.2 * (-1) ** i),
      ),
    ).toBeCloseTo(0.006, 3);
    expect(downwardCurvature([1, 2, 3], [1, 2, 3])).toBeNaN();
  });

  it("smoothing takes a zigzag out entirely", () => {
    smoothed(x.map((v, i) => v + (-1) ** i)).forEach((value, i) => {
      expect(value).toBeCloseTo(x[i + 1]!, 12);
    });
  });

  it("counts tops: sines, none on slopes and ends, none below the prominence, a flat top once", () => {
    for (const turns of [1, 2, 3, 5]) {
      const wave = x.map((_, i) => Math.sin((2 * Math.PI * turns * i) / 40) + 0.4 * (-1) ** i);
      expect(countMaxima(wave, 0.05)).toBe(turns);
    }
    expect(countMaxima(x, 0.05)).toBe(0);
    expect(
      countMaxima(
        x.map((v) => (v - 70) ** 2),
        0.05,
      ),
    ).toBe(0);
    expect(
      countMaxima(
        x.map(() => 3),
        0.05,
      ),
    ).toBe(0);
    // A slope of 40 with a bump that stands 1 above the saddle behind it.
    const bump = x.map((v) => v + 8 * Math.exp(-((v - 70) ** 2) / 18));
    const top = countMaxima(bump, 0);
    expect(top).toBe(1);
    expect(countMaxima(bump, 0.2)).toBe(0);
    expect(
      countMaxima(
        x.map((v) => -Math.max(3, Math.abs(v - 70))),
        0.05,
      ),
    ).toBe(1);
  });
});

/** Pairs of all tokens of both tables. */
function probeOf(
  z: TokenTable,
  n: TokenTable,
  value: (z: Float64Array, n: Float64Array) => number,
): PerturbationProbe {
  const pairs = z.tokens.flatMap((p) => n.tokens.map((q) => [p, q] as const));
  return {
    z: pairs.map(([p]) => p),
    n: pairs.map(([, q]) => q),
    predict: async ({ Z, N }) =>
      Float64Array.from(pairs, ([p, q]) => value(rowOf(Z, p - first), rowOf(N, q - first))),
    quantity: "energy",
    unit: "MeV",
    at: { z: 50, n: 60 },
  };
}

/** Tables with a helix each. */
function planted() {
  return { z: tableOf("Z", helix({}, "Z")), n: tableOf("N", helix({}, "N")) };
}

describe("perturbHelix", () => {
  const { z, n } = planted();
  const context = () => ({ task: quietTask, random: random(3) });
  const options = { controls: 3, prominence: 0.05 };

  it("shifts, spreads and bends as the changed tables say (oracle: tables planted with those parameters)", async () => {
    const weights = Float64Array.from({ length: width }, (_, j) => Math.cos(j + 1));
    const read = (row: Float64Array) => row.reduce((sum, value, j) => sum + value * weights[j]!, 0);
    const probe = probeOf(z, n, (a, b) => read(a) - 0.5 * read(b) + 0.1 * read(a) * read(b));
    const found = await perturbHelix({ z, n }, probe, options, context());
    expect(found.pairs).toBe(3600);
    expect(found.overZ).toEqual(z.tokens);
    const before = await probe.predict({ Z: z.rows, N: n.rows });
    const expected = {
      length_up: { pitch: 6 },
      length_down: { pitch: 4 },
      frequency_double: { turns: 4 },
      frequency_triple: { turns: 6 },
    };
    for (const [name, parameters] of Object.entries(expected)) {
      const after = await probe.predict({ Z: helix(parameters, "Z"), N: helix(parameters, "N") });
      const shift = after.map((value, i) => value - before[i]!);
      const mean = shift.reduce((a, b) => a + b) / 3600;
      const { effect } = found.changed.find(({ modification }) => modification.name === name)!;
      expect(effect.offset).toBeCloseTo(mean, 8);
      expect(effect.spread).toBeCloseTo(Math.sqrt(shift.reduce((a, b) => a + (b - mean) ** 2, 0) / 3599), 8);
      const line = Array.from(after).filter((_, i) => probe.z[i] === 50);
      expect(effect.curvature).toBeCloseTo(downwardCurvature(n.tokens, line), 8);
    }
  });

  it("meets H4 to H6 where the prediction reads axis and circle, and not where it reads neither", async () => {
    const [fz, fn] = [fitTableHelix(z), fitTableHelix(n)];
    const scores = (fitted: typeof fz, row: Float64Array) =>
      [0, 1, 2].map((c) =>
        row.reduce(
          (sum, value, j) =>
            sum + (value - fitted.components.mean[j]!) * fitted.components.components.data[c * width + j]!,
          0,
        ),
      );
    // Solve r(t) = r₀ + p·t + a·cos + b·sin for the four functions of t with the fit's own coefficients.
    const unfold = (fitted: typeof fz, row: Float64Array) => {
      const c = fitted.fit.coefficients.data;
      const s = scores(fitted, row).map((value, k) => value - c[k]!);
      return solve3([c.slice(3, 6), c.slice(6, 9), c.slice(9, 12)], s);
    };
    const physics = probeOf(z, n, (a, b) => {
      const [tz, cz] = unfold(fz, a);
      const [tn, cn] = unfold(fn, b);
      return 8 + 3 + tz! + tn! - 0.5 * (cz! + cn!);
    });
    const found = await perturbHelix({ z, n }, physics, { ...options, controls: 1 }, context());
    const at = (name: string) => found.changed.find(({ modification }) => modification.name === name)!.effect;
    // Mean of 0.2·(t_Z + t_N) over the grid is 0.2.
    expect(at("length_up").offset).toBeCloseTo(0.2, 8);
    expect(at("length_down").offset).toBeCloseTo(-0.2, 8);
    // −cos has a top in the middle of each turn, and over whole turns its parabola bends downwards.
    expect(at("frequency_double").maxima).toBe(4);
    expect(at("frequency_triple").maxima).toBe(6);
    expect(found.criteria.map(({ holds }) => holds)).toEqual([true, true, true]);
    const blind = probeOf(z, n, () => 8);
    const none = await perturbHelix({ z, n }, blind, { ...options, controls: 1 }, context());
    expect(none.criteria.map(({ holds }) => holds)).toEqual([false, false, false]);
    expect(none.changed.every(({ effect }) => effect.size === 0)).toBe(true);
  });

  it("refuses probes that do not fit, by name", async () => {
    const good = probeOf(z, n, () => 8);
    const bad: [Partial<PerturbationProbe>, RegExp][] = [
      [{ z: [20, 21] }, /2 values of Z but 3600 of N/],
      [{ z: Array.from(good.z).with(5, 7) }, /table 'Z' has no token Z = 7/],
      [{ at: { z: 50, n: 3 } }, /0 pairs in the windows with N = 3/],
      [{ predict: async () => new Float64Array(4) }, /asked for 3600 predictions, got 4/],
      [
        { predict: async () => new Float64Array(3600).fill(Number.NaN) },
        /prediction at Z = 20, N = 20 is NaN/,
      ],
      [{ z: [20], n: [20] }, /1 pairs have both tokens in the windows/],
    ];
    for (const [change, message] of bad) {
      await expect(perturbHelix({ z, n }, { ...good, ...change }, options, context())).rejects.toThrow(
        message,
      );
    }
  });

  it("enters the lens's findings with metrics, a table and figures that draw", async () => {
    const probe = probeOf(z, n, (a, b) => 8 + a[0]! + b[1]! * a[2]!);
    const { metrics, figures, tables, summary } = await embeddingLens.look(
      { tables: [z, n], perturbation: probe },
      { ...defaults(embeddingLens.params), windowZ: "20-79", windowN: "20-79", nulls: 99, controls: 2 },
      context(),
    );
    expect(metrics["helix.perturb.length_up.offset_MeV"]).toBeCloseTo(
      -metrics["helix.perturb.length_down.offset_MeV"]!,
      1,
    );
    expect([0, 0.5, 1]).toContain(metrics["helix.perturb.H4.controls"]);
    expect(tables.map(({ name }) => name)).toContain("helix-perturbation");
    expect(summary.at(-1)).toMatch(/H4 .* H5 .* H6 /);
    const { document } = parseHTML("<html><body></body></html>");
    const drawn = figures.filter(({ name }) => name.startsWith("helix-perturbation"));
    expect(drawn.map(({ name }) => name)).toEqual(["helix-perturbation-Z", "helix-perturbation-N"]);
    for (const figure of drawn) {
      if (figure.kind !== "plot") throw new Error("expected a plot");
      for (const column of figure.data.columns) expect(column.values.length).toBe(figure.data.rows);
      expect(Plot.plot({ ...figure.plot, document }).outerHTML).not.toContain("NaN");
    }
  });
});

describe("ablateHelix", () => {
  it("moves a prediction that reads the circle, and not one that reads the axis", async () => {
    const { z, n } = planted();
    const fitted = fitTableHelix(n);
    const circle = withoutCircle(fitted);
    const read = (directions: readonly number[]) =>
      probeOf(z, n, (_, b) =>
        directions.reduce(
          (sum, c) =>
            sum + b.reduce((s, v, j) => s + v * fitted.components.components.data[c * width + j]!, 0),
          0,
        ),
      );
    const options = { name: "N", part: "circle", controls: 4 } as const;
    const context = { task: quietTask, random: random(4) };
    const moved = await ablateHelix({ Z: z, N: n }, read([1]), options, context);
    const expected =
      Math.hypot(...Array.from({ length: 60 }, (_, i) => circle.data[3 * i + 1]!)) / Math.sqrt(60);
    expect(moved.change).toBeCloseTo(expected, 9);
    expect(moved.controls).toHaveLength(4);
    expect(moved.what).toBe("the circle of the helix of N 20–79, set to its mean");
    const all = await ablateHelix({ Z: z, N: n }, read([0]), { ...options, part: "components" }, context);
    expect(all.change).toBeCloseTo(Math.sqrt((59 / 60) * fitted.components.variance[0]!), 9);
    const still = await ablateHelix(
      { Z: z, N: n },
      probeOf(z, n, (a) => a[0]!),
      options,
      context,
    );
    expect(still.change).toBe(0);
  });
});

/** Cramer's rule: x with Σ xₖ·columnₖ = b. */
function solve3(columns: readonly Float64Array[], b: readonly number[]): number[] {
  const det = (m: readonly ArrayLike<number>[]) =>
    m[0]![0]! * (m[1]![1]! * m[2]![2]! - m[1]![2]! * m[2]![1]!) -
    m[1]![0]! * (m[0]![1]! * m[2]![2]! - m[0]![2]! * m[2]![1]!) +
    m[2]![0]! * (m[0]![1]! * m[1]![2]! - m[0]![2]! * m[1]![1]!);
  const whole = det(columns);
  return columns.map((_, k) => det(columns.map((column, j) => (j === k ? b : column))) / whole);
}
