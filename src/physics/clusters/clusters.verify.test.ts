import { expect, test } from "vitest";
import { random } from "../../core/random.ts";
import { basinHopping } from "../../optim/landscape/basin-hopping.ts";
import { explore } from "../../optim/landscape/explore.ts";
import { emptyNetwork, mergeNetworks } from "../../optim/landscape/network.ts";
import { runSearch } from "../../optim/landscape/search.ts";
import { lennardJones } from "./lennard-jones.ts";

test("LJ38: the fcc truncated octahedron from each of 20 seeds, in at most 5650 quenches on average", () => {
  const land = lennardJones(38);
  const quenches: number[] = [];
  for (let seed = 0; seed < 20; seed++) {
    const options = {
      ...{ steps: 60_000, target: -173.9283, step: 0.4, adaptEvery: 0, temperature: 1, save: 2 },
      ...{ hop: { rms: 5e-3, maxStep: 0.4 }, valueTolerance: 3e-3 },
    };
    const { minima, reached } = runSearch(land, basinHopping(land, random(seed, "LJ38"), options));
    const { point } = minima[0]!;
    expect([seed, point.value.toFixed(6), reached !== undefined]).toEqual([seed, "-173.928427", true]);
    expect(Math.abs(point.logProduct - 538.668903)).toBeLessThan(1e-5);
    expect(land.symmetry!.order(point.x)).toBe(48);
    quenches.push(reached!);
  }
  const mean = quenches.reduce((sum, count) => sum + count, 0) / quenches.length;
  console.log(`LJ38 quenches to the global minimum: ${quenches.join(" ")}; mean ${mean}`);
  expect(mean).toBeLessThanOrEqual(5650);
}, 1_200_000);

test("LJ7 and LJ8: explorations from three seeds, merged, have 4 minima and 12 transition states, 8 and 42", async () => {
  const module = new URL("./lennard-jones.ts", import.meta.url).href;
  for (const [atoms, minima, saddles] of [
    [7, 4, 12],
    [8, 8, 42],
  ] as const) {
    const land = lennardJones(atoms);
    const network = emptyNetwork(land);
    for (let seed = 1; seed <= 3; seed++) {
      const source = { module, fn: "lennardJonesFrom", input: { atoms } };
      const found = (await explore({ source, seed, searches: 100 })).network;
      console.log(`LJ${atoms}, seed ${seed}: ${found.minima.length} minima, ${found.saddles.length} saddles`);
      mergeNetworks(network, land, found);
    }
    expect([atoms, network.minima.length, network.saddles.length]).toEqual([atoms, minima, saddles]);
  }
}, 1_200_000);
