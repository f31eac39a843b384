import { demand } from "../../core/errors.ts";

/**
 * A parallelepiped that repeats along the directions marked periodic. Rows of `vectors` are the lattice vectors
 * a, b, c in Å (nine numbers, row-major): a point is r = s·vectors with fractional coordinates s.
 */
export interface Cell {
  readonly vectors: Float64Array;
  /** s = r·inverse. */
  readonly inverse: Float64Array;
  readonly periodic: readonly [boolean, boolean, boolean];
  /** Distance between the two faces that a, b and c connect, Å. */
  readonly heights: Float64Array;
  /** Å³; of the frame that fills in for open directions where there is no vector. */
  readonly volume: number;
}

/**
 * The cell with lattice vectors `vectors` (nine numbers, rows a, b, c, Å). An open direction may have a zero vector;
 * a unit vector normal to the others stands in for it.
 * @throws UserError for vectors that are not finite or lie in a plane.
 */
export function cell(
  vectors: ArrayLike<number>,
  periodic: readonly [boolean, boolean, boolean] = [true, true, true],
): Cell {
  demand(vectors.length === 9, () => `cell: ${vectors.length} numbers; expected the 9 of three vectors`);
  const v = Float64Array.from(vectors);
  demand(v.every(Number.isFinite), () => `cell: vectors [${v.join(", ")}]; expected finite numbers in Å`);
  fillOpenDirections(v, periodic);
  const normals = [cross(v, 3, 6), cross(v, 6, 0), cross(v, 0, 3)] as const;
  const signed = v[0]! * normals[0][0]! + v[1]! * normals[0][1]! + v[2]! * normals[0][2]!;
  const volume = Math.abs(signed);
  const scale = [0, 3, 6].reduce((product, row) => product * length(v, row), 1);
  demand(
    volume > 1e-10 * scale,
    () => `cell: vectors [${v.join(", ")}] lie in a plane; expected three that span a volume`,
  );
  const inverse = new Float64Array(9);
  const heights = new Float64Array(3);
  for (let k = 0; k < 3; k++) {
    for (let axis = 0; axis < 3; axis++) inverse[3 * axis + k] = normals[k]![axis]! / signed;
    heights[k] = volume / length(normals[k]!, 0);
  }
  return { vectors: v, inverse, periodic, heights, volume };
}

/** A cubic periodic cell of edge `edge` Å. */
export function cubicCell(edge: number): Cell {
  return cell([edge, 0, 0, 0, edge, 0, 0, 0, edge]);
}

/** No walls and no images: beads in vacuum. */
export function openCell(): Cell {
  return cell(new Float64Array(9), [false, false, false]);
}

/**
 * The shortest of all images of `displacement` (three numbers, Å), exact for a cell of any shape: with d the image
 * nearest in fractional coordinates, every shorter one has |s_k| ≤ |d|/height_k, and all of these are tried.
 */
export function minimumImage(within: Cell, displacement: ArrayLike<number>): [number, number, number] {
  const { vectors, inverse, periodic, heights } = within;
  const [x, y, z] = [displacement[0]!, displacement[1]!, displacement[2]!];
  const s = [0, 1, 2].map((k) => {
    const value = x * inverse[k]! + y * inverse[3 + k]! + z * inverse[6 + k]!;
    return periodic[k] ? value - Math.round(value) : value;
  });
  let best = toCartesian(vectors, s[0]!, s[1]!, s[2]!);
  let shortest = Math.hypot(...best);
  const range = s.map((value, k) => {
    if (!periodic[k]) return [0, 0] as const;
    const reach = shortest / heights[k]!;
    return [Math.ceil(-reach - value), Math.floor(reach - value)] as const;
  });
  for (let a = range[0]![0]; a <= range[0]![1]; a++) {
    for (let b = range[1]![0]; b <= range[1]![1]; b++) {
      for (let c = range[2]![0]; c <= range[2]![1]; c++) {
        const image = toCartesian(vectors, s[0]! + a, s[1]! + b, s[2]! + c);
        const distance = Math.hypot(...image);
        if (distance < shortest) {
          shortest = distance;
          best = image;
        }
      }
    }
  }
  return best;
}

