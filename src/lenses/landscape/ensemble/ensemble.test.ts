import { describe, expect, test } from "vitest";
import { type Random, random } from "../../../core/random.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { fromRows } from "../../../linalg/rows.ts";
import { boltzmannWeights } from "./boltzmann-weights.ts";
import { majority, meanProbabilities, mixed } from "./combine.ts";
import { complementarity, selected } from "./complementarity.ts";
import { forwardSelection } from "./forward-selection.ts";
import { trainGate } from "./gate.ts";
import { itemLosses, lowestMinima, memberProbabilities } from "./pool.ts";
import { scoresOf } from "./scores.ts";
import { superposeMinima } from "./superpose.ts";

function randomProbabilities(draw: Random, rows: number, classes: number): Matrix {
  return fromRows(
    Array.from({ length: rows }, () => {
      const raw = Array.from({ length: classes }, () => draw.uniform() + 0.01);
      const sum = raw.reduce((a, b) => a + b, 0);
      return raw.map((value) => value / sum);
    }),
  );
}

test.each([2, 3, 5])("scores of %i classes: pairs counted one by one", (classes) => {
  const draw = random(classes, "scores");
  const p = randomProbabilities(draw, 60, classes);
  const labels = Int32Array.from({ length: 60 }, (_, i) => (i < classes ? i : draw.int(classes)));
  const pairs = (c: number) => {
    let [won, all] = [0, 0];
    for (let i = 0; i < 60; i++) {
      for (let j = 0; j < 60; j++) {
        if (labels[i] !== c || labels[j] === c) continue;
        const [a, b] = [p.data[i * classes + c]!, p.data[j * classes + c]!];
        won += a > b ? 1 : a === b ? 0.5 : 0;
        all++;
      }
    }
    return won / all;
  };
  const own = Array.from({ length: classes }, (_, c) => pairs(c));
  const truth = classes === 2 ? own[1]! : own.reduce((a, b) => a + b, 0) / classes;
  expect(scoresOf(p, labels).auc).toBeCloseTo(truth, 12);
});

