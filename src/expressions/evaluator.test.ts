import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { random } from "../core/random.ts";
import { derivative } from "./derivative.ts";
import { evaluate, evaluateRows, inDomain } from "./evaluate.ts";
import { evaluator } from "./evaluator.ts";
import {
  call,
  constant,
  constantsOf,
  type Expression,
  sameTree,
  variable,
  withConstants,
} from "./expression.ts";
import { type Operator, operatorSet } from "./operator.ts";
import { parse } from "./parse.ts";
import { fromPostfix, toPostfix } from "./postfix.ts";
import { standardOperators } from "./standard-operators.ts";

const leaf = fc.oneof(fc.nat(2).map(variable), fc.constantFrom(-1.3, 0.5, 2, 3.1).map(constant));
const trees: fc.Arbitrary<Expression> = fc.letrec<{ tree: Expression }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    ...[...standardOperators.values()].map(({ name, arity }) =>
      fc.array(tie("tree"), { minLength: arity, maxLength: arity }).map((args) => call(name, ...args)),
    ),
  ),
})).tree;

const rows = 203;
const columns = [0, 1, 2].map((k) => {
  const rng = random(1, "columns", k);
  return Float64Array.from({ length: rows }, () => 0.2 + 1.5 * rng.uniform());
});

const near = (a: number, b: number, tolerance: number) =>
  a === b ||
  (Number.isNaN(a) && Number.isNaN(b)) ||
  Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));

/** How much rounding grows in a tree: values at inputs moved by 1e-13. */
function sensitive(tree: Expression, row: number): boolean {
  const at = columns.map((c) => c[row]!);
  const here = evaluate(tree, at, standardOperators);
  return [1e-10, -1e-10].some((h) => {
    const moved = evaluate(
      tree,
      at.map((v) => v * (1 + h)),
      standardOperators,
    );
    return !near(here, moved, 1e-6);
  });
}

