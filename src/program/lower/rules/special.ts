import { cody, type Rational } from "../../cody.ts";
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

/** arcsin x = arctan(x/√((1 − x)(1 + x))), NaN outside of ±1. */
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

/** erf(x): a rational function of x² below 0.46875, 1 − erfc above. */
export function errorFunction(graph: Graph, x: Ref): Ref {
  const e = emitter(graph, x.shape, x.dtype);
  const size = e.f("Abs", x);
  const tail = e.sub(1, e.mul(scaledTail(e, size), gaussian(e, size)));
  const signed = e.where(e.less(x, 0), e.f("Neg", tail), tail);
  return e.where(e.less(size, 0.46875), central(e, x, size), signed);
}

/** erfc(x), relatively accurate in the upper tail. */
export function complementaryError(graph: Graph, x: Ref): Ref {
  const e = emitter(graph, x.shape, x.dtype);
  const size = e.f("Abs", x);
  const tail = e.mul(scaledTail(e, size), gaussian(e, size));
  const signed = e.where(e.less(x, 0), e.sub(2, tail), tail);
  return e.where(e.less(size, 0.46875), e.sub(1, central(e, x, size)), signed);
}

/** A rational function of t by Horner's rule, above and below the fraction line. */
function quotient(e: Emit, t: Ref, { over, under }: Rational): Ref {
  return e.div(horner(e, t, over), horner(e, t, under));
}

function horner(e: Emit, t: Ref, [lead, ...rest]: readonly number[]): Ref {
  let sum = lead === 1 ? t : e.mul(t, lead!);
  rest.forEach((c, i) => {
    sum = e.add(sum, c);
    if (i < rest.length - 1) sum = e.mul(sum, t);
  });
  return sum;
}

/** erf(x) for |x| < 0.46875. */
function central(e: Emit, x: Ref, size: Ref): Ref {
  const inside = e.where(e.less(size, 0.46875), x, 0);
  const t = e.mul(inside, inside);
  return e.mul(inside, quotient(e, t, cody.small));
}

/** e^{y²}·erfc(y) for y ≥ 0.46875. */
function scaledTail(e: Emit, size: Ref): Ref {
  const middle = e.where(e.less(size, 4), size, 4);
  const mid = quotient(e, middle, cody.middle);
  const large = e.where(e.less(size, 4), 4, size);
  const t = e.div(1, e.mul(large, large));
  const far = e.div(e.sub(0.5641895835477563, e.mul(t, quotient(e, t, cody.large))), large);
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
