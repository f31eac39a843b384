import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readClaims } from "../claims/index.ts";
import { landscapeStudy } from "./landscape.ts";
import { runStudy } from "./run-study.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "physlens-landscape-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
const run = (name: string, preset: string, set: Record<string, unknown> = {}) =>
  runStudy(landscapeStudy, { preset, seed: 2, threads: 2, out: path.join(folder, name), set });

/**
 * Thresholds: src/studies/landscape/thresholds.ts, written down before any run was looked at. Hidden units, λ and the
 * effort of the search were chosen on other seeds.
 */
describe("conserved weights on ten seeds of the six-feature rule", () => {
  let metrics: Readonly<Record<string, number>>;
  beforeAll(async () => {
    const set = { seeds: 10, labelNulls: 0, superposition: false, groupDraws: 999 };
    metrics = (await run("ten", "quick", set)).metrics;
    const shown = Object.entries(metrics).filter(([name]) =>
      /^landscape\.(auc|row|feature|sigma)/.test(name),
    );
    for (const [name, value] of shown) console.log(`${name} ${value}`);
  }, 3_600_000);

  test("every seed has a group of at least ten minima", () => {
    expect(metrics["landscape.seeds.judged"]).toBe(10);
    for (let seed = 0; seed < 10; seed++) {
      expect(metrics[`landscape.seed.${seed}.group.size`], `seed ${seed}`).toBeGreaterThanOrEqual(10);
    }
  });

  const met = (name: string) => metrics[`landscape.row.${name}.met`];

  test("row 1: they drive the decisions: base AUC, AUC after shuffling, below the random sets' mean in every seed", () => {
    expect([met("1.1"), met("1.2"), met("1.3")]).toEqual([1, 1, 1]);
  });
  // Not met: 4 of these ten seeds are lower by a deviation of the random sets, 8 of ten others were; 7 are asked for.
  test.fails("row 1: and below it by one deviation of the random sets in seven seeds of ten", () => {
    expect(met("1.4")).toBe(1);
  });
  test("row 2: more than random weights", () => {
    expect(met("2")).toBe(1);
  });
  // Not met: the largest |w·∂margin/∂w| cost as much, or more.
  test.fails("row 3: more than those of the largest margin gradients", () => {
    expect(met("3")).toBe(1);
  });
  test("row 4: their features are those that carry the label", () => {
    expect(met("4.1")).toBe(1);
  });
  // Not met: 0.66 and 0.69 of 0.7. Scores and permutation importance order the three features that matter differently.
  test.fails("row 4: in the order of permutation importance", () => {
    expect(met("4.2")).toBe(1);
  });
  // Not met: p = 0.28, 0.01 for ten other seeds.
  test.fails("row 5: halves of a group conserve the same weights, more than random groups", () => {
    expect(met("5")).toBe(1);
  });
  test("row 6: raw variance misleads", () => {
    expect(met("6")).toBe(1);
  });
  test("row 7: alignment is needed", () => {
    expect(met("7")).toBe(1);
  });
});

describe("npx physlens run landscape --preset quick", () => {
  test("ends within ten minutes where nothing else runs, with claims whose cards are whole", async () => {
    const start = performance.now();
    await run("quick", "quick");
    const seconds = (performance.now() - start) / 1000;
    console.log(`quick preset: ${seconds.toFixed(0)} s`);
    expect(seconds).toBeLessThan(os.loadavg()[0]! > 2.5 ? 3600 : 600);
    const file = path.join(folder, "quick", "claims.json");
    const claims = readClaims(fs.readFileSync(file, "utf8"), file);
    const kinds = claims.map(({ claim }) => claim.kind).sort();
    expect(kinds).toEqual(["count", "count", "relevance", "relevance"]);
    const first = claims.find(({ claim }) => claim.id === "landscape.seed.0.relevance")!;
    expect(first.card.null).toHaveLength(2);
    expect(first.verdict.word).not.toBe("not supported");
  }, 3_600_000);
});

describe("clusters", () => {
  test("LJ7: four minima and twelve transition states", async () => {
    const { metrics } = await run("lj7", "quick", { system: "lj7" });
    expect(metrics["landscape.lj7.minima"]).toBe(4);
    expect(metrics["landscape.lj7.saddles"]).toBe(12);
  }, 3_600_000);

  test("LJ13 reaches the icosahedron, LJ38 the truncated octahedron", async () => {
    const small = (await run("lj13", "quick", { system: "lj13" })).metrics;
    expect(small["landscape.lj13.lowest"]).toBeCloseTo(-44.326801, 6);
    const large = (await run("lj38", "quick", { system: "lj38" })).metrics;
    expect(large["landscape.lj38.lowest"]).toBeCloseTo(-173.928427, 5);
  }, 3_600_000);
});
