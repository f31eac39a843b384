import { describe, expect, it } from "vitest";
import { random } from "../../../core/random.ts";
import { quietTask } from "../../../core/task.ts";
import { evaluate } from "../../../expressions/evaluate.ts";
import { parse } from "../../../expressions/parse.ts";
import { standardOperators } from "../../../expressions/standard-operators.ts";
import { matrix } from "../../../linalg/matrix.ts";
import { leastSquares } from "../../../stats/least-squares.ts";
import { searchHere } from "../runner.ts";
import type { FrontMember, SearchProblem } from "../search/contract.ts";
import { assessor } from "../selection/assess.ts";
import { choose } from "../selection/choose.ts";
import { refitter } from "../selection/refit.ts";
import { sharedTerms, sizedTerms } from "./agreement.ts";
import { constantIntervals, predictionErrors } from "./constants.ts";
import { dealings, dealtOrder, rowKinds } from "./deal.ts";
import { followLaw } from "./follow-law.ts";
import { determinationOn, errorOn, extremeSplit, randomSplit } from "./held-out.ts";
import { type Interval, images } from "./intervals.ts";
import { lookElsewhereBound } from "./look-elsewhere.ts";
import { noiseFloor } from "./noise-floor.ts";
import { nullFronts, nullRequests } from "./null-fronts.ts";
import { randomExpression } from "./random-expression.ts";
import { recognise } from "./recognise.ts";
import { singularities } from "./singularities.ts";

const names = ["x", "z"];
const settings = {
  operators: ["add", "mul"],
  islands: 1,
  population: 8,
  maxComplexity: 9,
  evaluations: 1000,
  stopAt: 0,
};

function data(n: number, law: (x: number, z: number) => number, noise: number, seed = 1): SearchProblem {
  const source = random(seed, "evidence test");
  const x = Float64Array.from({ length: n }, () => 1 + 4 * source.uniform());
  const z = Float64Array.from({ length: n }, () => 1 + 4 * source.uniform());
  const target = x.map((value, i) => law(value, z[i]!) + noise * source.normal());
  return { columns: [x, z], names, target };
}

describe("lookElsewhereBound", () => {
  it("gives the numbers of the measured table (K = 10⁵)", () => {
    // Oracle: the catalogue's column, printed to two digits.
    for (const [n, bound] of [
      [10, 0.94],
      [20, 0.72],
      [50, 0.38],
      [100, 0.21],
      [500, 0.05],
    ] as const) {
      expect(lookElsewhereBound(n, 1e5)).toBeCloseTo(bound, 2);
    }
    expect(lookElsewhereBound(2, 10)).toBe(1);
    expect(lookElsewhereBound(50, 1)).toBe(0);
  });
});

describe("noiseFloor", () => {
  it("finds the noise of a smooth function within a factor, and of replicates within their own error", () => {
    const smooth = noiseFloor(
      [0, 1].map((k) => data(400, () => 0, 1, 2).columns[k]!),
      data(400, (x, z) => x * x + z, 0.5, 2).target,
    );
    expect(smooth.method).toBe("nearest neighbours");
    expect(smooth.variance).toBeGreaterThan(0.25 / 2);
    expect(smooth.variance).toBeLessThan(0.25 * 2);
    const source = random(3);
    const x = Float64Array.from({ length: 200 }, (_, i) => Math.floor(i / 4));
    const y = x.map((value) => value ** 2 + 0.3 * source.normal());
    const twins = noiseFloor([x], y);
    expect(twins.method).toBe("replicates");
    // 150 degrees of freedom: the variance is known to about 12 %.
    expect(twins.variance / 0.09).toBeGreaterThan(0.7);
    expect(twins.variance / 0.09).toBeLessThan(1.4);
    expect(() => noiseFloor([Float64Array.of(1, 2, 3)], Float64Array.of(1, 2, 3))).toThrow(/3 rows/);
  });
});

