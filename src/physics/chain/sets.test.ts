import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sharedPath } from "../../../test/shared.ts";
import { random } from "../../core/random.ts";
import { createTask } from "../../core/task.ts";
import { toFloat64 } from "../../data/array.ts";
import { readNpy } from "../../data/npy.ts";
import { cuts } from "./cuts.ts";
import { geomspace, linspace, permutedRows, publishedGrids } from "./grids.ts";
import { labelOf, pinSize, ruleOf } from "./labels.ts";
import {
  type ChainSet,
  chainSet,
  evenTestSet,
  mixedTestSet,
  permuteRows,
  plateauSet,
  restrictSet,
  selectRows,
  test2020Set,
  trainingSet,
  validationSet,
} from "./sets.ts";

/** How many rows each class has. */
const counts = (set: ChainSet) => set.classes.map((_, k) => set.labels.filter((label) => label === k).length);

test("grids: ends, steps and lengths as published", () => {
  expect(linspace(0, 1, 3)).toEqual([0, 0.5, 1]);
  expect(linspace(0, 1, 4, { open: true })).toEqual([0, 0.25, 0.5, 0.75]);
  expect(geomspace(1, 8, 4).map((x) => Math.round(x * 1e9) / 1e9)).toEqual([1, 2, 4, 8]);
  const lengths = [publishedGrids.train(), publishedGrids.validation(), publishedGrids.test2020()];
  expect(lengths.map((grid) => grid.length)).toEqual([1000, 200, 45]);
  expect(publishedGrids.even()[1]! - publishedGrids.even()[0]!).toBeCloseTo(0.04945, 10);
  const even = publishedGrids.even();
  [1.157, 1.311, 1.487, 1.686, 1.912, 2.168].forEach((V1, k) => {
    expect(even[21 + k]).toBeCloseTo(V1, 3);
  });
});

test("the published sets: sizes, labels, plateau", async () => {
  const training = await trainingSet();
  expect([training.count, training.dim, training.states.data.length]).toEqual([1000, 924, 924000]);
  expect(training.classes).toEqual(["LL", "CDW-I"]);
  expect(counts(training)).toEqual([501, 499]);
  expect(training.control[500]).toBe(1.01);
  expect(training.labels[500]).toBe(0);
  expect(training.states.data.reduce((most, x) => Math.max(most, x), 0)).toBeCloseTo(0.997046, 5);
  expect(training.residual).toBeLessThan(1e-12);
  expect(counts(await validationSet())).toEqual([100, 100]);
  expect(counts(await evenTestSet())).toEqual([21, 29]);
  expect((await test2020Set()).count).toBe(45);
  const plateau = plateauSet(training);
  expect([plateau.count, ...counts(plateau)]).toEqual([177, 125, 52]);
  expect(Math.max(...plateau.control.subarray(0, 125))).toBeLessThanOrEqual(0.25);
  expect(plateau.states.data.subarray(176 * 924)).toEqual(training.states.data.subarray(999 * 924));
  const mid = restrictSet(training, "smaller", [[0.75, 10]]);
  expect(mid.control.every((V1) => V1 >= 0.75 && V1 <= 10)).toBe(true);
}, 30_000);

test("a smaller training set keeps the ends of the grid", async () => {
  const set = await trainingSet({ points: 3 });
  [0, 0.5, 1, 1.01, 20.505, 40].forEach((V1, row) => {
    expect(set.V1[row]).toBeCloseTo(V1, 12);
  });
  expect(Array.from(set.V2)).toEqual([0, 0, 0, 0, 0, 0]);
});

test("the same bytes with 0, 1 and 2 threads", async () => {
  const [none, one, two] = await Promise.all(
    [0, 1, 2].map((threads) => trainingSet({ L: 8, points: 60, threads })),
  );
  for (const other of [one!, two!]) {
    expect(other.states.data).toEqual(none!.states.data);
    expect(other.energy).toEqual(none!.energy);
    expect(other.labels).toEqual(none!.labels);
  }
}, 30_000);

test("a set can be cancelled", async () => {
  const stop = new AbortController();
  const task = createTask({ signal: stop.signal, listener: () => stop.abort() });
  await expect(trainingSet({ task })).rejects.toThrow(/cancelled/);
});

test("other cuts: classes in order along the cut, each present", async () => {
  for (const [cut, boundaries] of [
    [cuts.slanted, [1.2]],
    [cuts.bond, [1.03]],
    [cuts.cdw2, [1.17]],
    [cuts.three, [1.03, 1.66]],
  ] as const) {
    const set = await trainingSet({ cut, points: 12 });
    expect(counts(set).every((count) => count > 0)).toBe(true);
    const changes = set.labels.reduce((n, label, i) => n + (i > 0 && label !== set.labels[i - 1] ? 1 : 0), 0);
    expect(changes).toBe(boundaries.length);
    expect(Array.from(set.labels)).toEqual(Array.from(set.labels).sort());
    expect(set.classes).toHaveLength(boundaries.length + 1);
  }
}, 30_000);

