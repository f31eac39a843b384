import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UserError } from "../core/errors.ts";
import { random } from "../core/random.ts";
import { readMinData, readTsData } from "../data/min-data.ts";
import { loadNetwork } from "../data/stationary-points.ts";
import type { GroupLook } from "../lenses/landscape/conserved/look-at-group.ts";
import { weightChoices } from "../lenses/landscape/conserved/permutation-controls.ts";
import { monotonicBasins } from "../lenses/landscape/network/monotonic-basins.ts";
import { reproductionTargets, targetMetrics } from "./landscape/targets.ts";
import { landscapeStudy } from "./landscape.ts";
import { runStudy } from "./run-study.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "landscape-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const quickly = {
  ...{
    rows: 80,
    testRows: 80,
    hidden: "3",
    lambda: 1e-3,
    walkers: 2,
    steps: 6,
    searches: 1,
    cycles: 1,
    neighbours: 0,
  },
  ...{ least: 2, growths: 1, shuffles: 4, randomSets: 3, bootstraps: 20, dataResamples: 1, groupDraws: 3 },
  ...{ attributionRows: 10, integralSteps: 4, repeats: 2, weightNulls: 3, labelNulls: 1, conserved: 4 },
};
const run = (name: string, set: Record<string, unknown>, more: { threads?: number; seed?: number } = {}) =>
  runStudy(landscapeStudy, { preset: "quick", seed: 1, threads: 2, out: join(folder, name), set, ...more });
const inData = (name: string, file: string) => join(folder, name, "data", file);

/** Every file of a run but the clock's. */
function filesOf(name: string): Map<string, Buffer> {
  const at = join(folder, name);
  const files = readdirSync(at, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => !file.endsWith("timing.json"))
      .sort()
      .map((file) => [file.slice(at.length), readFileSync(file)]),
  );
}

