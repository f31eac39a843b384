import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claimsJson, readClaims, skipped } from "../claims/index.ts";
import { UserError } from "../core/errors.ts";
import { defaults } from "../core/params.ts";
import { random } from "../core/random.ts";
import type { Store } from "../core/store.ts";
import { Cancelled, createTask } from "../core/task.ts";
import { readNpy } from "../data/npy.ts";
import { readSafetensors } from "../data/safetensors.ts";
import { numbers } from "../data/table.ts";
import { folderStore } from "../runs/folder-store.ts";
import { memoryStore } from "../runs/memory-store.ts";
import { controlJobs } from "./nuclear/controls.ts";
import { nuclearData } from "./nuclear/data.ts";
import { type NuclearOptions, params, presets } from "./nuclear/params.ts";
import { restrictions } from "./nuclear/restricted.ts";
import { parseTasks } from "./nuclear/tasks.ts";
import { nuclearStudy } from "./nuclear.ts";

const tiny: NuclearOptions = {
  ...defaults(params),
  width: 8,
  depth: 1,
  epochs: 6,
  seeds: 2,
  nulls: 19,
  maxComponents: 5,
  fractions: "none",
  gaussianProcesses: false,
  leakSeeds: 1,
};

/** Fewer nuclei, for tests that run several times. */
const heavy = { minZ: 60, fixedN: "82,126" };

function run(
  options: Partial<NuclearOptions> = {},
  context: { store?: Store; threads?: number; stopAt?: number } = {},
) {
  const stop = new AbortController();
  const task = createTask({
    signal: stop.signal,
    listener: ({ fraction }) => {
      if (context.stopAt !== undefined && fraction >= context.stopAt) stop.abort();
    },
  });
  return nuclearStudy.run(
    { ...tiny, ...options },
    {
      task,
      random: random(11),
      seed: 11,
      checkpoints: context.store ?? memoryStore(),
      threads: context.threads ?? 0,
      say: () => {},
    },
  );
}

type Result = Awaited<ReturnType<typeof run>>;
const metricsOf = (result: Result) => Object.assign({}, ...result.sections.map(({ metrics }) => metrics));
const bytesOf = (result: Result) => Object.fromEntries(result.files.map(({ name, bytes }) => [name, bytes]));

