import { describe, expect, it } from "vitest";
import { random } from "../../../core/random.ts";
import { parse } from "../../../expressions/parse.ts";
import { print } from "../../../expressions/print.ts";
import { standardOperators } from "../../../expressions/standard-operators.ts";
import { matrix } from "../../../linalg/matrix.ts";
import { leastSquares } from "../../../stats/least-squares.ts";
import type { FrontMember, SearchProblem } from "../search/contract.ts";
import { assessor } from "./assess.ts";
import { choose } from "./choose.ts";
import { codeLength } from "./code-length.ts";
import { isFitted, refitter } from "./refit.ts";
import { roundConstants } from "./round-constants.ts";

const names = ["x", "z"];

/** y = law(x, z) + noise on n rows. */
function problem(n: number, noise: number, law: (x: number, z: number) => number, seed = 1): SearchProblem {
  const source = random(seed, "selection test");
  const x = Float64Array.from({ length: n }, () => 1 + 4 * source.uniform());
  const z = Float64Array.from({ length: n }, () => 1 + 4 * source.uniform());
  const target = x.map((value, i) => law(value, z[i]!) + noise * source.normal());
  return { columns: [x, z], names, target };
}

/** A front of the formulas, each fitted. */
function front(of: SearchProblem, formulas: readonly [number, string][]): FrontMember[] {
  const tool = assessor(of);
  const refit = refitter(of);
  return formulas.map(([complexity, text]) => {
    const expression = refit(parse(text, { names }))!;
    return { expression, complexity, loss: tool.assess(expression).squares / of.target.length };
  });
}

describe("assessor", () => {
  it("gives the error, the information and BIC of a linear model in closed form", () => {
    const of = problem(30, 0.3, (x, z) => 0.7 + 1.3 * x - 0.4 * z);
    const a = assessor(of).assess(refitter(of)(parse("0.3 + 0.5*x - 0.2*z", { names }))!);
    // Oracle: the normal equations by QR.
    const design = matrix(30, 3);
    for (let i = 0; i < 30; i++) {
      design.data.set([1, of.columns[0]![i]!, -of.columns[1]![i]!], 3 * i);
    }
    const fit = leastSquares(design, of.target);
    const squares = fit.residuals.reduce((sum, r) => sum + r * r, 0);
    expect(a.squares).toBeCloseTo(squares, 10);
    const sigma2 = squares / 30;
    expect(a.sigma ** 2).toBeCloseTo(sigma2, 12);
    expect(a.bic).toBeCloseTo(30 * Math.log(2 * Math.PI * sigma2) + 30 + 4 * Math.log(30), 8);
    expect(a.information[1]! * sigma2).toBeCloseTo(
      of.columns[0]!.reduce((s, x) => s + x * x, 0),
      8,
    );
    expect(a.parameters).toBe(3);
  });

  it("believes stated errors, those of the columns included", () => {
    const base = problem(20, 0.1, (x) => 3 * x);
    const weights = base.target.map((_, i) => 1 / (0.1 + 0.01 * i) ** 2);
    const inputErrors = [base.target.map(() => 0.2), undefined];
    const of = { ...base, weights, inputErrors };
    const a = assessor(of).assess(parse("2.5*x", { names }));
    // Oracle: Orear's effective variance with slope 2.5.
    const expected = base.target.reduce((sum, y, i) => {
      const variance = (0.1 + 0.01 * i) ** 2 + (2.5 * 0.2) ** 2;
      return sum + (y - 2.5 * base.columns[0]![i]!) ** 2 / variance;
    }, 0);
    expect(a.squares).toBeCloseTo(expected, 10);
    expect(a.sigma).toBe(1);
  });
});

describe("codeLength", () => {
  const fit = { negativeLogLikelihood: 5, rows: 100 };

  it("charges structure, fitted constants and signs as its formula says", () => {
    // x + c: three nodes of three symbols; c = 2.37 with information 1e6 is paid for by its precision.
    const length = codeLength(parse("x + 2.37", { names }), { ...fit, information: [1e6] });
    expect(length.structure).toBeCloseTo(3 * Math.log(3), 12);
    expect(length.constants).toBeCloseTo(Math.LN2 + 0.5 * Math.log(1e6 / 3) + Math.log(2.37), 12);
    expect(length.total).toBeCloseTo(length.structure + length.constants + 5, 12);
  });

  it("lets no fitted constant be cheaper than what BIC charges, unless it is a whole number", () => {
    const faint = codeLength(parse("x + 2.4", { names }), { ...fit, information: [30] });
    // As the whole number 2: ln 2 + 0.4²·30/2 = 3.09; as fitted: ln 2 + ½·ln 100 = 2.996.
    expect(faint.constants).toBeCloseTo(Math.LN2 + 0.5 * Math.log(100), 12);
    const whole = codeLength(parse("x + 2.01", { names }), { ...fit, information: [30] });
    expect(whole.constants).toBeCloseTo(Math.LN2 + 0.5 * 0.01 ** 2 * 30, 12);
  });

  it("takes −1·a and 0 − a as a sign", () => {
    const [product, difference, negative] = ["-1*x", "0 - x", "-x"].map((text) =>
      codeLength(parse(text, { names }), { ...fit, information: text === "-x" ? [] : [9] }),
    );
    expect(product).toEqual(negative);
    expect(difference).toEqual(negative);
  });
});

