import type { Graph, Ref } from "../../onnx/graph.ts";
import { elementTypeOf } from "../../onnx/graph.ts";
import { type Emit, emitter } from "../emit.ts";

/**
 * Functions without a float64 kernel. Arc functions: the float32 kernel's value and one step of Newton's method with
 * sine and cosine. Error functions: W. J. Cody, "Rational Chebyshev approximations for the error function",
 * Math. Comp. 23 (1969) 631, relative error below 1e-15.
 */
export function arctangent(graph: Graph, x: Ref): Ref {
  if (x.dtype === "float32") return graph.node("Atan", [x], x.shape, "float32");
  const e = emitter(graph, x.shape, "float64");
  // Beyond 1e17 the arctangent is ±π/2 to the last bit, and the step below would divide infinities.
  const limited = e.where(e.less(x, -1e17), -1e17, e.where(e.less(e.f("Neg", x), -1e17), 1e17, x));
  const seed = widened(graph, "Atan", limited);
  const [sine, cosine] = [e.f("Sin", seed), e.f("Cos", seed)];
  const step = e.div(e.sub(e.mul(limited, cosine), sine), e.add(e.mul(limited, sine), cosine));
  return e.add(seed, step);
}

export function arcsine(graph: Graph, x: Ref): Ref {
  if (x.dtype === "float32") return graph.node("Asin", [x], x.shape, "float32");
  const e = emitter(graph, x.shape, "float64");
  const opposite = e.f("Sqrt", e.mul(e.sub(1, x), e.add(x, 1)));
  return arctangent(graph, e.div(x, opposite));
}

function widened(graph: Graph, op: string, x: Ref): Ref {
  const narrow = graph.node("Cast", [x], x.shape, "float32", { to: elementTypeOf("float32") });
  const value = graph.node(op, [narrow], x.shape, "float32");
  return graph.node("Cast", [value], x.shape, "float64", { to: elementTypeOf("float64") });
}

export function errorFunction(graph: Graph, x: Ref): Ref {
  const e = emitter(graph, x.shape, x.dtype);
  const size = e.f("Abs", x);
  const tail = e.sub(1, e.mul(scaledTail(e, size), gaussian(e, size)));
  const signed = e.where(e.less(x, 0), e.f("Neg", tail), tail);
  return e.where(e.less(size, 0.46875), central(e, x, size), signed);
}

export function complementaryError(graph: Graph, x: Ref): Ref {
  const e = emitter(graph, x.shape, x.dtype);
  const size = e.f("Abs", x);
  const tail = e.mul(scaledTail(e, size), gaussian(e, size));
  const signed = e.where(e.less(x, 0), e.sub(2, tail), tail);
  return e.where(e.less(size, 0.46875), e.sub(1, central(e, x, size)), signed);
}

const nearP = [3.1611237438705656, 113.864154151050156, 377.485237685302021, 3209.37758913846947];
const nearQ = [23.6012909523441209, 244.024637934444173, 1282.61652607737228, 2844.23683343917062];
const midP = [
  0.564188496988670089, 8.88314979438837594, 66.1191906371416295, 298.635138197400131, 881.95222124176909,
  1712.04761263407058, 2051.07837782607147, 1230.33935479799725,
];
const midQ = [
  15.7449261107098347, 117.693950891312499, 537.181101862009858, 1621.38957456669019, 3290.79923573345963,
  4362.61909014324716, 3439.36767414372164, 1230.33935480374942,
];
const farP = [
  0.305326634961232344, 0.360344899949804439, 0.125781726111229246, 0.0160837851487422766,
  6.58749161529837803e-4,
];
const farQ = [
  2.56852019228982242, 1.87295284992346047, 0.527905102951428412, 0.0605183413124413191,
  0.00233520497626869185,
];

/** (lead·t + p₀)·t + p₁ …, Horner's rule from the leading coefficient down. */
function horner(e: Emit, t: Ref, lead: number, coefficients: readonly number[]): Ref {
  let sum = lead === 1 ? t : e.mul(t, lead);
  coefficients.forEach((c, i) => {
    sum = e.add(sum, c);
    if (i < coefficients.length - 1) sum = e.mul(sum, t);
  });
  return sum;
}

/** erf(x) for |x| < 0.46875. */
function central(e: Emit, x: Ref, size: Ref): Ref {
  const inside = e.where(e.less(size, 0.46875), x, 0);
  const t = e.mul(inside, inside);
  return e.mul(inside, e.div(horner(e, t, 0.185777706184603153, nearP), horner(e, t, 1, nearQ)));
}

/** e^{y²}·erfc(y) for y ≥ 0.46875. */
function scaledTail(e: Emit, size: Ref): Ref {
  const middle = e.where(e.less(size, 4), size, 4);
  const mid = e.div(horner(e, middle, 2.15311535474403846e-8, midP), horner(e, middle, 1, midQ));
  const large = e.where(e.less(size, 4), 4, size);
  const t = e.div(1, e.mul(large, large));
  const ratio = e.div(horner(e, t, 0.0163153871373020978, farP), horner(e, t, 1, farQ));
  const far = e.div(e.sub(0.56418958354775628695, e.mul(t, ratio)), large);
  return e.where(e.less(size, 4), mid, far);
}

/** e^{−y²}, y split at a sixteenth so that the square's rounding does not enter the exponent. */
function gaussian(e: Emit, size: Ref): Ref {
  // From 27.3 on erfc is 0 in float64; the clamp keeps infinities out of the difference below.
  const y = e.where(e.less(size, 30), size, 30);
  const coarse = e.mul(e.f("Floor", e.mul(y, 16)), 0.0625);
  const rest = e.mul(e.sub(y, coarse), e.add(y, coarse));
  return e.mul(e.f("Exp", e.f("Neg", e.mul(coarse, coarse))), e.f("Exp", e.f("Neg", rest)));
}
