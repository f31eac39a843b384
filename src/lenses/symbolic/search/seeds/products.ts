import type { Expression } from "../../../../expressions/expression.ts";
import { dot } from "../../../../optim/vector.ts";
import type { Element, Library } from "./library.ts";
import { bestSubsets } from "./subsets.ts";
import type { Factor } from "./write.ts";

/**
 * Candidates of the form c·∏ xᵢ^eᵢ·u^p·v^q·w^r with u, v, w from the library: linear regression of ln|y| on ln|xᵢ| and
 * up to three ln|u|, over all elements, all pairs, and the best pairs with a third. Exponents are rounded to halves or
 * thirds where they come close.
 * @param count told of regressions in units of one evaluation.
 */
export function productSeeds(
  library: Library,
  target: Float64Array,
  count: (evaluations: number) => void,
  keep: number,
  mostPool: number,
): { expression: Expression; exact: boolean }[] {
  if (target.some((y) => y === 0)) return [];
  const rows = target.length;
  const logs = (values: Float64Array) => values.map((v) => Math.log(Math.abs(v)));
  const usable = (e: Element) => e.values.every((v) => v !== 0 && Math.abs(v) > 1e-12);
  const variables = library.variables.filter(usable);
  const basis: Float64Array[] = [];
  const ones = new Float64Array(rows).fill(1 / Math.sqrt(rows));
  basis.push(ones);
  const project = (v: Float64Array) => {
    for (let twice = 0; twice < 2; twice++) for (const q of basis) subtract(v, q, dot(v, q));
    return v;
  };
  for (const { values } of variables) {
    const v = logs(values);
    const before = Math.sqrt(dot(v, v));
    project(v);
    const length = Math.sqrt(dot(v, v));
    if (length < 1e-9 * before) continue;
    basis.push(v.map((x) => x / length));
  }
  const goal = logs(target);
  const whole = dot(goal, goal);
  const rest = project(goal.slice());
  const scale = Math.max(dot(rest, rest), 1e-30);
  const tiny = 1e-22 * Math.max(whole, rows);
  const found: { expression: Expression; exact: boolean }[] = [];
  const offer = (elements: readonly Element[], exact: boolean) => {
    const expression = solve(library, variables, elements, goal, exact);
    if (expression !== undefined) found.push({ expression, exact });
  };
  offer([], dot(rest, rest) <= tiny);
  if (dot(rest, rest) <= tiny) return found;

  const pool: { element: Element; v: Float64Array; c: number }[] = [];
  const known = new Set<string>();
  for (const element of [...library.functions, ...library.sums].sort((a, b) => weight(a) - weight(b))) {
    if (!usable(element)) continue;
    const v = project(logs(element.values));
    const length = Math.sqrt(dot(v, v));
    if (length < 1e-7 * Math.sqrt(rows)) continue;
    const sign = Math.sign(v[0]!) / length;
    for (let i = 0; i < rows; i++) v[i]! *= sign;
    const key = [0, 1, 2, 3].map((i) => Math.round(v[(i * 41) % rows]! * 1e7)).join();
    if (known.has(key)) continue;
    known.add(key);
    pool.push({ element, v, c: dot(v, rest) });
  }
  count(pool.length * (1 + variables.length / 10));
  const single = pool.map((p, i) => ({ i, left: scale - p.c * p.c })).sort((a, b) => a.left - b.left);
  for (const { i, left } of single.slice(0, keep)) offer([pool[i]!.element], left <= 1e-12 * scale);
  if (found.some(({ exact }) => exact)) return found.filter(({ exact }) => exact);

  const subsets = bestSubsets(
    pool.map(({ v }) => v),
    rest,
    mostPool,
    keep,
    count,
  );
  for (const { members, left } of subsets.filter((s) => s.members.length > 1)) {
    offer(
      members.map((i) => pool[i]!.element),
      left <= 1e-9 * scale,
    );
  }
  return found;
}

/** The product with fitted and rounded exponents. */
function solve(
  library: Library,
  variables: readonly Element[],
  elements: readonly Element[],
  goal: Float64Array,
  exact: boolean,
): Expression | undefined {
  const all = [...variables, ...elements];
  const columns = all.map(({ values }) => values.map((v) => Math.log(Math.abs(v))));
  const exponents = leastSquares(columns, goal, true);
  if (exponents === undefined) return undefined;
  const rounded = exponents.slice(0, all.length).map((e) => {
    const near = Math.round(2 * e) / 2;
    return !exact || Math.abs(e - near) < 1e-4 ? near : e;
  });
  if (!exact && rounded.some((e) => Math.abs(e) > mostExponent)) return undefined;
  const factors = all.map(({ expression }, i): Factor => ({ base: expression, exponent: rounded[i]! }));
  let sum = 0;
  for (let row = 0; row < goal.length; row++) {
    let value = goal[row]!;
    columns.forEach((column, i) => {
      value -= rounded[i]! * column[row]!;
    });
    sum += value;
  }
  return library.writer.product(factors, Math.exp(sum / goal.length));
}

/** Coefficients of columns (and of ones behind them) by QR; undefined where they are dependent. */
export function leastSquares(
  columns: readonly Float64Array[],
  goal: Float64Array,
  offset: boolean,
): Float64Array | undefined {
  const rows = goal.length;
  const list = offset ? [...columns, new Float64Array(rows).fill(1)] : [...columns];
  const n = list.length;
  const q: Float64Array[] = [];
  const r = new Float64Array(n * n);
  for (const [k, column] of list.entries()) {
    const v = Float64Array.from(column);
    const before = Math.sqrt(dot(v, v));
    for (let twice = 0; twice < 2; twice++) {
      q.forEach((u, i) => {
        const along = dot(v, u);
        r[i * n + k]! += along;
        subtract(v, u, along);
      });
    }
    const length = Math.sqrt(dot(v, v));
    if (length <= 1e-10 * before) return undefined;
    r[k * n + k] = length;
    q.push(v.map((x) => x / length));
  }
  const rest = goal.slice();
  const x = new Float64Array(n);
  q.forEach((u, i) => {
    x[i] = dot(rest, u);
    subtract(rest, u, x[i]!);
  });
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= r[i * n + k]! * x[k]!;
    x[i]! /= r[i * n + i]!;
  }
  return x;
}

export function subtract(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i]! -= factor * b[i]!;
}

/** Larger exponents of a fit that is not exact are artefacts of terms that nearly depend on each other. */
const mostExponent = 6;

/** How far from simple an element is. Waves of products are as common in laws as shorter other functions. */
const weight = ({ expression, size }: Element) => size - (containsWave(expression) ? 2 : 0);

const containsWave = (e: Expression): boolean =>
  e.kind === "call" && (e.operator === "sin" || e.operator === "cos" || e.args.some(containsWave));