describe("roundConstants", () => {
  it("puts constants that the data do not tell from whole numbers to these, and no others", () => {
    const of = problem(100, 0.05, (x, z) => (x * z) / 3.37 + 0.7);
    const tool = assessor(of);
    const refit = refitter(of);
    const tools = { assess: tool.assess, refit, operators: standardOperators };
    const start = tool.assess(refit(parse("0.3*(x*(z + 0.02)) + 0.6", { names }))!);
    const made = roundConstants(start, tools);
    expect(start.parameters).toBe(3);
    expect(made.parameters).toBe(2);
    expect(print(made.expression, { names, digits: 2 })).toMatch(/^0\.3\*(x\*z|z\*x|\(x\*z\)) \+ 0\.7/);
    expect(made.descriptionLength.total).toBeLessThan(start.descriptionLength.total);
    expect([-1, 0, 7, 10].map(isFitted)).toEqual([false, false, false, false]);
    expect([0.5, 11, 366.7].map(isFitted)).toEqual([true, true, true]);
  });
});

describe("choose", () => {
  const formulas: [number, string][] = [
    [1, "5.1"],
    [3, "1.1*x"],
    [5, "1.1*x*z"],
    [9, "1.1*x*z + 0.1*sin(x)"],
    [11, "1.1*x*z + 0.1*sin(2.1*x)"],
  ];

  it("takes the law behind noisy data by description length, for every seed", () => {
    for (let seed = 1; seed <= 10; seed++) {
      const of = problem(100, 0.5, (x, z) => 1.37 * x * z, seed);
      const choice = choose(front(of, formulas), of);
      expect(choice.candidates[choice.chosen]!.complexity, `seed ${seed}`).toBe(5);
      expect(choice.saved).toBeGreaterThan(50);
    }
  });

  it("computes PySR's score as published, and takes the best among accurate members", () => {
    const of = problem(100, 0.5, (x, z) => 1.37 * x * z);
    const choice = choose(front(of, formulas), of);
    const { candidates, picks } = choice;
    candidates.slice(1).forEach((candidate, k) => {
      const before = candidates[k]!;
      expect(candidate.score).toBeCloseTo(
        Math.log(before.loss / candidate.loss) / (candidate.complexity - before.complexity),
        12,
      );
    });
    const least = Math.min(...candidates.map(({ loss }) => loss));
    const good = candidates.filter(({ loss }) => loss <= 1.5 * least);
    const best = Math.max(...good.map(({ score }) => score));
    expect(candidates[picks.score]!.score).toBe(best);
  });

  it("flags rules that disagree", () => {
    // BIC pays for two more constants (4 nats) and takes a gain of 9; the description length pays for the form, too.
    const of = problem(60, 0.3, (x, z) => 1.3 * x + 0.25 * Math.sin(3 * z));
    const made = front(of, [
      [3, "1.1*x"],
      [10, "1.1*x + 0.2*sin(3.07*z)"],
    ]);
    const choice = choose(made, of);
    expect(choice.disagree).toBe(true);
    expect(choice.candidates[choice.chosen]!.complexity).toBe(3);
    expect(choose(made, of, { rule: "bic" }).chosen).toBe(choice.picks.bic);
  });

  it("takes the shorter of two exact formulas: rounding decides nothing", () => {
    const of = problem(50, 0, (x, z) => 2 * x + z);
    const choice = choose(
      front(of, [
        [5, "2.1*x + z"],
        [9, "2.1*x + z + 0.1*x*z"],
      ]),
      of,
    );
    expect(choice.candidates[choice.chosen]!.complexity).toBe(5);
  });

  it("falls back on a constant, also from an empty front, and saves nothing", () => {
    const of = problem(40, 1, () => 0);
    const empty = choose([], of);
    expect(empty.candidates).toHaveLength(1);
    expect(empty.saved).toBe(0);
    const choice = choose(front(of, formulas.slice(1)), of);
    expect(choice.candidates[choice.chosen]!.expression.kind).toBe("constant");
  });

  it("takes no formula with as many constants as rows", () => {
    const of = problem(4, 1, () => 0);
    const choice = choose(front(of, [[11, "0.3 + 0.5*x + 0.3*x^2 + 0.1*z"]]), of);
    const saturated = choice.candidates.filter((candidate) => candidate.saturated);
    expect(saturated.every((candidate) => candidate.assessment.parameters > 2)).toBe(true);
    expect(choice.candidates[choice.chosen]!.saturated).toBe(false);
  });
});
