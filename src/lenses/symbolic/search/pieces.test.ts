import { describe, expect, it } from "vitest";
import { random } from "../../../core/random.ts";
import { checkDimensions } from "../../../expressions/dimensions.ts";
import { compareValues } from "../../../expressions/equivalent.ts";
import { evaluator } from "../../../expressions/evaluator.ts";
import { size } from "../../../expressions/expression.ts";
import { parse } from "../../../expressions/parse.ts";
import { fromPostfix, toPostfix } from "../../../expressions/postfix.ts";
import { screen } from "./check-problem.ts";
import { fitConstants } from "./fit.ts";
import { physics, problemOf } from "./fixtures.fixture.ts";
import { makeFold } from "./fold.ts";
import { makeGenerator } from "./generate.ts";
import type { Genome } from "./genome.ts";
import { crossover, type Mutation, makeMutator, mutationWeights } from "./mutate.ts";
import { exponentsOf } from "./seeds/exponents.ts";
import { leastSquares } from "./seeds/products.ts";
import { bestSubsets } from "./seeds/subsets.ts";
import { makeSpace } from "./space.ts";

// metre, second
const columns = [
  [1, 0],
  [0, 1],
  [1, -1],
  [0, 0],
];
const typed = (strict: boolean) =>
  makeSpace({
    operators: physics,
    columns: 4,
    maxComplexity: 25,
    dimensions: { columns, target: [1, 0], strict },
  });
const violations = (space: ReturnType<typeof typed>, g: Genome, strict: boolean) =>
  checkDimensions(fromPostfix(g, space.operators), columns, {
    target: [1, 0],
    constants: strict ? "dimensionless" : "wildcard",
    operators: space.operators,
  }).violations;

describe.each([true, false])("trees with dimensions (strict: %s)", (strict) => {
  const space = typed(strict);
  const free = makeSpace({ operators: physics, columns: 4, maxComplexity: 25 });
  const rng = random(1, "trees");

  it("are told to balance exactly where checkDimensions says so", () => {
    const generator = makeGenerator(free, rng);
    const counts = [0, 0];
    for (let k = 0; k < 4000; k++) {
      const g = generator.tree(1 + rng.int(8))!;
      const fits = space.fits(g);
      counts[Number(fits)]!++;
      expect(fits, JSON.stringify(g)).toBe(violations(space, g, strict).length === 0);
    }
    expect(Math.min(...counts)).toBeGreaterThan(30);
  });

  it("are drawn balanced, and mostly stay so when changed and crossed", () => {
    const generator = makeGenerator(space, rng);
    const mutate = makeMutator(space, generator, rng);
    const kinds = Object.keys(mutationWeights) as Mutation[];
    const pool: Genome[] = [];
    const changed = new Map<string, [number, number]>();
    const tell = (kind: string, good: boolean) => {
      const [all, fine] = changed.get(kind) ?? [0, 0];
      changed.set(kind, [all + 1, fine + Number(good)]);
    };
    for (let k = 0; k < 1500; k++) {
      const g = generator.tree(1 + rng.int(9), space.targetType);
      if (g === undefined) continue;
      if (violations(space, g, strict).length === 0) pool.push(g);
      tell("drawn", space.fits(g));
    }
    for (let k = 0; k < 3000; k++) {
      const kind = kinds[k % kinds.length]!;
      const made = mutate(pool[rng.int(pool.length)]!, kind, 1);
      if (made !== undefined) {
        expect(() => fromPostfix(made, space.operators)).not.toThrow();
        tell(kind, space.fits(made));
      }
      const both = crossover(space, pool[rng.int(pool.length)]!, pool[rng.int(pool.length)]!, rng);
      if (both !== undefined) tell("crossover", space.fits(both));
    }
    for (const kind of ["drawn", "subtree", "feature", "crossover", "swap"]) {
      const [all, fine] = changed.get(kind)!;
      const least = kind === "swap" ? 0.4 : strict ? 0.99 : 0.7;
      expect(fine / all, kind).toBeGreaterThan(least);
    }
    expect([...changed.keys()].length).toBe(kinds.length + 2);
  });
});

it("folding keeps the function and never lengthens it", () => {
  const space = makeSpace({ operators: physics, columns: 3, maxComplexity: 60 });
  const rng = random(2, "fold");
  const generator = makeGenerator(space, rng);
  const fold = makeFold(space);
  let shorter = 0;
  for (let k = 0; k < 3000; k++) {
    const g = generator.tree(1 + rng.int(14))!;
    const made = fold(g);
    const [a, b] = [fromPostfix(g, space.operators), fromPostfix(made, space.operators)];
    expect(size(b)).toBeLessThanOrEqual(size(a));
    if (size(b) < size(a)) shorter++;
    const { numeric } = compareValues(a, b, { points: 8, tolerance: 1e-7 });
    expect(numeric ?? true, JSON.stringify([a, b])).toBe(true);
  }
  expect(shorter).toBeGreaterThan(300);
});