describe("constantIntervals", () => {
  it("agrees with linear least squares, and its predictions too", () => {
    const of = data(25, (x, z) => 0.7 + 1.3 * x - 0.45 * z, 0.3);
    const law = assessor(of).assess(refitter(of)(parse("0.5 + 1.1*x - 0.3*z", { names }))!);
    const found = constantIntervals(law, of, { random: random(1), rounds: 99 });
    expect(found.resamples).toBe(99);
    const design = matrix(25, 3);
    for (let i = 0; i < 25; i++) design.data.set([1, of.columns[0]![i]!, -of.columns[1]![i]!], 3 * i);
    const oracle = leastSquares(design, of.target);
    found.constants.forEach((constant, k) => {
      expect(constant.value).toBeCloseTo(oracle.coefficients[k]!, 6);
      expect(constant.standardError).toBeCloseTo(oracle.standardErrors[k]!, 6);
      // Student's t for 22 degrees of freedom is 2.074.
      expect((constant.fisher.high - constant.value) / constant.standardError).toBeCloseTo(2.074, 3);
      const width = constant.bootstrap!.high - constant.bootstrap!.low;
      expect(width / (constant.fisher.high - constant.fisher.low)).toBeGreaterThan(0.5);
      expect(width / (constant.fisher.high - constant.fisher.low)).toBeLessThan(1.6);
    });
    const errors = predictionErrors(law, found.covariance)!;
    const row = [1, of.columns[0]![4]!, -of.columns[1]![4]!];
    let variance = 0;
    row.forEach((a, i) => {
      row.forEach((b, j) => {
        variance += a * oracle.covariance.data[3 * i + j]! * b;
      });
    });
    expect(errors[4]).toBeCloseTo(Math.sqrt(variance), 8);
  });

  it("covers the true constant as often as it says, for a constant in a nonlinear place", () => {
    let inside = 0;
    const rounds = 200;
    for (let seed = 0; seed < rounds; seed++) {
      const of = data(30, (x, z) => z * Math.exp(-0.37 * x), 0.05, 100 + seed);
      const law = assessor(of).assess(refitter(of)(parse("z*exp(-0.4*x)", { names }))!);
      const [c] = constantIntervals(law, of, { random: random(seed), rounds: 0 }).constants;
      if (c!.fisher.low <= -0.37 && c!.fisher.high >= -0.37) inside++;
    }
    // 95 % of 200 is 190, with a deviation of 3.1.
    expect(inside).toBeGreaterThan(178);
    expect(inside).toBeLessThan(200);
  });

  it("says why there are none: constants that stand for each other, too few rows", () => {
    const of = data(25, (x) => x, 0.1);
    const redundant = assessor(of).assess(parse("1.5*(0.7*x)", { names }));
    expect(constantIntervals(redundant, of, { random: random(1) }).without).toMatch(
      /constant 2 is a combination/,
    );
    const few = data(4, (x) => x, 0.1);
    const full = assessor(few).assess(parse("0.1 + 0.2*x + 0.3*z + 0.4*x*z", { names }));
    expect(constantIntervals(full, few, { random: random(1) }).without).toBe("4 rows for 4 constants");
  });

  it("recognises simple numbers only in narrow intervals", () => {
    expect(recognise(3.14, { low: 3.139, high: 3.143 })).toBe("π");
    expect(recognise(-0.4999, { low: -0.501, high: -0.498 })).toBe("−1/2");
    expect(recognise(3.14, { low: 2, high: 4 })).toBeUndefined();
    expect(recognise(2.63, { low: 2.62, high: 2.64 })).toBeUndefined();
  });
});

