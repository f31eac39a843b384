import { beforeAll, describe, expect, it } from "vitest";
import { UserError } from "../core/errors.ts";
import { parseParams } from "../core/params.ts";
import { random } from "../core/random.ts";
import { quietTask } from "../core/task.ts";
import { closeness } from "../lenses/curvature/claims/influence-claim.ts";
import { renderFigure } from "../report/render-figure.ts";
import { memoryStore } from "../runs/memory-store.ts";
import type { StudyResult } from "./contract.ts";
import { largestAtRandom, nearness } from "./phases/shuffle-job.ts";
import { transitionOf } from "./phases/transition.ts";
import { phasesStudy } from "./phases.ts";

function run(options: Record<string, unknown>): Promise<StudyResult> {
  return (async () =>
    phasesStudy.run(parseParams(phasesStudy.params, options), {
      task: quietTask,
      random: random(0),
      seed: 0,
      checkpoints: memoryStore(),
      threads: 2,
      say: () => {},
    }))();
}

/** Eight sites, few states: the whole study in seconds. */
const tiny = {
  L: 8,
  points: 24,
  sizes: "8,10",
  plateaus: "ba",
  shuffles: 2,
  thinned: 10,
  bootstraps: 2,
  leaveOut: 3,
  nulls: 19,
};

describe("the phases study on a ring of eight sites", () => {
  let result: StudyResult;
  let metrics: Record<string, number>;
  beforeAll(async () => {
    result = await run(tiny);
    metrics = Object.assign({}, ...result.sections.map((section) => section.metrics));
  }, 120_000);

  it("gives the headline numbers, all finite", () => {
    for (const name of [
      "phases.influence.ll_helpful_median_V1",
      "phases.rue.peak_V1",
      "phases.lees.peak_V1",
      "phases.lees.ood_auc",
      "phases.confidence.ood_auc",
      "phases.boundary_V1",
      "phases.loo.pearson",
      "phases.plateau.boundary_V1",
    ]) {
      expect(Number.isFinite(metrics[name]), name).toBe(true);
    }
    expect(metrics["net.health.gradient_norm"]).toBeLessThan(1e-6);
    expect(metrics["classical.level_spectroscopy"]).toBeCloseTo(1, 8);
    expect(metrics["data.train.count"]).toBe(48);
  });

  it("the boundary lies between the labelled classes, and the uncertainty peaks beside it", () => {
    expect(metrics["phases.boundary_V1"]).toBeGreaterThan(1);
    expect(metrics["phases.boundary_V1"]).toBeLessThan(5);
    expect(Math.abs(metrics["phases.rue.peak_V1"]! - metrics["phases.boundary_V1"]!)).toBeLessThan(1);
  });

  it("claims a critical value from the plateaus alone, and says that the other is the labels'", () => {
    const claims = result.claims!;
    expect(
      claims.filter(({ claim }) => claim.kind === "critical value").map(({ claim }) => claim.id),
    ).toEqual(["plateau.transition"]);
    expect(claims.find(({ claim }) => claim.id === "plateau.transition")!.verdict.word).toBe("not supported");
    const said = result.sections
      .flatMap(({ diagnostics }) => diagnostics.map(({ message }) => message))
      .join("\n");
    expect(said).toContain("determined by the labels, so none is claimed");
    const shuffled = claims.find(({ claim }) => claim.id === "net.influence.even.LL")!.card.null;
    expect(JSON.stringify(shuffled)).toContain("shuffled labels");
  });

  it("draws every figure, under names of their own", () => {
    const figures = result.sections.flatMap((section) => section.figures);
    expect(new Set(figures.map(({ name }) => name)).size).toBe(figures.length);
    for (const figure of figures) expect(renderFigure(figure)).toContain("</svg>");
    for (const name of ["net-even-answers", "cdw1-diagram", "net-leave-out", "plateau-predictions"]) {
      expect(figures.map((figure) => figure.name)).toContain(name);
    }
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ["an odd ring", { sizes: "9" }, /option 'sizes': '9'; expected even numbers of sites/],
    ["a plateau that is none", { ...tiny, plateaus: "zz" }, /option 'plateaus': 'zz'; expected one of ab/],
    ["no plateau", { ...tiny, plateaus: "" }, /names no plateau set/],
    ["an unknown cut", { ...tiny, alsoCuts: "diagonal" }, /option 'alsoCuts': 'diagonal'/],
    ["weights that are not there", { ...tiny, weights: "none.safetensors" }, /no file 'none\.safetensors'/],
  ])("refuses %s by name", async (_, options, message) => {
    await expect(run(options)).rejects.toThrow(UserError);
    await expect(run(options)).rejects.toThrow(message);
  });
});