describe("a tiny run, end to end", () => {
  let result: Result;
  beforeAll(async () => {
    result = await run();
  });

  test("metrics have the names of the contract, medians over networks beside each network's", () => {
    const metrics: Record<string, number> = metricsOf(result);
    for (const name of [
      "model.val.rms_keV",
      "model.train.rms_keV",
      "helix.N.turns",
      "helix.N.r2",
      "helix.Z.turns",
    ]) {
      const both = [metrics[`${name}.seed0`]!, metrics[`${name}.seed1`]!];
      expect(metrics[name], name).toBeCloseTo((both[0]! + both[1]!) / 2, 9);
      expect(metrics[`${name}.seed2`]).toBeUndefined();
    }
    for (const name of ["baseline.semf", "baseline.bw2", "baseline.semf_textbook", "baseline.bw2_textbook"]) {
      expect(metrics[`${name}.rms_keV`], name).toBeGreaterThan(1000);
    }
    expect(metrics["baseline.bw2.rms_keV"]).toBeLessThan(metrics["baseline.semf.rms_keV"]!);
    expect(metrics["data.nuclides"]).toBe(3352);
    expect(metrics["split.derivable_share"]).toBe(0);
    expect(Object.values(metrics).every(Number.isFinite)).toBe(true);
  });

  test("the error in metrics.json is that of the prediction table, recomputed", () => {
    const table = result.sections.flatMap(({ tables }) => tables).find(({ name }) => name === "predictions")!;
    const role = table.columns.find(({ name }) => name === "role")!.values as string[];
    const binding = numbers(table, "binding").values;
    const held = role.flatMap((word, i) => (word === "held out" ? [i] : []));
    const rms = (column: string) => {
      const { values } = numbers(table, column);
      return Math.sqrt(held.reduce((sum, i) => sum + (values[i]! - binding[i]!) ** 2, 0) / held.length);
    };
    const metrics: Record<string, number> = metricsOf(result);
    expect(rms("predicted_seed1")).toBeCloseTo(metrics["model.val.rms_keV.seed1"]!, 6);
    expect(rms("predicted")).toBeCloseTo(metrics["model.val.ensemble_rms_keV"]!, 6);
    expect(rms("semf")).toBeCloseTo(metrics["baseline.semf.rms_keV"]!, 6);
    const mean = numbers(table, "predicted");
    const [first, second] = [0, 1].map((k) => numbers(table, `predicted_seed${k}`).values);
    const i = held[3]!;
    expect(mean.values[i]).toBeCloseTo((first![i]! + second![i]!) / 2, 6);
    expect(mean.uncertainty![i]).toBeCloseTo(Math.abs(first![i]! - second![i]!) / Math.SQRT2, 6);
  });

  test("the audit has its metrics, and its baselines on the study's split are the theory section's", () => {
    const metrics: Record<string, number> = metricsOf(result);
    for (const name of ["baseline.semf_additive.rms_keV", "equation5.rms_keV", "coverage.networks.68"]) {
      expect(metrics[name], name).toBeGreaterThan(0);
    }
    expect(metrics["leak.nuclei.50"]).toBe(0);
    expect(metrics["leak.random.50"]).toBeGreaterThan(0.95);
    const table = result.sections
      .flatMap(({ tables }) => tables)
      .find((t) => t.name === "referee-by-region")!;
    for (const formula of ["semf", "bw2"]) {
      const all = numbers(table, `${formula}_fitted`).values[0]!;
      expect(all, formula).toBeCloseTo(metrics[`baseline.${formula}.rms_keV`]!, 6);
    }
    expect(numbers(table, "networks").values[0]).toBeCloseTo(metrics["model.val.ensemble_rms_keV"]!, 6);
  });

  test("exported weights, embeddings and activations fit together", () => {
    const files = bytesOf(result);
    const { tensors, metadata } = readSafetensors(files["weights-seed0.safetensors"]!);
    const table = tensors.get("embedding.N")!;
    expect(readNpy(files["embeddings-N-seed0.npy"]!)).toEqual(table);
    expect(JSON.parse(metadata["config"]!)).toEqual({ vocabularies: [119, 178, 1], width: 8, depth: 1 });
    const activations = readNpy(files["activations-penultimate-seed0.npy"]!);
    const rows = new TextDecoder().decode(files["activations-rows.csv"]!).trim().split("\n");
    expect(rows[0]).toBe("z,n");
    expect(activations.shape).toEqual([rows.length - 1, 8]);
    const header = new TextDecoder().decode(files["embeddings-Z-seed1.csv"]!).split("\n")[0];
    expect(header).toMatch(/^token,trained,e0,.*e7$/);
  });

  test("names of figures, tables and files are unique, every section says something", () => {
    const figures = result.sections.flatMap(({ figures }) => figures.map(({ name }) => name));
    const tables = result.sections.flatMap((section) => section.tables.map(({ name }) => name));
    const names = [...figures, ...tables];
    expect(new Set(names).size).toBe(names.length);
    for (const name of ["training-curve", "baselines", "residuals-chart", "truncation"])
      expect(figures).toContain(name);
    const titles = result.sections.map(({ title }) => title);
    expect(titles).toEqual(expect.arrayContaining(["Where no helix should be", "What the last layer holds"]));
    expect(result.summary.length).toBeGreaterThanOrEqual(5);
  });

  test("claims with stable ids, every heading filled or with its reason, and the summary leads with them", () => {
    const claims = result.claims!;
    const ids = claims.map(({ claim }) => claim.id);
    expect(ids).toEqual([
      ...["helix.N", "helix.Z", "parity.N", "ordering.N", "parity.Z", "ordering.Z"],
      ...["match.volume", "match.pairing", "match.asymmetry", "match.shell"],
    ]);
    for (const { claim, card } of claims) {
      expect(claim.kind).toBe("concept");
      const empty = skipped(card).map(({ heading }) => heading);
      expect(empty, claim.id).toEqual(claim.id.startsWith("helix") ? ["truth"] : []);
      expect(card.outOfDistribution, claim.id).toMatchObject([
        { by: "agreement", parameter: claim.id.endsWith(".Z") ? "Z" : "A" },
      ]);
      expect(card.leakage).toMatchObject({ split: "nuclei", share: 0, leaking: false });
      expect(card.multiplicity).toMatchObject({ tests: claims.length });
      expect(card.stability).toMatchObject([{ over: "2 networks" }]);
    }
    expect(readClaims(claimsJson(claims), "claims.json")).toEqual(claims);
    expect(result.summary[0]).toMatch(/^Of 10 claims about what the networks hold/);
  });

  test("the helix claims speak of the network with the middle q, the lower of two, with the lens's own p", () => {
    const metrics: Record<string, number> = metricsOf(result);
    for (const name of ["helix.N", "helix.Z"]) {
      const { card, claim } = result.claims!.find((of) => of.claim.id === name)!;
      const lower = metrics[`${name}.q.seed0`]! <= metrics[`${name}.q.seed1`]! ? 0 : 1;
      expect(claim.subject.seeds, name).toEqual([lower]);
      const [walk] = card.null as { observed: number; p: number }[];
      expect(walk!.p).toBe(metrics[`${name}.p.seed${lower}`]);
      expect(walk!.observed).toBe(metrics[`${name}.q.seed${lower}`]);
    }
  });

  test("the controls have their metrics; so has the helix fit to random walks", () => {
    const metrics: Record<string, number> = metricsOf(result);
    for (const control of ["memorising", "volume"]) {
      for (const name of ["p", "q", "r2", "turns"]) {
        expect(metrics[`control.${control}.helix.N.${name}`], `${control} ${name}`).toBeGreaterThan(0);
      }
    }
    expect(metrics["control.volume.val.rms_keV"]).toBeGreaterThan(0);
    // 0.98 at width 64 (nuclear.verify.test.ts); narrower walks fit a little worse.
    expect(metrics["null.randomwalk.helix_r2"]).toBeGreaterThan(0.8);
    expect(metrics["penultimate.fall3"]).toBeGreaterThan(0);
    expect(metrics["match.shell.rho.seed1"]).toBeGreaterThan(0);
  });

  test("the same seed gives the same bytes, in worker threads too", async () => {
    const again = await run({}, { threads: 2 });
    expect(bytesOf(again)).toEqual(bytesOf(result));
    const [one, other] = [metricsOf(result), metricsOf(again)];
    const differing = Object.keys({ ...one, ...other }).filter((name) => !Object.is(one[name], other[name]));
    expect(differing.map((name) => `${name}: ${one[name]} or ${other[name]}`)).toEqual([]);
    expect(claimsJson(again.claims!)).toBe(claimsJson(result.claims!));
  });
});