describe("evaluator", () => {
  const f64 = evaluator(columns, { rowsPerBlock: 64 });

  it("gives what recursion over the tree gives, for any tree, in several blocks", () => {
    let compared = 0;
    fc.assert(
      fc.property(trees, (tree) => {
        const wanted = evaluateRows(tree, columns, standardOperators);
        const { values, finite } = f64.evaluate(tree);
        expect(finite).toBe(wanted.every(Number.isFinite));
        if (!finite) return;
        wanted.forEach((value, i) => {
          if (sensitive(tree, i)) return;
          compared++;
          expect(near(values[i]!, value, 1e-9), `row ${i}: ${values[i]}, ${value}`).toBe(true);
        });
      }),
      { numRuns: 400, seed: 6 },
    );
    expect(compared).toBeGreaterThan(20000);
  });

  it("in f32 gives the same to seven digits", () => {
    const f32 = evaluator(columns, { precision: "f32" });
    for (const text of [
      "x0*x1/x2 + 1.5",
      "exp(-x0^2)*sin(3*x1)",
      "sqrt(x0) - log(x1)*tanh(x2)",
      "x0^x1 + cos(x2)",
    ]) {
      const tree = parse(text);
      const { values, finite } = f32.evaluate(tree);
      expect(values).toBeInstanceOf(Float32Array);
      expect(finite).toBe(true);
      evaluateRows(tree, columns, standardOperators).forEach((value, i) => {
        expect(near(values[i]!, value, 2e-6), `${text}, row ${i}`).toBe(true);
      });
    }
  });

  it("gradients by constants and variables are the symbolic derivatives, for any tree", () => {
    let compared = 0;
    fc.assert(
      fc.property(trees, (tree) => {
        if (!f64.evaluate(tree).finite) return;
        const byConstants = f64.constantGradient(tree).gradient.map((c) => c.slice());
        const byVariables = f64.variableGradient(tree).gradient.map((c) => c.slice());
        const count = constantsOf(tree).length;
        expect(byConstants.length).toBe(count);
        const wanted = [
          ...byConstants.map((_, constant) => derivative(tree, { constant })),
          ...byVariables.map((_, variable) => derivative(tree, { variable })),
        ];
        [...byConstants, ...byVariables].forEach((column, k) => {
          for (let i = 0; i < rows; i += 20) {
            const at = columns.map((c) => c[i]!);
            const value = evaluate(wanted[k]!, at, standardOperators);
            if (!Number.isFinite(value) || sensitive(wanted[k]!, i)) continue;
            compared++;
            expect(near(column[i]!, value, 1e-6), `${k}, row ${i}: ${column[i]}, ${value}`).toBe(true);
          }
        });
      }),
      { numRuns: 300, seed: 7 },
    );
    expect(compared).toBeGreaterThan(5000);
  });

  it("a prepared expression gives for any constants what that expression gives", () => {
    fc.assert(
      fc.property(trees, fc.infiniteStream(fc.double({ min: -2, max: 2, noNaN: true })), (tree, stream) => {
        const run = f64.prepare(tree);
        f64.evaluate(parse("x0*2 + 7*x1"));
        for (let turn = 0; turn < 2; turn++) {
          const constants = constantsOf(tree).map(() => stream.next().value!);
          const fixed = withConstants(tree, constants);
          const wanted = evaluateRows(fixed, columns, standardOperators);
          const { values, finite, gradient } = run(constants);
          expect(finite).toBe(wanted.every(Number.isFinite));
          if (!finite) continue;
          const [got, slopes] = [values.slice(), gradient.map((g) => g.slice())];
          const again = f64.constantGradient(fixed);
          for (let i = 0; i < rows; i += 25) {
            if (sensitive(fixed, i)) continue;
            expect(near(got[i]!, wanted[i]!, 1e-9)).toBe(true);
            slopes.forEach((slope, k) => {
              const other = again.gradient[k]![i]!;
              const usable = Number.isFinite(slope[i]!) && Number.isFinite(other);
              expect(!usable || near(slope[i]!, other, 1e-6), `${k}: ${slope[i]}, ${other}`).toBe(true);
            });
          }
        }
      }),
      { numRuns: 300, seed: 9 },
    );
    expect(() => f64.prepare(parse("2*x0"))([1, 2])).toThrow(/2 constants for an expression with 1/);
  });

  it("trees too large for the usual scratch blocks run in smaller ones", () => {
    const x = Float64Array.from({ length: 3000 }, (_, i) => i / 3000);
    let tree: Expression = variable(0);
    for (let i = 0; i < 150; i++) tree = call("sin", call("add", tree, constant(0.01 * i)));
    const { values, gradient, finite } = evaluator([x]).constantGradient(tree);
    expect(finite).toBe(true);
    let waiting: Expression = variable(0);
    for (let i = 0; i < 100; i++)
      waiting = call("add", call("cos", call("mul", constant(i), variable(0))), waiting);
    const many = evaluator([x]).evaluate(waiting).values;
    evaluateRows(waiting, [x], standardOperators).forEach((value, i) => {
      expect(near(many[i]!, value, 1e-12)).toBe(true);
    });
    for (const i of [0, 1501, 2999]) {
      expect(near(values[i]!, evaluate(tree, [x[i]!], standardOperators), 1e-12)).toBe(true);
      for (const k of [0, 70, 149]) {
        const wanted = evaluate(derivative(tree, { constant: k }), [x[i]!], standardOperators);
        expect(near(gradient[k]![i]! * 1e6, wanted * 1e6, 1e-9)).toBe(true);
      }
    }
  });

  it("the derivative by an exponent is 0 where the base is", () => {
    const { gradient } = evaluator([[0, 1, 2]]).constantGradient(parse("3*x0^1.5"));
    expect([...gradient[1]!].map((v) => v + 0)).toEqual(
      [0, 0, 3 * 2 ** 1.5 * Math.LN2].map((v) => expect.closeTo(v, 14)),
    );
  });

  it("stops at the first block that is not finite, and says so", () => {
    const x = Float64Array.from({ length: 5000 }, (_, i) => i - 2500);
    const { values, finite } = evaluator([x], { rowsPerBlock: 512 }).evaluate(parse("log(x0) + 7"));
    expect(finite).toBe(false);
    expect([...values.subarray(4900)].every((v) => v === 0)).toBe(true);
    const late = Float64Array.from({ length: 100 }, (_, i) => (i === 99 ? 0 : 1));
    expect(evaluator([late]).evaluate(parse("1/x0")).finite).toBe(false);
    expect(evaluator([late.subarray(0, 99)]).evaluate(parse("1/x0")).finite).toBe(true);
  });

  it("weighted squared errors are those of a plain loop, whatever the padding", () => {
    for (const precision of ["f64", "f32"] as const) {
      for (const n of [1, 7, 8, 9, 100, 1001]) {
        const rng = random(3, "errors", n);
        const draw = () => Float64Array.from({ length: n }, () => 1 + rng.uniform());
        const [x, target, weights] = [draw(), draw(), draw()];
        const found = evaluator([x], { precision, target, weights }).squaredError(parse("2*x0 - 1"));
        const wanted = x.reduce((s, v, i) => s + weights[i]! * (2 * v - 1 - target[i]!) ** 2, 0);
        expect(Math.abs(found / wanted - 1)).toBeLessThan(precision === "f64" ? 1e-13 : 1e-5);
      }
    }
    expect(evaluator([[0, 1]], { target: [1, 1] }).squaredError(parse("1/x0"))).toBeNaN();
    expect(() => evaluator([[1]]).squaredError(parse("x0"))).toThrow(/needs the option `target`/);
  });

  it("folds constants, and evaluates a tree that is one", () => {
    expect([...evaluator([[1, 2, 3]]).evaluate(parse("2*3 + sqrt(16)")).values]).toEqual([10, 10, 10]);
    expect([...evaluator([[1, 2, 3]]).evaluate(parse("x0")).values]).toEqual([1, 2, 3]);
  });

  it("runs operators of the user: by function, by body, with their derivatives", () => {
    const softplus: Operator = {
      name: "softplus",
      arity: 1,
      evaluate: (a) => Math.log1p(Math.exp(a!)),
      derivatives: ([a]) => [call("inv", call("add", constant(1), call("exp", call("neg", a!))))],
    };
    const hypot: Operator = { name: "hypot", arity: 2, evaluate: (a, b) => Math.hypot(a!, b!) };
    const lerp: Operator = {
      name: "lerp",
      arity: 3,
      evaluate: (a, b, t) => a! + (b! - a!) * t!,
      body: parse("x0 + (x1 - x0)*x2"),
      derivatives: ([a, b, t]) => [call("sub", constant(1), t!), t!, call("sub", b!, a!)],
    };
    const operators = operatorSet([
      softplus,
      hypot,
      lerp,
      ...["add", "mul"].map((n) => standardOperators.get(n)!),
    ]);
    const own = evaluator(columns, { operators });
    const tree = parse("lerp(softplus(2*x0), hypot(x1, 3), x2) + softplus(1.5)", { operators });
    const wanted = evaluateRows(tree, columns, operators);
    const got = own.evaluate(tree).values;
    wanted.forEach((value, i) => {
      expect(near(got[i]!, value, 1e-12)).toBe(true);
    });
    const smooth = parse("lerp(softplus(2*x0), x1, x2)", { operators });
    const { gradient } = own.constantGradient(smooth);
    gradient[0]!.forEach((value, i) => {
      const [x, t] = [columns[0]![i]!, columns[2]![i]!];
      expect(near(value, ((1 - t) * x) / (1 + Math.exp(-2 * x)), 1e-12)).toBe(true);
    });
    expect(() => own.constantGradient(tree)).toThrow(/'hypot' has no derivatives/);
  });

  it.each([
    ["1/exp(1/x0)", 0, false],
    ["1/exp(1/x0)", 0.1, true],
    ["sqrt(x0 - 1)", 0.5, false],
    ["sqrt(x0 - 1)", 1, true],
    ["log(x0)*0", 0, false],
    ["tanh(exp(x0))", 800, false],
    ["x0", Number.NaN, false],
  ])("%s at %d: defined is %s", (text, at, wanted) => {
    expect(inDomain(parse(text), [at], standardOperators)).toBe(wanted);
  });

  it("postfix forms give back the tree", () => {
    fc.assert(
      fc.property(trees, (tree) => {
        expect(sameTree(fromPostfix(toPostfix(tree, standardOperators), standardOperators), tree)).toBe(true);
      }),
      { numRuns: 300, seed: 8 },
    );
  });

  it.each<[string, () => unknown, RegExp]>([
    ["no columns", () => evaluator([]), /no rows/],
    ["unequal columns", () => evaluator([[1, 2], [1]]), /column 1 has 1 values, column 0 has 2/],
    ["unequal target", () => evaluator([[1, 2]], { target: [1] }), /target has 1 values/],
    ["an odd block", () => evaluator([[1]], { rowsPerBlock: 100 }), /rowsPerBlock is 100/],
    [
      "a missing column",
      () => evaluator([[1]]).evaluate(parse("x3")),
      /variable 3 has no column; there are 1/,
    ],
    ["an unknown operator", () => evaluator([[1]]).evaluate(call("foo", variable(0))), /'foo' is not in/],
    ["a wrong arity", () => evaluator([[1]]).evaluate(call("add", variable(0))), /'add' takes 2 argument/],
    [
      "a value that is missing",
      () => evaluate(variable(2), [1], standardOperators),
      /variable 2 has no value/,
    ],
    [
      "an operator twice",
      () => operatorSet([...standardOperators.values(), standardOperators.get("sin")!]),
      /'sin' is there twice/,
    ],
    ["a wrong name", () => operatorSet([{ name: "a b", arity: 1, evaluate: () => 0 }]), /needs a name/],
    ["no arity", () => operatorSet([{ name: "f", arity: 0, evaluate: () => 0 }]), /has arity 0/],
    [
      "three arguments without a body",
      () => operatorSet([{ name: "f", arity: 3, evaluate: () => 0 }]),
      /give its body/,
    ],
    [
      "a broken postfix",
      () => fromPostfix({ tokens: Int32Array.of(-1), constants: new Float64Array() }, standardOperators),
      /token 0 \(-1\) finds 0 of 2/,
    ],
  ])("refuses %s", (_, act, message) => {
    expect(act).toThrow(message);
  });
});
