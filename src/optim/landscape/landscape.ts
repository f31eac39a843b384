import type { Random } from "../../core/random.ts";
import type { Matrix } from "../../linalg/matrix.ts";

/** Operations that change the coordinates and not the value: permutations, rotations, flips of sign. */
export interface Symmetry {
  /** The copy of `x` under the symmetry operations that lies closest to `reference`, and its Euclidean distance. */
  align(reference: Float64Array, x: Float64Array): { x: Float64Array; distance: number };
  /** How many operations leave `x` where it is: the point-group order of a cluster. */
  order(x: Float64Array): number;
  /** Whether `align` lays every copy of a point on it; default true. Where it may not, points are told apart by value. */
  findsCopies?: boolean;
}

/** What every landscape says of itself, whether it answers at once or has to be awaited. */
interface Ground {
  /** As it is printed and stored: "LJ7". Databases of two names are not merged. */
  name: string;
  /** Number of coordinates. */
  n: number;
  /** Directions along which symmetry keeps the value at every point: orthonormal rows, k × n. None if absent. */
  zeroModes?(x: Float64Array): Matrix;
  symmetry?: Symmetry;
  /** What coordinate `i` is called in messages; default "coordinate 3". */
  coordinateName?(i: number): string;
  /** A random point to start from. */
  start(random: Random): Float64Array;
  /** A random displacement of size `step`; default: every coordinate by a number uniform on ±step. */
  perturb?(x: Float64Array, random: Random, step: number): Float64Array;
  /** Frees what the landscape holds outside of the heap. */
  release?(): Promise<void>;
}

/** A twice differentiable function whose stationary points are explored, in float64. */
export interface Landscape extends Ground {
  /** The value at `x`; fills `gradient`. */
  valueAndGradient(x: Float64Array, gradient: Float64Array): number;
  /** Second derivatives, n × n; if absent from n products, else by central differences of the gradient. */
  hessian?(x: Float64Array): Matrix;
  /** The Hessian's product with v, written to `out`. */
  hvp?(x: Float64Array, v: Float64Array, out: Float64Array): void;
}

/** A {@link Landscape} that has to be awaited, such as a compiled program. */
export interface AsyncLandscape extends Ground {
  asynchronous: true;
  valueAndGradient(x: Float64Array, gradient: Float64Array): Promise<number>;
  hessian?(x: Float64Array): Promise<Matrix>;
  hvp?(x: Float64Array, v: Float64Array, out: Float64Array): Promise<void>;
}

export type AnyLandscape = Landscape | AsyncLandscape;

/** `x` displaced by the landscape's own move, or every coordinate by a number uniform on ±step. */
export function perturbed(
  landscape: AnyLandscape,
  x: Float64Array,
  random: Random,
  step: number,
): Float64Array {
  if (landscape.perturb) return landscape.perturb(x, random, step);
  return x.map((value) => value + step * (2 * random.uniform() - 1));
}

/** The copy of `x` closest to `reference` under the landscape's symmetry, and how far it is; `x` itself without one. */
export function aligned(
  landscape: AnyLandscape,
  reference: Float64Array,
  x: Float64Array,
): { x: Float64Array; distance: number } {
  if (landscape.symmetry) return landscape.symmetry.align(reference, x);
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += (x[i]! - reference[i]!) ** 2;
  return { x: x.slice(), distance: Math.sqrt(squares) };
}
