import fc from "fast-check";
import katex from "katex";
import { describe, expect, it } from "vitest";
import { call, constant, type Expression, sameTree, variable } from "./expression.ts";
import { languages } from "./operator.ts";
import { parse } from "./parse.ts";
import { print } from "./print.ts";
import { standardOperators } from "./standard-operators.ts";

const leaf = fc.oneof(
  fc.nat(3).map(variable),
  fc.oneof(fc.integer({ min: -4, max: 4 }), fc.double()).map(constant),
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

describe("print and parse", () => {
  it("text read back is the same tree, for any tree", () => {
    fc.assert(
      fc.property(trees, (tree) => {
        expect(sameTree(parse(print(tree)), tree), print(tree)).toBe(true);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  it("TypeScript text, run by the engine, gives what the tree does", () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const names = ["a", "b", "c", "d"];
        const at = [0.7, 1.9, -1.3, 2.4];
        const source = print(tree, { language: "typescript", names });
        const run = new Function(...names, `return ${source};`) as (...x: number[]) => number;
        const value = evaluated(tree, at);
        if (Number.isNaN(value)) return;
        const printed = run(...at);
        const close = Math.abs(printed - value) <= 1e-12 * Math.abs(value);
        expect(
          Object.is(printed, value) || printed === value || close,
          `${source}: ${printed}, ${value}`,
        ).toBe(true);
      }),
      { numRuns: 500, seed: 2 },
    );
  });

  it("LaTeX is accepted by KaTeX in strict mode, for any tree", () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const tex = print(tree, { language: "latex", names: ["k_B", "x1", "omega", "E_n_max"] });
        expect(() => katex.renderToString(tex, { throwOnError: true, strict: "error" }), tex).not.toThrow();
      }),
      { numRuns: 100, seed: 10 },
    );
  });

  it("writes a law in every language as by hand", () => {
    const names = ["k_B", "x", "m", "omega"];
    const tree = parse("-k_B*x^2/(m + 1) - sqrt(omega)*exp(-x)^m", { names });
    const written = Object.fromEntries(
      languages.map((language) => [language, print(tree, { language, names })]),
    );
    expect(written).toEqual({
      text: "-k_B*x^2/(m + 1) - sqrt(omega)*exp(-x)^m",
      latex: "-\\frac{k_{B} \\cdot {x}^{2}}{m + 1} - \\sqrt{\\omega} \\cdot {\\exp\\left(-x\\right)}^{m}",
      sympy: "-k_B*x**2/(m + 1) - sqrt(omega)*exp(-x)**m",
      julia: "-k_B*x^2/(m + 1.0) - sqrt(omega)*exp(-x)^m",
      c: "-k_B*pow(x, 2.0)/(m + 1.0) - sqrt(omega)*pow(exp(-x), m)",
      typescript: "-k_B*Math.pow(x, 2)/(m + 1) - Math.sqrt(omega)*Math.pow(Math.exp(-x), m)",
    });
  });

  it.each([
    ["1 - (2 - x0)", "1 - (2 - x0)"],
    ["(1 - 2) - x0", "1 - 2 - x0"],
    ["x0/(x1/x2)", "x0/(x1/x2)"],
    ["(x0^x1)^x2", "(x0^x1)^x2"],
    ["x0^(x1^x2)", "x0^(x1^x2)"],
    ["x0^x1^x2", "x0^(x1^x2)"],
    ["-x0^2", "-x0^2"],
    ["(-x0)^2", "(-x0)^2"],
    ["-2^2", "-(2^2)"],
    ["(-2)^2", "(-2)^2"],
    ["x0*-x1", "x0*(-x1)"],
    ["x0 - -3", "x0 - (-3)"],
    ["2**-1", "2^(-1)"],
    ["ln(x0) + arcsin(x1)", "log(x0) + asin(x1)"],
    ["-2*x0", "-2*x0"],
    ["1e-7*x0", "1e-7*x0"],
  ])("%s is read as %s", (given, printed) => {
    expect(print(parse(given))).toBe(printed);
  });

  it("rounds constants on request, and names them", () => {
    expect(print(parse("1.23456*x0 + 2"), { digits: 3 })).toBe("1.23*x0 + 2");
    expect(print(parse("1.23456*x0 + 2"), { constantName: (i) => `c${i}` })).toBe("c0*x0 + c1");
  });

  it.each([
    ["", /expected a number, a name or '\(', found the end, at character 1/],
    ["x0 +", /found the end, at character 5/],
    ["x0 + * 2", /found '\*', at character 6/],
    ["(x0 + 1", /expected '\)', found the end, at character 8/],
    ["x0 x1", /expected an operator or the end, found 'x1', at character 4/],
    ["sni(x0)", /'sni' is not in the operator set; did you mean 'sin'\?.*at character 1/s],
    ["sin(x0, x1)", /'sin' takes 1 argument\(s\), found 2, at character 1/],
    ["sin", /needs its arguments in parentheses, at character 1/],
    ["2*mas", /the name 'mas' is neither a variable nor a known number/],
    ["x0 $ 1", /the character '\$' belongs to no expression, at character 4/],
    ["1..2", /at character 3/],
  ])("refuses '%s' and says where", (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});

function evaluated(tree: Expression, at: readonly number[]): number {
  if (tree.kind === "constant") return tree.value;
  if (tree.kind === "variable") return at[tree.index]!;
  return standardOperators.get(tree.operator)!.evaluate(...tree.args.map((arg) => evaluated(arg, at)));
}
