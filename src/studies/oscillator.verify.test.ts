import { beforeAll, describe, expect, it } from "vitest";
import { parseParams } from "../core/params.ts";
import { random } from "../core/random.ts";
import { quietTask } from "../core/task.ts";
import { memoryStore } from "../runs/memory-store.ts";
import type { StudyResult } from "./contract.ts";
import { oscillatorStudy } from "./oscillator.ts";

describe("the oscillator study, ten seeds", () => {
  let metrics: Record<string, number>;
  let result: StudyResult;
  beforeAll(async () => {
    result = await oscillatorStudy.run(parseParams(oscillatorStudy.params, oscillatorStudy.presets.full), {
      task: quietTask,
      random: random(1),
      seed: 1,
      checkpoints: memoryStore(),
      threads: 2,
      say: () => {},
    });
    metrics = Object.assign({}, ...result.sections.map((section) => section.metrics));
  }, 3_600_000);

  it("without noise: 10 of 10 for a, c and d, at least 9 of 10 for b", () => {
    expect(metrics["oscillator.a.recovery.0"]).toBe(1);
    expect(metrics["oscillator.b.recovery.0"]).toBeGreaterThanOrEqual(0.9);
    expect(metrics["oscillator.c.recovery.0"]).toBe(1);
    expect(metrics["oscillator.d.recovery.0"]).toBe(1);
  });

  it("at noise 0.01: at least 8 of 10 for a and c", () => {
    expect(metrics["oscillator.a.recovery.0.01"]).toBeGreaterThanOrEqual(0.8);
    expect(metrics["oscillator.c.recovery.0.01"]).toBeGreaterThanOrEqual(0.8);
  });

  it("refuses pure noise: at most 5 % of at least 40 tables are believed", () => {
    expect(metrics["oscillator.null.tables"]).toBeGreaterThanOrEqual(40);
    expect(metrics["oscillator.null.false_discovery"]).toBeLessThanOrEqual(0.05);
  });

  it("the four claims are supported", () => {
    expect(result.claims!.map(({ claim, verdict }) => [claim.id, verdict.word])).toEqual(
      ["a.law", "b.law", "c.law", "d.invariant"].map((id) => [id, "supported"]),
    );
  });
});