describe("small pieces", () => {
  it("closeness is 1 for neighbours' middle and about 0 for points spread evenly", () => {
    const control = Float64Array.from({ length: 1000 }, (_, i) => i ** 2);
    expect(closeness(control, [500, 501, 502])).toBeCloseTo(1 - (4 * 2) / 3 / 1000, 12);
    const spread = Array.from({ length: 100 }, (_, k) => 10 * k + 5);
    expect(Math.abs(closeness(control, spread))).toBeLessThan(0.01);
  });

  it("nearness is the median distance to the boundary in places", () => {
    expect(nearness([49, 50], 50, 100)).toBeCloseTo(1 - 2 * 0.5 * 0.01, 12);
    expect(nearness([0], 50, 100)).toBeCloseTo(1 - (2 * 49.5) / 100, 12);
  });

  it("largest at random: clear ones always, tied ones as often as each other, never a lower one", () => {
    const values = [1, 5, 3, 3.001, 2.9995, 0];
    const counts = new Float64Array(values.length);
    for (let k = 0; k < 3000; k++) for (const i of largestAtRandom(values, 2, random(k))) counts[i]! += 1;
    expect(counts[1]).toBe(3000);
    expect([counts[0], counts[5]]).toEqual([0, 0]);
    // Each of three with probability 1/3: standard deviation 26.
    for (const i of [2, 3, 4]) expect(Math.abs(counts[i]! - 1000)).toBeLessThan(130);
    expect(largestAtRandom([1, 2], 5, random(0)).toSorted()).toEqual([0, 1]);
  });

  it("a transition is the largest ring's mean; networks without one boundary take no part", () => {
    const network = (L: number, boundaries: number[], plateau = "aa") =>
      ({
        set: { plateau, L },
        network: { name: `${L}`, seed: 1 },
        prediction: { boundaries },
      }) as unknown as Parameters<typeof transitionOf>[0][number];
    const found = transitionOf([
      network(12, [2.2]),
      network(12, [2.4]),
      network(12, [2.0, 30]),
      network(8, [3]),
      network(10, [2.5]),
      network(12, [2.6], "ba"),
    ])!;
    expect(found.value).toBeCloseTo(2.3, 12);
    expect(found.groups[0]!.odd).toBe(1);
    expect(found.sizeSpread).toBeCloseTo(0.7, 12);
    expect(found.plateauSpread).toBeCloseTo(0.3, 12);
    // The line through (1/8, 3), (1/10, 2.5), (1/12, 2.3) by the normal equations.
    const x = [1 / 12, 1 / 8, 1 / 10];
    const y = [2.3, 3, 2.5];
    const [sx, sy] = [x, y].map((list) => list.reduce((a, b) => a + b, 0)) as [number, number];
    const slope =
      (3 * x.reduce((s, v, k) => s + v * y[k]!, 0) - sx * sy) /
      (3 * x.reduce((s, v) => s + v * v, 0) - sx * sx);
    expect(found.extrapolated).toBeCloseTo((sy - slope * sx) / 3, 12);
    expect(transitionOf([network(12, [])])).toBeUndefined();
  });
});