describe("a small run of the six-feature rule", () => {
  let metrics: Readonly<Record<string, number>>;
  beforeAll(async () => {
    metrics = (await run("two", quickly)).metrics;
  });

  test("has every number that the issue names, over seeds and for each", () => {
    const names = ["base", "lowcv", "random", "magnitude", "gradient", "rawvariance", "unaligned"];
    for (const name of names) {
      expect(metrics[`landscape.auc.${name}`], name).toBeTypeOf("number");
      const seeds = [0, 1].map((seed) => metrics[`landscape.seed.${seed}.auc.${name}`]);
      const known = seeds.filter((value) => value !== undefined);
      const mean = known.reduce((a, b) => a + b, 0) / known.length;
      expect(metrics[`landscape.auc.${name}`]).toBeCloseTo(mean, 12);
    }
    expect(metrics["landscape.feature_recall"]).toBeGreaterThanOrEqual(0);
    for (let row = 1; row <= 7; row++) expect(metrics[`landscape.row.${row}.met`]).toBeTypeOf("number");
    expect(metrics["landscape.seed.0.copy_distance"]).toBeLessThan(1e-12);
  });

  test("leaves a database, min.data, ts.data and Newick of the same network", () => {
    const network = loadNetwork(inData("two", "landscape-seed0.sqlite"));
    const minima = readMinData(readFileSync(inData("two", "landscape-seed0-min.data"), "utf8"), "min.data");
    const ts = readFileSync(inData("two", "landscape-seed0-ts.data"), "utf8");
    const saddles = readTsData(ts, "ts.data", minima.length);
    expect(minima.map(({ value }) => value)).toEqual(network.minima.map(({ value }) => value));
    expect(saddles.map((saddle) => saddle.minima)).toEqual(network.saddles.map((saddle) => saddle.minima));
    expect(metrics["landscape.seed.0.minima"]).toBe(minima.length);
    expect(metrics["landscape.seed.0.basins"]).toBe(monotonicBasins(network).groups.length);
    expect(readFileSync(inData("two", "landscape-seed0.nwk"), "utf8")).toMatch(/^\(.*;\s*$/s);
  });

  test("is the same to the byte in one thread", async () => {
    await run("one", quickly, { threads: 1 });
    const [a, b] = [filesOf("two"), filesOf("one")];
    expect([...b.keys()]).toEqual([...a.keys()]);
    for (const [file, bytes] of a) expect(b.get(file)!.equals(bytes), file).toBe(true);
  });

  test("stopped on its way and resumed it ends with the same bytes", async () => {
    const stop = new AbortController();
    const request = { preset: "quick", seed: 1, threads: 2, out: join(folder, "resumed"), set: quickly };
    const stopped = runStudy(landscapeStudy, {
      ...request,
      signal: stop.signal,
      listener: ({ fraction }) => {
        if (fraction > 0.5) stop.abort();
      },
    });
    await expect(stopped).rejects.toThrow(/resume with/);
    await runStudy(landscapeStudy, { ...request, resume: true });
    const [a, b] = [filesOf("two"), filesOf("resumed")];
    for (const [file, bytes] of a) expect(b.get(file)?.equals(bytes), file).toBe(true);
  });

  test("goes on from the database of an earlier run, which only grows", async () => {
    const earlier = inData("two", "landscape-seed0.sqlite");
    const set = { ...quickly, seeds: 1, labelNulls: 0, walkers: 4, network: earlier };
    const { metrics: later } = await run("longer", set);
    const [before, after] = [earlier, inData("longer", "landscape-seed0.sqlite")].map(loadNetwork);
    expect(after!.walkers.length).toBeGreaterThan(before!.walkers.length);
    expect(after!.minima.slice(0, before!.minima.length).map(({ value }) => value)).toEqual(
      before!.minima.map(({ value }) => value),
    );
    expect(later["landscape.seed.0.minima"]).toBe(after!.minima.length);
    await expect(run("other", { ...set, lambda: 2e-3 })).rejects.toThrow(/this run explores .*λ = 0.002/);
  });
});

describe("given data", () => {
  const draw = random(8, "csv");
  const good = [
    "a,b,c,outcome",
    ...Array.from({ length: 60 }, () => {
      const x = [0, 1, 2].map(() => 10 + 3 * draw.normal());
      return `${x.join()},${x[0]! + x[1]! > 20 ? "hot" : "cold"}`;
    }),
  ];
  const file = (lines: readonly string[]) => {
    const at = join(folder, `${lines.length}-${Math.abs(lines.join().length)}.csv`);
    writeFileSync(at, `${lines.join("\n")}\n`);
    return at;
  };
  const bend = (line: number, column: number, word: string) =>
    good.map((row, i) => {
      const words = row.split(",");
      if (i === line) words[column] = word;
      return words.join();
    });

  test("is standardised, which is said, and scored by the names of its columns", async () => {
    const set = { ...quickly, data: file(good), target: "outcome", seeds: 1, labelNulls: 0, lambda: 1e-4 };
    const { metrics } = await run("csv", set);
    expect(metrics["landscape.seed.0.minima"]).toBeGreaterThan(0);
    const report = readFileSync(join(folder, "csv", "report.html"), "utf8");
    expect(report).toMatch(/Every feature was standardised/);
    expect(report).toMatch(/sha256|SHA-256/i);
    expect(metrics["landscape.row.1.met"]).toBeUndefined();
  });

  const bad: [string, () => Record<string, unknown>, RegExp][] = [
    ["no target", () => ({ data: file(good) }), /'data' and 'target' go together/],
    ["a file that is not there", () => ({ data: "nowhere.csv", target: "x" }), /nowhere.csv: cannot be read/],
    [
      "a target that is not there",
      () => ({ data: file(good), target: "outcme" }),
      /no column 'outcme'.*outcome/,
    ],
    [
      "a column of words",
      () => ({ data: file(bend(7, 1, "red")), target: "outcome" }),
      /line 8, column 'b': "red".*--features/,
    ],
    ["a NaN", () => ({ data: file(bend(3, 2, "NaN")), target: "outcome" }), /line 4, column 'c': "NaN"/],
    ["a blank field", () => ({ data: file(bend(5, 0, "")), target: "outcome" }), /line 6, column 'a': ""/],
    [
      "a blank class",
      () => ({ data: file(bend(2, 3, "")), target: "outcome" }),
      /line 3, column 'outcome': blank/,
    ],
    [
      "a target with one class",
      () => ({ data: file(good.map((row) => row.replace(/cold$/, "hot"))), target: "outcome" }),
      /every row is of class 'hot'/,
    ],
    [
      "a target of many numbers",
      () => ({ data: file(good), target: "a" }),
      /60 different values; expected classes/,
    ],
    [
      "a constant column",
      () => ({
        data: file(good.map((row, i) => (i === 0 ? row : row.replace(/^[^,]+/, "1")))),
        target: "outcome",
      }),
      /column 'a': every row has 1; leave the column out/,
    ],
    [
      "few rows",
      () => ({ data: file(good.slice(0, 12)), target: "outcome" }),
      /11 rows; expected at least 20/,
    ],
    [
      "features that are not there",
      () => ({ data: file(good), target: "outcome", features: "a,d" }),
      /no column 'd'/,
    ],
    [
      "the target as a feature",
      () => ({ data: file(good), target: "outcome", features: "outcome" }),
      /no features beside/,
    ],
  ];
  test.each(bad)("%s is refused by name", async (_, set, message) => {
    const attempt = run("bad", { ...quickly, ...set() });
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.toThrow(UserError);
  });
});

test.each<[string, Record<string, unknown>, RegExp]>([
  [
    "more weights than can be certified",
    { hidden: "60" },
    /make 542 weights, more than 300: .* MiB .* h\); take fewer/,
  ],
  ["hidden units that are none", { hidden: "3,x" }, /'hidden': '3,x'/],
  [
    "flat directions",
    { regulariseBiases: false, seeds: 1, walkers: 2, steps: 0 },
    /flat.*the (bias|weight) .*add regularisation/,
  ],
  ["a database that is not there", { network: "no.sqlite", seeds: 1 }, /no.sqlite: no such file/],
])("%s are refused by name", async (_, set, message) => {
  await expect(run("bad", { ...quickly, ...set })).rejects.toThrow(message);
});

