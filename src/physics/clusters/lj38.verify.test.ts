import { expect, test } from "vitest";
import { random } from "../../core/random.ts";
import { basinHopping } from "../../optim/landscape/basin-hopping.ts";
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
