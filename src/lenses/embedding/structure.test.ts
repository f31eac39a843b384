import { describe, expect, it } from "vitest";
import { random } from "../../core/random.ts";
import { createTask, quietTask } from "../../core/task.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { pca, project } from "../../linalg/pca.ts";
import { fromRows } from "../../linalg/rows.ts";
import { aggregate } from "./aggregate.ts";
import { helixWindow, parseWindow } from "./helix-window.ts";
import { orderedness, orderednessEvenOdd } from "./orderedness.ts";
import { parityRatio } from "./parity-ratio.ts";
import type { TokenTable, TruncationSite } from "./subject.ts";
import { monotonicity, topography } from "./topography.ts";
import { sharpestDrop, truncate } from "./truncation.ts";

function gaussian(rows: number, cols: number, seed: number): Matrix {
  const source = random(seed, "structure");
  return matrix(
    rows,
    cols,
    Float64Array.from({ length: rows * cols }, () => source.normal()),
  );
}

function table(rows: Matrix, more: Partial<TokenTable> = {}): TokenTable {
  const tokens = Array.from({ length: rows.rows }, (_, i) => i);
  return { name: "T", tokens, rows, trained: tokens.map(() => true), ...more };
}

describe("orderedness", () => {
  it("counts rising or falling neighbours by hand", () => {
    expect(orderedness([1, 2, 3, 4])).toBe(1);
    expect(orderedness([4, 3, 2, 1])).toBe(1);
    expect(orderedness([1, 2, 3, 2, 5])).toBe(3 / 4);
    expect(orderedness([1, 1, 1])).toBe(0);
  });

  it("forgives a zigzag of parity in its even/odd variant, in one common direction", () => {
    const zigzag = [0, 10, 1, 11, 2, 12, 3, 13];
    const tokens = zigzag.map((_, i) => 20 + i);
    expect(orderedness(zigzag)).toBe(4 / 7);
    expect(orderednessEvenOdd(zigzag, tokens)).toBe(1);
    // Even tokens rise, odd ones fall: no direction orders both.
    expect(orderednessEvenOdd([0, 3, 1, 2, 2, 1, 3, 0], tokens)).toBe(0.5);
  });

  it("is near one half for a random order", () => {
    const source = random(1);
    const mean = Array.from({ length: 200 }, () =>
      orderedness(Float64Array.from({ length: 100 }, () => source.normal())),
    );
    expect(mean.reduce((a, b) => a + b) / 200).toBeCloseTo(0.52, 1);
  });
});

describe("parityRatio", () => {
  it("has the value worked out by hand for four points on a line", () => {
    // Even at 0 and 1, odd at 10 and 13: d(e,e) 1, d(o,o) 3, d(e,o) (10 + 13 + 9 + 12)/4 = 11.
    const rows = fromRows([[0], [10], [1], [13]]);
    expect(parityRatio(rows, [0, 1, 2, 3])).toBe((2 * 11) / 4);
  });

  it("is 1 without parity and undefined with one token of a kind", () => {
    const tokens = Array.from({ length: 120 }, (_, i) => i);
    expect(parityRatio(gaussian(120, 64, 2), tokens)).toBeCloseTo(1, 2);
    expect(parityRatio(gaussian(3, 4, 2), [0, 1, 2])).toBeNaN();
  });
});

describe("helix window", () => {
  it("takes trained tokens in order and stretches t from 0 to 1", () => {
    const rows = gaussian(60, 4, 3);
    const shuffled = random(3).permutation(60);
    const mixed = table(rows, { tokens: Array.from(shuffled) });
    const window = helixWindow(mixed, [10, 49]);
    expect(window.tokens).toEqual(Array.from({ length: 40 }, (_, i) => 10 + i));
    expect(window.t[0]).toBe(0);
    expect(window.t[39]).toBe(1);
    expect(window.t[1]).toBeCloseTo(1 / 39, 14);
    expect(window.rows.data[0]).toBe(rows.data[4 * shuffled.indexOf(10)]);
    const gap = helixWindow(
      table(rows, { trained: Array.from({ length: 60 }, (_, i) => i !== 20) }),
      [10, 49],
    );
    expect(gap.missing).toBe(1);
    expect(gap.t[10]).toBeCloseTo(11 / 39, 14);
  });

  it("refuses a window with too few tokens and a range it cannot read", () => {
    expect(() => helixWindow(table(gaussian(60, 4, 3)), [50, 99])).toThrow(
      /table 'T': 10 trained tokens in the window 50–99 of the helix fit; needs at least 16/,
    );
    for (const bad of ["", "40", "40-", "9-3", "a-b", "40-40", "1.5-9"]) {
      expect(() => parseWindow(bad, "option 'windowN'")).toThrow(/option 'windowN': expected a range/);
    }
    expect(parseWindow(" 40 – 119 ", "x")).toEqual([40, 119]);
  });
});