describe("complementarity", () => {
  test("three members and four items by hand", () => {
    const says = (...right: number[]) => fromRows(right.map((r) => (r ? [0.9, 0.1] : [0.2, 0.8])));
    // All items are of class 0 but the last: a member is right where it says [0.9, 0.1].
    const members = [says(1, 1, 0, 1), says(1, 0, 1, 1), says(0, 0, 0, 0)];
    const found = complementarity(members, [0, 0, 0, 1]);
    expect(Array.from(found.correct.data)).toEqual([1, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1]);
    expect(Array.from(found.apart.data)).toEqual([0, 0.5, 0.75, 0.5, 0, 0.75, 0.75, 0.75, 0]);
    expect(found.oracle).toEqual({ auc: 1, accuracy: 1 });
    // Of equal losses the first member is taken: items 0 and 1 go to member 0, item 2 to 1, item 3 to 2.
    expect(Array.from(found.taken)).toEqual([0.5, 0.25, 0.25]);
  });

  test("the oracle is right wherever a member is; distances are a metric", () => {
    const draw = random(2, "oracle");
    const members = Array.from({ length: 5 }, () => randomProbabilities(draw, 80, 2));
    const labels = Int32Array.from({ length: 80 }, () => draw.int(2));
    const { oracle, correct, apart, taken } = complementarity(members, labels);
    const right = labels.filter((_, i) => members.some((__, a) => correct.data[a * 80 + i] === 1)).length;
    // Of two classes the member with the least loss is right if any is.
    expect(oracle.accuracy).toBe(right / 80);
    expect(taken.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    for (let a = 0; a < 5; a++) {
      for (let b = 0; b < 5; b++) {
        expect(apart.data[5 * a + b]).toBe(apart.data[5 * b + a]);
        for (let c = 0; c < 5; c++) {
          expect(apart.data[5 * a + c]!).toBeLessThanOrEqual(
            apart.data[5 * a + b]! + apart.data[5 * b + c]! + 1e-12,
          );
        }
      }
    }
  });
});

describe("averages", () => {
  const a = matrix(2, 2, [0.9, 0.1, 0.4, 0.6]);
  const b = matrix(2, 2, [0.2, 0.8, 0.3, 0.7]);
  const c = matrix(2, 2, [0.6, 0.4, 0.8, 0.2]);
  test("by hand", () => {
    expect(Array.from(meanProbabilities([a, b], [3, 1]).data)).toEqual([
      ...[0.75 * 0.9 + 0.25 * 0.2, 0.75 * 0.1 + 0.25 * 0.8],
      ...[0.75 * 0.4 + 0.25 * 0.3, 0.75 * 0.6 + 0.25 * 0.7],
    ]);
    majority([a, b, c]).data.forEach((share, k) => {
      expect(share).toBeCloseTo([2 / 3, 1 / 3, 1 / 3, 2 / 3][k]!, 12);
    });
    expect(Array.from(mixed([a, b], matrix(2, 2, [1, 0, 0, 1])).data)).toEqual([0.9, 0.1, 0.3, 0.7]);
    expect(Array.from(selected([a, b], [0, 1]).data)).toEqual([0.9, 0.1, 0.3, 0.7]);
    expect(Array.from(itemLosses([a, b], [0, 1]).data)).toEqual(
      [0.9, 0.2, 0.6, 0.7].map((p) => -Math.log(p)),
    );
  });

  test("Boltzmann weights of two minima: p₁/p₀ = (o₀/o₁) exp(−Δ/T − ΔΣlnλ/2)", () => {
    const minima = [
      { value: 0.2, logProduct: 3, zeroModes: 0, order: 1 },
      { value: 0.5, logProduct: 1, zeroModes: 0, order: 2 },
    ];
    const [low, high] = boltzmannWeights({ n: 4, minima }, [{ minimum: 0 }, { minimum: 1 }], 0.15);
    expect(high! / low!).toBeCloseTo(0.5 * Math.exp(-0.3 / 0.15 + 1), 12);
  });
});

describe("forward selection", () => {
  test("takes members in order of their worth where these add up, and stops at the first that costs", () => {
    const worth = [0.3, -0.1, 0.5, 0, 0.2];
    const score = (set: readonly number[]) => set.reduce((sum, a) => sum + worth[a]!, 0);
    expect(forwardSelection(5, score).members).toEqual([2, 0, 4]);
    expect(forwardSelection(5, score, { most: 2 }).members).toEqual([2, 0]);
    expect(forwardSelection(5, score, { gain: 0.25 }).members).toEqual([2, 0]);
  });

  test("coverage: within 1 − 1/e of the best set found by trying all (Nemhauser et al. 1978)", () => {
    for (let k = 0; k < 40; k++) {
      const draw = random(k, "cover");
      const covers = Array.from({ length: 8 }, () => Array.from({ length: 12 }, () => draw.uniform() < 0.3));
      const score = (set: readonly number[]) =>
        covers[0]!.filter((_, i) => set.some((a) => covers[a]![i])).length;
      let best = 0;
      for (let a = 0; a < 8; a++) {
        for (let b = 0; b < a; b++) for (let c = 0; c < b; c++) best = Math.max(best, score([a, b, c]));
      }
      const { scores } = forwardSelection(8, score, { most: 3 });
      expect(scores.at(-1)!).toBeGreaterThanOrEqual((1 - 1 / Math.E) * best);
      scores.forEach((value, i) => {
        if (i > 0) expect(value).toBeGreaterThan(scores[i - 1]!);
      });
    }
  });
});

/** Two experts of class = [x₁ > 0]: the first is right for x₀ < 0 and the second for x₀ > 0; elsewhere they guess wrongly. */
function experts(features: Matrix): { members: Matrix[]; labels: Int32Array } {
  const labels = Int32Array.from({ length: features.rows }, (_, i) =>
    features.data[2 * i + 1]! > 0 ? 1 : 0,
  );
  const members = [-1, 1].map((side) =>
    fromRows(
      Array.from(labels, (label, i) => {
        const sure = features.data[2 * i]! * side > 0 ? 0.9 : 0.2;
        return label === 1 ? [1 - sure, sure] : [sure, 1 - sure];
      }),
    ),
  );
  return { members, labels };
}

test("a gate learns which of two experts to ask, on items that it has not seen", () => {
  const items = (path: string, rows: number) => {
    const draw = random(5, path);
    return matrix(
      rows,
      2,
      Float64Array.from({ length: 2 * rows }, () => draw.normal()),
    );
  };
  const [held, unseen] = [items("held", 200), items("unseen", 500)];
  const seen = experts(held);
  const gate = trainGate(held, itemLosses(seen.members, seen.labels), {
    hidden: 2,
    starts: 2,
    random: random(1),
  });
  const { members, labels } = experts(unseen);
  const shares = gate.shares(unseen);
  const choice = labels.map((_, i) => (shares.data[2 * i]! > 0.5 ? 0 : 1));
  expect(scoresOf(selected(members, choice), labels).accuracy).toBeGreaterThan(0.97);
  for (const member of members) expect(scoresOf(member, labels).accuracy).toBeLessThan(0.56);
});

/** Minima of no landscape: random weights with values and curvatures, enough for a superposition. */
function pretended(count: number) {
  const draw = random(3, "pretended");
  return {
    n: 17,
    minima: Array.from({ length: count }, (_, id) => ({
      x: Float64Array.from({ length: 17 }, () => 2 * draw.normal()),
      ...{ value: 0.5 - 0.01 * ((7 * id) % count), logProduct: draw.normal(), zeroModes: 0, order: 1 },
    })),
  };
}

describe("superposition of minima", () => {
  const shape = { inputs: 2, hidden: [3], classes: 2 };
  const items = (path: string) => {
    const draw = random(8, path);
    const features = matrix(
      120,
      2,
      Float64Array.from({ length: 240 }, () => draw.normal()),
    );
    const labels = Int32Array.from({ length: 120 }, (_, i) =>
      features.data[2 * i]! * features.data[2 * i + 1]! > 0 ? 1 : 0,
    );
    return { features, labels };
  };
  const network = pretended(9);
  const options = {
    ...{ shape, network, count: 6, held: items("held"), unseen: items("unseen") },
    ...{ gateMembers: 3, gate: { hidden: 3, starts: 1, maxIterations: 200 } },
  };

  test("takes the lowest minima; every score is of the unseen items; the same seed gives the same", () => {
    const found = superposeMinima({ ...options, random: random(4) });
    expect(found.pool.map(({ value }) => value)).toEqual(
      network.minima
        .map(({ value }) => value)
        .sort((a, b) => a - b)
        .slice(0, 6),
    );
    const there = memberProbabilities(shape, found.pool, options.unseen.features);
    const of = (method: string) => found.combined.find((one) => one.method === method)!;
    expect(of("lowest loss")).toMatchObject(scoresOf(there[0]!, options.unseen.labels));
    expect(of("best single")).toMatchObject(scoresOf(there[found.bestSingle]!, options.unseen.labels));
    const singles = there.map((p) => scoresOf(p, options.unseen.labels).auc);
    expect(of("best single in hindsight").auc).toBe(Math.max(...singles));
    expect(found.complementary.members.length).toBeLessThanOrEqual(3);
    for (const { accuracy } of found.complementarity.members) {
      expect(found.complementarity.oracle.accuracy).toBeGreaterThanOrEqual(accuracy);
    }
    expect(superposeMinima({ ...options, random: random(4) }).combined).toEqual(found.combined);
  });

  test("the labels of the unseen items change no choice", () => {
    const { labels } = options.unseen;
    const other = superposeMinima({
      ...options,
      unseen: { ...options.unseen, labels: labels.map((label) => 1 - label) },
      random: random(4),
    });
    const same = superposeMinima({ ...options, random: random(4) });
    expect(other.bestSingle).toBe(same.bestSingle);
    expect(other.mean).toEqual(same.mean);
    expect(other.temperature).toBe(same.temperature);
    expect(other.gate!.weights).toEqual(same.gate!.weights);
  });
});

describe("bad input", () => {
  const shape = { inputs: 2, hidden: [3], classes: 2 };
  const features = matrix(4, 2, [1, 2, 3, 4, 5, 6, 7, 8]);
  const p = matrix(4, 2, [0.1, 0.9, 0.2, 0.8, 0.3, 0.7, 0.4, 0.6]);
  test.each([
    ["one minimum", () => lowestMinima(pretended(1), 2), /has 1 minima/],
    ["a count of one", () => lowestMinima(pretended(3), 1), /count 1.*at least 2/],
    ["too few labels", () => scoresOf(p, [0, 1]), /4 items and 2 labels/],
    ["one class", () => scoresOf(p, [1, 1, 1, 1]), /no item of class 1, or all/],
    ["weights of others", () => meanProbabilities([p, p], [1]), /1 weights for 2 members/],
    [
      "one best member",
      () => trainGate(features, matrix(4, 2, [0, 1, 0, 1, 0, 1, 0, 1]), { random: random(1) }),
      /member 0 is the best for all 4/,
    ],
    [
      "losses of other items",
      () => trainGate(features, matrix(3, 2), { random: random(1) }),
      /4 items and losses of 3/,
    ],
    [
      "no starts",
      () => trainGate(features, matrix(4, 2, [0, 1, 1, 0, 0, 1, 1, 0]), { starts: 0, random: random(1) }),
      /0 starts/,
    ],
    ["no members", () => forwardSelection(0, () => 0), /of 0 members/],
    [
      "another shape",
      () =>
        superposeMinima({
          ...{ shape: { ...shape, hidden: [4] }, network: pretended(3), random: random(1) },
          ...{ held: { features, labels: [0, 1, 0, 1] }, unseen: { features, labels: [0, 1, 0, 1] } },
        }),
      /network of 17 coordinates and a classifier of 22 weights/,
    ],
  ] as [string, () => unknown, RegExp][])("%s", (_, run, message) => {
    expect(run).toThrow(message);
  });
});
