import { call, type Expression } from "../../../../expressions/expression.ts";
import type { Space } from "../space.ts";
import type { Element, Library } from "./library.ts";
import { dot, leastSquares, subtract } from "./products.ts";

/** A term that a sum may have. */
interface Feature {
  expression: Expression;
  values: Float64Array;
}

const mostFeatures = 2400;
const mostTerms = 9;

/**
 * Sums c₁·t₁ + c₂·t₂ + … of products from the library (of the target's dimension, where there are dimensions) that
 * come close to `target`, by orthogonal forward selection from several first terms; from an exact sum, terms that it
 * can do without are taken out again.
 */
export function sumSeeds(
  library: Library,
  features: readonly Feature[],
  target: Float64Array,
  count: (evaluations: number) => void,
): { expression: Expression; exact: boolean }[] {
  const rows = target.length;
  const found: { expression: Expression; exact: boolean }[] = [];
  const whole = dot(target, target);
  if (!(whole > 0) || features.length === 0) return [];
  const units = features.map(({ values }) => {
    const length = Math.sqrt(dot(values, values));
    return length > 0 && Number.isFinite(length) ? values.map((v) => v / length) : undefined;
  });
  const write = (chosen: readonly number[]): Expression | undefined => {
    const coefficients = leastSquares(
      chosen.map((i) => features[i]!.values),
      target,
      false,
    );
    if (coefficients === undefined) return undefined;
    return library.writer.sum(
      chosen.map((i, k) => ({ coefficient: coefficients[k]!, term: features[i]!.expression })),
    );
  };
  const firsts = units
    .map((u, i) => ({ i, c: u === undefined ? 0 : dot(u, target) ** 2 }))
    .sort((a, b) => b.c - a.c)
    .slice(0, 5);
  count(features.length / 10);
  for (const { i: first } of firsts) {
    const vectors = units.map((u) => u?.slice());
    const rest = target.slice();
    const chosen: number[] = [];
    let next = first;
    while (chosen.length < Math.min(mostTerms, rows / 8)) {
      const v = vectors[next]!;
      const length = Math.sqrt(dot(v, v));
      for (let i = 0; i < rows; i++) v[i]! /= length;
      chosen.push(next);
      vectors[next] = undefined;
      subtract(rest, v, dot(rest, v));
      subtract(rest, v, dot(rest, v));
      const left = dot(rest, rest);
      if (left <= 1e-22 * whole) {
        const pruned = prune(features, chosen, target);
        const expression = write(pruned);
        if (expression !== undefined) found.push({ expression, exact: true });
        break;
      }
      if (chosen.length <= 4 && first === firsts[0]!.i) {
        const expression = write(chosen);
        if (expression !== undefined) found.push({ expression, exact: false });
      }
      let most = 0;
      for (let k = 0; k < vectors.length; k++) {
        const u = vectors[k];
        if (u === undefined) continue;
        const along = dot(u, v);
        let size = 0;
        let score = 0;
        for (let i = 0; i < rows; i++) {
          const w = u[i]! - along * v[i]!;
          u[i] = w;
          size += w * w;
          score += w * rest[i]!;
        }
        if (size < 1e-12) vectors[k] = undefined;
        else if (score * score > most * size) {
          most = (score * score) / size;
          next = k;
        }
      }
      count(features.length / 10);
      if (most === 0) break;
    }
    if (found.some(({ exact }) => exact)) break;
  }
  const exact = found.filter((f) => f.exact);
  return exact.length > 0 ? exact : found;
}

/** An exact sum without the terms that it does not need, the weakest tried first. */
function prune(features: readonly Feature[], chosen: readonly number[], target: Float64Array): number[] {
  let kept = [...chosen];
  for (const candidate of [...chosen].reverse()) {
    if (kept.length === 1) break;
    const without = kept.filter((i) => i !== candidate);
    const columns = without.map((i) => features[i]!.values);
    const x = leastSquares(columns, target, false);
    if (x === undefined) continue;
    const rest = target.slice();
    columns.forEach((column, k) => {
      subtract(rest, column, x[k]!);
    });
    if (dot(rest, rest) <= 1e-20 * dot(target, target)) kept = without;
  }
  return kept;
}

/** Terms of dimension `type`: products of powers, times functions, and times differences once or squared. */
export function sumFeatures(
  space: Space,
  library: Library,
  type: number,
  valuesOf: (expression: Expression) => Float64Array | undefined,
): Feature[] {
  const { types } = space;
  const features: Feature[] = [];
  const seen = new Set<string>();
  const add = (expression: Expression | undefined) => {
    if (expression === undefined || features.length >= mostFeatures) return;
    const values = valuesOf(expression);
    if (values === undefined) return;
    const key = [0, 1, 2, 3].map((i) => values[(i * 53) % values.length]!.toPrecision(9)).join();
    if (seen.has(key)) return;
    seen.add(key);
    features.push({ expression, values });
  };
  const limit = types === undefined ? 700 : 500;
  const products = library.monomials(type, limit).flatMap(({ exponents }) => {
    const expression = library.monomial(exponents);
    return expression === undefined ? [] : [expression];
  });
  for (const expression of products) add(expression);
  const waves = library.functions.filter(({ expression }) => isWave(expression));
  const others = library.functions.filter(({ expression }) => !isWave(expression));
  const few = products.slice(0, 40);
  const times = (a: Expression, b: Expression) => {
    if (!library.writer.has("mul")) return undefined;
    return a.kind === "constant" && a.value === 1 ? b : call("mul", a, b);
  };
  for (const { expression } of [...waves.slice(0, 24), ...others.slice(0, 24)]) {
    for (const product of few) add(times(product, expression));
  }
  for (const { expression } of waves.slice(0, 12)) {
    const squared = library.writer.power(expression, 2);
    if (squared !== undefined) for (const product of few.slice(0, 12)) add(times(product, squared));
  }
  const differences = library.sums.filter((e) => e.size === 3 && e.expression.kind === "call");
  for (const d of differences.slice(0, 40)) {
    for (const power of [2, 1]) {
      const raised = library.writer.power(d.expression, power);
      const rest = types === undefined ? 0 : types.combine([1, -power], [type, d.type]);
      if (raised === undefined) continue;
      for (const { exponents } of library.monomials(rest, 12)) {
        const product = library.monomial(exponents);
        if (product !== undefined) add(times(product, raised));
      }
    }
  }
  for (const root of halves(library, type, types === undefined)) add(root);
  return features;
}

/** Square roots of products of two columns (a·b has the wanted dimension squared). */
function halves(library: Library, type: number, free: boolean): Expression[] {
  const found: Expression[] = [];
  if (!library.writer.has("sqrt") || !library.writer.has("mul")) return found;
  const { variables, functions } = library;
  for (let i = 0; i < variables.length; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b] = [variables[j]!, variables[i]!];
      if (!free && !(a.type === type && b.type === type)) continue;
      const root = call("sqrt", call("mul", a.expression, b.expression));
      found.push(root);
      for (const f of functions.filter(({ expression }) => isWave(expression)).slice(0, 12)) {
        found.push(call("mul", root, f.expression));
      }
    }
  }
  return found;
}

export const isWave = (e: Expression) => e.kind === "call" && (e.operator === "sin" || e.operator === "cos");

export type { Element, Feature };
