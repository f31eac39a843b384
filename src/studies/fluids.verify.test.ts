import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sharedPath } from "../../test/shared.ts";
import { readClaims } from "../claims/index.ts";
import { fluidsStudy } from "./fluids.ts";
import { runStudy } from "./run-study.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "physlens-fluids-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
const run = (name: string, set: Record<string, unknown> = {}) =>
  runStudy(fluidsStudy, { preset: "quick", seed: 1, threads: 2, out: path.join(folder, name), set });

describe("npx physlens run fluids --preset quick", () => {
  let metrics: Readonly<Record<string, number>>;
  let seconds: number;
  beforeAll(async () => {
    const start = performance.now();
    metrics = (await run("quick")).metrics;
    seconds = (performance.now() - start) / 1000;
  }, 3_600_000);
  const of = (name: string) => metrics[name]!;

  test("within a quarter of an hour where nothing else runs", () => {
    console.log(`quick preset: ${seconds.toFixed(0)} s`);
    expect(seconds).toBeLessThan(os.loadavg()[0]! > 2.5 ? 3000 : 900);
  });

  test("forces of mW water to a tenth of their spread, of methane to a twentieth", () => {
    expect(of("mw.force_error.relative")).toBeLessThan(0.1);
    expect(of("lj.force_error.relative")).toBeLessThan(0.05);
  });

  test("the data: energy by order of the mW liquid within a tenth of the long runs' −13.38 and 3.31", () => {
    expect(Math.abs(of("mw.E2.per_bead") + 13.383)).toBeLessThan(0.15);
    expect(Math.abs(of("mw.E3.per_bead") - 3.306)).toBeLessThan(0.15);
  });

  test("water: signs of two- and three-body relevance, and correlations with their intervals", () => {
    expect(of("mw.R2.sign_right")).toBe(1);
    expect(of("mw.R3.sign_right")).toBe(1);
    for (const name of ["V3_truth", "R3_truth", "R3_V3"]) {
      const value = of(`mw.${name}_corr`);
      expect(of(`mw.${name}_corr.low`)).toBeLessThanOrEqual(value);
      expect(of(`mw.${name}_corr.high`)).toBeGreaterThanOrEqual(value);
    }
    // V₃ alone is hardly fixed by these frames: 0.2 and 0.7 for two starts. Relevance is nearer to the law than that.
    expect(of("mw.V3_truth_corr.low")).toBeGreaterThan(0);
    expect(of("mw.R3_truth_corr.low")).toBeGreaterThan(0.5);
  });

  test("methane: little of three bodies, and the pair law where pairs were sampled", () => {
    expect(of("lj.V2_truth_corr")).toBeGreaterThan(0.98);
    expect(of("lj.R3_over_R2")).toBeLessThan(0.15);
    expect(of("lj.V3_over_V2")).toBeLessThan(0.2);
  });

  // Expected before the first run, and not so: docs/fluids-study.md says what is.
  test.fails("the exact triplet term of water follows the law", () => {
    expect(of("mw.V3_truth_corr")).toBeGreaterThan(0.5);
  });
  test.fails("methane has less three-body relevance than water", () => {
    expect(of("lj.R3_over_R2")).toBeLessThan(of("mw.R3_over_R2"));
  });

  test("relevance sums to the energy, and dynamics keeps it", () => {
    for (const fluid of ["lj", "mw"]) {
      expect(of(`${fluid}.conservation.relative`)).toBeLessThan(1e-9);
      expect(Math.abs(of(`${fluid}.drift`))).toBeLessThan(0.01);
      expect(of(`${fluid}.g_gap`)).toBeLessThan(0.1);
      expect(of(`${fluid}.dynamics.broke`)).toBe(0);
    }
  });

  test("claims with filled cards", () => {
    const claims = readClaims(
      fs.readFileSync(path.join(folder, "quick", "claims.json"), "utf8"),
      "claims.json",
    );
    const ids = claims.map(({ claim }) => claim.id);
    for (const id of ["lj.order", "lj.pair", "mw.order", "mw.pair", "mw.angle"]) expect(ids).toContain(id);
  });
});

const [weights, frame] = ["so3net-methane.safetensors", "frame0.extxyz"].map((file) =>
  sharedPath(`data/methane/${file}`),
);

describe.skipIf(!weights || !frame)("the published methane network through the study", () => {
  test("energy, conserved relevance, exact one-body energy and dimers (T1, T15, T16)", async () => {
    const { metrics } = await run("methane", {
      weights,
      frames: frame,
      species: "C=6",
      lengthUnit: "angstrom",
      tables: "published",
      mode: "conservative",
      ...{ nulls: 1, inContext: 4, forceBeads: 2, cuts: 3, gammas: "0" },
    });
    expect(Math.abs(metrics["given.energy"]! + 20.195179517777117)).toBeLessThan(1e-9);
    expect(metrics["given.conservation.defect"]).toBeLessThan(1e-9);
    expect(metrics["given.V1.per_bead"]).toBeCloseTo(-0.7293878436, 8);
    expect(metrics["given.rms_force"]).toBeCloseTo(2.130236, 5);
    expect(metrics["given.R2_V2_corr"]).toBeGreaterThan(0.99);
  }, 900_000);
});

const alanine = sharedPath("data/alanine");

describe.skipIf(!alanine)("alanine dipeptide", () => {
  test("the loss comes down to the noise of the mapping; orders stand beside the prior's", async () => {
    const { metrics } = await run("alanine", { system: "alanine", alanine, nulls: 2, lookFrames: 40 });
    expect(metrics["alanine.force_rms.less_prior"]).toBeLessThan(metrics["alanine.force_rms"]!);
    expect(metrics["alanine.force_error"]).toBeLessThan(metrics["alanine.force_rms.less_prior"]!);
    expect(metrics["alanine.force_error.over_floor"]).toBeLessThan(1.1);
    for (const n of [2, 3, 4]) expect(metrics[`alanine.order${n}.prior.spread`]).toBeGreaterThan(0.1);
    expect(metrics["alanine.order4.relevance.spread"]).toBeGreaterThan(0);
  }, 900_000);
});