describe("intervals", () => {
  it("hold every value of their operator", () => {
    const source = random(5);
    const outside: string[] = [];
    for (const [name, image] of Object.entries(images)) {
      const { arity, evaluate: apply } = standardOperators.get(name)!;
      for (let trial = 0; trial < 200; trial++) {
        const boxes = Array.from({ length: arity }, (): Interval => {
          const centre = 4 * source.uniform() - 2;
          const half = 2 * source.uniform() ** 2;
          return { low: centre - half, high: centre + half };
        });
        if (name === "pow" && trial % 2 === 0) {
          const whole = source.int(7) - 3;
          boxes[1] = { low: whole, high: whole };
        }
        const { range, trouble } = image(...boxes);
        for (let draw = 0; draw < 20; draw++) {
          const args = boxes.map(({ low, high }) => low + (high - low) * source.uniform());
          const value = apply(...args);
          const slack = 1e-9 * (1 + Math.abs(value));
          const held = value >= range.low - slack && value <= range.high + slack;
          if (Number.isFinite(value) ? !held : trouble === undefined)
            outside.push(`${name}(${args}) = ${value}`);
        }
      }
    }
    expect(outside).toEqual([]);
  });
});

describe("singularities", () => {
  const columns = [Float64Array.of(0.5, 4), Float64Array.of(-1, 1)];
  const scan = (text: string) => singularities(parse(text, { names }), columns, { names });

  it("finds poles and forbidden arguments where they are", () => {
    const pole = scan("1/(x - 2)").found[0]!;
    expect(pole).toMatchObject({ what: "a division by 0", status: "certain" });
    expect(pole.at[0]).toBeCloseTo(2, 9);
    expect(scan("log(z)").found[0]).toMatchObject({ what: "a logarithm of 0 or less", status: "certain" });
    expect(scan("sqrt(x - 1)").found[0]).toMatchObject({ status: "certain", part: "sqrt(x - 1)" });
    expect(scan("tan(x)").found[0]!.what).toBe("a pole of the tangent");
    const touching = scan("1/z^2").found[0]!;
    expect(touching.at[1]).toBeCloseTo(0, 3);
  });

  it("clears formulas that have none in the box, also where a large box looks bad", () => {
    for (const text of [
      "1/x",
      "log(x)",
      "sqrt(x^2 - x + 1)",
      "1/(x^2 - x*z + z^2 + 0.1)",
      "exp(z)/(2 + sin(x))",
    ]) {
      expect(scan(text), text).toMatchObject({ clear: true, found: [] });
    }
  });
});

describe("agreement", () => {
  const columns = data(50, () => 0, 1).columns;
  const terms = (text: string) => sizedTerms(parse(text, { names }), columns);
  const shared = (a: string, b: string) => sharedTerms(terms(a), terms(b));

  it("is 1 for one law however written, and 0 for nothing in common", () => {
    expect(shared("2*x*(z + 1)", "2*x + x*z*2")).toBeCloseTo(1, 12);
    expect(shared("x", "z")).toBe(0);
    expect(shared("x", "-x")).toBe(0);
  });

  it("weighs terms by their size", () => {
    // Oracle: min/max of the coefficients of one term.
    expect(shared("3*x", "2*x")).toBeCloseTo(2 / 3, 12);
    const faint = shared("x*z", "x*z + 0.001*sin(x)");
    expect(faint).toBeGreaterThan(0.99);
    expect(faint).toBeLessThan(1);
    expect(shared("3*x^1.49", "3.1*x^1.53")).toBeGreaterThan(0.85);
  });
});

