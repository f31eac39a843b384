import { expect, test } from "vitest";
import { UserError } from "../../core/errors.ts";
import { type Random, random } from "../../core/random.ts";
import { Cancelled, createTask } from "../../core/task.ts";
import { matrix } from "../../linalg/matrix.ts";
import { spearman } from "../../stats/correlation.ts";
import { kolmogorovSmirnovUniform } from "../../stats/kolmogorov-smirnov.ts";
import { permuted } from "./permuted.ts";
import { rerunNull, rerunRounds, rerunsOf } from "./rerun-null.ts";
import { type NullOptions, runNull } from "./run-null.ts";

const base = {
  name: "permuted labels",
  statistic: "matches",
  reference: "Fisher (1935)",
  cost: { each: "one count" },
};

/** A cheap pipeline full of ties: how many of twelve coin flips match the labels. */
const matches = (x: readonly number[], y: readonly number[]) => x.filter((v, i) => v === y[i]).length;
const coins = (stream: Random) => Array.from({ length: 12 }, () => stream.int(2));

async function noisePValues(ties: "count" | "random"): Promise<number[]> {
  const found: number[] = [];
  for (let run = 0; run < 200; run++) {
    const stream = random(run, "noise");
    const [x, y] = [coins(stream), coins(stream)];
    const { test: result } = await runNull({
      ...base,
      observed: matches(x, y),
      draw: (own) => matches(x, permuted(y, own)),
      rounds: 199,
      random: stream.fork("null"),
      ties,
    });
    found.push(result.p);
  }
  return found;
}

test("pure noise gives uniform p-values: 200 runs, B = 199, ties broken by a seeded uniform", async () => {
  const { p } = kolmogorovSmirnovUniform(await noisePValues("random"));
  expect(p).toBeGreaterThan(0.01);
});

test("counting ties as reached is conservative and visibly not uniform on the same noise", async () => {
  const values = await noisePValues("count");
  expect(kolmogorovSmirnovUniform(values).p).toBeLessThan(0.01);
  for (const level of [0.05, 0.2, 0.5]) {
    expect(values.filter((p) => p <= level).length / 200).toBeLessThan(level + 0.05);
  }
});

test("p, floor, median and the 95 % quantile against sorting the draws by hand", async () => {
  const draws = Array.from({ length: 19 }, (_, i) => i);
  const { test: result, values } = await runNull({
    ...base,
    observed: 17,
    draw: (_, i) => draws[i]!,
    rounds: 19,
    random: random(1),
  });
  expect([...values]).toEqual(draws);
  expect(result).toMatchObject({ exceedances: 2, p: 3 / 20, floor: 1 / 20, median: 9, rounds: 19 });
  expect(result.high).toBeCloseTo(17.1, 12);
  expect(result.cost).toBe("19 draws, each one count");
});

test("a planted effect is at the floor, and one seed gives the same draws whatever was drawn before", async () => {
  const stream = random(5, "planted");
  const x = Array.from({ length: 30 }, () => stream.normal());
  const y = x.map((v) => v + 0.3 * stream.normal());
  const options = (source: Random): NullOptions => ({
    ...base,
    observed: spearman(x, y),
    draw: async (own) => spearman(x, permuted(y, own)),
    rounds: 199,
    random: source,
  });
  const used = random(7);
  used.normal();
  const [a, b] = [await runNull(options(random(7))), await runNull(options(used))];
  expect(a.test.p).toBe(1 / 200);
  expect(a.values).toEqual(b.values);
});

test("the cost is said before the first draw, progress runs to one", async () => {
  const events: string[] = [];
  const fractions: number[] = [];
  await runNull({
    ...base,
    cost: { each: "one training", seconds: 90 },
    observed: 1,
    draw: () => {
      events.push("draw");
      return 0;
    },
    rounds: 19,
    random: random(1),
    announce: (cost) => events.push(cost.text),
    task: createTask({ listener: ({ fraction }) => fractions.push(fraction) }),
  });
  expect(events[0]).toBe("null 'permuted labels': 19 draws, each one training, about 29 min");
  expect(events.length).toBe(20);
  expect(fractions.at(-1)).toBe(1);
});

test("it stops between draws when told to", async () => {
  const stop = new AbortController();
  let drawn = 0;
  const running = runNull({
    ...base,
    observed: 1,
    draw: () => {
      if (++drawn === 3) stop.abort();
      return 0;
    },
    rounds: 1000,
    random: random(1),
    task: createTask({ signal: stop.signal }),
  });
  await expect(running).rejects.toThrow(Cancelled);
  expect(drawn).toBe(3);
});

