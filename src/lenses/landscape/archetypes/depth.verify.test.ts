import { expect, test } from "vitest";
import { random } from "../../../core/random.ts";
import { sixFeatureRule } from "../../../physics/classification/six-feature-rule.ts";
import { depthCases, hiddenUnitCases, regularisationCases } from "./cases.ts";
import { compareLandscapes } from "./compare.ts";

const xor = {
  shape: { inputs: 2, hidden: [2], classes: 2 },
  data: { features: [0, 0, 0, 1, 1, 0, 1, 1], labels: [0, 1, 1, 0], rows: 4 },
  lambda: 0.01,
};
const thorough = {
  ...{ walkers: 16, searches: 40, neighbours: 3, cycles: 6 },
  hop: { steps: 8, step: 2, valueTolerance: 1e-6, distanceTolerance: Infinity },
  searchSize: { least: 0.1, most: 3 },
  modeSizes: [0.1, 0.5, 1.5],
  transition: { follow: { maxDistance: 6 } },
};

test("row 8: XOR with two units has no more minima at larger λ, and one at 0.1", async () => {
  const found = await compareLandscapes(regularisationCases(xor, [1e-3, 3e-3, 0.01, 0.03, 0.1]), {
    seed: 1,
    effort: thorough,
  });
  const counts = found.map(({ minima }) => minima);
  console.log(
    found.map(({ label, minima, saddles }) => `${label}: ${minima} minima, ${saddles} saddles`).join("\n"),
  );
  counts.forEach((count, i) => {
    if (i > 0) expect(count).toBeLessThanOrEqual(counts[i - 1]!);
  });
  expect(counts.at(-1)).toBe(1);
});

test("row 10: XOR at λ = 0.01, one to four units: more transition states a minimum, no fewer up to three", async () => {
  const found = await compareLandscapes(hiddenUnitCases(xor, [1, 2, 3, 4]), { seed: 1, effort: thorough });
  console.log(
    found.map(({ label, minima, saddles }) => `${label}: ${minima} minima, ${saddles} saddles`).join("\n"),
  );
  expect(found.slice(0, 3).map(({ minima, saddles }) => [minima, saddles])).toEqual([
    [4, 3],
    [4, 10],
    [3, 12],
  ]);
  found.forEach(({ lowest }, i) => {
    if (i > 0) expect(lowest).toBeLessThanOrEqual(found[i - 1]!.lowest + 1e-9);
  });
});

test("row 12: one and two layers of 32 weights on 100 and 1000 rows of the rule's three features", async () => {
  const data = sixFeatureRule({ rows: 1000 }, random(1, "depth"));
  const three = data.features.data.filter((_, k) => k % 6 < 3);
  const problem = {
    shape: { inputs: 3, hidden: [5], classes: 2 },
    data: { features: three, labels: data.labels, rows: 1000 },
    lambda: 1e-3,
  };
  const found = await compareLandscapes(depthCases(problem, [100, 1000]), {
    seed: 1,
    threads: 2,
    effort: {
      ...{ walkers: 6, hop: { steps: 10, step: 1.5, save: 60 }, searches: 2, modes: 3, modeSizes: [0.3] },
      ...{ rounds: 1, neighbours: 1, cycles: 2, pairAttempts: 1 },
    },
  });
  for (const { label, weights, minima, saddles, relativeBarrier, basins, components, frustration } of found) {
    console.log(
      `${label} (${weights} weights): ${minima} minima, ${saddles} saddles, ${components} components, median barrier/range ${relativeBarrier.toFixed(4)}, ${basins} funnels, frustration ${frustration.toFixed(2)}`,
    );
  }
  const [shallow, , deep] = found;
  expect(deep!.weights).toBe(shallow!.weights);
  expect(deep!.minima).toBeGreaterThan(shallow!.minima);
  expect(deep!.relativeBarrier).toBeLessThan(shallow!.relativeBarrier);
});
