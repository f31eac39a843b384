import { beforeAll, describe, expect, it, test } from "vitest";
import { parseParams } from "../core/params.ts";
import { random } from "../core/random.ts";
import { quietTask } from "../core/task.ts";
import { parse } from "../expressions/parse.ts";
import { renderFigure } from "../report/render-figure.ts";
import { memoryStore } from "../runs/memory-store.ts";
import type { StudyResult } from "./contract.ts";
import { judgeVariant } from "./oscillator/accept.ts";
import { searchCell } from "./oscillator/cell-job.ts";
import { countRecoveries } from "./oscillator/count-recoveries.ts";
import { type VariantId, variants } from "./oscillator/variants.ts";
import { wilson } from "./oscillator/wilson.ts";
import { oscillatorStudy } from "./oscillator.ts";

const judge = (id: VariantId, text: string) => judgeVariant(id, parse(text, { names: variants[id].inputs }));

test.each<[VariantId, string]>([
  ["a", "-k*x/m"],
  ["a", "x*k/(-m)"],
  ["a", "1.015*(-k)*(x/m)"],
  ["b", "sin(2*t + 0.3)"],
  ["b", "cos(1.2707963 - 2*t)"],
  ["b", "1.01*sin(t + t + 0.29)"],
  ["b", "2*sin(t + 0.93)^2 - 1"],
  ["c", "-7*x - 0.7*v"],
  ["c", "-7.1*(x + 0.1*v)"],
  ["d", "q^2 + p^2"],
  ["d", "exp(-(q*q + p*p))"],
  ["d", "sqrt(q^2 + 1.05*p^2)"],
])("%s: %s is right", (id, text) => {
  expect(judge(id, text)).toMatchObject({ accepted: true });
});

test.each<[VariantId, string]>([
  ["a", "k*x/m"],
  ["a", "-1.03*k*x/m"],
  ["a", "-k*x/m + 0.01"],
  ["a", "-k*x/(m + 0.001*k)"],
  ["b", "sin(2.011*t + 0.3)"],
  ["b", "sin(2*t + 0.3) + 0.001"],
  ["b", "sin(2*t + 0.3) + 0.001*t"],
  ["b", "0.3"],
  ["c", "-7*x - 0.72*v"],
  ["c", "-7.2*x - 0.7*v"],
  ["c", "-7*x - 0.7*v + 0.001*x^2"],
  ["c", "-7*x"],
  ["d", "3"],
  ["d", "q"],
  ["d", "q*p"],
  ["d", "q^2 + 3*p^2"],
  ["d", "q - q"],
])("%s: %s is wrong", (id, text) => {
  expect(judge(id, text)).toMatchObject({ accepted: false });
});

test("an invariant is exact where its Poisson bracket with the energy vanishes", () => {
  expect(judge("d", "log(q^2 + p^2)").symbolic).toBe(true);
  expect(judge("d", "cos(q)*cos(p)")).toMatchObject({ accepted: true, symbolic: false });
});

test("Wilson's interval against published values (Newcombe 1998: 81 of 263, 0 of 20)", () => {
  expect(wilson(81, 263)).toEqual([expect.closeTo(0.2553, 4), expect.closeTo(0.3662, 4)]);
  expect(wilson(0, 20)).toEqual([0, expect.closeTo(0.1611, 4)]);
});

test("one cell of each variant is recovered, and the same seed gives the same cell", async () => {
  for (const [variant, evaluations] of [
    ["a", 5000],
    ["c", 20_000],
    ["d", 1200],
  ] as const) {
    const job = { variant, noise: 0.01, seed: 5, evaluations };
    const cell = await searchCell(job, quietTask);
    expect({ variant, ...cell.judgement, text: cell.text }).toMatchObject({ accepted: true });
    if (variant === "a") expect(await searchCell(job, quietTask)).toEqual(cell);
    expect(countRecoveries([cell]).find((one) => one.variant === variant)).toMatchObject({
      found: 1,
      seeds: 1,
    });
  }
});

function run(options: Record<string, unknown>): Promise<StudyResult> {
  return oscillatorStudy.run(parseParams(oscillatorStudy.params, options), {
    task: quietTask,
    random: random(0),
    seed: 0,
    checkpoints: memoryStore(),
    threads: 0,
    say: () => {},
  });
}

describe("the study in small", () => {
  let result: StudyResult;
  beforeAll(async () => {
    result = await run({ seeds: 1, noises: "0.01", nullTables: 0, nulls: 2, budget: 0.02, reruns: 1 });
  });

  it("gives recovery for each variant and claims with verdicts", () => {
    const metrics: Record<string, number> = Object.assign({}, ...result.sections.map((s) => s.metrics));
    for (const id of ["a", "b", "c", "d"]) {
      expect([0, 1]).toContain(metrics[`oscillator.${id}.recovery.0.01`]);
    }
    expect(result.claims!.map(({ claim }) => claim.id).sort()).toEqual([
      "a.law",
      "b.law",
      "c.law",
      "d.invariant",
    ]);
    expect(Object.values(metrics).every(Number.isFinite)).toBe(true);
  });

  it("draws every figure", () => {
    for (const section of result.sections) {
      for (const figure of section.figures) {
        const svg = renderFigure(figure);
        expect(svg).toMatch(/<svg/);
        expect(svg).not.toMatch(/NaN/);
      }
    }
  });
});

test.each(["0,0", "x", "0,,1", "-1"])("noises '%s' are refused", async (noises) => {
  await expect((async () => run({ noises }))()).rejects.toThrow(/option 'noises'/);
});