/** Positions (n×3, Å) brought into the cell along its periodic directions: fractional coordinates from 0 to 1. */
export function wrap(within: Cell, positions: Float64Array): Float64Array {
  const { vectors, inverse, periodic } = within;
  const wrapped = new Float64Array(positions.length);
  for (let i = 0; i < positions.length; i += 3) {
    const s = [0, 1, 2].map((k) => {
      const value =
        positions[i]! * inverse[k]! +
        positions[i + 1]! * inverse[3 + k]! +
        positions[i + 2]! * inverse[6 + k]!;
      return periodic[k] ? value - Math.floor(value) : value;
    });
    wrapped.set(toCartesian(vectors, s[0]!, s[1]!, s[2]!), i);
  }
  return wrapped;
}

/**
 * @throws UserError unless every periodic direction is at least twice `radius` across: only then does a pair within
 * `radius` have a single image.
 */
export function demandRoom(within: Cell, radius: number, where: string): void {
  within.heights.forEach((height, k) => {
    demand(
      !within.periodic[k] || height >= 2 * radius,
      () =>
        `${where}: the cell is ${height.toFixed(4)} Å across along ${"abc"[k]}, less than twice the cutoff ${radius} Å; take a larger box or a shorter cutoff`,
    );
  });
}

function fillOpenDirections(v: Float64Array, periodic: readonly boolean[]): void {
  const missing = [0, 1, 2].filter((k) => length(v, 3 * k) === 0);
  const lost = missing.find((k) => periodic[k]);
  demand(lost === undefined, () => `cell: vector ${"abc"[lost!]} is zero, but its direction is periodic`);
  if (missing.length === 3) v.set([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  else if (missing.length === 2) {
    const kept = [0, 1, 2].find((k) => !missing.includes(k))!;
    // Any two vectors normal to the one that is there: start from the axis it leans on least.
    const axis = [0, 1, 2].toSorted((a, b) => Math.abs(v[3 * kept + a]!) - Math.abs(v[3 * kept + b]!))[0]!;
    const helper = new Float64Array(12);
    helper.set(v.subarray(3 * kept, 3 * kept + 3), 0);
    helper[3 + axis] = 1;
    helper.set(unit(cross(helper, 0, 3)), 6);
    helper.set(unit(cross(helper, 0, 6)), 9);
    v.set(helper.subarray(6, 9), 3 * ((kept + 1) % 3));
    v.set(helper.subarray(9, 12), 3 * ((kept + 2) % 3));
  } else if (missing.length === 1) {
    const k = missing[0]!;
    v.set(unit(cross(v, 3 * ((k + 1) % 3), 3 * ((k + 2) % 3))), 3 * k);
  }
}

function toCartesian(v: Float64Array, a: number, b: number, c: number): [number, number, number] {
  return [
    a * v[0]! + b * v[3]! + c * v[6]!,
    a * v[1]! + b * v[4]! + c * v[7]!,
    a * v[2]! + b * v[5]! + c * v[8]!,
  ];
}

function cross(v: Float64Array, p: number, q: number): [number, number, number] {
  return [
    v[p + 1]! * v[q + 2]! - v[p + 2]! * v[q + 1]!,
    v[p + 2]! * v[q]! - v[p]! * v[q + 2]!,
    v[p]! * v[q + 1]! - v[p + 1]! * v[q]!,
  ];
}

function length(v: ArrayLike<number>, at: number): number {
  return Math.hypot(v[at]!, v[at + 1]!, v[at + 2]!);
}

function unit(v: [number, number, number]): [number, number, number] {
  const norm = Math.hypot(...v);
  return norm === 0 ? v : [v[0] / norm, v[1] / norm, v[2] / norm];
}
