import { rowOf } from "../../linalg/rows.ts";
import { moveUnits, unitRows } from "./align.ts";
import { type ClassifierShape, layersOf, layoutFor } from "./shape.ts";

/** Operations that keep the loss: Π 2^H H! over hidden layers, their permutations and flips of sign. */
export function symmetryOrder(shape: ClassifierShape): number {
  return Math.round(Math.exp(logSymmetryOrder(shape)));
}

/** ln of {@link symmetryOrder}, for shapes where that is no longer exact or overflows. */
export function logSymmetryOrder(shape: ClassifierShape): number {
  let sum = 0;
  for (const units of shape.hidden) {
    sum += units * Math.LN2;
    for (let i = 2; i <= units; i++) sum += Math.log(i);
  }
  return sum;
}

/**
 * Operations that leave `w` where it is, weights being equal that differ by at most `tolerance` times the largest
 * weight (and at least times one). A unit without any weight gives 2, z of them 2^z z!, and m units that are equal up
 * to sign m!. With more hidden layers, operations on one of them go with operations on the next: they are listed layer
 * by layer, units without weights apart.
 */
export function stabiliserOrder(shape: ClassifierShape, w: Float64Array, tolerance = 1e-5): number {
  layoutFor(shape, w, "stabiliserOrder");
  let largest = 1;
  for (const value of w) largest = Math.max(largest, Math.abs(value));
  const close = tolerance * largest;
  let order = 1;
  const bare = shape.hidden.map((_, l) => {
    const rows = unitRows(shape, w, l);
    const empty = Array.from({ length: rows.rows }, (_, j) =>
      rowOf(rows, j).every((v) => Math.abs(v) <= close),
    );
    let z = 0;
    for (const one of empty) if (one) order *= 2 * ++z;
    return empty;
  });
  return order * fixing(shape, w, w, 0, bare, close);
}

/** Ways to move the units of layers from `l` on so that `moved` becomes `w`; units without weights stay. */
function fixing(
  shape: ClassifierShape,
  w: Float64Array,
  moved: Float64Array,
  l: number,
  bare: readonly boolean[][],
  close: number,
): number {
  const layers = layersOf(shape, w);
  const last = l === shape.hidden.length - 1;
  const units = shape.hidden[l]!;
  // Above the last hidden layer nothing moves: there a unit's output weights have to agree as well.
  const rowsOf = (x: Float64Array) => {
    const all = unitRows(shape, x, l);
    const width = last ? all.cols : layers[l]!.weights.cols + 1;
    return Array.from({ length: units }, (_, j) => rowOf(all, j).subarray(0, width));
  };
  const [target, source] = [rowsOf(w), rowsOf(moved)];
  const from = new Int32Array(units);
  const sign = new Float64Array(units).fill(1);
  const taken = new Uint8Array(units);
  const place = (j: number): number => {
    if (j === units)
      return last ? 1 : fixing(shape, w, moveUnits(shape, moved, l, { from, sign }), l + 1, bare, close);
    if (bare[l]![j]) {
      from[j] = j;
      sign[j] = 1;
      return place(j + 1);
    }
    let count = 0;
    for (let other = 0; other < units; other++) {
      if (taken[other] || bare[l]![other]) continue;
      for (const s of [1, -1]) {
        if (!target[j]!.every((value, k) => Math.abs(value - s * source[other]![k]!) <= close)) continue;
        from[j] = other;
        sign[j] = s;
        taken[other] = 1;
        count += place(j + 1);
        taken[other] = 0;
      }
    }
    return count;
  };
  return place(0);
}
