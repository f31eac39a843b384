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

  test.each([
    [1, "they drive the decisions"],
    [2, "more than random weights"],
    [3, "more than those of the largest margin gradients"],
    [4, "and speak of the features that carry the label"],
    [5, "halves of a group conserve the same weights"],
    [6, "raw variance misleads"],
    [7, "alignment is needed"],
  ])("row %i: %s", (row) => {
    expect(metrics[`landscape.row.${row}.met`]).toBe(1);
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
