import { describe, expect, test } from "vitest";
import { random } from "../../core/random.ts";
import { quietTask } from "../../core/task.ts";
import { basinHopping } from "../../optim/landscape/basin-hopping.ts";
import { type Exploration, type ExploreOptions, explore } from "../../optim/landscape/explore.ts";
import type { Network } from "../../optim/landscape/network.ts";
import { differencedHessian, runSearch } from "../../optim/landscape/search.ts";
import { modeSpectrum } from "../../optim/landscape/spectrum.ts";
import { lennardJones } from "./lennard-jones.ts";
import { clusterZeroModes } from "./zero-modes.ts";

const source = (atoms: number) => ({
  module: new URL("./lennard-jones.ts", import.meta.url).href,
  fn: "lennardJonesFrom",
  input: { atoms },
});

const explored = (atoms: number, options: Partial<ExploreOptions> = {}): Promise<Exploration> =>
  explore({ source: source(atoms), seed: 1, walkers: 4, task: quietTask, ...options });

const values = (points: readonly { value: number }[]) =>
  points.map((point) => point.value.toFixed(6)).sort((a, b) => Number(a) - Number(b));

/** Every point again, by the spectrum of differences of the gradient alone. */
function certified(atoms: number, network: Network): void {
  const land = lennardJones(atoms);
  const g = new Float64Array(land.n);
  for (const [points, index] of [
    [network.minima, 0],
    [network.saddles, 1],
  ] as const) {
    for (const { x, value } of points) {
      expect(land.valueAndGradient(x, g)).toBe(value);
      expect(Math.hypot(...g) / Math.sqrt(land.n)).toBeLessThan(1e-9);
      const spectrum = modeSpectrum(runSearch(land, differencedHessian(x)), clusterZeroModes(x)).values;
      expect(spectrum.filter((v) => v < 0).length).toBe(index);
      expect(Math.min(...spectrum.map(Math.abs))).toBeGreaterThan(1e-3);
    }
  }
  for (const { value, minima } of network.saddles) {
    for (const id of minima) expect(network.minima[id]!.value).toBeLessThan(value);
  }
}

describe("small Lennard-Jones clusters have the published stationary points", () => {
  test.each([
    [4, ["-6.000000"], ["-5.073421"]],
    [5, ["-9.103852"], ["-8.480620", "-8.197888"]],
    [6, ["-12.712062", "-12.302928"], ["-12.079031", "-11.630307", "-11.334033"]],
  ])("LJ%i", async (atoms, minima, saddles) => {
    const { network, unreachable } = await explored(atoms);
    expect(values(network.minima)).toEqual(minima);
    expect(values(network.saddles)).toEqual(saddles);
    expect(unreachable).toEqual([]);
    certified(atoms, network);
    if (atoms !== 6) return;
    // The lowest joins the two minima, the others the higher one with itself.
    const low = network.minima.findIndex((m) => m.value < -12.7);
    const joins = [...network.saddles].sort((a, b) => a.value - b.value).map((saddle) => saddle.minima);
    expect(joins.map((ends) => ends.filter((id) => id === low).length)).toEqual([1, 0, 0]);
  });

  test("LJ7: 4 minima and all 12 transition states", async () => {
    const { network, unreachable } = await explored(7);
    expect(values(network.minima)).toEqual(["-16.505384", "-15.935043", "-15.593211", "-15.533060"]);
    expect(network.saddles.length).toBe(12);
    expect(new Set(values(network.saddles)).size).toBe(12);
    expect(unreachable).toEqual([]);
    certified(7, network);
  });

  test("LJ8: 8 minima", async () => {
    const { network, unreachable } = await explored(8, { searches: 8, modes: 4 });
    expect(values(network.minima)).toEqual([
      ...["-19.821489", "-19.765298", "-19.189311", "-19.169280"],
      ...["-18.976056", "-18.856826", "-18.828672", "-18.778208"],
    ]);
    expect(unreachable).toEqual([]);
    certified(8, network);
  });
});

test("LJ13: the icosahedron from each of 20 seeds, with its normal modes and the order 120", () => {
  const land = lennardJones(13);
  for (let seed = 0; seed < 20; seed++) {
    const options = { steps: 600, target: -44.3268, save: 3, step: 0.4, temperature: 0.8 };
    const { minima, reached } = runSearch(land, basinHopping(land, random(seed, "LJ13"), options));
    const { point } = minima[0]!;
    expect([seed, point.value.toFixed(6), reached !== undefined]).toEqual([seed, "-44.326801", true]);
    expect(Math.abs(point.value + 44.3268014195)).toBeLessThan(1e-9);
    expect(Math.abs(point.logProduct - 158.246448738)).toBeLessThan(1e-7);
    expect(Math.abs(point.lowest - 42.654054)).toBeLessThan(1e-5);
    expect(land.symmetry!.order(point.x)).toBe(120);
  }
});
