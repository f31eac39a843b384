import { describe, expect, test } from "vitest";
import { createTask, quietTask } from "../../core/task.ts";
import { type ExploreOptions, explore } from "./explore.ts";
import { wells } from "./fixtures.fixture.ts";
import { loadLandscape } from "./job.ts";
import { missingConnections } from "./missing-connections.ts";
import {
  addMinimum,
  emptyNetwork,
  globalMinimum,
  mergeNetworks,
  type Network,
  recordAttempt,
} from "./network.ts";

const source = (fn: string) => ({
  module: new URL("./fixtures.fixture.ts", import.meta.url).href,
  fn,
  input: {},
});

const clusters = (atoms: number) => ({
  module: new URL("../../physics/clusters/lennard-jones.ts", import.meta.url).href,
  fn: "lennardJonesFrom",
  input: { atoms },
});

const small: Partial<ExploreOptions> = {
  walkers: 3,
  hop: { steps: 20 },
  searches: 5,
  modes: 3,
  neighbours: 1,
};

describe("an exploration", () => {
  test("is the same with no, one and two threads, to the last bit", async () => {
    const results = [];
    for (const threads of [0, 1, 2]) {
      results.push(await explore({ source: clusters(6), seed: 4, threads, ...small }));
    }
    expect(results[0]!.network.saddles.length).toBeGreaterThan(1);
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  test("goes on where it ended: what has run is not run again, points keep their numbers", async () => {
    const { network } = await explore({ source: clusters(6), seed: 4, ...small });
    const before = structuredClone(network);
    const again = await explore({ source: clusters(6), seed: 4, network, ...small });
    expect([again.quenches, again.network]).toEqual([0, before]);
    const more = await explore({ source: clusters(6), seed: 4, network, ...small, walkers: 5, searches: 15 });
    expect(more.quenches).toBe(2 * 21);
    expect(more.network.walkers.length).toBe(5);
    const known = before.minima.length;
    expect(more.network.minima.slice(0, known).map((m) => m.x)).toEqual(before.minima.map((m) => m.x));
    expect(more.network.saddles.length).toBeGreaterThanOrEqual(before.saddles.length);
  });

  test("two of them merge to what both have, whichever comes first", async () => {
    const landscape = await loadLandscape(clusters(6));
    const [a, b] = await Promise.all(
      [1, 2].map(async (seed) => (await explore({ source: clusters(6), seed, ...small })).network),
    );
    const merged = (first: Network, second: Network) => {
      const out = structuredClone(first);
      mergeNetworks(out, landscape, second);
      return out;
    };
    const values = (points: readonly { value: number }[]) => points.map((p) => p.value.toFixed(8)).sort();
    const [ab, ba] = [merged(a!, b!), merged(b!, a!)];
    for (const kind of ["minima", "saddles"] as const) {
      expect(values(ab[kind])).toEqual(values(ba[kind]));
      expect(new Set(values(ab[kind]))).toEqual(new Set([...values(a![kind]), ...values(b![kind])]));
    }
    const hits = (network: Network) =>
      network.minima.flatMap((m) => m.seen).reduce((sum, one) => sum + one.hits, 0);
    expect(hits(ab)).toBe(hits(a!) + hits(b!));
    expect(merged(ab, b!)).toMatchObject({ minima: ab.minima, saddles: ab.saddles, walkers: ab.walkers });
    for (const { minima } of ab.saddles) expect(Math.max(...minima)).toBeLessThan(ab.minima.length);
  });

  test("of a function that is awaited finds the same as of one that is called", async () => {
    const options = { seed: 1, walkers: 2, hop: { steps: 10, step: 1.5 }, searches: 4 };
    const now = await explore({ source: source("wellsFrom"), ...options });
    const later = await explore({ source: source("asyncWellsFrom"), ...options });
    expect(later).toEqual(now);
    expect(now.network.minima.length).toBe(2);
    expect(now.network.saddles.map((s) => s.minima)).toEqual([[0, 1]]);
  });

  test("of a traced function, with compiled derivatives, finds the same points", async () => {
    const options = { seed: 1, walkers: 2, hop: { steps: 10, step: 1.5 }, searches: 4 };
    const called = (await explore({ source: source("wellsFrom"), ...options })).network;
    const traced = (await explore({ source: source("tracedWellsFrom"), ...options })).network;
    const places = (network: Network) =>
      [...network.minima, ...network.saddles].map((p) =>
        [...p.x, p.lowest].map((v) => Math.round(v * 1e9) || 0),
      );
    const sorted = (rows: number[][]) => rows.sort((a, b) => a[0]! - b[0]!);
    expect(sorted(places(traced))).toEqual(sorted(places(called)));
  });

  test("hears in the middle of a walk that it should stop", async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const task = createTask({
      signal: controller.signal,
      listener({ fraction }) {
        seen.push(fraction);
        if (seen.length === 50) controller.abort();
      },
    });
    const walk = explore({ source: clusters(13), seed: 1, walkers: 1, hop: { steps: 100_000 }, task });
    await expect(walk).rejects.toMatchObject({ name: "Cancelled" });
    expect(seen.length).toBeLessThan(1000);
    expect(Math.max(...seen)).toBeLessThan(0.1);
  });

  test("stops when it is told to", async () => {
    const controller = new AbortController();
    const task = createTask({ signal: controller.signal, listener: () => controller.abort() });
    await expect(explore({ source: clusters(8), seed: 1, task })).rejects.toMatchObject({
      name: "Cancelled",
    });
  });
});

test.each([
  [1, [0.638108043, 0.654150272, Math.LN2, 0.699517734], [0.693898644, 0.694990594, 0.701725206]],
  [
    2,
    [0.426538887, 0.469214557, 0.592903793, Math.LN2],
    [
      ...[0.603343586, 0.614299201, 0.638108043, 0.654150272, 0.669647905],
      ...[0.685564498, 0.692027703, 0.693898644, 0.694990594, 0.699517734],
    ],
  ],
])(
  "XOR with %i hidden units, λ = 0.01: minima and transition states of an independent search",
  async (hidden, minima, saddles) => {
    const { network } = await explore({
      source: { ...source("xorFrom"), input: { hidden, lambda: 0.01 } },
      ...{ seed: 1, same: { value: 1e-8, distance: Infinity }, walkers: 24, searches: 60, neighbours: 3 },
      hop: { steps: 5, step: 2, valueTolerance: 1e-6, distanceTolerance: Infinity },
      searchSize: { least: 0.1, most: 3 },
      modeSizes: [0.1, 0.5, 1.5],
      transition: { follow: { maxDistance: 6 } },
    });
    for (const [found, known] of [
      [network.minima, minima],
      [network.saddles, saddles],
    ] as const) {
      const values = found.map((p) => p.value).sort((a, b) => a - b);
      expect(values.length).toBe(known.length);
      values.forEach((value, i) => {
        expect(Math.abs(value - known[i]!)).toBeLessThan(1e-9);
      });
    }
  },
);

describe("bad landscapes are refused by name", () => {
  test.each([
    ["slideFrom", /none of \d+ quenches on slide.*did not converge.*lower bound/],
    ["troughFrom", /none of \d+ quenches on trough.*flat: eigenvalue.*coordinate 0.*regularisation/],
    ["nothingFrom", /'nothingFrom'.*gave no landscape/],
    ["hugeFrom", /5000 coordinates: the Hessian.*191 MiB.*maxCoordinates/],
    ["tracedFloatFrom", /'pair' returns float64 of shape \[2\]|scalar/],
    ["absent", /exports no function 'absent'/],
  ])("%s", async (fn, message) => {
    const hop = { steps: 3, hop: { maxIterations: 200 } };
    await expect(explore({ source: source(fn), seed: 1, walkers: 2, hop, task: quietTask })).rejects.toThrow(
      message,
    );
  });
});

describe("missing connections", () => {
  const point = (x: number) => ({
    ...{ x: Float64Array.of(x, 0), value: x / 100, rms: 0, index: 0, lowest: 1, logProduct: 0, zeroModes: 0 },
  });
  const chain = (places: readonly number[]): Network => {
    const network = emptyNetwork(wells());
    for (const x of places) addMinimum(network, wells(), point(x));
    return network;
  };
  const apart = (network: Network) => (a: number, b: number) =>
    Math.abs(network.minima[a]!.x[0]! - network.minima[b]!.x[0]!);

  test("many short steps are preferred to a long one", () => {
    const network = chain([0, 1, 2, 3]);
    expect(missingConnections(network, apart(network)).pairs.sort()).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
  });

  test("what is joined costs nothing; what was tried is closed; nothing left is said", () => {
    const network = chain([0, 1, 5]);
    const saddle = { ...point(9), order: 1, vector: new Float64Array(2), minima: [0, 1] as [number, number] };
    network.saddles.push(saddle);
    expect(missingConnections(network, apart(network)).pairs).toEqual([[1, 2]]);
    recordAttempt(network, 2, 1);
    expect(missingConnections(network, apart(network)).pairs).toEqual([[0, 2]]);
    recordAttempt(network, 0, 2);
    expect(missingConnections(network, apart(network))).toEqual({ pairs: [], unreachable: [2] });
    expect(missingConnections(network, apart(network), { maxAttempts: 2 }).pairs).toEqual([[1, 2]]);
  });
});

test("points of another landscape, and networks without minima, are refused", () => {
  const network = emptyNetwork(wells());
  expect(() => globalMinimum(network)).toThrow(/no minima/);
  const other = { ...wells(), name: "others" };
  const at = { x: new Float64Array(2), value: 0, rms: 0, index: 0, lowest: 1, logProduct: 0, zeroModes: 0 };
  expect(() => addMinimum(network, other, at)).toThrow(/others for the network of wells/);
  expect(() => addMinimum(network, wells(), { ...at, x: new Float64Array(3) })).toThrow(/3 coordinates/);
  expect(() => addMinimum(network, wells(), { ...at, index: 1 })).toThrow(/index 1/);
  expect(() => mergeNetworks(network, wells(), emptyNetwork(other))).toThrow(/others.*wells/);
});
