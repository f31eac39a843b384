import * as ops from "./index.ts";

/** One elementwise operation with its closed form and first two derivatives, from plain Math and erfc's series. */
export interface ElementwiseCase {
  name: string;
  apply: (x: ops.Value) => ops.Value;
  value: (x: number) => number;
  first: (x: number) => number;
  second: (x: number) => number;
  /** Where value and derivatives are compared with the closed form. */
  points: number[];
  /** Where both must be finite: 0, ±50, ±1000 as far as the function is defined and does not overflow there. */
  finite: number[];
  /** Error allowed in float64: relative, and absolute for results near 0. */
  relative?: number;
  absolute?: number;
}

const everywhere = [-1000, -50, 0, 50, 1000];
const line = [-40, -20, -7.3, -3, -1, -0.4, -1e-3, -1e-7, 1e-7, 1e-3, 0.3, 0.9, 2, 5.5, 20, 40];
const positive = line.filter((x) => x > 0);
const unit = [-0.9, -0.4, -1e-5, 1e-5, 0.2, 0.7];

const logistic = (x: number) => (x > 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
const logistic1 = (x: number) => Math.exp(-Math.abs(x)) / (1 + Math.exp(-Math.abs(x))) ** 2;
const logistic2 = (x: number) => -logistic1(x) * Math.tanh(x / 2);
const bell = (x: number) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x);

/** erf by its Taylor series (|x| < 2.5), else 1 − erfc. */
export function erfSeries(x: number): number {
  if (Math.abs(x) >= 2.5) return Math.sign(x) * (1 - erfcFraction(Math.abs(x)));
  let term = x;
  let total = x;
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}

/** erfc by Laplace's continued fraction above 2.5, else by the series. */
export function erfcFraction(x: number): number {
  if (x < 2.5) return 1 - erfSeries(x);
  let fraction = x;
  for (let k = 400; k >= 1; k--) fraction = x + k / 2 / fraction;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
}

const normal = (x: number) => 0.5 * erfcFraction(-x / Math.SQRT2);
const normal1 = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

