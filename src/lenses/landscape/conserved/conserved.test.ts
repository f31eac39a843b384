import { describe, expect, test } from "vitest";
import { UserError } from "../../../core/errors.ts";
import { random } from "../../../core/random.ts";
import type { Matrix } from "../../../linalg/matrix.ts";
import { fromRows, rowOf } from "../../../linalg/rows.ts";
import { mean, variance } from "../../../stats/describe.ts";
import { alignGroup } from "./align-group.ts";
import { chooseGroup } from "./choose-group.ts";
import { chooseWeights, jaccard, randomSet } from "./choose-weights.ts";
import { disturb, shuffled, withNoise, zeroed } from "./disturb.ts";
import { bootstrapMinima, featureScores, firstLayerWeights } from "./feature-scores.ts";
import { groupStatistics } from "./group-statistics.ts";
import { groupOverlap, halvesOverlap } from "./overlap.ts";
import { permutationControls } from "./permutation-controls.ts";

/** A group around `centre` with a deviation for each weight. */
function planted(seed: number, rows: number, centre: number[], spread: number[]): Matrix {
  const draw = random(seed, "planted");
  return fromRows(Array.from({ length: rows }, () => centre.map((mu, i) => mu + spread[i]! * draw.normal())));
}

describe("statistics of a group", () => {
  const group = planted(1, 14, [3, -2, 0.01, 1], [0.1, 0.5, 0.02, 2]);
  const column = (i: number) => Array.from({ length: 14 }, (_, m) => rowOf(group, m)[i]!);

  test("are those of the column: mean, sample deviation, CV, signs, r with ε = 0.05", () => {
    const found = groupStatistics(group);
    const top = Math.max(...[0, 1, 2, 3].map((i) => Math.abs(mean(column(i)))));
    for (const i of [0, 1, 2, 3]) {
      const [mu, sd] = [mean(column(i)), Math.sqrt(variance(column(i)))];
      expect(found.mean[i]).toBeCloseTo(mu, 14);
      expect(found.sd[i]).toBeCloseTo(sd, 14);
      expect(found.cv[i]).toBeCloseTo(sd / Math.abs(mu), 12);
      expect(found.ratio[i]).toBeCloseTo(Math.abs(mu) / (sd + 0.05 * top), 12);
      const same = column(i).filter((x) => Math.sign(x) === Math.sign(mu)).length / 14;
      expect(found.signs[i]).toBeCloseTo(same, 14);
    }
  });

  test("with weights are those of a group in which members stand several times, but for the degrees of freedom", () => {
    const weights = Array.from({ length: 14 }, (_, m) => 1 + (m % 3));
    const copies = fromRows(
      weights.flatMap((count, m) => Array.from({ length: count }, () => rowOf(group, m))),
    );
    const weighted = groupStatistics(group, { weights });
    const many = groupStatistics(copies);
    const [n, total] = [copies.rows, weights.reduce((a, b) => a + b, 0)];
    const squares = weights.reduce((sum, w) => sum + (w / total) ** 2, 0);
    for (const i of [0, 1, 2, 3]) {
      expect(weighted.mean[i]).toBeCloseTo(many.mean[i]!, 12);
      const biased = many.sd[i]! ** 2 * ((n - 1) / n);
      expect(weighted.sd[i]).toBeCloseTo(Math.sqrt(biased / (1 - squares)), 12);
    }
  });

  test("a weight that is the same everywhere has CV 0, one without mean has infinite CV and r = 0", () => {
    const found = groupStatistics(fromRows(Array.from({ length: 10 }, (_, m) => [2, m % 2 === 0 ? 1 : -1])));
    expect(found.cv[0]).toBeLessThan(1e-15);
    expect([found.cv[1], found.ratio[1]]).toEqual([Infinity, 0]);
    expect(found.ratio[0]).toBeCloseTo(20, 12);
  });

  test("raw variance picks what CV picks last: weights that are small everywhere", () => {
    const found = groupStatistics(planted(3, 40, [4, 5, 0.001, 0.001], [0.4, 0.5, 0.05, 0.05]));
    const among = [0, 1, 2, 3];
    expect([...chooseWeights(found.cv, { among, count: 2, by: "smallest" })].sort()).toEqual([0, 1]);
    expect([...chooseWeights(found.sd, { among, count: 2, by: "smallest" })].sort()).toEqual([2, 3]);
  });
});

