import { call, constant, type Expression, variable } from "./expression.ts";
import {
  callNotation,
  comparisonNotation,
  functionNotation,
  inverseNotation,
  powerNotation,
  sameNotation,
} from "./notation.ts";
import { level, type Operator, type OperatorSet, operatorNamed, operatorSet } from "./operator.ts";

type Args = readonly Expression[];
const zero = constant(0);
const one = constant(1);
const two = constant(2);
const minus = constant(-1);
const mul = (a: Expression, b: Expression) => call("mul", a, b);
const div = (a: Expression, b: Expression) => call("div", a, b);
const sub = (a: Expression, b: Expression) => call("sub", a, b);
const add = (a: Expression, b: Expression) => call("add", a, b);
const square = (a: Expression) => call("square", a);
const neg = (a: Expression) => call("neg", a);
const x = variable(0);

const arithmetic: Operator[] = [
  {
    name: "add",
    arity: 2,
    evaluate: (a, b) => a! + b!,
    commutative: true,
    kernel: "add",
    derivatives: () => [one, one],
    dimension: { rule: "equal" },
    notation: sameNotation("$1 + $2", "$1 + $2", level.sum, [level.sum, level.product]),
  },
  {
    name: "sub",
    arity: 2,
    evaluate: (a, b) => a! - b!,
    kernel: "sub",
    derivatives: () => [one, minus],
    dimension: { rule: "equal" },
    notation: sameNotation("$1 - $2", "$1 - $2", level.sum, [level.sum, level.product]),
  },
  {
    name: "mul",
    arity: 2,
    evaluate: (a, b) => a! * b!,
    commutative: true,
    kernel: "mul",
    derivatives: ([a, b]: Args) => [b!, a!],
    dimension: { rule: "exponents", exponents: [1, 1] },
    notation: sameNotation("$1*$2", "$1 \\cdot $2", level.product, [level.product, level.power]),
  },
  {
    name: "div",
    arity: 2,
    evaluate: (a, b) => a! / b!,
    domain: (_, b) => b !== 0,
    kernel: "div",
    derivatives: ([, b]: Args, self) => [call("inv", b!), neg(div(self, b!))],
    dimension: { rule: "exponents", exponents: [1, -1] },
    notation: sameNotation(
      "$1/$2",
      "\\frac{$1}{$2}",
      level.product,
      [level.product, level.power],
      [level.open, level.open],
    ),
  },
  {
    name: "neg",
    arity: 1,
    evaluate: (a) => -a!,
    kernel: "neg",
    derivatives: () => [minus],
    dimension: { rule: "equal" },
    notation: sameNotation("-$1", "-$1", level.sum, [level.product]),
  },
  {
    name: "inv",
    arity: 1,
    evaluate: (a) => 1 / a!,
    domain: (a) => a !== 0,
    kernel: "inv",
    derivatives: (_, self) => [neg(square(self))],
    dimension: { rule: "exponents", exponents: [-1] },
    notation: inverseNotation,
  },
  {
    name: "square",
    arity: 1,
    evaluate: (a) => a! * a!,
    kernel: "square",
    derivatives: ([a]: Args) => [mul(two, a!)],
    dimension: { rule: "exponents", exponents: [2] },
    notation: powerNotation("2"),
  },
  {
    name: "cube",
    arity: 1,
    evaluate: (a) => a! * a! * a!,
    kernel: "cube",
    derivatives: ([a]: Args) => [mul(constant(3), square(a!))],
    dimension: { rule: "exponents", exponents: [3] },
    notation: powerNotation("3"),
  },
  {
    name: "sqrt",
    arity: 1,
    evaluate: (a) => Math.sqrt(a!),
    domain: (a) => a! >= 0,
    kernel: "sqrt",
    derivatives: (_, self) => [div(constant(0.5), self)],
    dimension: { rule: "exponents", exponents: [0.5] },
    notation: {
      ...functionNotation(1, {
        latex: "",
        sympy: "sqrt",
        julia: "sqrt",
        c: "sqrt",
        typescript: "Math.sqrt",
      }),
      latex: { template: "\\sqrt{$1}", level: level.atom, args: [level.open] },
    },
  },
  {
    name: "cbrt",
    arity: 1,
    evaluate: (a) => Math.cbrt(a!),
    derivatives: (_, self) => [div(constant(1 / 3), square(self))],
    dimension: { rule: "exponents", exponents: [1 / 3] },
    notation: {
      ...functionNotation(1, {
        latex: "",
        sympy: "cbrt",
        julia: "cbrt",
        c: "cbrt",
        typescript: "Math.cbrt",
      }),
      latex: { template: "\\sqrt[3]{$1}", level: level.atom, args: [level.open] },
    },
  },
  {
    name: "pow",
    arity: 2,
    evaluate: (a, b) => a! ** b!,
    kernel: "pow",
    derivatives: ([a, b]: Args, self) => [mul(b!, call("pow", a!, sub(b!, one))), mul(self, call("log", a!))],
    // x^y·ln x tends to 0 with x for y > 0, where the formula gives 0·(−∞).
    numericDerivatives: ([a, b]: Args, self) => [
      mul(b!, call("pow", a!, sub(b!, one))),
      mul(self, call("log", call("max", a!, constant(1e-300)))),
    ],
    dimension: { rule: "power" },
    notation: powerNotation("$2"),
  },
];