describe("resuming", () => {
  let folder: string;
  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "physlens-nuclear-"));
  });
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  test("a run stopped in the second network goes on and ends with the same bytes", async () => {
    const store = folderStore(folder);
    await expect(run(heavy, { store, stopAt: 0.15 })).rejects.toThrow(Cancelled);
    expect(store.read("nuclear/network0")).toBeDefined();
    const resumed = await run(heavy, { store });
    const whole = await run(heavy);
    expect(bytesOf(resumed)).toEqual(bytesOf(whole));
    expect(claimsJson(resumed.claims!)).toBe(claimsJson(whole.claims!));
  });
});

test("reruns train anew on permuted energies, side by side or not, and add a null to every claim", async () => {
  const small = { ...heavy, reruns: 2, seeds: 1 };
  const reruns = await run(small, { threads: 2 });
  const alone = await run(small);
  expect(claimsJson(alone.claims!)).toBe(claimsJson(reruns.claims!));
  for (const { claim, card } of reruns.claims!) {
    const tests = card.null as { name: string; rounds: number; observed: number; statistic: string }[];
    const own = tests.filter(({ name }) => name === "permuted targets");
    expect(own, claim.id).toMatchObject([
      { rounds: 2, observed: tests[0]!.observed, statistic: tests[0]!.statistic },
    ]);
  }
});