describe("truncate", () => {
  const rows = gaussian(30, 6, 4);
  const site = (more: Partial<TruncationSite> = {}): TruncationSite => ({
    name: "layer",
    rows,
    quantity: "distance",
    unit: "",
    error: async (cut) =>
      Math.sqrt(cut.data.reduce((sum, value, k) => sum + (value - rows.data[k]!) ** 2, 0)),
    ...more,
  });

  it("loses the variance of the components it drops", async () => {
    const curve = await truncate(site(), { maxComponents: 100 }, quietTask);
    const { variance } = pca(rows);
    expect(curve.kept).toEqual([1, 2, 3, 4, 5, 6]);
    expect(curve.full).toBe(0);
    curve.kept.forEach((k, i) => {
      const left = 29 * variance.subarray(k).reduce((a, b) => a + b, 0);
      expect(curve.error[i]).toBeCloseTo(Math.sqrt(left), 10);
    });
    expect(curve.explained.at(-1)).toBeCloseTo(1, 12);
  });

  it("leaves unused rows alone and stops at maxComponents", async () => {
    const use = Array.from({ length: 30 }, (_, i) => i >= 10);
    const seen: number[] = [];
    const error = async (cut: Matrix) => {
      seen.push(cut.data.subarray(0, 60).reduce((sum, value, k) => sum + Math.abs(value - rows.data[k]!), 0));
      return 1;
    };
    const curve = await truncate(site({ use, error }), { maxComponents: 3 }, quietTask);
    expect(curve.kept).toEqual([1, 2, 3]);
    expect(Math.max(...seen)).toBe(0);
  });

  it("finds the sharpest drop between neighbours", () => {
    expect(sharpestDrop({ kept: [1, 2, 3, 4, 9], error: [100, 90, 10, 9, 0.1] })).toBe(3);
    expect(sharpestDrop({ kept: [1], error: [1] })).toBeNaN();
  });

  it("refuses an error that is no number, and stops when told to", async () => {
    const broken = truncate(site({ error: async () => Number.NaN }), { maxComponents: 3 }, quietTask);
    await expect(broken).rejects.toThrow(/site 'layer': the model's error with its own rows is NaN/);
    const stop = createTask({ signal: AbortSignal.abort() });
    await expect(truncate(site(), { maxComponents: 3 }, stop)).rejects.toThrow("cancelled");
  });
});

describe("topography", () => {
  const tokens = table(gaussian(40, 8, 5));
  const fitted = pca(tokens.rows, { components: 3 });
  const probe = (evaluate: (vectors: Matrix, fixed: number) => Promise<Float64Array>) => ({
    table: "T",
    fixed: "N",
    fixedTokens: [3, 5],
    quantity: "energy",
    unit: "MeV",
    exists: () => true,
    evaluate,
  });
  const options = { points: 9, margin: 0.25 };

  it("asks the model at the planned places: a function of the scores comes back on the grid", async () => {
    // Oracle: the probe reads off its own scores by projecting the vectors it is given.
    const map = await topography(
      tokens,
      probe(async (vectors, fixed) => {
        const { data } = project(fitted, vectors);
        return Float64Array.from(
          { length: vectors.rows },
          (_, i) => data[3 * i]! * 100 + fixed + data[3 * i + 1]! + 7 * data[3 * i + 2]!,
        );
      }),
      { plane: [2, 3], ...options },
      quietTask,
    );
    expect(map.maps.map(({ fixedToken }) => fixedToken)).toEqual([3, 5]);
    map.maps.forEach(({ fixedToken, values }) => {
      values.forEach((value, k) => {
        expect(value).toBeCloseTo(fixedToken + map.x[k % 9]! + 7 * map.y[Math.floor(k / 9)]!, 9);
      });
    });
    const lowest = Math.min(...map.tokens.map(({ x }) => x));
    const highest = Math.max(...map.tokens.map(({ x }) => x));
    expect(map.x[0]).toBeCloseTo(lowest - 0.25 * (highest - lowest), 12);
    expect(map.x[8]).toBeCloseTo(highest + 0.25 * (highest - lowest), 12);
    expect(monotonicity(map)).toBe(1);
    const bent = map.maps.map(({ fixedToken, values }) => ({
      fixedToken,
      values: values.map((_, k) => -Math.abs((k % 9) - 2)),
    }));
    expect(monotonicity({ ...map, maps: bent })).toBe(6 / 8);
  });

  it("refuses a probe that answers badly", async () => {
    const short = topography(
      tokens,
      probe(async () => new Float64Array(3)),
      { plane: [1, 2], ...options },
      quietTask,
    );
    await expect(short).rejects.toThrow(/at N = 3: asked for 81 values, got 3/);
    const nan = topography(
      tokens,
      probe(async (v) => new Float64Array(v.rows).fill(Number.NaN)),
      { plane: [1, 2], ...options },
      quietTask,
    );
    await expect(nan).rejects.toThrow(/value 0 is NaN/);
  });
});

describe("aggregate", () => {
  it("has the median under the plain name and each seed's value beside it", () => {
    const merged = aggregate([
      { seed: 0, metrics: { "helix.N.turns": 2, "parity.N": 1 } },
      { seed: 1, metrics: { "helix.N.turns": 1.9 } },
      { seed: 4, metrics: { "helix.N.turns": 2.6, "parity.N": 2 } },
    ]);
    expect(merged).toEqual({
      "helix.N.turns": 2,
      "helix.N.turns.seed0": 2,
      "helix.N.turns.seed1": 1.9,
      "helix.N.turns.seed4": 2.6,
      "parity.N": 1.5,
      "parity.N.seed0": 1,
      "parity.N.seed4": 2,
    });
    expect(aggregate([])).toEqual({});
  });
});