describe("a landscape that is no classifier's", () => {
  test("LJ5: one minimum, two transition states", async () => {
    const { metrics } = await run("lj5", { system: "lj5", walkers: 2, steps: 20, searches: 10, modes: 9 });
    expect(metrics["landscape.lj5.minima"]).toBe(1);
    expect(metrics["landscape.lj5.lowest"]).toBeCloseTo(-9.103852415681, 9);
    expect(metrics["landscape.lj5.saddles"]).toBe(2);
  });
});

describe("a landscape of the user's own module", () => {
  const effort = { walkers: 2, steps: 8, searches: 2, modes: 2, rounds: 1, cycles: 1 };
  const own = (name: string, value: string, slope: string) => {
    const file = join(folder, `${name}.mjs`);
    writeFileSync(
      file,
      `export const landscape = () => ({ name: ${JSON.stringify(name)}, n: 2,
        valueAndGradient(x, g) { ${slope}; return ${value}; },
        start: (random) => Float64Array.of(random.normal(), random.normal()) });\n`,
    );
    return { module: file, ...effort };
  };

  test("is explored: x⁴ − 2x² + y² has minima of −1 at x = ±1 and a saddle of 0 between", async () => {
    const slope = "g[0] = 4 * x[0] ** 3 - 4 * x[0]; g[1] = 2 * x[1]";
    const { metrics } = await run("own", own("two-wells", "x[0] ** 4 - 2 * x[0] ** 2 + x[1] ** 2", slope));
    expect(metrics["landscape.own.minima"]).toBe(2);
    expect(metrics["landscape.own.saddles"]).toBe(1);
    expect(metrics["landscape.own.lowest"]).toBeCloseTo(-1, 12);
    expect(metrics["landscape.own.persistence.largest"]).toBeCloseTo(1, 12);
  });

  test("is refused in words where it has no lower bound, flat directions, or is no landscape", async () => {
    const falling = own("falling", "-(x[0] ** 4) - x[1] ** 2", "g[0] = -4 * x[0] ** 3; g[1] = -2 * x[1]");
    await expect(run("bad", falling)).rejects.toThrow(/no lower bound; add a term that grows/);
    const flat = own("flat", "x[0] ** 2", "g[0] = 2 * x[0]; g[1] = 0");
    await expect(run("bad", flat)).rejects.toThrow(/flat.*flat directions.*add regularisation/);
    await expect(run("bad", { ...flat, fn: "loss" })).rejects.toThrow(/exports no function 'loss'/);
    await expect(run("bad", { module: "none.mjs" })).rejects.toThrow(/none.mjs: no such file/);
  });
});

test("targets: the thresholds decide, line by line", () => {
  const look = (low: number, chance: number, overlap: number): GroupLook => {
    const shuffled = (mean: number) => ({ shuffled: { mean, sd: 0, rounds: 1 } });
    const scores = Object.fromEntries(weightChoices.map((choice) => [choice, shuffled(0.8)]));
    return {
      controls: {
        base: 0.95,
        random: { shuffled: { means: Float64Array.of(chance), mean: chance, sd: 0.05 } },
        scores: { ...scores, lowcv: shuffled(low), rawvariance: shuffled(chance + 0.01) },
      },
      scores: Float64Array.of(3, 2, 1, 0.3, 0.2, 0.1),
      attributions: { scores: { permutation: Float64Array.of(3, 2, 1, 0, -0.1, -0.2) } },
      overlap: { within: overlap, random: new Float64Array(199).fill(0.4), p: 0 },
      sigma: { aligned: 1, unaligned: 2.5, asFound: 2 },
      copyDistance: 0,
    } as unknown as GroupLook;
  };
  const good = Array.from({ length: 10 }, (_, s) => look(0.6 + 0.01 * s, 0.75, 0.6));
  const targets = reproductionTargets(good, [0, 1, 2], random(1));
  expect(targets.every(({ met }) => met)).toBe(true);
  expect(new Set(targets.map(({ row }) => row))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]));
  // Two of ten seeds above the random sets' mean: 0.8 is below the 0.9 asked for.
  const worse = [...good.slice(2), look(0.78, 0.75, 0.3), look(0.78, 0.75, 0.3)];
  const metrics = targetMetrics(reproductionTargets(worse, [0, 1, 2], random(1)));
  expect(metrics["row.1.3"]).toBeCloseTo(0.8, 12);
  expect(metrics["row.1.met"]).toBe(0);
  expect(metrics["row.6.met"]).toBe(1);
  const apart = targetMetrics(reproductionTargets([look(0.6, 0.75, 0.4)], [0, 1, 2], random(1)));
  expect([apart["row.5.1"], apart["row.5.met"]]).toEqual([1, 0]);
});
