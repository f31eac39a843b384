import { describe, expect, it } from "vitest";
import { isNotRun } from "../../claims/card.ts";
import { defaults } from "../../core/params.ts";
import { random } from "../../core/random.ts";
import { quietTask } from "../../core/task.ts";
import type { Objective, Samples } from "../../models/objective/contract.ts";
import { crossEntropy } from "../../models/objective/losses.ts";
import { initialSequentialParameters } from "../../models/sequential/initial.ts";
import { sequentialObjective } from "../../models/sequential/objective.ts";
import { type SequentialConfig, sequential } from "../../models/sequential/sequential.ts";
import { trainToMinimum } from "../../models/train-to-minimum.ts";
import { pearson } from "../../stats/correlation.ts";
import { nature } from "./about.ts";
import { analyseCurvature } from "./analyse.ts";
import { pointNames } from "./axis.ts";
import { curvatureFindings } from "./findings.ts";
import type { CurvatureOptions } from "./prepare.ts";
import type { CurvatureSubject, TestSet } from "./subject.ts";

const options: CurvatureOptions = { ...defaults(nature.params), nulls: 39, bootstraps: 30 };

/** Points on a line with a class on either side of T = 5, three noisy features of T, some labels turned. */
function states(count: number, stream: ReturnType<typeof random>): Samples & { control: Float64Array } {
  const control = Float64Array.from({ length: count }, (_, i) => (10 * (i + 0.5)) / count);
  const inputs = new Float64Array(3 * count);
  control.forEach((t, i) => {
    inputs[3 * i] = (t - 5) / 3 + 0.3 * stream.normal();
    inputs[3 * i + 1] = Math.sin(t) + 0.3 * stream.normal();
    inputs[3 * i + 2] = stream.normal();
  });
  return { count, inputs: [inputs], targets: control.map((t) => (t > 5 ? 1 : 0)), control };
}

async function trained(layers: SequentialConfig["layers"], ridge: number, count = 80) {
  const model = sequential({ name: "line", input: [3], layers });
  const stream = random(4);
  const [train, test] = [states(count, stream), states(20, stream)];
  const objective = sequentialObjective({ model, train, loss: crossEntropy(2), ridge });
  const start = initialSequentialParameters(model, random(1));
  const { parameters } = await trainToMinimum(objective, start, { tolerance: 1e-10 });
  const phase = (t: number) => (t > 5 ? "high" : "low");
  const points = ({ control }: typeof train) => ({
    names: pointNames("T", control),
    control,
    phase: Array.from(control, phase),
  });
  const set: TestSet = { name: "test", points: points(test), samples: test };
  const subject: CurvatureSubject = {
    id: "line",
    title: "the line net",
    about: { model: model.name, data: "planted", seeds: [1] },
    source: { kind: "model", objective, parameters },
    axis: { name: "T", label: "temperature", unit: "K" },
    train: points(train),
    tests: [set],
    classes: ["low", "high"],
  };
  return { subject, objective };
}

const context = () => ({ task: quietTask, random: random(9) });