describe("feature scores", () => {
  // Two hidden units, three features: the first is held firmly, the second loosely, the third is noise about 0.
  const centre = [2, 1, 0, -2, 1, 0, 9];
  const spread = [0.05, 0.6, 0.05, 0.05, 0.6, 0.05, 1];
  const layer = { inputs: 3, hidden: 2 };
  const group = planted(4, 30, centre, spread);

  test("are sums of r over the hidden units, times what leaves them if asked", () => {
    const { ratio } = groupStatistics(group);
    const plain = featureScores({ ratio }, layer);
    const scaled = featureScores({ ratio }, layer, [2, 10]);
    for (const k of [0, 1, 2]) {
      expect(plain[k]).toBeCloseTo(ratio[k]! + ratio[3 + k]!, 12);
      expect(scaled[k]).toBeCloseTo(2 * ratio[k]! + 10 * ratio[3 + k]!, 12);
    }
    expect(plain[0]! > plain[1]! && plain[1]! > plain[2]!).toBe(true);
    expect([...firstLayerWeights(layer)]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("follow the features when columns change places", () => {
    const order = [2, 0, 1];
    const turned = fromRows(
      Array.from({ length: group.rows }, (_, m) => {
        const row = rowOf(group, m);
        return [...order.map((k) => row[k]!), ...order.map((k) => row[3 + k]!), row[6]!];
      }),
    );
    const [a, b] = [groupStatistics(group), groupStatistics(turned)].map((s) => featureScores(s, layer));
    order.forEach((k, at) => {
      expect(b![at]).toBeCloseTo(a![k]!, 12);
    });
  });

  test("intervals over minima hold the score, and shrink as 1/√M", () => {
    const interval = (rows: number) =>
      bootstrapMinima(planted(5, rows, centre, spread), layer, { rounds: 200, random: random(2) });
    const [few, many] = [interval(25), interval(400)];
    const score = featureScores(groupStatistics(planted(5, 400, centre, spread)), layer);
    for (const k of [0, 1]) {
      expect(many.low[k]! < score[k]! && score[k]! < many.high[k]!).toBe(true);
      const ratio = (few.high[k]! - few.low[k]!) / (many.high[k]! - many.low[k]!);
      expect(ratio).toBeGreaterThan(2);
      expect(ratio).toBeLessThan(8);
    }
  });
});

describe("disturbances", () => {
  const weights = Float64Array.of(1, 2, 3, 4, 5, 6);
  test("touch the set alone; shuffling keeps its values, zeroing none, noise has the scale it is told", () => {
    const set = [1, 3, 5];
    const mixed = shuffled(weights, set, random(1));
    expect([...mixed].filter((_, i) => i % 2 === 0)).toEqual([1, 3, 5]);
    expect([...mixed].sort()).toEqual([...weights]);
    expect([...zeroed(weights, set)]).toEqual([1, 0, 3, 0, 5, 0]);
    const noisy = Array.from({ length: 4000 }, (_, b) => withNoise(weights, set, [0, 2, 4], random(b))[3]!);
    expect(mean(noisy)).toBeCloseTo(3, 0);
    expect(Math.sqrt(variance(noisy))).toBeCloseTo(Math.sqrt(8 / 3), 1);
    expect([...weights]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("the mean over shuffles of a linear score is that of the set's mean, by hand", () => {
    const score = (w: Float64Array) => 10 * w[0]! + w[1]!;
    const found = disturb(weights, [0, 5], score, { how: "shuffled", rounds: 4000, random: random(3) });
    expect(found.mean).toBeCloseTo(10 * 3.5 + 2, 0);
    const all = disturb(weights, [0, 1], score, { how: "zeroed", rounds: 4000, random: random(3) });
    expect(all).toEqual({ mean: 0, sd: 0, rounds: 1 });
  });
});

test("the permutation test finds what was planted: the conserved weights carry the score, the least varying do not", async () => {
  const centre = [3, -3, 2.5, 0, 0, 0, 0, 0, 1, -1, 1.5, 2];
  const spread = [0.1, 0.1, 0.1, 0.02, 0.02, 0.02, 0.02, 0.02, 2, 2, 2, 2];
  const group = groupStatistics(planted(6, 20, centre, spread));
  const bottom = Float64Array.from(centre);
  const score = (w: Float64Array) =>
    1 - 0.05 * [0, 1, 2].reduce((sum, i) => sum + (w[i]! - centre[i]!) ** 2, 0);
  const found = await permutationControls(bottom, score, {
    ...{ group, unaligned: group, margin: bottom.map(Math.abs) },
    ...{ among: Array.from(centre.keys()), count: 3, rounds: 200, randomSets: 40, random: random(7) },
  });
  expect([...found.sets.lowcv].sort()).toEqual([0, 1, 2]);
  expect(found.base).toBe(1);
  expect(found.scores.lowcv.shuffled.mean).toBeLessThan(
    found.random.shuffled.mean - found.random.shuffled.sd,
  );
  expect(found.scores.rawvariance.shuffled.mean).toBe(1);
  expect(found.random.shuffled.means).toHaveLength(40);
  expect(found.scores.lowcv.zeroed.mean).toBeCloseTo(1 - 0.05 * (9 + 9 + 6.25), 12);
});

describe("overlap of conserved sets", () => {
  test("Jaccard by hand", () => {
    expect(jaccard([1, 2, 3], [2, 3, 4])).toBe(0.5);
    expect(jaccard([], [])).toBe(1);
    expect(jaccard([1], [2])).toBe(0);
  });

  test("a group about one centre beats groups of several centres; one kind of minima gives p near 1/2", async () => {
    const draw = random(8);
    const held = Array.from({ length: 8 }, () => new Set(draw.permutation(12).subarray(0, 4)));
    const centres = Array.from({ length: 8 }, () => Array.from({ length: 12 }, () => 2 * draw.normal()));
    const rows = centres.flatMap((centre, c) =>
      Array.from({ length: 10 }, (_, m) =>
        rowOf(
          planted(
            100 * c + m,
            1,
            centre,
            centre.map((_, i) => (held[c]!.has(i) ? 0.02 : 1.5)),
          ),
          0,
        ),
      ),
    );
    const align = (minima: readonly number[]) => fromRows(minima.map((m) => rows[m]!));
    const options = { among: Array.from({ length: 12 }, (_, i) => i), count: 4, rounds: 199 };
    const all = Array.from(rows.keys());
    const found = await groupOverlap(all.slice(0, 10), all, align, { ...options, random: random(9) });
    expect(found.p).toBeLessThan(0.02);
    expect(found.within).toBe(
      halvesOverlap(align(all.slice(0, 10)), { ...options, random: random(9).fork("group") }),
    );
    const mixed = Array.from({ length: 10 }, (_, c) => (c * 10 + c) % 80);
    const none = await groupOverlap(mixed, all, align, { ...options, random: random(10) });
    expect(none.p).toBeGreaterThan(0.02);
  });
});

describe("groups of minima", () => {
  // Two valleys: 0–1–2 and 3–4–5–6, joined high up; 7 stands alone.
  const graph = {
    minima: [-10, -8, -7, -9, -6, -5, -4, -3].map((value) => ({ value })),
    saddles: (
      [
        [-7.5, 0, 1],
        [-6.5, 1, 2],
        [-5.5, 3, 4],
        [-4.5, 4, 5],
        [-3.5, 3, 6],
        [-1, 2, 6],
      ] as const
    ).map(([value, a, b]) => ({ value, minima: [a, b] as [number, number] })),
  };
  test.each([
    ["primary", {}, [0, 1, 2]],
    ["largest", {}, [3, 4, 5, 6]],
    ["superbasin", { height: -7 }, [0, 1]],
    ["persistence", { cut: 2 }, [0, 1, 2]],
    ["component", {}, [0, 1, 2, 3, 4, 5, 6]],
    ["all", {}, [0, 1, 2, 3, 4, 5, 6, 7]],
  ] as const)("%s, by hand", (grouping, more, minima) => {
    expect(chooseGroup(graph, { grouping, ...more }).minima).toEqual(minima);
  });
});

test("a group is aligned row by row", () => {
  const align = (reference: Float64Array, x: Float64Array) => {
    const sign = reference[0]! * x[0]! < 0 ? -1 : 1;
    return { x: x.map((v) => sign * v), distance: 0 };
  };
  const rows = [Float64Array.of(1, 2), Float64Array.of(-1, -2)];
  expect([...alignGroup(rows, rows[0]!, { align }).data]).toEqual([1, 2, 1, 2]);
  expect([...alignGroup(rows, rows[0]!).data]).toEqual([1, 2, -1, -2]);
  const set = randomSet([5, 6, 7, 8], 3, random(1));
  expect(new Set(set).size).toBe(3);
});

const group = planted(1, 12, [1, 2, 3], [1, 1, 1]);
const tiny = { minima: [{ value: 0 }, { value: 1 }], saddles: [] };
test.each<[string, () => unknown, RegExp]>([
  [
    "a group of four",
    () => groupStatistics(planted(1, 4, [1], [1])),
    /a group of 4 minima; expected at least 10/,
  ],
  [
    "a single minimum",
    () => groupStatistics(planted(1, 1, [1], [1]), { least: 1 }),
    /a group of 1 minimum; expected at least 2/,
  ],
  ["too few weights", () => groupStatistics(group, { weights: [1, 2] }), /2 weights for 12 minima/],
  [
    "a negative weight",
    () => groupStatistics(group, { weights: new Array(12).fill(1).with(3, -1) }),
    /weight 3 is -1/,
  ],
  [
    "all weight on one",
    () => groupStatistics(group, { weights: new Array(12).fill(0).with(2, 1) }),
    /one minimum has all the weight/,
  ],
  [
    "more weights than there are",
    () => chooseWeights([1, 2], { among: [0, 1], count: 3, by: "smallest" }),
    /3 of 2 weights/,
  ],
  [
    "a score that is none",
    () => chooseWeights([1, Number.NaN], { among: [0, 1], count: 1, by: "smallest" }),
    /score of weight 1 is NaN/,
  ],
  [
    "a set of one weight",
    () => disturb(new Float64Array(2), [1], () => 0, { how: "shuffled", rounds: 2, random: random(1) }),
    /set of 1 weights/,
  ],
  ["a superbasin without a height", () => chooseGroup(tiny, { grouping: "superbasin" }), /needs a height/],
  ["a cut that is not there", () => chooseGroup(tiny, { grouping: "persistence" }), /cut 2; 0 minima merge/],
])("refuses %s by name", (_, attempt, message) => {
  expect(attempt).toThrow(UserError);
  expect(attempt).toThrow(message);
});