export const elementwiseCases: ElementwiseCase[] = [
  make(
    "neg",
    ops.neg,
    (x) => -x,
    () => -1,
    () => 0,
  ),
  make("abs", ops.abs, Math.abs, Math.sign, () => 0),
  make(
    "sign",
    ops.sign,
    Math.sign,
    () => 0,
    () => 0,
  ),
  make(
    "square",
    ops.square,
    (x) => x * x,
    (x) => 2 * x,
    () => 2,
  ),
  make(
    "reciprocal",
    ops.reciprocal,
    (x) => 1 / x,
    (x) => -1 / x ** 2,
    (x) => 2 / x ** 3,
    { finite: [-1000, -50, 50, 1000] },
  ),
  make(
    "clip",
    (x) => ops.clip(x, -2, 3),
    (x) => Math.min(Math.max(x, -2), 3),
    (x) => (x > -2 && x < 3 ? 1 : 0),
    () => 0,
  ),
  make(
    "floor",
    ops.floor,
    Math.floor,
    () => 0,
    () => 0,
  ),
  make(
    "ceil",
    ops.ceil,
    Math.ceil,
    () => 0,
    () => 0,
  ),
  make("exp", ops.exp, Math.exp, Math.exp, Math.exp, { finite: [-1000, -50, 0, 50] }),
  make("expm1", ops.expm1, Math.expm1, Math.exp, Math.exp, { finite: [-1000, -50, 0, 50] }),
  make(
    "log",
    ops.log,
    Math.log,
    (x) => 1 / x,
    (x) => -1 / x ** 2,
    { points: positive, finite: [50, 1000] },
  ),
  make(
    "log1p",
    ops.log1p,
    Math.log1p,
    (x) => 1 / (1 + x),
    (x) => -1 / (1 + x) ** 2,
    { points: [-0.9, -0.4, -1e-9, ...positive], finite: [0, 50, 1000] },
  ),
  make(
    "sqrt",
    ops.sqrt,
    Math.sqrt,
    (x) => 0.5 / Math.sqrt(x),
    (x) => -0.25 / x ** 1.5,
    { points: positive, finite: [50, 1000] },
  ),
  make(
    "safeSqrt",
    ops.safeSqrt,
    (x) => Math.sqrt(Math.max(x, 0)),
    (x) => (x > 0 ? 0.5 / Math.sqrt(x) : 0),
    (x) => (x > 0 ? -0.25 / x ** 1.5 : 0),
  ),
  make(
    "power 3",
    (x) => ops.power(x, 3),
    (x) => x ** 3,
    (x) => 3 * x ** 2,
    (x) => 6 * x,
  ),
  make(
    "power 7",
    (x) => ops.power(x, 7),
    (x) => x ** 7,
    (x) => 7 * x ** 6,
    (x) => 42 * x ** 5,
  ),
  make(
    "power 0",
    (x) => ops.power(x, 0),
    () => 1,
    () => 0,
    () => 0,
  ),
  make(
    "power -2",
    (x) => ops.power(x, -2),
    (x) => x ** -2,
    (x) => -2 * x ** -3,
    (x) => 6 * x ** -4,
    { finite: [-1000, -50, 50, 1000] },
  ),
  make(
    "power 2.5",
    (x) => ops.power(x, 2.5),
    (x) => x ** 2.5,
    (x) => 2.5 * x ** 1.5,
    (x) => 3.75 * Math.sqrt(x),
    { points: positive, finite: [0, 50, 1000] },
  ),
  make("sin", ops.sin, Math.sin, Math.cos, (x) => -Math.sin(x)),
  make(
    "cos",
    ops.cos,
    Math.cos,
    (x) => -Math.sin(x),
    (x) => -Math.cos(x),
  ),
  make(
    "tan",
    ops.tan,
    Math.tan,
    (x) => 1 + Math.tan(x) ** 2,
    (x) => 2 * Math.tan(x) * (1 + Math.tan(x) ** 2),
  ),
  make(
    "asin",
    ops.asin,
    Math.asin,
    (x) => (1 - x * x) ** -0.5,
    (x) => x * (1 - x * x) ** -1.5,
    { points: unit, finite: [0] },
  ),
  make(
    "acos",
    ops.acos,
    Math.acos,
    (x) => -((1 - x * x) ** -0.5),
    (x) => -x * (1 - x * x) ** -1.5,
    { points: unit, finite: [0] },
  ),
  make(
    "atan",
    ops.atan,
    Math.atan,
    (x) => 1 / (1 + x * x),
    (x) => (-2 * x) / (1 + x * x) ** 2,
  ),
  make("sinh", ops.sinh, Math.sinh, Math.cosh, Math.sinh, { finite: [-50, 0, 50], absolute: 1e-15 }),
  make("cosh", ops.cosh, Math.cosh, Math.sinh, Math.cosh, { finite: [-50, 0, 50], absolute: 1e-15 }),
  make(
    "tanh",
    ops.tanh,
    Math.tanh,
    (x) => Math.cosh(x) ** -2,
    (x) => -2 * Math.tanh(x) * Math.cosh(x) ** -2,
    { absolute: 4e-16 },
  ),
  make("sigmoid", ops.sigmoid, logistic, logistic1, logistic2, { absolute: 2e-17 }),
  make(
    "silu",
    ops.silu,
    (x) => x * logistic(x),
    (x) => logistic(x) + x * logistic1(x),
    (x) => 2 * logistic1(x) + x * logistic2(x),
    { absolute: 1e-16 },
  ),
  make(
    "relu",
    ops.relu,
    (x) => Math.max(0, x),
    (x) => (x > 0 ? 1 : 0),
    () => 0,
  ),
  make(
    "softplus",
    ops.softplus,
    (x) => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x))),
    logistic,
    logistic1,
  ),
  make(
    "shiftedSoftplus",
    ops.shiftedSoftplus,
    (x) => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x))) - Math.LN2,
    logistic,
    logistic1,
    { absolute: 3e-16 },
  ),
  make("erf", ops.erf, erfSeries, bell, (x) => -2 * x * bell(x), { absolute: 1e-15 }),
  make(
    "erfc",
    ops.erfc,
    erfcFraction,
    (x) => -bell(x),
    (x) => 2 * x * bell(x),
    { absolute: 1e-290 },
  ),
  make(
    "gelu",
    ops.gelu,
    (x) => x * normal(x),
    (x) => normal(x) + x * normal1(x),
    (x) => (2 - x * x) * normal1(x),
    { absolute: 1e-15 },
  ),
];

function make(
  name: string,
  apply: ElementwiseCase["apply"],
  value: (x: number) => number,
  first: (x: number) => number,
  second: (x: number) => number,
  options: Partial<ElementwiseCase> = {},
): ElementwiseCase {
  return { name, apply, value, first, second, points: line, finite: everywhere, ...options };
}
