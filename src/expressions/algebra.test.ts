import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonical, canonicalKey, skeleton } from "./canonical.ts";
import { complexity, nesting } from "./complexity.ts";
import { derivative } from "./derivative.ts";
import { equivalent } from "./equivalent.ts";
import { evaluate } from "./evaluate.ts";
import { call, constant, constantsOf, type Expression, variable, withConstants } from "./expression.ts";
import { operatorSet } from "./operator.ts";
import { parse } from "./parse.ts";
import { print } from "./print.ts";
import { simplify } from "./simplify.ts";
import { pickOperators, standardOperators } from "./standard-operators.ts";

const names = ["x", "y", "z"];
const read = (text: string) => parse(text, { names });
const write = (e: Expression, digits = 6) => print(e, { names, digits });

const leaf = fc.oneof(
  fc.nat(2).map(variable),
  fc.constantFrom(-2, -1, -0.5, 0, 0.5, 1, 1.7, 2, 3).map(constant),
);
const trees: fc.Arbitrary<Expression> = fc.letrec<{ tree: Expression }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    ...[...standardOperators.values()].map(({ name, arity }) =>
      fc.array(tie("tree"), { minLength: arity, maxLength: arity }).map((args) => call(name, ...args)),
    ),
  ),
})).tree;

/** Identities of school algebra: both sides must get one canonical form, and agree at random points. */
const identities: [string, string][] = [
  ["x + y + z", "z + (y + x)"],
  ["x - x", "0"],
  ["2*x + 3*x", "5*x"],
  ["x*y*x", "y*x^2"],
  ["x/y/z", "x/(z*y)"],
  ["x/(y/z)", "x*z/y"],
  ["-(x - y)", "y - x"],
  ["(x + y)^2", "x^2 + 2*x*y + y^2"],
  ["(x - y)*(x + y)", "x^2 - y^2"],
  ["(x + y)^3", "x^3 + 3*x^2*y + 3*x*y^2 + y^3"],
  ["x*(y + z)", "x*y + x*z"],
  ["1/(2*x + 2*y)", "0.5/(y + x)"],
  ["inv(x)*x^3", "x^2"],
  ["sqrt(x)*sqrt(x)*y", "x*y"],
  ["sqrt(x^2)", "abs(x)"],
  ["sqrt(4*x)", "2*sqrt(x)"],
  ["sqrt(x)^3", "x^1.5"],
  ["abs(x)^2", "x^2"],
  ["abs(-3*x)", "3*abs(x)"],
  ["abs(x*y)", "abs(x)*abs(y)"],
  ["exp(x + y)", "exp(x)*exp(y)"],
  ["exp(2*x)", "exp(x)^2"],
  ["exp(-x)", "1/exp(x)"],
  ["exp(x + 1)", "e*exp(x)"],
  ["log(exp(x))", "x"],
  ["exp(log(x))", "x"],
  ["exp(2*log(x))", "x^2"],
  ["log(x^2)", "2*log(abs(x))"],
  ["log(3*x)", "log(3) + log(x)"],
  ["log(x^3)", "3*log(x)"],
  ["log10(x)", "log(x)/log(10)"],
  ["2^x", "exp(log(2)*x)"],
  ["x^(y + 2)", "x^2*x^y"],
  ["sin(-x)", "-sin(x)"],
  ["cos(-x)", "cos(x)"],
  ["cos(x)", "sin(x + pi/2)"],
  ["sin(x + pi)", "-sin(x)"],
  ["sin(x + 7)", "sin(x + 7 - 2*pi)"],
  ["sin(x)^2 + cos(x)^2", "1"],
  ["cos(x)^4 - sin(x)^4", "1 - 2*sin(x)^2"],
  ["tan(x)", "sin(x)/cos(x)"],
  ["tanh(-x)", "-tanh(x)"],
  ["max(x, y)", "max(y, x)"],
  ["greater(x, y)", "less(y, x)"],
  ["x^2*x^-2", "1"],
  ["3*4 + sqrt(16)", "16"],
  ["1/(x*y + x)", "1/x/(y + 1)"],
  ["1/(1/x + 1/y)", "x*y/(x + y)"],
  ["(x*y + x)/(y + 1)", "x"],
  ["sqrt(x*y + x)", "sqrt(x*(1 + y))"],
  ["log(x/y + x)", "log(x*(1 + y)/y)"],
];

