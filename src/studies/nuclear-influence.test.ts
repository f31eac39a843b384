import { describe, expect, it } from "vitest";
import { parseParams } from "../core/params.ts";
import { random } from "../core/random.ts";
import { quietTask } from "../core/task.ts";
import { renderFigure } from "../report/render-figure.ts";
import { memoryStore } from "../runs/memory-store.ts";
import { nuclearInfluenceStudy } from "./nuclear-influence.ts";

const tiny = {
  ...{ minZ: 60, minN: 90, epochs: 60, width: 4, depth: 1 },
  ...{ nulls: 19, randomGroups: 3, leaveOut: 3, subsets: 12, rank: 20 },
};

async function run(options: Record<string, unknown>) {
  const result = await nuclearInfluenceStudy.run(
    parseParams(nuclearInfluenceStudy.params, { ...tiny, ...options }),
    {
      ...{ task: quietTask, random: random(0), seed: 0, checkpoints: memoryStore() },
      ...{ threads: 1, say: () => {} },
    },
  );
  return { result, section: result.sections[0]! };
}

describe("the influence study on heavy nuclei", () => {
  it("checks the readout by retraining: without single nuclei, and on random halves", async () => {
    const { section, result } = await run({});
    const { metrics, tables, figures } = section;
    // The readout is linear and its loss quadratic, so that influence is nearly what removal does.
    expect(metrics["nuclear.loo.pearson"]).toBeGreaterThan(0.99);
    expect(metrics["nuclear.health.lds"]).toBeGreaterThan(0.9);
    expect(metrics["nuclear.health.lds"]).toBeGreaterThan(metrics["nuclear.lds.identity"]!);
    expect(metrics["nuclear.lds.unconverged"]).toBe(0);
    expect(metrics["nuclear.health.gradient_norm"]).toBeLessThan(1e-10);
    const table = tables.find(({ name }) => name === "nuclear-datamodelling")!;
    expect(table.rows).toBe(5);
    expect(figures.filter(({ name }) => /^influence-z\d+-n\d+$/.test(name)).length).toBe(5);
    for (const figure of figures) expect(renderFigure(figure)).toContain("</svg>");
    expect(result.claims!.length).toBe(6);
  }, 60_000);

  it("takes all parameters in a damped Gauss–Newton metric, and says that it is no minimum and unchecked", async () => {
    const { section } = await run({ part: "all" });
    const said = section.diagnostics.map(({ message }) => message).join("\n");
    expect(said).toMatch(/generalised Gauss–Newton, solved by woodbury/);
    expect(said).toMatch(/ends at no minimum of any loss/);
    expect(said).toMatch(/nothing was retrained/);
    expect(section.metrics["nuclear.health.lds"]).toBeUndefined();
    for (const [name, value] of Object.entries(section.metrics))
      expect(Number.isFinite(value), name).toBe(true);
    for (const figure of section.figures) expect(renderFigure(figure)).toContain("</svg>");
  }, 60_000);
});