const named = (latex: string, name: string) =>
  functionNotation(1, { latex, sympy: name, julia: name, c: name, typescript: `Math.${name}` });

const functions: Operator[] = [
  {
    name: "abs",
    arity: 1,
    evaluate: (a) => Math.abs(a!),
    kernel: "abs",
    derivatives: ([a]: Args) => [call("sign", a!)],
    dimension: { rule: "equal" },
    notation: {
      ...functionNotation(1, { latex: "", sympy: "Abs", julia: "abs", c: "fabs", typescript: "Math.abs" }),
      latex: { template: "\\left|$1\\right|", level: level.atom, args: [level.open] },
    },
  },
  {
    name: "sign",
    arity: 1,
    evaluate: (a) => Math.sign(a!),
    kernel: "sign",
    derivatives: () => [zero],
    dimension: { rule: "any" },
    notation: {
      ...functionNotation(1, {
        latex: "\\operatorname{sgn}",
        sympy: "sign",
        julia: "sign",
        c: "sign",
        typescript: "Math.sign",
      }),
      c: { template: "(($1 > 0.0) - ($1 < 0.0))", level: level.atom, args: [level.sum] },
    },
  },
  {
    name: "exp",
    arity: 1,
    evaluate: (a) => Math.exp(a!),
    kernel: "exp",
    derivatives: (_, self) => [self],
    notation: named("\\exp", "exp"),
  },
  {
    name: "log",
    arity: 1,
    evaluate: (a) => Math.log(a!),
    domain: (a) => a! > 0,
    kernel: "log",
    derivatives: ([a]: Args) => [call("inv", a!)],
    notation: named("\\ln", "log"),
  },
  {
    name: "log10",
    arity: 1,
    evaluate: (a) => Math.log10(a!),
    domain: (a) => a! > 0,
    body: mul(constant(Math.LOG10E), call("log", x)),
    derivatives: ([a]: Args) => [div(constant(Math.LOG10E), a!)],
    notation: {
      ...named("\\log_{10}", "log10"),
      sympy: { template: "log($1, 10)", level: level.atom, args: [level.open] },
    },
  },
  {
    name: "sin",
    arity: 1,
    evaluate: (a) => Math.sin(a!),
    kernel: "sin",
    derivatives: ([a]: Args) => [call("cos", a!)],
    notation: named("\\sin", "sin"),
  },
  {
    name: "cos",
    arity: 1,
    evaluate: (a) => Math.cos(a!),
    kernel: "cos",
    derivatives: ([a]: Args) => [neg(call("sin", a!))],
    notation: named("\\cos", "cos"),
  },
  {
    name: "tan",
    arity: 1,
    evaluate: (a) => Math.tan(a!),
    body: div(call("sin", x), call("cos", x)),
    derivatives: (_, self) => [add(one, square(self))],
    notation: named("\\tan", "tan"),
  },
  {
    name: "tanh",
    arity: 1,
    evaluate: (a) => Math.tanh(a!),
    kernel: "tanh",
    derivatives: (_, self) => [sub(one, square(self))],
    notation: named("\\tanh", "tanh"),
  },
  {
    name: "sinh",
    arity: 1,
    evaluate: (a) => Math.sinh(a!),
    derivatives: ([a]: Args) => [call("cosh", a!)],
    notation: named("\\sinh", "sinh"),
  },
  {
    name: "cosh",
    arity: 1,
    evaluate: (a) => Math.cosh(a!),
    body: mul(constant(0.5), add(call("exp", x), call("exp", neg(x)))),
    derivatives: ([a]: Args) => [call("sinh", a!)],
    notation: named("\\cosh", "cosh"),
  },
  {
    name: "asin",
    arity: 1,
    evaluate: (a) => Math.asin(a!),
    domain: (a) => Math.abs(a!) <= 1,
    derivatives: ([a]: Args) => [call("inv", call("sqrt", sub(one, square(a!))))],
    notation: named("\\arcsin", "asin"),
  },
  {
    name: "acos",
    arity: 1,
    evaluate: (a) => Math.acos(a!),
    domain: (a) => Math.abs(a!) <= 1,
    derivatives: ([a]: Args) => [neg(call("inv", call("sqrt", sub(one, square(a!)))))],
    notation: named("\\arccos", "acos"),
  },
  {
    name: "atan",
    arity: 1,
    evaluate: (a) => Math.atan(a!),
    derivatives: ([a]: Args) => [call("inv", add(one, square(a!)))],
    notation: named("\\arctan", "atan"),
  },
];