test.each<[string, Partial<NullOptions>]>([
  ["0 rounds", { rounds: 0 }],
  ["2.5 rounds", { rounds: 2.5 }],
  ["NaN rounds", { rounds: Number.NaN }],
  ["observed matches is NaN", { observed: Number.NaN }],
  ["draw 0 gave NaN", { draw: () => Number.NaN }],
  ["draw 2 gave Infinity", { draw: (_, i) => (i === 2 ? Number.POSITIVE_INFINITY : 0) }],
])("bad input is refused, saying %j", async (said, more) => {
  const options = { ...base, observed: 1, draw: () => 0, rounds: 9, random: random(1), ...more };
  await expect(runNull(options)).rejects.toThrow(UserError);
  await expect(runNull(options)).rejects.toThrow(said);
});

/** A pipeline that learns a direction from the first half and scores it by rank on the second. */
const lineFit =
  (x: readonly number[], seen: { targets: number[]; seed: number }[] = []) =>
  async (targets: Float64Array, seed: number) => {
    seen.push({ targets: [...targets], seed });
    const half = x.length / 2;
    return (
      spearman(x.slice(half), targets.subarray(half)) *
      Math.sign(spearman(x.slice(0, half), targets.subarray(0, half)))
    );
  };

test("reruns on permuted targets: a learnable target is at the floor of B = 19, every rerun gets its own seed", async () => {
  const stream = random(11);
  const x = Array.from({ length: 80 }, () => stream.normal());
  const targets = x.map((v) => 2 * v + 0.5 * stream.normal());
  const seen: { targets: number[]; seed: number }[] = [];
  const { test: result } = await rerunNull({
    pipeline: lineFit(x, seen),
    targets,
    statistic: "held-out rank correlation",
    rounds: rerunRounds.quick,
    seed: 100,
    random: stream.fork("rerun"),
    cost: { each: "one fit" },
  });
  expect(result).toMatchObject({ name: "permuted targets", p: 0.05, floor: 0.05, rounds: 19 });
  expect(seen.map(({ seed }) => seed)).toEqual(Array.from({ length: 20 }, (_, i) => 100 + i));
  const sorted = (list: readonly number[]) => [...list].sort((a, b) => a - b);
  for (const { targets: dealt } of seen) expect(sorted(dealt)).toEqual(sorted(targets));
  expect(seen[0]!.targets).toEqual(targets);
  expect(seen[1]!.targets).not.toEqual(targets);
});

test("reruns within groups keep what the groups explain, and a known observed value saves a run", async () => {
  const groups = Array.from({ length: 40 }, (_, i) => (i < 20 ? "light" : "heavy"));
  const targets = groups.map((g, i) => (g === "light" ? 0 : 10) + (i % 2));
  let runs = 0;
  const { test: result } = await rerunNull({
    pipeline: async (dealt) => {
      runs++;
      const light = dealt.subarray(0, 20).reduce((s, v) => s + v, 0);
      return -light;
    },
    targets,
    groups,
    observed: -10,
    statistic: "sum over the light ones",
    rounds: 9,
    seed: 1,
    random: random(3),
    cost: { each: "a sum" },
  });
  expect(result).toMatchObject({ name: "permuted targets within groups", p: 1, exceedances: 9 });
  expect(runs).toBe(9);
});

test("rerunsOf foretells what every rerun is run on, within groups or not", async () => {
  const targets = [1, 2, 3, 4, 5, 6];
  for (const groups of [undefined, ["x", "y", "x", "y", "x", "y"]]) {
    const dealing = { targets, ...(groups && { groups }), seed: 40, random: random(8, "foretold") };
    const seen: { targets: Float64Array; seed: number }[] = [];
    await rerunNull({
      ...dealing,
      pipeline: async (own, seed) => {
        seen.push({ targets: own, seed });
        return own[0]!;
      },
      statistic: "first",
      observed: 1,
      rounds: 7,
      cost: { each: "nothing" },
    });
    expect(rerunsOf({ ...dealing, rounds: 7 })).toEqual(seen);
    expect(seen.map(({ seed }) => seed)).toEqual([41, 42, 43, 44, 45, 46, 47]);
  }
});

test("rerunNull refuses one target", async () => {
  const attempt = rerunNull({
    pipeline: async () => 0,
    targets: matrix(1, 1).data,
    statistic: "s",
    rounds: 9,
    seed: 1,
    random: random(1),
    cost: { each: "nothing" },
  });
  await expect(attempt).rejects.toThrow("1 targets");
});

test("draws under way at once give the values of draws one after another; the first failure ends them", async () => {
  const options = {
    ...base,
    observed: 0.9,
    rounds: 23,
    random: random(5),
    draw: async (stream: Random, index: number) => {
      await new Promise((resume) => setTimeout(resume, (index * 7) % 5));
      return stream.uniform();
    },
  };
  const one = await runNull(options);
  expect(await runNull({ ...options, parallel: 4 })).toEqual(one);
  let drawn = 0;
  const failing = runNull({
    ...options,
    parallel: 3,
    draw: async (_, index) => {
      drawn++;
      await new Promise((resume) => setTimeout(resume, 2));
      if (index === 4) throw new UserError("no draw 4");
      return 0;
    },
  });
  await expect(failing).rejects.toThrow("no draw 4");
  expect(drawn).toBeLessThan(12);
});
