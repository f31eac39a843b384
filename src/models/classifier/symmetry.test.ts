import { describe, expect, test } from "vitest";
import { emptyNetwork } from "../../optim/landscape/network.ts";
import { alignClassifier, moveUnits } from "./align.ts";
import { classifierLandscape } from "./landscape.ts";
import { type ClassifierShape, layersOf, weightCount } from "./shape.ts";
import { randomProblem, randomWeights, shapes } from "./small-problems.fixture.ts";
import { logSymmetryOrder, stabiliserOrder, symmetryOrder } from "./symmetry-order.ts";
import { weightName } from "./weight-name.ts";

function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((rest) =>
    Array.from({ length: n }, (_, at) => [...rest.slice(0, at), n - 1, ...rest.slice(at)]),
  );
}

/** Every copy of w, by brute force over all layers. */
function copies(shape: ClassifierShape, w: Float64Array): Float64Array[] {
  let all = [w];
  shape.hidden.forEach((units, l) => {
    const moves = permutations(units).flatMap((order) =>
      Array.from({ length: 2 ** units }, (_, bits) => ({
        from: Int32Array.from(order),
        sign: Float64Array.from(order, (_, j) => ((bits >> j) & 1 ? -1 : 1)),
      })),
    );
    all = all.flatMap((copy) => moves.map((move) => moveUnits(shape, copy, l, move)));
  });
  return all;
}

const apart = (a: Float64Array, b: Float64Array) => Math.hypot(...a.map((v, i) => v - b[i]!));

describe("all 2^H H! operations", () => {
  test.each(shapes.filter(({ hidden }) => hidden.every((units) => units <= 4)))(
    "of $inputs-$hidden-$classes keep the loss",
    (shape) => {
      const land = classifierLandscape(randomProblem(shape, 30));
      const w = randomWeights(shape);
      const all = copies(shape, w);
      expect(all.length).toBe(symmetryOrder(shape));
      expect(Math.exp(logSymmetryOrder(shape))).toBeCloseTo(all.length, 8);
      expect(new Set(all.map((copy) => copy.join())).size).toBe(all.length);
      const g = new Float64Array(land.n);
      const value = land.valueAndGradient(w, g);
      for (const copy of all) {
        expect(Math.abs(land.valueAndGradient(copy, g) - value)).toBeLessThan(1e-14 * Math.abs(value));
      }
    },
  );
});

describe("alignment of one hidden layer", () => {
  const shape: ClassifierShape = { inputs: 3, hidden: [4], classes: 2 };
  const w = randomWeights(shape);

  test("lays every copy exactly on its original", () => {
    for (const copy of copies(shape, w)) {
      const { weights, distance } = alignClassifier(shape, w, copy);
      expect(distance).toBe(0);
      expect(weights).toEqual(w);
    }
  });

  test("is the nearest copy by brute force, symmetric, and obeys the triangle inequality", () => {
    const points = [1, 2, 3, 4].map((seed) => randomWeights(shape, seed));
    const all = points.map((point) => copies(shape, point));
    const d = (a: number, b: number) => alignClassifier(shape, points[a]!, points[b]!).distance;
    for (let a = 0; a < 4; a++) {
      for (let b = 0; b < 4; b++) {
        const least = Math.min(...all[b]!.map((copy) => apart(points[a]!, copy)));
        expect(Math.abs(d(a, b) - least)).toBeLessThan(1e-12);
        expect(Math.abs(d(a, b) - d(b, a))).toBeLessThan(1e-12);
        for (let c = 0; c < 4; c++) expect(d(a, c)).toBeLessThanOrEqual(d(a, b) + d(b, c) + 1e-12);
      }
    }
    const { weights, distance } = alignClassifier(shape, points[0]!, points[1]!);
    expect(apart(weights, points[0]!)).toBeCloseTo(distance, 12);
    expect(all[1]!.some((copy) => copy.join() === weights.join())).toBe(true);
  });
});

