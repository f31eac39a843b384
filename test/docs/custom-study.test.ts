import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pendulum } from "../../docs/examples/custom-study.ts";
import { runStudy } from "../../src/index.ts";
import { repositoryRoot } from "../shared.ts";

let base: string;
beforeAll(() => {
  base = fs.mkdtempSync(path.join(os.tmpdir(), "physlens-example-"));
});
afterAll(() => fs.rmSync(base, { recursive: true, force: true }));

test("the example of a custom study has at most thirty lines of code", () => {
  const text = fs.readFileSync(path.join(repositoryRoot, "docs/examples/custom-study.ts"), "utf8");
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").split("\n");
  expect(code.filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(30);
});

test("it runs into a folder with its report, figure and numbers, and learns what it should", async () => {
  const folder = path.join(base, "run");
  const run = await runStudy(pendulum, { out: folder, seed: 2 });
  for (const file of ["report.html", "metrics.json", "figures/stiffness.svg", "figures/stiffness.png"]) {
    expect(fs.statSync(path.join(folder, file)).size, file).toBeGreaterThan(20);
  }
  const [head, ...rows] = fs.readFileSync(path.join(folder, "data/stiffness.csv"), "utf8").trim().split("\n");
  expect(head).toContain("angle");
  expect(rows.length).toBeGreaterThanOrEqual(256);
  // Stiffness is of order 1; a network that knew nothing of it would be off by the RMS of cos, about 0.7.
  expect(run.metrics["rms"]).toBeLessThan(0.15);
  const again = await runStudy(pendulum, { out: path.join(base, "again"), seed: 2 });
  expect(again.metrics).toEqual(run.metrics);
  const untrained = await runStudy(pendulum, { out: path.join(base, "one"), seed: 2, set: { steps: 1 } });
  expect(untrained.metrics["rms"]).toBeGreaterThan(0.5);
});