describe("held-out rows", () => {
  it("are disjoint from the training rows and make up what was asked for", () => {
    const of = data(50, () => 0, 1);
    const split = randomSplit(of, 0.2, random(1));
    expect(split.inside).toHaveLength(10);
    expect(new Set([...split.train, ...split.inside]).size).toBe(50);
    const extreme = extremeSplit(of, 0, 0.2, random(1))!;
    expect(extreme.outside).toHaveLength(10);
    expect(extreme.train.length + extreme.inside.length + extreme.outside.length).toBe(50);
    const sorted = of.columns[0]!.toSorted();
    for (const i of [...extreme.train, ...extreme.inside]) {
      expect(of.columns[0]![i]).toBeGreaterThanOrEqual(sorted[5]!);
      expect(of.columns[0]![i]).toBeLessThanOrEqual(sorted[44]!);
    }
    const four = data(4, () => 0, 1);
    expect(extremeSplit(four, 0, 0.2, random(1))).toBeUndefined();
  });

  it("keep rows that were measured twice on one side", () => {
    const x = Float64Array.from({ length: 40 }, (_, i) => Math.floor(i / 2));
    for (let seed = 0; seed < 20; seed++) {
      const { train, inside } = randomSplit({ columns: [x] }, 0.2, random(seed));
      expect(inside).toHaveLength(8);
      const known = new Set(train.map((i) => x[i]));
      expect(inside.some((i) => known.has(x[i]))).toBe(false);
    }
  });

  it("errors are those of the rows, floored at rounding", () => {
    const of = data(20, (x) => 2 * x, 0);
    expect(errorOn(parse("2*x + 0.5", { names }), of, [3, 4])).toBeCloseTo(0.5, 12);
    expect(errorOn(parse("2*x", { names }), of, [1, 2, 3])).toBeGreaterThan(0);
    expect(errorOn(parse("log(-x)", { names }), of, [1])).toBe(Infinity);
    const rows = [0, 1, 2, 3, 4];
    expect(determinationOn(parse("2*x", { names }), of, { train: rows, rows })).toBe(1 - 1e-12);
  });
});

describe("the permutation null", () => {
  it("deals targets and their errors out together, each rerun with its own seed", () => {
    const base = data(12, (x) => x, 0.1);
    const of = { ...base, weights: base.target.map((y) => 1 / y) };
    const requests = nullRequests(of, settings, { rounds: 5, random: random(1) });
    expect(new Set(requests.map(({ seed }) => seed)).size).toBe(5);
    for (const { problem } of requests) {
      expect(problem.target.toSorted()).toEqual(of.target.toSorted());
      expect(problem.columns).toBe(of.columns);
      problem.target.forEach((y, i) => {
        expect(problem.weights![i]).toBe(1 / y);
      });
    }
    const more = nullRequests(of, settings, { from: 3, rounds: 2, random: random(1) });
    expect(more).toEqual(requests.slice(3));
  });

  it("counts reruns that reach the loss at each complexity, never below the floor 1/(B + 1)", () => {
    const of = data(40, (x) => 1.37 * x, 0.1);
    const member = (complexity: number, text: string, loss: number): FrontMember => ({
      complexity,
      expression: parse(text, { names }),
      loss,
    });
    const front = [member(1, "3.1", 1), member(3, "1.37*x", 0.01)];
    const choice = choose(front, of);
    const reruns = [0.9, 0.5, 0.009].map((loss) => ({
      outcome: {
        front: [member(1, "3.1", 1), member(5, "3 + 0.001*z", loss)],
        evaluations: 1,
        ended: "budget" as const,
        reproducible: true,
      },
      problem: of,
    }));
    const found = nullFronts({ choice, front }, of, reruns, { most: 6, operators: standardOperators });
    // At complexity 3 and 4 no rerun has a formula; from 5 one of three reaches 0.01.
    expect(Array.from(found.p)).toEqual([1, 1, 0.25, 0.25, 0.5, 0.5]);
    expect(found.tests[1]).toMatchObject({ exceedances: 0, p: 0.25, floor: 0.25 });
    expect(found.tests[0]!.observed).toBeCloseTo(choice.saved, 12);
  });
});