test("reruns with a recipe of their own are held against networks of that recipe", async () => {
  const own = await run({ ...heavy, reruns: 1, seeds: 1, rerunWidth: 6, rerunEpochs: 2 });
  for (const { claim, card } of own.claims!) {
    const tests = card.null as { name: string; observed: number; statistic: string }[];
    const last = tests.at(-1)!;
    expect(last.statistic, claim.id).toMatch(/, by networks of width 6, 2 epochs$/);
    expect(last.observed, claim.id).not.toBe(tests[0]!.observed);
  }
});

test("extreme fifths: the restricted networks learn nothing beyond the quantiles, by a loop over all nuclei", async () => {
  const data = await nuclearData(tiny, random(3));
  const found = restrictions(data, tiny, random(3));
  expect(found.map(({ parameter }) => parameter)).toEqual(["A", "Z"]);
  const { samples } = data;
  for (const one of found) {
    const of = (i: number) => samples.z[i]! + (one.parameter === "A" ? samples.n[i]! : 0);
    const all = Array.from(samples.z.keys()).map(of);
    for (const [beyond, share] of [
      [all.filter((value) => value < one.low), 0.2],
      [all.filter((value) => value > one.high), 0.2],
    ] as const) {
      expect(beyond.length / all.length, one.heldOut).toBeGreaterThan(share - 0.02);
      expect(beyond.length / all.length, one.heldOut).toBeLessThanOrEqual(share);
    }
    const train = new Set(one.job.train);
    for (const i of data.split.train) expect(train.has(i)).toBe(of(i) >= one.low && of(i) <= one.high);
    for (const i of one.job.validation)
      expect(of(i) >= one.low && of(i) <= one.high && !train.has(i)).toBe(true);
    expect(one.inside.length).toBe(one.job.validation.length);
  }
  expect(found[0]!.below.length).toBeGreaterThan(40);
  expect(found[0]!.above.length).toBeGreaterThan(40);
  expect([found[1]!.below.length, found[1]!.above.length]).toEqual([0, 0]);
  expect(restrictions(data, { ...tiny, extremeFifths: false }, random(3))).toEqual([]);
});

test("the controls: a tenth of the nuclei, and 8000 keV·A, counted by hand", async () => {
  const data = await nuclearData(tiny, random(3));
  const jobs = controlJobs(data, tiny, random(3));
  expect(jobs.map(({ name }) => name)).toEqual(["memorising", "volume"]);
  const [few, volume] = jobs.map(({ job }) => job);
  expect(few!.train.length).toBe(Math.round(0.1 * data.table.rows));
  expect(volume!.train.length).toBe(data.split.train.length);
  const { z, n, value } = volume!.samples;
  expect(value.every((keV, i) => keV === 8000 * (z[i]! + n[i]!))).toBe(true);
  const known = new Map(data.targets.map((target, i) => [target.value, i]));
  expect(Array.from(few!.samples.value).every((keV) => known.has(keV))).toBe(true);
  const tokens = new Set(Array.from(few!.train, (i) => few!.samples.n[i]!));
  expect(Array.from(few!.validation).every((i) => tokens.has(few!.samples.n[i]!))).toBe(true);
});

