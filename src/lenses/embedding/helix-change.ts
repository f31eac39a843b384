import type { Random } from "../../core/random.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { type Pca, pca } from "../../linalg/pca.ts";
import { columnOf, rowOf } from "../../linalg/rows.ts";
import { fitHelix, type HelixFit, helixAt } from "./helix.ts";
import { type HelixWindow, helixWindow } from "./helix-window.ts";
import type { TokenTable } from "./subject.ts";

/** Factors on the parameters of a fitted helix; 1 leaves as it is. */
export interface HelixFactors {
  /** On the rise along the axis, from the window's first token on: P of the paper. */
  length: number;
  /** On the circle: R. */
  radius: number;
  /** On the number of turns, the phase at the first token kept: F. */
  frequency: number;
}

/** A table's window with the helix through its first three principal components. */
export interface FittedHelix {
  table: TokenTable;
  window: HelixWindow;
  components: Pca;
  fit: HelixFit;
}

/** Fits the helix of a table's window: components of the window's rows alone, least squares on their first three. */
export function fitTableHelix(table: TokenTable, range?: readonly [number, number]): FittedHelix {
  const window = helixWindow(table, range);
  const components = pca(window.rows, { components: 3 });
  return { table, window, components, fit: fitHelix(components.scores, window.t) };
}

/**
 * How the first three scores of each token of the window change when the fitted helix
 * r(t) = r₀ + p·t + a·cos 2πft + b·sin 2πft is drawn with other parameters, p → length·p, (a, b) → radius·(a, b),
 * f → frequency·f: the new helix minus the fitted one, tokens × 3. Adding it keeps each token's own distance from the
 * helix. Source: Kitouni et al. 2024, section 4.2 and Figs 13, 15.
 */
export function helixChange({ fit, window }: FittedHelix, factors: HelixFactors): Matrix {
  const { cols, data } = fit.coefficients;
  const { length, radius, frequency } = factors;
  const factorOf = [1, length, radius, radius];
  const coefficients = matrix(
    4,
    cols,
    data.map((value, k) => value * factorOf[Math.floor(k / cols)]!),
  );
  const drawn = { coefficients, turns: fit.turns * frequency };
  return changes(window, cols, (t) => {
    const [now, before] = [helixAt(drawn, t), helixAt(fit, t)];
    return now.map((value, c) => value - before[c]!);
  });
}

/** The change that takes the circle out, a·cos + b·sin to its mean over the window, and leaves axis and residuals. */
export function withoutCircle({ fit, window }: FittedHelix): Matrix {
  const { cols, data } = fit.coefficients;
  const circle = (t: number) => {
    const angle = 2 * Math.PI * fit.turns * t;
    return Float64Array.from(
      { length: cols },
      (_, c) => data[2 * cols + c]! * Math.cos(angle) + data[3 * cols + c]! * Math.sin(angle),
    );
  };
  const out = changes(window, cols, (t) => circle(t).map((value) => -value));
  for (let c = 0; c < cols; c++) {
    const column = columnOf(out, c);
    const mean = column.reduce((a, b) => a + b, 0) / column.length;
    for (let i = 0; i < column.length; i++) out.data[i * cols + c]! -= mean;
  }
  return out;
}

/** The change that sets chosen components (from 0) of every token to the window's mean, which is 0. */
export function withoutComponents({ components }: FittedHelix, chosen: readonly number[]): Matrix {
  const { rows, cols } = components.scores;
  const out = matrix(rows, cols);
  for (const c of chosen) {
    for (let i = 0; i < rows; i++) out.data[i * cols + c] = -components.scores.data[i * cols + c]!;
  }
  return out;
}

/**
 * The table with score changes added to the window's rows along `directions` (3 × width, orthonormal; the window's
 * principal components by default). Everything else, higher components too, stays as it was: the same as an inverse
 * PCA of all changed scores.
 */
export function changedRows(
  { table, window, components }: FittedHelix,
  scores: Matrix,
  directions: Matrix = components.components,
): Matrix {
  const rows = matrix(table.rows.rows, table.rows.cols, Float64Array.from(table.rows.data));
  window.tokens.forEach((token, i) => {
    const row = rowOf(rows, table.tokens.indexOf(token));
    for (let c = 0; c < scores.cols; c++) {
      const score = scores.data[i * scores.cols + c]!;
      for (let j = 0; j < row.length; j++) row[j]! += score * directions.data[c * row.length + j]!;
    }
  });
  return rows;
}

/** `count` random orthonormal directions, count × width: where a change of equal size goes that knows no helix. */
export function randomDirections(count: number, width: number, random: Random): Matrix {
  const out = matrix(count, width);
  for (let c = 0; c < count; c++) {
    const own = rowOf(out, c);
    for (let j = 0; j < width; j++) own[j] = random.normal();
    for (let pass = 0; pass < 2; pass++) {
      for (let before = 0; before < c; before++) {
        const other = rowOf(out, before);
        const along = own.reduce((sum, value, j) => sum + value * other[j]!, 0);
        for (let j = 0; j < width; j++) own[j]! -= along * other[j]!;
      }
    }
    const length = Math.hypot(...own);
    for (let j = 0; j < width; j++) own[j]! /= length;
  }
  return out;
}

function changes(window: HelixWindow, cols: number, of: (t: number) => Float64Array): Matrix {
  const out = matrix(window.t.length, cols);
  window.t.forEach((t, i) => {
    out.data.set(of(t), i * cols);
  });
  return out;
}