describe("followLaw", () => {
  // Oracle: the harmonic oscillator, x = cos t.
  const times = Float64Array.from({ length: 101 }, (_, i) => i / 5);
  const states = Array.from(times, (t) => [Math.cos(t), -Math.sin(t)]);
  const law = (text: string) => [parse("v", { names: ["x", "v"] }), parse(text, { names: ["x", "v"] })];

  it("stays with the right law and leaves with a wrong frequency when the phases part", () => {
    const right = followLaw(law("-x"), { times, states });
    expect(right.holds).toBe(true);
    expect(Math.max(...right.error)).toBeLessThan(1e-6);
    // ω² = 1.1: |phase| grows as 0.0488 t; the error is √2·sin-like, 0.4 at a phase of about 0.28 … 0.4.
    const wrong = followLaw(law("-1.1*x"), { times, states });
    expect(wrong.holds).toBe(false);
    expect(wrong.validUntil).toBeGreaterThan(4);
    expect(wrong.validUntil).toBeLessThan(9);
  });

  it("says what ended an integration that breaks down, and refuses what does not fit", () => {
    const broken = followLaw(law("10*v^3 + 1"), { times, states });
    expect(broken.stopped).toBeDefined();
    expect(broken.holds).toBe(false);
    expect(() => followLaw(law("-x").slice(1), { times, states })).toThrow(
      /state 0 has 2 components, the law 1/,
    );
    expect(() => followLaw(law("-x"), { times, states: states.slice(1) })).toThrow(/100 states at 101 times/);
  });
});

describe("randomExpression", () => {
  it("makes trees of the size asked for from the operators given", () => {
    const source = random(9);
    for (let k = 0; k < 300; k++) {
      const tree = randomExpression(1 + (k % 15), 2, standardOperators, source);
      const count = JSON.stringify(tree).split('"kind"').length - 1;
      expect(count).toBeLessThanOrEqual(Math.max(1, 1 + (k % 15)));
      expect(() => evaluate(tree, [1, 2], standardOperators)).not.toThrow();
    }
  });
});

describe("rows that are a series", () => {
  it("are shifted in a circle, by a tenth of them at least", () => {
    const seen = new Set<number>();
    for (let seed = 0; seed < 200; seed++) {
      const order = Array.from(dealtOrder("series", 30, random(seed)));
      const shift = order[0]!;
      expect(order).toEqual(Array.from({ length: 30 }, (_, i) => (i + shift) % 30));
      expect(Math.min(shift, 30 - shift)).toBeGreaterThanOrEqual(3);
      seen.add(shift);
    }
    expect(seen.size).toBe(25);
    expect(() => dealtOrder("series", 3, random(1))).toThrow("a series of 3 rows");
  });

  it("two unrelated slow series are at the floor by permutation and above it by shifts", async () => {
    // Two walks that have nothing to do with each other and correlate to 0.71; a third of such pairs exceeds 0.5.
    const rows = 60;
    const source = random(2, "series");
    const walk = () => {
      let at = 0;
      return Float64Array.from({ length: rows }, () => {
        at = 0.97 * at + source.normal();
        return at;
      });
    };
    const of = { columns: [walk()], names: ["x"], target: walk() };
    const settings = {
      ...{ operators: ["add", "mul", "square"], islands: 1, population: 16, maxComplexity: 7 },
      ...{ evaluations: 1000, stopAt: 1e-14 },
    };
    const p: Record<string, number> = {};
    const [main] = await searchHere([{ name: "main", problem: of, settings, seed: 1 }], quietTask);
    const choice = choose(main!.front, of);
    for (const kind of rowKinds) {
      const requests = nullRequests(of, settings, { rounds: 19, rows: kind, random: random(2) });
      const outcomes = await searchHere(requests, quietTask);
      const reruns = outcomes.map((outcome, k) => ({ outcome, problem: requests[k]!.problem }));
      const { tests } = nullFronts({ choice, front: main!.front }, of, reruns, {
        ...{ most: 7, operators: standardOperators, rows: kind },
      });
      expect(tests[0].name).toBe(dealings[kind].name);
      p[kind] = tests[0].p;
    }
    expect(p["independent"]).toBe(0.05);
    expect(p["series"]).toBeGreaterThan(0.05);
  });
});