describe("canonical forms", () => {
  it.each(identities)("%s = %s", (left, right) => {
    const [a, b] = [read(left), read(right)];
    expect(canonicalKey(a)).toBe(canonicalKey(b));
    expect(equivalent(a, b)).toMatchObject({ symbolic: true, numeric: true });
  });

  it.each([
    ["x + y", "x - y"],
    ["sqrt(x^2)", "x"],
    ["log(x*y)", "log(x) + 2*log(y)"],
    ["sin(x)", "cos(x)"],
    ["x^2.001", "x^2"],
    ["x*(1 + 1e-6)", "x"],
    ["max(x, y)", "min(x, y)"],
  ])("%s is not %s", (left, right) => {
    const found = equivalent(read(left), read(right));
    expect(found.symbolic).toBe(false);
    expect(found.numeric).toBe(false);
    expect(found.witness.length).toBeGreaterThan(0);
  });

  it("equals the original wherever that is defined, for any tree", () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const found = equivalent(tree, canonical(tree), { points: 20, tolerance: 1e-6 });
        expect(found.numeric, `${write(tree, 17)} → ${write(canonical(tree), 17)}`).not.toBe(false);
      }),
      { numRuns: 1500, seed: 3 },
    );
  });

  it("tells different domains apart", () => {
    expect(equivalent(read("sqrt(x)*sqrt(x)"), read("x")).oneSided).toBeGreaterThan(0);
    expect(equivalent(read("log(-x^2)"), read("x")).numeric).toBeUndefined();
  });

  it("skeletons leave constants out and keep the law", () => {
    expect(skeleton(read("2.31*sin(0.4*x + 1) - 3"))).toBe(skeleton(read("7 - 0.5*sin(2.2*x + 3)")));
    expect(skeleton(read("2.3*x^1.9999999"))).toBe(skeleton(read("-4.1*x*x")));
    expect(skeleton(read("2*x^2"))).not.toBe(skeleton(read("2*x^3")));
  });

  it("refuses ranges that are none", () => {
    expect(() => equivalent(read("x"), read("x"), { ranges: [[2, 1]] })).toThrow(
      /range of variable 0 is 2 … 1/,
    );
    expect(() => equivalent(read("y"), read("y"), { ranges: [[1, 2]] })).toThrow(/variable 1 is missing/);
  });
});

describe("simplify", () => {
  it.each([
    ["x + 0", "x"],
    ["1*x + 0*y", "x"],
    ["x*(1/y)", "x/y"],
    ["(x*x)/(x)", "x"],
    ["x - (0 - y)", "x + y"],
    ["2*x*3", "6*x"],
    ["-(-x)", "x"],
    ["exp(log(x) + log(y))", "x*y"],
    ["x + x + x", "3*x"],
    ["sqrt(x*x*y*y)", "abs(x)*abs(y)"],
    ["(x + y)^2 - x^2 - 2*x*y", "y^2"],
    ["sin(x)*sin(x) + cos(x)*cos(x)", "1"],
    ["x*y/(2*y)", "0.5*x"],
    ["1/(1/(x + y))", "x + y"],
    ["(x + 1)*y", "(x + 1)*y"],
  ])("%s → %s", (given, wanted) => {
    expect(write(simplify(read(given)))).toBe(wanted);
  });

  it("never gets longer, and stays the same function, for any tree", () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const made = simplify(tree);
        expect(complexity(made)).toBeLessThanOrEqual(complexity(tree));
        expect(equivalent(tree, made, { points: 20, tolerance: 1e-6 }).numeric).not.toBe(false);
      }),
      { numRuns: 600, seed: 4 },
    );
  });

  it("uses only the operators that are allowed", () => {
    const few = operatorSet(pickOperators(["add", "mul"]));
    const made = simplify(read("x*x*x + 0*y"), { operators: few, reading: standardOperators });
    expect(write(made)).toBe("x*x*x");
    expect(() => operatorSet(pickOperators(["add", "mlu"]))).toThrow(
      /'mlu' is not in the operator set; did you mean 'mul'/,
    );
  });
});