describe("fits", () => {
  const { columns: data, names: of } = problemOf("x", { x: [0, 3], z: [1, 2] }, 60);
  const engine = evaluator(data);
  const read = (text: string) => toPostfix(parse(text, { names: of }), engine.operators);

  it("of linear constants are those of the normal equations, with weights", () => {
    const rng = random(4, "noise");
    const target = data[0]!.map((x, i) => 2 * x - 3 * data[1]![i]! + rng.normal());
    const weights = target.map((_, i) => 1 + (i % 4));
    const scaled = (v: Float64Array) => v.map((value, i) => value * Math.sqrt(weights[i]!));
    const expected = leastSquares([scaled(data[0]!), scaled(data[1]!)], scaled(target), false)!;
    const found = fitConstants({ evaluator: engine, target, weights }, read("1*x + 1*z"), { steps: 50 })!;
    expect([...found.constants].map((c) => c.toFixed(9))).toEqual([...expected].map((c) => c.toFixed(9)));
  });

  it("of curved ones find the truth to rounding", () => {
    const target = data[0]!.map((x, i) => 1.7 * Math.exp(-0.6 * x) + Math.sin(2.2 * data[1]![i]!));
    const found = fitConstants(
      { evaluator: engine, target, weights: undefined },
      read("1*exp(-1*x) + sin(2*z)"),
      { steps: 60 },
    )!;
    expect(found.sum).toBeLessThan(1e-25);
    [1.7, -0.6, 2.2].forEach((c, i) => {
      expect(found.constants[i]).toBeCloseTo(c, 9);
    });
  });

  it("of tied constants keep them tied, and fixed ones fixed", () => {
    const target = data[0]!.map((x) => 3 * x + 3);
    const found = fitConstants({ evaluator: engine, target, weights: undefined }, read("1*x + 1 + 5*z"), {
      steps: 60,
      tied: Int32Array.of(0, 0, -1),
    })!;
    expect(found.constants[0]).toBe(found.constants[1]);
    expect(found.constants[2]).toBe(5);
  });
});

it("exponents of a dimension: the same as by brute force", () => {
  const dimensions = [
    [1, 0, 0],
    [0, 1, 0],
    [1, -1, 0],
    [2, -2, 1],
    [0, 0, 1],
  ];
  const wanted = [1, -2, 0];
  const found = new Set(exponentsOf(dimensions, wanted, 1e6).map(({ exponents }) => exponents.join()));
  let count = 0;
  const e = [0, 0, 0, 0, 0];
  const visit = (at: number): void => {
    if (at === 5) {
      const fits = wanted.every((w, k) => w === e.reduce((s, p, i) => s + p * dimensions[i]![k]!, 0));
      if (!fits) return;
      count++;
      expect(found.has(e.join()), e.join()).toBe(true);
      return;
    }
    for (e[at] = -2; e[at]! <= 2; e[at]!++) visit(at + 1);
  };
  visit(0);
  expect(count).toBeGreaterThan(5);
  for (const text of found) {
    const powers = text.split(",").map(Number);
    expect(wanted.map((_, k) => powers.reduce((s, p, i) => s + p * dimensions[i]![k]!, 0) + 0)).toEqual(
      wanted,
    );
  }
});

it("the best subsets: the same as by fitting all of them", () => {
  const rng = random(6, "subsets");
  const unit = () => {
    const v = Float64Array.from({ length: 30 }, () => rng.normal());
    const length = Math.hypot(...v);
    return v.map((x) => x / length);
  };
  const vectors = Array.from({ length: 9 }, unit);
  const goal = unit();
  const rest = (members: readonly number[]) => {
    const list = members.map((i) => vectors[i]!);
    const x = leastSquares(list, goal, false)!;
    return goal.reduce((s, y, i) => s + (y - list.reduce((t, v, k) => t + x[k]! * v[i]!, 0)) ** 2, 0);
  };
  const found = bestSubsets(vectors, goal, 9, 5, () => {});
  for (const members of [1, 2, 3]) {
    const mine = found.filter((s) => s.members.length === members);
    const all: number[] = [];
    const visit = (from: number, chosen: number[]): void => {
      if (chosen.length === members) all.push(rest(chosen));
      else for (let i = from; i < 9; i++) visit(i + 1, [...chosen, i]);
    };
    visit(0, []);
    all.sort((a, b) => a - b);
    expect(mine.length).toBe(5);
    mine.forEach(({ left }, i) => {
      expect(left).toBeCloseTo(all[i]!, 10);
    });
  }
});

it("screening puts the columns that matter first", () => {
  const problem = problemOf("x^3 + 0.2*z", { x: [-1, 1], y: [-1, 1], z: [-1, 1] }, 300);
  expect(screen(problem).map(({ column }) => problem.names[column])).toEqual(["x", "z", "y"]);
});
