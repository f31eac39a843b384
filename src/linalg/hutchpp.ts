import type { Random } from "../core/random.ts";
import { quietTask, type Task } from "../core/task.ts";
import { dotAt } from "./gram.ts";
import { type Matrix, matrix } from "./matrix.ts";
import { orthonormalise, removeAlong } from "./orthogonalise.ts";
import { randomRows, type SymmetricOperator } from "./symmetric-operator.ts";

export interface TraceEstimate {
  value: number;
  /** Standard error from the spread of the random part; 0 where nothing random is left. */
  error: number;
  /** Products Av that it took. */
  products: number;
}

/**
 * The trace by Hutch++ (Meyer, Musco, Musco & Woodruff 2021): a third of the products finds a space Q that holds the
 * large eigenvalues, tr(QᵀAQ) is exact there, and the rest is estimated with random signs g orthogonal to Q:
 * tr A ≈ tr(QᵀAQ) + mean gᵀ(1 − QQᵀ)A(1 − QQᵀ)g.
 * @param options.products a multiple of 3 is used fully; default 90, at least 6.
 */
export async function hutchPlusPlus(
  a: SymmetricOperator,
  options: { random: Random; products?: number; task?: Task },
): Promise<TraceEstimate> {
  const { random, products = 90, task = quietTask } = options;
  requireCount("hutchPlusPlus", products, 6);
  const d = a.size;
  const third = Math.min(Math.floor(products / 3), d);
  const q = await a.multiply(randomRows(third, d, random, "signs"));
  task.check();
  const { count } = orthonormalise(q, 1e-12 * largestRow(q));
  const basis = matrix(count, d, q.data.subarray(0, count * d));
  const inside = count > 0 ? sum(quadraticForms(basis, await a.multiply(basis))) : 0;
  task.check();
  if (count === d) return { value: inside, error: 0, products: third + count };
  const g = randomRows(third, d, random, "signs");
  removeAlong(g, basis);
  const forms = quadraticForms(g, await a.multiply(g));
  const { mean, error } = meanAndError(forms);
  return { value: inside + mean, error, products: 2 * third + count };
}

/** The trace by Hutchinson's estimator (1990), the mean of zᵀAz over probes of random signs. */
export async function hutchinson(
  a: SymmetricOperator,
  options: { random: Random; products?: number; task?: Task },
): Promise<TraceEstimate> {
  const { random, products = 90, task = quietTask } = options;
  requireCount("hutchinson", products, 2);
  const z = randomRows(products, a.size, random, "signs");
  const forms = quadraticForms(z, await a.multiply(z));
  task.check();
  const { mean, error } = meanAndError(forms);
  return { value: mean, error, products };
}

function quadraticForms(rows: Matrix, image: Matrix): number[] {
  const d = rows.cols;
  return Array.from({ length: rows.rows }, (_, i) => dotAt(rows.data, i * d, image.data, i * d, d));
}

function largestRow(a: Matrix): number {
  let largest = 0;
  for (let i = 0; i < a.rows; i++) {
    largest = Math.max(largest, Math.sqrt(dotAt(a.data, i * a.cols, a.data, i * a.cols, a.cols)));
  }
  return largest;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function meanAndError(values: readonly number[]): { mean: number; error: number } {
  const mean = sum(values) / values.length;
  const variance = sum(values.map((v) => (v - mean) ** 2)) / (values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length) };
}

function requireCount(where: string, products: number, least: number): void {
  if (Number.isInteger(products) && products >= least) return;
  throw new RangeError(`${where}: ${products} products; expected a whole number of at least ${least}`);
}