describe("derivatives", () => {
  it("agree with central differences, by variables and constants, for any tree", () => {
    let checked = 0;
    const at = [0.73, 1.91, 1.37];
    fc.assert(
      fc.property(trees, (tree) => {
        const constants = constantsOf(tree);
        const slope = (f: (h: number) => number) => {
          const wide = (f(2e-4) - f(-2e-4)) / 4e-4;
          const narrow = (f(1e-4) - f(-1e-4)) / 2e-4;
          const kink = (f(1e-4) - 2 * f(0) + f(-1e-4)) / 1e-4;
          return {
            value: narrow + (narrow - wide) / 3,
            rough: Math.max(Math.abs(narrow - wide), Math.abs(kink) / 1e3),
          };
        };
        const compare = (d: Expression, f: (h: number) => number) => {
          const { value, rough } = slope(f);
          const found = evaluate(d, at, standardOperators);
          const size = Math.max(1, Math.abs(value), Math.abs(f(0)));
          if (!Number.isFinite(value) || !Number.isFinite(found) || rough > 1e-5 * size) return;
          checked++;
          expect(Math.abs(found - value) / size, write(tree)).toBeLessThan(1e-6);
        };
        at.forEach((_, i) => {
          compare(derivative(tree, { variable: i }), (h) => {
            return evaluate(
              tree,
              at.map((v, j) => (j === i ? v + h : v)),
              standardOperators,
            );
          });
        });
        constants.forEach((_, i) => {
          compare(derivative(tree, { constant: i }), (h) => {
            const moved = constants.map((c, j) => (j === i ? c + h : c));
            return evaluate(withConstants(tree, moved), at, standardOperators);
          });
        });
      }),
      { numRuns: 500, seed: 5 },
    );
    expect(checked).toBeGreaterThan(500);
  });

  it.each([
    ["x^2*y", "2*x*y"],
    ["sin(x*y)", "y*cos(x*y)"],
    ["x^x", "x^x*(log(x) + 1)"],
    ["log(x)/x", "(1 - log(x))/x^2"],
    ["tanh(x)", "1 - tanh(x)^2"],
    ["atan(x)", "1/(x^2 + 1)"],
  ])("d/dx %s = %s", (given, wanted) => {
    expect(equivalent(derivative(read(given), { variable: 0 }), read(wanted))).toMatchObject({
      numeric: true,
    });
  });

  it("names a constant that is not there", () => {
    expect(() => derivative(read("2*x"), { constant: 1 })).toThrow(/no constant 1; the expression has 1/);
  });
});

describe("products that are too long to be multiplied out", () => {
  it.each([
    "(x + y)*(y - x)^2*(z + 1)*(x + 2)*(y + 3)*(z + 5)",
    "(3*(x + y)*cos(z)^2 + (21 - z)*(x + y))*(x^2 - 4)*(y + z - 1)^3",
    "exp(log((y + z + x + z)^2*(z*x - z*sin(y) + z)))",
  ])("%s keeps its value", (text) => {
    expect(equivalent(read(text), simplify(read(text)), { tolerance: 1e-7 }).numeric).toBe(true);
    expect(equivalent(read(text), canonical(read(text), { expand: 16 }), { tolerance: 1e-7 }).numeric).toBe(
      true,
    );
  });
});

describe("complexity", () => {
  it("counts nodes, or what they cost", () => {
    expect(complexity(read("2*x + sin(y)"))).toBe(6);
    expect(complexity(read("2*x + sin(y)"), { constant: 3, variable: [2, 5] })).toBe(13);
    expect(nesting(read("sin(x + sin(y*sin(z))) + sin(x)"), "sin")).toBe(3);
  });
});