const choices: Operator[] = [
  ...(["min", "max"] as const).map(
    (name): Operator => ({
      name,
      arity: 2,
      evaluate: (a, b) => Math[name](a!, b!),
      commutative: true,
      kernel: name,
      derivatives: ([a, b]: Args) =>
        name === "min"
          ? [sub(one, call("greater", a!, b!)), call("greater", a!, b!)]
          : [sub(one, call("less", a!, b!)), call("less", a!, b!)],
      dimension: { rule: "equal" },
      notation: functionNotation(2, {
        latex: `\\${name}`,
        sympy: name === "min" ? "Min" : "Max",
        julia: name,
        c: `f${name}`,
        typescript: `Math.${name}`,
      }),
    }),
  ),
  ...(["greater", "less"] as const).map(
    (name): Operator => ({
      name,
      arity: 2,
      evaluate: (a, b) => {
        if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
        return Number(name === "greater" ? a! > b! : a! < b!);
      },
      kernel: name,
      derivatives: () => [zero, zero],
      dimension: { rule: "comparison" },
      notation: {
        ...comparisonNotation(name === "greater" ? ">" : "<"),
        text: callNotation(name, 2),
      },
    }),
  ),
];

/**
 * The operators of the field: + − * / and the functions and choices of symbolic regression. To change or add some:
 * `operatorSet([...standardOperators.values(), mine])`.
 */
export const standardOperators: OperatorSet = operatorSet([...arithmetic, ...functions, ...choices]);

/** The named ones of `from`, for a set of few operators. @throws UserError naming one that is not there. */
export function pickOperators(names: readonly string[], from: OperatorSet = standardOperators): Operator[] {
  return names.map((name) => operatorNamed(from, name, "pickOperators"));
}
