import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UserError } from "../../core/errors.ts";
import { defaults } from "../../core/params.ts";
import { random } from "../../core/random.ts";
import { Cancelled, createTask } from "../../core/task.ts";
import { numbers } from "../../data/table.ts";
import { folderStore } from "../../runs/folder-store.ts";
import { memoryStore } from "../../runs/memory-store.ts";
import type { Store } from "../../runs/store.ts";
import { auditSections } from "./audit.ts";
import { bindingRows } from "./baselines.ts";
import { parseFractions } from "./comparison.ts";
import { type NuclearData, nuclearData } from "./data.ts";
import type { Evaluation } from "./evaluate.ts";
import { type NuclearOptions, params } from "./params.ts";

const options: NuclearOptions = {
  ...defaults(params),
  minZ: 80,
  minN: 114,
  depth: 1,
  refereeSplits: 1,
  leakSeeds: 1,
  fractions: "0.4,0.8",
  fractionSeeds: 2,
  multitask: true,
  comparisonWidth: 8,
  comparisonEpochs: 4,
};

/** Networks that are wrong by a known amount: normal errors of 500 keV, each its own. */
function knownEvaluation(data: NuclearData): Evaluation {
  const binding = numbers(data.chart, "binding").values;
  const stream = random(5);
  const networks = [0, 1, 2].map(() => binding.map((value) => value + 500 * stream.normal()));
  const over = (f: (values: number[]) => number) =>
    binding.map((_, i) => f(networks.map((values) => values[i]!)));
  const centre = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
  return {
    networks,
    ensemble: over(centre),
    spread: over((values) =>
      Math.sqrt(values.reduce((sum, v) => sum + (v - centre(values)) ** 2, 0) / (values.length - 1)),
    ),
    training: bindingRows(data, data.split.train),
    validation: bindingRows(data, data.validation),
    errors: [],
    ensembleError: Number.NaN,
  };
}

async function audit(
  change: Partial<NuclearOptions> = {},
  context: { store?: Store; threads?: number; stopAt?: number } = {},
) {
  const own = { ...options, ...change };
  const data = await nuclearData(own, random(3));
  const evaluation = knownEvaluation(data);
  const stop = new AbortController();
  const task = createTask({
    signal: stop.signal,
    listener: ({ fraction }) => {
      if (context.stopAt !== undefined && fraction >= context.stopAt) stop.abort();
    },
  });
  const sections = await auditSections(data, evaluation, own, {
    task,
    random: random(3).fork("audit"),
    checkpoints: context.store ?? memoryStore(),
    threads: context.threads ?? 0,
  });
  const metrics: Record<string, number> = Object.assign({}, ...sections.map((section) => section.metrics));
  const tables = Object.fromEntries(sections.flatMap((s) => s.tables.map((table) => [table.name, table])));
  const said = sections.flatMap(({ diagnostics }) => diagnostics.map(({ message }) => message)).join("\n");
  return { data, evaluation, sections, metrics, tables, said };
}

