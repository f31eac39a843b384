import { beforeAll, describe, expect, it } from "vitest";
import { parseParams } from "../core/params.ts";
import { random } from "../core/random.ts";
import { quietTask } from "../core/task.ts";
import { memoryStore } from "../runs/memory-store.ts";
import { rediscoveryStudy } from "./rediscovery.ts";

describe("the rediscovery study, full budgets from boxes", () => {
  let metrics: Record<string, number>;
  beforeAll(async () => {
    const options = { ...rediscoveryStudy.presets.full, trajectories: false, nulls: 19 };
    const result = await rediscoveryStudy.run(parseParams(rediscoveryStudy.params, options), {
      ...{ task: quietTask, random: random(1), seed: 1, checkpoints: memoryStore(), threads: 2 },
      say: () => {},
    });
    metrics = Object.assign({}, ...result.sections.map((section) => section.metrics));
  }, 3_600_000);

  it("Lorenz: exactly the seven terms at up to 1 % noise, every spurious term at 5 % flagged", () => {
    for (const noise of [0, 0.001, 0.01]) {
      expect(metrics[`lorenz.rates.exact.${noise}`]).toBe(1);
      expect(metrics[`lorenz.rates.worst.${noise}`]).toBeLessThan(noise <= 0.001 ? 1e-3 : 0.02);
    }
    expect(metrics["lorenz.rates.spurious.0.05"]).toBeGreaterThan(0);
    expect(metrics["lorenz.rates.spurious_flagged.0.05"]).toBe(metrics["lorenz.rates.spurious.0.05"]);
  });

  it("at least 12 of the 14 Strogatz equations", () => {
    expect(metrics["strogatz.recovered"]).toBeGreaterThanOrEqual(12);
  });

  it("Kepler's law and Bode's are chosen; each is the best of all small expressions", () => {
    expect(metrics["famous.kepler.chosen"]).toBe(1);
    expect(metrics["famous.bode.chosen"]).toBe(1);
    expect(metrics["famous.kepler.exhaustive_best"]).toBe(1);
    expect(metrics["famous.bode.exhaustive_best"]).toBe(1);
  });
});