describe("data and split", () => {
  test("several tasks: no training value contains a held-out mass, by brute force over partners", async () => {
    const data = await nuclearData({ ...tiny, tasks: "binding,sn,sp,qa,qbm,z" }, random(3));
    const held = new Set(Array.from(data.split.validation, (i) => data.targets[i]!.nucleus));
    const learned = Array.from(data.split.train, (i) => data.targets[i]!);
    expect(learned.length).toBeGreaterThan(8000);
    expect(learned.every(({ nucleus, partners }) => ![nucleus, ...partners].some((k) => held.has(k)))).toBe(
      true,
    );
    expect(data.split.dropped.length).toBeGreaterThan(500);
  });

  test("a held-out nuclide whose token never trains is not asked for", async () => {
    const data = await nuclearData({ ...tiny, split: "nuclei", fraction: 0.05 }, random(1));
    expect(data.validation.length).toBeLessThan(data.split.validation.length);
    for (const i of data.validation) {
      expect(data.trainedZ[data.samples.z[i]!] && data.trainedN[data.samples.n[i]!]).toBe(true);
    }
  });

  test("weights are 1/(σ² + modelError²) with mean 1", async () => {
    const data = await nuclearData({ ...tiny, weighting: "uncertainty", modelError: 50 }, random(1));
    const weight = data.samples.weight!;
    expect(weight.reduce((a, b) => a + b, 0) / weight.length).toBeCloseTo(1, 12);
    const [a, b] = [data.targets[0]!, data.targets[700]!];
    const ratio = (b.uncertainty ** 2 + 2500) / (a.uncertainty ** 2 + 2500);
    expect(weight[0]! / weight[700]!).toBeCloseTo(ratio, 9);
  });

  test("several tasks train and report their own errors", async () => {
    const metrics: Record<string, number> = metricsOf(
      await run({ ...heavy, tasks: "binding,sn,z", seeds: 1 }),
    );
    expect(metrics["model.val.sn.rms_keV"]).toBeGreaterThan(0);
    expect(metrics["model.val.z.rms"]).toBeGreaterThan(0);
    expect(metrics["split.dropped"]).toBeGreaterThan(0);
  });
});

test("binding comes first, with the paper's weights", () => {
  expect(parseTasks("sn, binding,z").map(({ name, weight }) => [name, weight])).toEqual([
    ["binding", 0.01],
    ["sn", 0.005],
    ["z", 1],
  ]);
});

test("bad options are refused by name, before anything long", async () => {
  const bad: [Partial<NuclearOptions>, RegExp][] = [
    [{ tasks: "binding,mass" }, /unknown task 'mass'; known: binding, sn/],
    [{ tasks: "sn" }, /'binding' is missing/],
    [{ tasks: "binding,sn,sn" }, /'sn' is there twice/],
    [{ tasks: "binding,radius" }, /no number column 'radius'/],
    [{ minZ: 118 }, /expected at least 10/],
    [{ fixedN: "50,1" }, /option 'fixedN': "1" is no neutron number/],
    [{ data: "ame2020" }, /add it with: physlens data add ame2020/],
    [{ fractions: "0.5,2" }, /option 'fractions': "2" is no share/],
    [{ weightDecays: "much" }, /option 'weightDecays': "much"/],
    [{ device: "abacus" }, /device 'abacus' is not there/],
  ];
  const home = process.env["PHYSLENS_HOME"];
  process.env["PHYSLENS_HOME"] = path.join(os.tmpdir(), "physlens-nowhere");
  try {
    for (const [options, message] of bad) {
      const error = await run({ ...options, epochs: 1, seeds: 1 }).catch((reason: unknown) => reason);
      expect(error, String(message)).toBeInstanceOf(UserError);
      expect((error as Error).message).toMatch(message);
    }
  } finally {
    if (home === undefined) delete process.env["PHYSLENS_HOME"];
    else process.env["PHYSLENS_HOME"] = home;
  }
});

test("presets use known options, and the estimate grows with epochs, seeds and width and falls with threads", () => {
  const of = (change: Partial<NuclearOptions>, threads = 1) =>
    nuclearStudy.estimate({ ...defaults(params), ...presets.quick, ...change }, threads).seconds;
  expect(Object.keys({ ...presets.quick, ...presets.full }).every((name) => name in params)).toBe(true);
  expect(of({ epochs: 30_000 })).toBeGreaterThan(2 * of({}));
  expect(of({ width: 1024 })).toBeGreaterThan(5 * of({}));
  expect(of({ seeds: 12 })).toBeGreaterThan(1.2 * of({ seeds: 6 }));
  expect(of({}, 2)).toBeLessThan(of({}, 1));
});
