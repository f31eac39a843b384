import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isNotRun, judge, readClaims } from "../claims/index.ts";
import { nuclearStudy } from "./nuclear.ts";
import { runStudy } from "./run-study.ts";

let base: string;
let metrics: Readonly<Record<string, number>>;
let seconds: number;
let claims: ReturnType<typeof readClaims>;

beforeAll(async () => {
  base = fs.mkdtempSync(path.join(os.tmpdir(), "physlens-verify-"));
  const start = performance.now();
  const run = await runStudy(nuclearStudy, {
    preset: "quick",
    out: path.join(base, "out"),
    home: path.join(base, "home"),
    threads: 2,
  });
  seconds = (performance.now() - start) / 1000;
  metrics = run.metrics;
  claims = readClaims(fs.readFileSync(path.join(base, "out", "claims.json"), "utf8"), "claims.json");
});
afterAll(() => fs.rmSync(base, { recursive: true, force: true }));

describe("npx physlens run nuclear --preset quick", () => {
  const of = (name: string) => metrics[name]!;

  test("held-out error: at most 5 MeV, beside formulas fitted to the same nuclei", () => {
    expect(of("model.val.rms_keV")).toBeLessThanOrEqual(5000);
    expect(of("baseline.semf.rms_keV")).toBeGreaterThan(2500);
    expect(of("baseline.semf.rms_keV")).toBeLessThan(4500);
    expect(of("baseline.bw2.rms_keV")).toBeGreaterThan(1300);
    expect(of("baseline.bw2.rms_keV")).toBeLessThan(2200);
    expect(of("split.derivable_share")).toBe(0);
  });

  test("the helix of Kitouni et al. 2024: two turns over N = 40–119, R² of at least 0.95", () => {
    expect(of("helix.N.turns")).toBeGreaterThanOrEqual(1.8);
    expect(of("helix.N.turns")).toBeLessThanOrEqual(2.2);
    expect(of("helix.N.r2")).toBeGreaterThanOrEqual(0.95);
    const seeds = Object.keys(metrics).filter((name) => /^helix\.N\.turns\.seed\d+$/.test(name));
    expect(seeds.length).toBeGreaterThanOrEqual(3);
  });

  test("the helix beats random walks in the median network and in no control; a walk's own fit has R² 0.98", () => {
    expect(of("helix.N.p")).toBeLessThan(0.01);
    expect(of("control.memorising.helix.N.p")).toBeGreaterThan(0.05);
    expect(of("control.volume.helix.N.p")).toBeGreaterThan(0.05);
    expect(of("null.randomwalk.helix_r2")).toBeGreaterThan(0.97);
    expect(of("null.randomwalk.helix_r2")).toBeLessThan(0.99);
    expect(of("null.randomwalk.helix_turns")).toBeLessThan(1.25);
  });

  test("claims with filled cards; volume is found in the last layer where the networks have been, parity nowhere", () => {
    const words = Object.fromEntries(claims.map(({ claim, verdict }) => [claim.id, verdict.word]));
    expect(Object.keys(words)).toEqual(
      expect.arrayContaining(["helix.N", "helix.Z", "match.pairing", "match.asymmetry", "match.shell"]),
    );
    expect(words).toMatchObject({
      "match.volume": "mixed",
      "ordering.N": "mixed",
      "parity.N": "not supported",
      "parity.Z": "not supported",
    });
    for (const { claim, card } of claims) {
      expect(isNotRun(card.outOfDistribution), claim.id).toBe(false);
      expect(card.null, claim.id).toContainEqual(
        expect.objectContaining({ name: "permuted targets", rounds: 19, floor: 0.05 }),
      );
    }
    const { card } = claims.find(({ claim }) => claim.id === "match.volume")!;
    expect(judge(card).filter(({ says }) => says === "against")).toMatchObject([
      { heading: "outOfDistribution" },
    ]);
  });

  test("beyond the range of A that it was shown a network is worse than a formula fitted to the same nuclei", () => {
    for (const end of ["below", "above"]) {
      expect(of(`held_out.A.${end}.network.rms_keV`)).toBeGreaterThan(
        2 * of(`held_out.A.${end}.bw2.rms_keV`),
      );
    }
    expect(of("held_out.A.inside.network.rms_keV")).toBeLessThan(3000);
  });

  test("several tasks and weight decay are in the job: seven observables alone and together, leak-free and not", () => {
    expect(of("multitask.nuclei.derivable_share")).toBe(0);
    expect(of("multitask.random.derivable_share")).toBeGreaterThan(0.95);
    const names = ["binding", "sn", "sp", "qa", "qbm", "qbm_n", "qec"];
    for (const split of ["nuclei", "random"]) {
      for (const name of names) {
        expect(of(`multitask.${split}.${name}.ratio`), `${split} ${name}`).toBeGreaterThan(0);
      }
    }
    const helped = names.filter((name) => of(`multitask.nuclei.${name}.ratio`) > 1);
    expect(helped.length).toBeGreaterThanOrEqual(4);
    for (const decay of ["0", "0.03"]) {
      expect(of(`weight_decay.${decay}.val_rms_keV`)).toBeLessThan(8000);
      expect(of(`weight_decay.${decay}.helix.N.turns`)).toBeGreaterThan(0);
    }
  });

  test("the data: 3352 nuclides; the job takes at most five minutes on two idle cores", () => {
    expect(of("data.nuclides")).toBe(3352);
    expect(seconds).toBeLessThan(300);
  });
});
