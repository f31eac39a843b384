import { beforeAll, describe, expect, it, test } from "vitest";
import { parseParams } from "../core/params.ts";
import { random } from "../core/random.ts";
import { quietTask } from "../core/task.ts";
import { renderFigure } from "../report/render-figure.ts";
import { memoryStore } from "../runs/memory-store.ts";
import type { StudyResult } from "./contract.ts";
import { fitLorenz } from "./rediscovery/fit-lorenz.ts";
import { searchStrogatz } from "./rediscovery/strogatz-job.ts";
import { rediscoveryStudy } from "./rediscovery.ts";

test("Lorenz: exactly the seven terms up to 1 % noise within the stated errors, spurious terms flagged at 5 %", () => {
  const fits = fitLorenz({ seeds: 3, rounds: 100 }, 0, quietTask);
  for (const { key, noise, found, worst, spurious, flagged } of fits) {
    if (key !== "rates" && key !== "corrected") continue;
    if (noise <= 0.01) {
      expect({ key, noise, found, spurious }).toEqual({ key, noise, found: 7, spurious: 0 });
      expect(worst).toBeLessThan(noise <= 0.001 ? 1e-3 : 0.02);
    } else expect(flagged).toBe(spurious);
  }
  expect(
    fits.filter(({ key, noise }) => key === "rates" && noise === 0.05).some(({ spurious }) => spurious > 0),
  ).toBe(true);
});

test("two equations of Strogatz are found and checked; a budget that is too small is told as not found", async () => {
  const job = { system: "lv", equation: 0, from: "box", seed: 1, evaluations: 60_000 } as const;
  const found = await searchStrogatz(job);
  expect(found).toMatchObject({ recovered: true, onFront: true, sparse: true });
  const lost = await searchStrogatz({ ...job, system: "shearflow", equation: 1, evaluations: 300 });
  expect(lost).toMatchObject({ recovered: false, sparse: false });
});

describe("the study in small", () => {
  let result: StudyResult;
  beforeAll(async () => {
    const options = { evaluations: 1000, trajectories: false, seeds: 1, rounds: 20, nulls: 2 };
    result = await rediscoveryStudy.run(parseParams(rediscoveryStudy.params, options), {
      task: quietTask,
      random: random(0),
      seed: 0,
      checkpoints: memoryStore(),
      threads: 0,
      say: () => {},
    });
  });

  it("tells of every equation, and of the planets with claims that six points cannot carry far", () => {
    const metrics: Record<string, number> = Object.assign({}, ...result.sections.map((s) => s.metrics));
    expect(metrics["strogatz.equations"]).toBe(14);
    expect(metrics["famous.kepler.exhaustive_best"]).toBe(1);
    expect(metrics["famous.bode.exhaustive_best"]).toBe(1);
    expect(result.claims!.map(({ claim }) => claim.id)).toEqual(["kepler.law", "bode.law"]);
    expect(result.claims!.every(({ verdict }) => verdict.word !== "supported")).toBe(true);
  });

  it("draws every figure", () => {
    const figures = result.sections.flatMap((section) => section.figures);
    expect(figures.length).toBeGreaterThan(4);
    for (const figure of figures) expect(renderFigure(figure)).toContain("</svg>");
  });
});