test("other sizes: the same grid, C(L, L/2) amplitudes", async () => {
  for (const [L, dim] of [
    [8, 70],
    [10, 252],
    [14, 3432],
  ] as const) {
    const set = await trainingSet({ L, points: 5 });
    expect([set.dim, set.count, set.N]).toEqual([dim, 10, L / 2]);
    expect(counts(set).every((count) => count > 0)).toBe(true);
  }
});

test("labels by rule, at and around the threshold", () => {
  const { criteria } = cuts.three;
  expect(labelOf(criteria, [9.99e-4, 9.9e-6])).toBe(0);
  expect(labelOf(criteria, [1e-3, 9.9e-6])).toBe(1);
  expect(labelOf(criteria, [1e-3, 1e-5])).toBe(2);
  expect(labelOf(cuts.cdw1.criteria, [1e-6])).toBe(1);
  expect(ruleOf(cuts.cdw1)).toBe(
    "CDW-I where the CDW-I order parameter is at least 10·h1 = 0.000001 (h1 = 1e-7), else LL",
  );
});

test("permuted rows keep their sorted amplitudes and lose their order; a seed fixes them", async () => {
  const set = await mixedTestSet({ random: random(5) });
  const again = await mixedTestSet({ random: random(5) });
  const other = await mixedTestSet({ random: random(6) });
  expect(counts(set)).toEqual([21, 29]);
  expect(set.states.data).toEqual(again.states.data);
  expect(set.states.data).not.toEqual(other.states.data);
  const clean = await chainSet({ name: "clean", cut: cuts.cdw1, values: publishedGrids.mixed() });
  for (let row = 0; row < 50; row++) {
    const [a, b] = [set, clean].map((s) => s.states.data.subarray(row * 924, (row + 1) * 924));
    const permuted = (permutedRows as readonly number[]).includes(row);
    expect(set.permuted[row]).toBe(permuted);
    expect(a!.every((x, i) => x === b![i])).toBe(!permuted);
    expect(a!.slice().sort()).toEqual(b!.slice().sort());
  }
}, 20_000);

const even = sharedPath("data/hubbard/test-even.npy");
const mixed = sharedPath("data/hubbard/test-mixed.npy");
describe.skipIf(!even || !mixed)("the published test states", () => {
  const load = (path: string) => {
    const array = readNpy(readFileSync(path), path);
    expect(array.shape).toEqual([50, 925]);
    return toFloat64(array);
  };

  test("every state within 2e-7 and every label, the nine permuted rows by sorted amplitudes", async () => {
    const sets = [await evenTestSet(), await mixedTestSet({ random: random(1) })] as const;
    for (const [k, path] of [even!, mixed!].entries()) {
      const set = sets[k]!;
      const published = load(path);
      for (let row = 0; row < 50; row++) {
        // Row 20 of "mixed" is V1 = 1.02 like row 20 of "even", but labelled CDW-I (20 against 30).
        expect(published[row * 925]).toBe(k === 1 && row === 20 ? 1 : set.labels[row]);
        let theirs = published.slice(row * 925 + 1, (row + 1) * 925);
        let ours = set.states.data.slice(row * 924, (row + 1) * 924);
        if (set.permuted[row]) {
          let apart = 0;
          for (let i = 0; i < 924; i++) apart = Math.max(apart, Math.abs(ours[i]! - theirs[i]!));
          expect(apart).toBeGreaterThan(1e-3);
          theirs = theirs.sort();
          ours = ours.sort();
        }
        for (let i = 0; i < 924; i++) {
          const difference = Math.abs(ours[i]! - theirs[i]!);
          if (difference > 2e-7) expect.fail(`${path} row ${row}, amplitude ${i}: ${difference} apart`);
        }
      }
    }
  }, 20_000);
});

test("bad input by name", async () => {
  const set = await trainingSet({ L: 8, points: 2 });
  await expect(chainSet({ name: "none", cut: cuts.cdw1, values: [] })).rejects.toThrow(
    /'none' has no control/,
  );
  await expect(trainingSet({ L: 10, cut: cuts.cdw2 })).rejects.toThrow(/do not divide L = 10/);
  await expect(trainingSet({ L: 9 })).rejects.toThrow(/even L/);
  await expect(trainingSet({ points: 0 })).rejects.toThrow(/count = 0/);
  expect(() => permuteRows(set, [4], random(1))).toThrow(/row 4; set 'training' has rows 0 to 3/);
  expect(() => selectRows(set, "empty", () => false)).toThrow(/nothing left .* 'empty'/);
  expect(() => plateauSet(set, "b", "h")).toThrow(/plateau bh/);
  expect(() => geomspace(0, 1, 3)).toThrow(/ends 0 and 1/);
  expect(() => pinSize({})).toThrow(/0 fields/);
  expect(() => pinSize({ h1: 1, dJ: 1 })).toThrow(/2 fields/);
});
