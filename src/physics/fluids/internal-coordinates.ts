/** Three numbers of a flat n×3 array. */
type Vector = readonly [number, number, number];

/** A coordinate of a molecule and its gradient by the positions of its beads, three numbers a bead. */
export interface InternalCoordinate {
  value: number;
  gradient: Float64Array;
}

/** The distance of beads i and j, Å. */
export function bondLength(positions: Float64Array, i: number, j: number): InternalCoordinate {
  const d = between(positions, i, j);
  const value = norm(d);
  return { value, gradient: Float64Array.from([...scale(d, -1 / value), ...scale(d, 1 / value)]) };
}

/** The cosine of the angle i–j–k at bead j. */
export function angleCosine(positions: Float64Array, i: number, j: number, k: number): InternalCoordinate {
  const a = between(positions, j, i);
  const b = between(positions, j, k);
  const [la, lb] = [norm(a), norm(b)];
  const [u, v] = [scale(a, 1 / la), scale(b, 1 / lb)];
  const value = dot(u, v);
  const byI = scale(minus(v, scale(u, value)), 1 / la);
  const byK = scale(minus(u, scale(v, value)), 1 / lb);
  return { value, gradient: Float64Array.from([...byI, ...scale(plus(byI, byK), -1), ...byK]) };
}

/**
 * The dihedral angle i–j–k–l in rad, −π to π: 0 for cis, positive where, seen along j→k, the turn from i to l is
 * clockwise (IUPAC). Gradient: Blondel & Karplus, J. Comput. Chem. 17 (1996) 1132.
 */
export function dihedralAngle(
  positions: Float64Array,
  i: number,
  j: number,
  k: number,
  l: number,
): InternalCoordinate {
  const b1 = between(positions, i, j);
  const b2 = between(positions, j, k);
  const b3 = between(positions, k, l);
  const m = cross(b1, b2);
  const n = cross(b2, b3);
  const length = norm(b2);
  const value = Math.atan2(length * dot(b1, n), dot(m, n));
  const byI = scale(m, -length / dot(m, m));
  const byL = scale(n, length / dot(n, n));
  const [p, q] = [dot(b1, b2) / length ** 2, dot(b3, b2) / length ** 2];
  const byJ = plus(scale(byI, -1 - p), scale(byL, q));
  const byK = scale(plus(plus(byI, byJ), byL), -1);
  return { value, gradient: Float64Array.from([...byI, ...byJ, ...byK, ...byL]) };
}

function between(positions: Float64Array, from: number, to: number): Vector {
  return [
    positions[3 * to]! - positions[3 * from]!,
    positions[3 * to + 1]! - positions[3 * from + 1]!,
    positions[3 * to + 2]! - positions[3 * from + 2]!,
  ];
}

function scale([x, y, z]: Vector, by: number): Vector {
  return [by * x, by * y, by * z];
}

function plus(a: Vector, b: Vector): Vector {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

function minus(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function norm(a: Vector): number {
  return Math.sqrt(dot(a, a));
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