test("alignment of more layers: a copy of the same values, never further than before, exact for moves of one layer", () => {
  const shape: ClassifierShape = { inputs: 3, hidden: [3, 3], classes: 2 };
  const [a, b] = [randomWeights(shape, 1), randomWeights(shape, 2)];
  const land = classifierLandscape(randomProblem(shape, 30));
  const g = new Float64Array(land.n);
  const { weights, distance } = alignClassifier(shape, a, b);
  expect(land.valueAndGradient(weights, g)).toBeCloseTo(land.valueAndGradient(b, g), 13);
  expect(distance).toBeLessThan(apart(a, b));
  const least = Math.min(...copies(shape, b).map((copy) => apart(a, copy)));
  expect(distance).toBeGreaterThan(least - 1e-12);
  expect(distance).toBeLessThan(1.2 * least);
  for (const l of [0, 1]) {
    const moved = moveUnits(shape, a, l, { from: Int32Array.of(2, 0, 1), sign: Float64Array.of(-1, 1, -1) });
    expect(alignClassifier(shape, a, moved).distance).toBe(0);
  }
});

describe("the stabiliser is what brute force counts", () => {
  const shape: ClassifierShape = { inputs: 2, hidden: [4], classes: 2 };
  const deep: ClassifierShape = { inputs: 1, hidden: [2, 3], classes: 2 };
  /** Unit j of layer l with the weights of `other` times `factor`. */
  const copied = (
    s: ClassifierShape,
    w: Float64Array,
    l: number,
    j: number,
    other: number,
    factor: number,
  ) => {
    const from = Int32Array.from({ length: s.hidden[l]! }, (_, i) => (i === j ? other : i));
    return moveUnits(s, w, l, { from, sign: Float64Array.from(from, (_, i) => (i === j ? factor : 1)) });
  };
  const w = randomWeights(shape);
  const v = randomWeights(deep);
  const cases: [string, ClassifierShape, Float64Array, number][] = [
    ["nothing alike", shape, w, 1],
    ["a unit without weights", shape, copied(shape, w, 0, 1, 1, 0), 2],
    ["two of them", shape, copied(shape, copied(shape, w, 0, 1, 1, 0), 0, 3, 3, 0), 8],
    ["two equal units", shape, copied(shape, w, 0, 1, 0, 1), 2],
    ["three up to sign", shape, copied(shape, copied(shape, w, 0, 1, 0, -1), 0, 3, 0, 1), 6],
    ["nothing at all", shape, new Float64Array(w.length), 384],
    ["nothing alike, two layers", deep, v, 1],
    ["an empty unit above", deep, copied(deep, v, 1, 0, 0, 0), 2],
    ["two equal units above", deep, copied(deep, v, 1, 0, 2, 1), 2],
    ["opposite units below", deep, copied(deep, v, 0, 1, 0, -1), 2],
    ["nothing at all, two layers", deep, new Float64Array(v.length), 384],
  ];
  test.each(cases)("%s", (_, of, weights, expected) => {
    const counted = copies(of, weights).filter((copy) => apart(copy, weights) < 1e-12).length;
    expect(counted).toBe(expected);
    expect(stabiliserOrder(of, weights)).toBe(expected);
  });
});

test("copies are told apart by value where alignment may miss them: from two hidden layers on", () => {
  const one = classifierLandscape(randomProblem({ inputs: 3, hidden: [4], classes: 2 }, 10));
  const two = classifierLandscape(randomProblem({ inputs: 3, hidden: [3, 3], classes: 2 }, 10));
  expect(emptyNetwork(one).same).toEqual({ value: 1e-6, distance: 0.05 });
  expect(emptyNetwork(two).same).toEqual({ value: 1e-8, distance: Infinity });
  expect(emptyNetwork(two, { distance: 1 }).same).toEqual({ value: 1e-8, distance: 1 });
});

test("every weight has its name, by the layers that are views on it", () => {
  const shape = { inputs: 2, hidden: [3, 2], classes: 2 };
  const w = Float64Array.from({ length: weightCount(shape) }, (_, i) => i);
  layersOf(shape, w).forEach(({ weights, bias }, l) => {
    const to = (k: number) => (l === 2 ? `class ${k}` : `unit ${k} of layer ${l + 1}`);
    const from = (k: number) => (l === 0 ? `input ${k}` : `unit ${k} of layer ${l}`);
    bias.forEach((i, k) => {
      expect(weightName(shape, i)).toBe(`the bias of ${to(k)}`);
    });
    weights.data.forEach((i, at) => {
      const [j, k] = [Math.floor(at / weights.cols), at % weights.cols];
      expect(weightName(shape, i)).toBe(`the weight from ${from(k)} to ${to(j)}`);
    });
  });
  expect(weightName({ inputs: 2, hidden: [3], classes: 2 }, 5)).toBe("the weight from input 1 to unit 2");
  expect(() => weightName(shape, w.length)).toThrow("weight 23; there are 0 to 22");
});