describe("an audit of networks whose errors are known", () => {
  let found: Awaited<ReturnType<typeof audit>>;
  beforeAll(async () => {
    process.env["PHYSLENS_HOME"] = path.join(os.tmpdir(), "physlens-nowhere");
    found = await audit();
  });
  afterAll(() => {
    delete process.env["PHYSLENS_HOME"];
  });

  test("every number is finite; names of figures and tables are unique", () => {
    for (const [name, value] of Object.entries(found.metrics)) expect(value, name).toSatisfy(Number.isFinite);
    const names = found.sections.flatMap(({ figures, tables }) => [...figures, ...tables].map((x) => x.name));
    expect(new Set(names).size).toBe(names.length);
    expect(found.sections.every(({ summary, diagnostics }) => summary.length + diagnostics.length > 0)).toBe(
      true,
    );
  });

  test("coverage and error of the networks are those counted by hand", () => {
    const { metrics, evaluation, data, tables } = found;
    const binding = numbers(data.chart, "binding").values;
    const rows = [...evaluation.validation];
    const miss = rows.map((i) => Math.abs(evaluation.ensemble[i]! - binding[i]!) / evaluation.spread[i]!);
    // 0.99446 and 1.95996: normal quantiles from tables.
    const inside = (z: number) => miss.filter((m) => m <= z).length / rows.length;
    expect(metrics["coverage.networks.68"]).toBeCloseTo(inside(0.994458), 9);
    expect(metrics["coverage.networks.95"]).toBeCloseTo(inside(1.959964), 9);
    const table = tables["referee-by-region"]!;
    expect(numbers(table, "nuclei").values[0]).toBe(rows.length);
    const square = rows.reduce((sum, i) => sum + (evaluation.ensemble[i]! - binding[i]!) ** 2, 0);
    expect(numbers(table, "networks").values[0]).toBeCloseTo(Math.sqrt(square / rows.length), 6);
  });

  test("each step from a formula to its refinements lowers the error, on the own split and on drawn ones", () => {
    const { metrics } = found;
    for (const formula of ["semf", "bw2"]) {
      expect(metrics[`baseline.${formula}_gp.rms_keV`]).toBeLessThan(
        metrics[`baseline.${formula}_additive.rms_keV`]!,
      );
      expect(metrics[`referee.f0.9.${formula}_gp.rms_keV`]).toBeLessThan(
        metrics[`referee.f0.9.${formula}.rms_keV`]!,
      );
      expect(metrics[`extrapolation.edge3.${formula}_gp.rms_keV`]).toBeGreaterThan(
        metrics[`baseline.${formula}_gp.rms_keV`]!,
      );
    }
  });

  test("the leak is nothing for the leak-free split and most for the paper's", () => {
    const { metrics } = found;
    for (const percent of [10, 50, 90]) expect(metrics[`leak.nuclei.${percent}`]).toBe(0);
    expect(metrics["leak.random.50"]).toBeGreaterThan(0.97);
    expect(metrics["leak.random-all_same.50"]).toBeGreaterThan(0.9);
    expect(metrics["multitask.nuclei.derivable_share"]).toBe(0);
    expect(metrics["multitask.random.derivable_share"]).toBeGreaterThan(0.9);
  });

  test("equation 5 stands on the precise nuclei of the table, counted by hand", () => {
    const { data, metrics, sections } = found;
    const { values, uncertainty } = numbers(data.source, "binding");
    const [z, n] = ["z", "n"].map((name) => numbers(data.source, name).values);
    const precise = values.filter(
      (value, i) => !Number.isNaN(value) && z![i]! > 9 && n![i]! > 9 && uncertainty![i]! < 100,
    );
    expect(metrics["equation5.nuclei"]).toBe(precise.length);
    expect(metrics["equation5.rms_keV"]).toBeLessThan(metrics["equation5.published_rms_keV"]!);
    expect(metrics["equation5.semf_rms_keV"]).toBeLessThan(metrics["equation5.rms_keV"]!);
    expect(sections.flatMap(({ formulas }) => formulas).map(({ label }) => label)).toContain("Equation 5");
  });

  test("rank correlations are those of the table, by the sum of squared rank differences", () => {
    const table = found.tables["generalisation"]!;
    const column = (name: string) => [...numbers(table, name).values];
    const error = column("val_rms");
    const disorder = column("ordering.Z").map((value, i) => 1 - (value + column("ordering.N")[i]!) / 2);
    const rank = (values: number[]) => values.map((v) => values.filter((w) => w < v).length);
    expect(new Set(disorder).size).toBe(4);
    const [a, b] = [rank(error), rank(disorder)];
    const squares = a.reduce((sum, r, i) => sum + (r - b[i]!) ** 2, 0);
    expect(found.metrics["generalisation.spearman.ordering"]).toBeCloseTo(1 - (6 * squares) / (4 * 15), 9);
    expect(column("training")[0]).toBe(Math.round(0.4 * found.data.table.rows));
    expect(found.metrics["generalisation.f0.4.val_rms_keV"]).toBeCloseTo((error[0]! + error[1]!) / 2, 6);
  });

  test("seven tasks together and alone, on two splits", () => {
    const table = found.tables["multitask-errors"]!;
    expect(table.rows).toBe(14);
    const [together, alone] = ["together", "alone"].map((name) => numbers(table, name).values);
    const ratio = numbers(table, "ratio").values;
    ratio.forEach((value, i) => {
      expect(value).toBeCloseTo(alone![i]! / together![i]!, 12);
    });
    expect(found.tables["multitask-structure"]!.rows).toBe(16);
  });

  test("the same in worker threads, and after a stop in the middle", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "physlens-audit-"));
    try {
      for (const stopAt of [0.2, 0.8]) {
        const store = folderStore(folder);
        await expect(audit({}, { store, stopAt })).rejects.toThrow(Cancelled);
      }
      const again = await audit({}, { store: folderStore(folder), threads: 2 });
      expect(again.metrics).toEqual(found.metrics);
      expect(again.tables).toEqual(found.tables);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  test("what is switched off is said to be", async () => {
    const { said, metrics, tables } = await audit({
      gaussianProcesses: false,
      refereeSplits: 0,
      fractions: "none",
      multitask: false,
    });
    expect(said).toMatch(/Gaussian-process baselines were not run/);
    expect(said).toMatch(/over many splits .* was not run/);
    expect(said).toMatch(/option 'fractions' is none/);
    expect(said).toMatch(/--multitask true/);
    expect(said).toMatch(/physlens data add ame2020/);
    expect(Object.keys(metrics).some((name) => /_gp|^generalisation|^multitask/.test(name))).toBe(false);
    expect(tables["referee-extrapolation"]).toBeDefined();
  });
});

test("shares are read in order, and bad ones are refused by name", () => {
  expect(parseFractions("0.9, 0.1")).toEqual([0.1, 0.9]);
  expect(parseFractions("none")).toEqual([]);
  for (const [text, message] of [
    ["0.5,2", /option 'fractions': "2" is no share/],
    ["0.5,0.5", /0\.5 is there twice/],
    ["", /option 'fractions': ""/],
    ["half", /"half" is no share/],
    ["0,0.5", /"0" is no share/],
  ] as const) {
    expect(() => parseFractions(text)).toThrow(UserError);
    expect(() => parseFractions(text)).toThrow(message);
  }
});
