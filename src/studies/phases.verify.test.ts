import { beforeAll, describe, expect, it } from "vitest";
import { sharedPath } from "../../test/shared.ts";
import { parseParams } from "../core/params.ts";
import { random } from "../core/random.ts";
import { quietTask } from "../core/task.ts";
import { memoryStore } from "../runs/memory-store.ts";
import type { StudyResult } from "./contract.ts";
import { phasesStudy } from "./phases.ts";

function run(options: Record<string, unknown>): Promise<StudyResult> {
  return phasesStudy.run(parseParams(phasesStudy.params, { ...phasesStudy.presets.quick, ...options }), {
    task: quietTask,
    random: random(0),
    seed: 0,
    checkpoints: memoryStore(),
    threads: 2,
    say: () => {},
  });
}

const metricsOf = (result: StudyResult): Record<string, number> =>
  Object.assign({}, ...result.sections.map((section) => section.metrics));
const verdicts = (result: StudyResult) =>
  Object.fromEntries(result.claims!.map(({ claim, verdict }) => [claim.id, verdict.word]));

describe("the quick phases study: criteria of the reproduction for networks of our own", () => {
  let result: StudyResult;
  let metrics: Record<string, number>;
  beforeAll(async () => {
    result = await run({});
    metrics = metricsOf(result);
  }, 1_800_000);

  it("the network is at a minimum, and leaving states out changes its losses as influence predicts", () => {
    expect(metrics["net.health.gradient_norm"]).toBeLessThanOrEqual(1e-6);
    expect(metrics["phases.loo.pearson"]).toBeGreaterThan(0.95);
    expect(metrics["phases.loo.newton.pearson"]).toBeGreaterThan(0.95);
    expect(metrics["net.loo.unconverged"]).toBeLessThanOrEqual(2);
  });

  it("B1: the most helpful states are those of their own phase beside the label boundary", () => {
    expect(Math.abs(metrics["phases.influence.ll_helpful_median_V1"]! - 1)).toBeLessThan(0.05);
    expect(metrics["phases.influence.ll_helpful_nearer_share"]).toBeLessThan(0.05);
    expect(metrics["phases.influence.cdw_helpful_nearer_share"]).toBeLessThan(0.05);
    expect(Math.abs(metrics["phases.influence.ll_helpful_same_phase_V1"]! - 1)).toBeLessThan(0.05);
  });

  it("B2: plateau training generalises, with the boundary inside of the untrained gap", () => {
    expect(metrics["phases.plateau.train_count"]).toBe(177);
    expect(metrics["phases.plateau.accuracy"]).toBeGreaterThanOrEqual(0.97);
    expect(metrics["phases.plateau.boundary_V1"]).toBeGreaterThan(1.9);
    expect(metrics["phases.plateau.boundary_V1"]).toBeLessThan(2.6);
  });

  it("B3: the plateau net's extrapolation score has one maximum, over 100 times its value in training", () => {
    expect(metrics["plateau.lees.even.maxima"]).toBe(1);
    expect(metrics["plateau.lees.even.peak_over_trained"]).toBeGreaterThan(100);
    const apart = metrics["plateau.lees.even.peak_V1"]! - metrics["phases.plateau.boundary_V1"]!;
    expect(Math.abs(apart)).toBeLessThan(0.5);
  });

  it("B4: plateau influence names the states nearest to the gap", () => {
    expect(metrics["plateau.influence.even.LL.helpful_median_V1"]).toBeGreaterThan(0.2);
    expect(metrics["plateau.influence.even.CDWI.helpful_median_V1"]).toBeLessThan(36.7);
  });

  it("B5: one dominant curvature direction for two classes; B6: the ridge keeps the network from saturating", () => {
    expect(metrics["net.spectrum.ratio"]).toBeGreaterThan(30);
    expect(metrics["plateau.spectrum.ratio"]).toBeGreaterThan(30);
    expect(metrics["net.alignment.even.flips"]).toBe(1);
    expect(metrics["net.lees.even.ratio"]).toBeGreaterThan(100);
  });

  it("uncertainty and extrapolation peak at the network's own boundary; permuted states stand out", () => {
    const boundary = metrics["phases.boundary_V1"]!;
    expect(Math.abs(metrics["phases.rue.peak_V1"]! - boundary)).toBeLessThan(0.3);
    expect(Math.abs(metrics["phases.lees.peak_V1"]! - boundary)).toBeLessThan(0.3);
    expect(metrics["phases.lees.ood_auc"]! - metrics["phases.confidence.ood_auc"]!).toBeGreaterThan(0.1);
    expect(metrics["phases.lees.share.ood_auc"]).toBeGreaterThan(0.95);
  });

  it("the verdicts: influence and uncertainty supported, the transition from plateaus not", () => {
    expect(verdicts(result)).toMatchObject({
      "net.influence.even.LL": "supported",
      "net.influence.even.CDWI": "supported",
      "net.uncertainty.even": "supported",
      "plateau.extrapolation.even": "supported",
      "plateau.transition": "not supported",
    });
  });
});

describe("phases under one label", () => {
  it("B7 is not what the smooth net shows: the states that help LL most are BO, those beside the label boundary", async () => {
    const metrics = metricsOf(await run({ cut: "hidden", shuffles: 0, bootstraps: 0, leaveOut: 3 }));
    expect(metrics["net.hidden.told_apart"]).toBe(0);
    expect(metrics["net.hidden.BO.share"]).toBeGreaterThan(0.9);
    expect(metrics["net.hidden.LL.share"]).toBeLessThan(0.2);
    expect(metrics["phases.loo.pearson"]).toBeGreaterThan(0.95);
  }, 1_800_000);
});

const weights = sharedPath("data/hubbard/cnn-ll-cdw.safetensors");
describe.skipIf(!weights)("the published weights", () => {
  it("A2, A7 and A15 again, with every warning that they deserve", async () => {
    const given = { weights, ridge: 5e-5, shuffles: 0, leaveOut: 0, bootstraps: 0 };
    const result = await run(given);
    const metrics = metricsOf(result);
    expect(metrics["phases.accuracy.even"]).toBeCloseTo(0.88, 12);
    expect(metrics["net.spectrum.largest"]).toBeCloseTo(68.677, 2);
    expect(metrics["net.spectrum.at_ridge"]).toBe(447);
    expect(metrics["net.health.gradient_norm"]).toBeCloseTo(0.389, 2);
    expect(metrics["net.alignment.even.flips"]).toBe(1);
    expect(metrics["net.alignment.even.flip_V1"]).toBeGreaterThan(2.168);
    expect(metrics["net.alignment.even.flip_V1"]).toBeLessThan(2.458);
    const warnings = result.sections
      .flatMap(({ diagnostics }) => diagnostics)
      .filter(({ level }) => level === "warning")
      .map(({ message }) => message)
      .join("\n");
    expect(warnings).toMatch(/not at a minimum/);
    expect(warnings).toMatch(/negative eigenvalues/);
    expect(warnings).toMatch(/gate/);
    expect(result.claims!.some(({ claim }) => claim.kind === "critical value")).toBe(false);
  }, 1_800_000);
});