describe("logistic regression, whose loss is convex", () => {
  it("leave-one-out by retraining agrees with influence, better with one Newton step; claims are filled", async () => {
    const { subject } = await trained([{ kind: "dense", outputs: 2 }], 1e-2);
    const { removal, health, claims, answers, prepared } = await analyseCurvature(
      subject,
      options,
      context(),
    );
    expect(removal!.firstOrder.pearson).toBeGreaterThan(0.99);
    expect(removal!.newton.rmsError).toBeLessThan(removal!.firstOrder.rmsError / 3);
    expect(removal!.unconverged).toBe(0);
    expect(health.filter(({ good }) => !good)).toEqual([]);
    expect(claims.map(({ claim }) => claim.id)).toEqual([
      "line.influence.test.low",
      "line.influence.test.high",
      "line.uncertainty.test",
    ]);
    // Resampling in closed form against the spread of networks that were retrained on drawn training sets.
    const { deviation } = removal!.bootstrap!;
    expect(pearson(answers[0]!.spread.probability!, deviation)).toBeGreaterThan(0.9);
    const [first] = claims;
    expect(isNotRun(first!.card.truth) ? 0 : first!.card.truth[0]!.score).toBeGreaterThan(0.9);
    expect(prepared.stationarity.gradientNorm).toBeLessThan(1e-9);
  });

  it("drawn training sets give the closed form's spread, and one seed the same findings", async () => {
    const { subject } = await trained([{ kind: "dense", outputs: 2 }], 5e-2);
    const plain = { ...options, leaveOut: 0 };
    const closed = await analyseCurvature(subject, plain, context());
    const drawn = await analyseCurvature(subject, { ...plain, resampling: 2000 }, context());
    const [a, b] = [closed.answers[0]!.spread, drawn.answers[0]!.spread];
    a.margin!.forEach((value, t) => {
      expect(Math.abs(b.margin![t]! / value - 1)).toBeLessThan(0.1); // 1/√(2·2000) is 1.6 %
    });
    const again = await analyseCurvature(subject, { ...plain, resampling: 2000 }, context());
    expect(again.answers[0]!.spread).toEqual(b);
  });
});

describe("a small tanh net", () => {
  const layers: SequentialConfig["layers"] = [
    { kind: "dense", outputs: 4 },
    { kind: "activation", function: "tanh" },
    { kind: "dense", outputs: 2 },
  ];

  it.each(["exact", "ggn", "fisher", "block-diagonal", "kfac", "ekfac", "low-rank", "last-layer"] as const)(
    "takes the curvature %s",
    async (curvature) => {
      const { subject } = await trained(layers, 1e-2);
      const own = { ...options, curvature, rank: 8, leaveOut: 0, nulls: 19 };
      const findings = curvatureFindings(subject, await analyseCurvature(subject, own, context()), own);
      for (const [name, value] of Object.entries(findings.metrics)) {
        expect(Number.isFinite(value), name).toBe(true);
      }
      expect(findings.metrics["line.rue.test.peak_T"]).toBeGreaterThan(3);
      expect(findings.metrics["line.rue.test.peak_T"]).toBeLessThan(7);
    },
  );

  it("says loudly that parameters are at no minimum, and never without a number", async () => {
    const { subject } = await trained(layers, 1e-2);
    const { objective } = subject.source as { objective: Objective };
    const moved: CurvatureSubject = {
      ...subject,
      source: {
        kind: "model",
        objective,
        parameters: initialSequentialParameters(sequential({ name: "line", input: [3], layers }), random(8)),
      },
    };
    const own = { ...options, leaveOut: 4 };
    const analysis = await analyseCurvature(moved, own, context());
    const { diagnostics, metrics } = curvatureFindings(moved, analysis, own);
    // Cut after a few steps, retraining agrees with influence by construction: that must not count.
    const { removal, claims, health } = analysis;
    expect(removal!.unconverged).toBe(removal!.retrained);
    expect(removal!.bootstrap).toBeUndefined();
    expect(health.find(({ key }) => key === "loo_pearson")!.good).toBe(false);
    for (const { claim, card } of claims.filter(({ claim: { kind } }) => kind === "influence")) {
      expect(isNotRun(card.faithfulness), claim.id).toBe(true);
      if (!isNotRun(card.truth)) expect(card.truth[0]!.score, claim.id).toBeLessThan(0.9);
    }
    const said = diagnostics.filter(({ level }) => level === "warning").map(({ message }) => message);
    expect(said.join("\n")).toMatch(/gradient of the training loss is .*not at a minimum/);
    expect(metrics["line.health.gradient_norm"]).toBeGreaterThan(1e-2);
    expect(said.join("\n")).toMatch(/negative eigenvalue|Damping/);
    expect(said.join("\n")).toMatch(/no minimum, so each was cut after a few steps/);
  });
});
