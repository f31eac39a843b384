import { call, constant, type Expression, size, variable } from "../../../../expressions/expression.ts";
import { dot } from "../../../../optim/vector.ts";
import type { Space } from "../space.ts";
import type { Element, Library } from "./library.ts";
import { leastSquares, subtract } from "./products.ts";
import { bestSubsets } from "./subsets.ts";
import type { Factor } from "./write.ts";

/** A term that a sum may have: a product of powers of the variables times something else. */
export interface Feature {
  exponents: readonly number[];
  rest: Expression | undefined;
  values: Float64Array;
  /** How far from simple it is, to order them. */
  size: number;
}

const mostTerms = 12;

/**
 * (c₁·t₁ + c₂·t₂ + …)^power with terms from the features that comes close to the target, by orthogonal forward
 * selection from several first terms; from an exact sum, terms that it can do without are taken out again. What all
 * terms have in common is written once.
 * @param mostTripled of so many of the simplest features all triples are tried.
 * @param target of the sum; `scale` are the weights of its rows' residuals.
 */
export function sumSeeds(
  library: Library,
  features: readonly Feature[],
  target: Float64Array,
  scale: Float64Array,
  power: number,
  mostTripled: number,
  count: (evaluations: number) => void,
): { expression: Expression; exact: boolean }[] {
  const rows = target.length;
  const found: { expression: Expression; exact: boolean }[] = [];
  const goal = target.map((y, i) => y * scale[i]!);
  const whole = dot(goal, goal);
  if (!(whole > 0) || !Number.isFinite(whole) || features.length === 0) return [];
  const scaled = features.map(({ values }) => values.map((v, i) => v * scale[i]!));
  const units = scaled.map((values) => {
    const length = Math.sqrt(dot(values, values));
    return length > 0 && Number.isFinite(length) ? values.map((v) => v / length) : undefined;
  });
  const offer = (chosen: readonly number[], exact: boolean) => {
    const coefficients = leastSquares(
      chosen.map((i) => scaled[i]!),
      goal,
      false,
    );
    if (coefficients === undefined) return;
    const terms = chosen.map((i, k) => ({ coefficient: coefficients[k]!, ...features[i]! }));
    const expression = writeSum(library, terms, power);
    if (expression !== undefined) found.push({ expression, exact });
  };
  const firsts = units
    .map((u, i) => ({ i, c: u === undefined ? 0 : dot(u, goal) ** 2 }))
    .sort((a, b) => b.c - a.c)
    .slice(0, 4);
  const few = units.flatMap((u, i) => (u !== undefined && i < mostTripled ? [i] : []));
  const subsets = bestSubsets(
    few.map((i) => units[i]!),
    goal,
    mostTripled,
    3,
    count,
  );
  for (const { members, left } of subsets) {
    const chosen = members.map((i) => few[i]!);
    offer(chosen, left <= 1e-9 * whole && isExact(scaled, chosen, goal));
  }
  if (found.some(({ exact }) => exact)) return found.filter(({ exact }) => exact);
  count(features.length / 10);
  for (const { i: first } of firsts) {
    const vectors = units.map((u) => u?.slice());
    const rest = goal.slice();
    const chosen: number[] = [];
    let next = first;
    while (chosen.length < Math.min(mostTerms, rows / 6)) {
      const v = vectors[next]!;
      const length = Math.sqrt(dot(v, v));
      for (let i = 0; i < rows; i++) v[i]! /= length;
      chosen.push(next);
      vectors[next] = undefined;
      subtract(rest, v, dot(rest, v));
      subtract(rest, v, dot(rest, v));
      if (dot(rest, rest) <= 1e-21 * whole) {
        offer(prune(scaled, chosen, goal), true);
        break;
      }
      if (chosen.length > 3 && chosen.length < 6 && first === firsts[0]!.i) offer(chosen, false);
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
function prune(columns: readonly Float64Array[], chosen: readonly number[], goal: Float64Array): number[] {
  let kept = [...chosen];
  for (const candidate of [...chosen].reverse()) {
    if (kept.length === 1) break;
    const without = kept.filter((i) => i !== candidate);
    if (isExact(columns, without, goal)) kept = without;
  }
  return kept;
}

/** Whether a sum of the chosen columns is the goal to rounding. */
function isExact(columns: readonly Float64Array[], chosen: readonly number[], goal: Float64Array): boolean {
  const x = leastSquares(
    chosen.map((i) => columns[i]!),
    goal,
    false,
  );
  if (x === undefined) return false;
  const rest = goal.slice();
  chosen.forEach((i, k) => {
    subtract(rest, columns[i]!, x[k]!);
  });
  return dot(rest, rest) <= 1e-19 * dot(goal, goal);
}

/** (Σ c·∏xᵉ·rest)^power with the common factors in front. */
function writeSum(
  library: Library,
  terms: readonly (Feature & { coefficient: number })[],
  power: number,
): Expression | undefined {
  const { writer, columns } = library;
  const n = columns.length;
  const common = Array.from({ length: n }, (_, i) => {
    const all = terms.map(({ exponents }) => exponents[i]!);
    const sign = Math.sign(all[0]!);
    if (all.some((e) => Math.sign(e) !== sign)) return 0;
    return sign * Math.min(...all.map(Math.abs));
  });
  const sizes = terms.map(({ coefficient }) => Math.abs(coefficient));
  const equal = sizes.every((c) => Math.abs(c - sizes[0]!) <= 1e-9 * sizes[0]!);
  const front = terms.length === 1 || equal ? sizes[0]! : 1;
  const inner: { coefficient: number; term: Expression }[] = [];
  for (const { coefficient, exponents, rest } of terms) {
    const factors = columns.map(
      (index, i): Factor => ({
        base: variable(index),
        exponent: exponents[i]! - common[i]!,
      }),
    );
    const used = factors.filter(({ exponent }) => exponent !== 0);
    if (rest !== undefined) used.push({ base: rest, exponent: 1 });
    const term = used.length === 0 ? constant(1) : writer.product(used);
    if (term === undefined) return undefined;
    const ratio = equal ? Math.sign(coefficient) : coefficient / front;
    inner.push({ coefficient: ratio, term });
  }
  const single = terms.length === 1;
  const numbers = inner.filter(({ term }) => term.kind === "constant");
  const others = inner.filter(({ term }) => term.kind !== "constant");
  const offset = numbers.reduce((s, { coefficient }) => s + coefficient, 0);
  const sum =
    single && others.length === 0 ? undefined : single ? others[0]!.term : writer.sum(others, offset);
  const sign = single ? inner[0]!.coefficient : 1;
  if (sum === undefined && !single) return undefined;
  const outer = columns.map((index, i): Factor => ({ base: variable(index), exponent: common[i]! }));
  if (sum !== undefined) outer.push({ base: sum, exponent: 1 });
  if (Math.abs(power) === 0.5) {
    const whole = writer.product(
      outer.map(({ base, exponent }) => ({ base, exponent: exponent * Math.sign(power) })),
      (front * sign) ** Math.sign(power),
    );
    return whole && writer.power(whole, 0.5);
  }
  return writer.product(
    outer.map(({ base, exponent }) => ({ base, exponent: exponent * power })),
    (front * sign) ** power,
  );
}

/**
 * (Σ cᵢ·tᵢ)/(1 + Σ dⱼ·pⱼ) by the linear regression y = Σ cᵢ·tᵢ − Σ dⱼ·(pⱼ·y), over all triples of the simplest terms
 * tᵢ of the target's dimension and pure numbers pⱼ.
 */
export function ratioSeeds(
  library: Library,
  tops: readonly Feature[],
  bottoms: readonly Feature[],
  target: Float64Array,
  mostTripled: number,
  count: (evaluations: number) => void,
): { expression: Expression; exact: boolean }[] {
  const { writer } = library;
  const numerators = tops.slice(0, mostTripled / 2).map((feature) => ({ feature, below: false }));
  const denominators = bottoms
    .filter(({ exponents, rest }) => rest !== undefined || exponents.some((e) => e !== 0))
    .slice(0, mostTripled / 2)
    .map((feature) => ({
      feature: { ...feature, values: feature.values.map((v, i) => v * target[i]!) },
      below: true,
    }));
  const terms = [...numerators, ...denominators];
  const units = terms.map(({ feature }) => {
    const length = Math.sqrt(dot(feature.values, feature.values));
    return feature.values.map((v) => v / length);
  });
  if (!(dot(target, target) > 0)) return [];
  const found: { expression: Expression; exact: boolean }[] = [];
  for (const { members } of bestSubsets(units, target, units.length, 4, count)) {
    const chosen = members.map((i) => terms[i]!);
    if (chosen.every(({ below }) => below) || !chosen.some(({ below }) => below)) continue;
    const coefficients = leastSquares(
      chosen.map(({ feature }) => feature.values),
      target,
      false,
    );
    if (coefficients === undefined) continue;
    const part = (below: boolean) =>
      chosen.flatMap(({ feature, below: at }, k) =>
        at === below ? [{ ...feature, coefficient: below ? -coefficients[k]! : coefficients[k]! }] : [],
      );
    const top = writeSum(library, part(false), 1);
    const zeros = library.columns.map(() => 0);
    const one: Feature & { coefficient: number } = {
      exponents: zeros,
      rest: undefined,
      values: target,
      size: 1,
      coefficient: 1,
    };
    const bottom = writeSum(library, [...part(true), one], 1);
    if (top === undefined || bottom === undefined) continue;
    const expression = writer.product([
      { base: top, exponent: 1 },
      { base: bottom, exponent: -1 },
    ]);
    const exact = isExact(
      chosen.map(({ feature }) => feature.values),
      chosen.map((_, k) => k),
      target,
    );
    if (expression !== undefined) found.push({ expression, exact });
  }
  return found;
}

/** Terms of dimension `type`: products of powers, times functions, and times differences once or squared. */
export function sumFeatures(
  space: Space,
  library: Library,
  type: number,
  valuesOf: (expression: Expression) => Float64Array | undefined,
  mostFeatures: number,
): Feature[] {
  const { types } = space;
  const features: Feature[] = [];
  // Dimensionless columns stand in functions more often than in powers.
  const pure = library.columns.map((i) => types !== undefined && space.columnTypes[i] === 0);
  const seen = new Set<string>();
  const known = new Map<string, Float64Array | undefined>();
  const monomialValues = (exponents: readonly number[]) => {
    const key = exponents.join();
    if (!known.has(key)) {
      const expression = library.monomial(exponents);
      known.set(key, expression && valuesOf(expression));
    }
    return known.get(key);
  };
  const add = (exponents: readonly number[], rest?: Element) => {
    if (features.length >= mostFeatures) return;
    const base = monomialValues(exponents);
    if (base === undefined) return;
    const values = rest === undefined ? base : base.map((v, i) => v * rest.values[i]!);
    const key = [0, 1, 2, 3].map((i) => values[(i * 53) % values.length]!.toPrecision(9)).join();
    if (seen.has(key) || !values.every(Number.isFinite)) return;
    seen.add(key);
    let size = rest === undefined ? 0 : (isWave(rest.expression) || rest.size === 3 ? 0.75 : 1) * rest.size;
    exponents.forEach((e, i) => {
      size += Math.abs(e) * (pure[i]! ? 1.5 : 1) + (e < 0 ? 0.25 : 0);
    });
    features.push({ exponents, rest: rest?.expression, values, size });
  };
  const element = (expression: Expression | undefined, from: Element): Element[] => {
    const values = expression && valuesOf(expression);
    return values === undefined
      ? []
      : [{ ...from, expression: expression!, values, size: size(expression!) }];
  };
  const limit = types === undefined ? 700 : 400;
  const products = library.monomials(type, limit).map(({ exponents }) => exponents);
  for (const exponents of products) add(exponents);
  const few = products.slice(0, 40);
  const waves = library.functions.filter(({ expression }) => isWave(expression));
  const others = library.functions.filter(({ expression }) => !isWave(expression));
  for (const d of library.sums.filter((e) => e.size === 3).slice(0, 40)) {
    for (const power of [2, 1]) {
      const rest = types === undefined ? 0 : types.combine([1, -power], [type, d.type]);
      for (const raised of element(library.writer.power(d.expression, power), d)) {
        for (const { exponents } of library.monomials(rest, types === undefined || rest === 0 ? 40 : 16))
          add(exponents, raised);
      }
    }
  }
  for (const wave of waves.slice(0, 30)) for (const exponents of few) add(exponents, wave);
  for (const wave of waves.slice(0, 20)) {
    for (const squared of element(library.writer.power(wave.expression, 2), wave)) {
      for (const exponents of few.slice(0, 16)) add(exponents, squared);
    }
  }
  for (const root of roots(library, type, types === undefined)) {
    for (const made of element(root, library.variables[0]!))
      add(
        library.columns.map(() => 0),
        made,
      );
  }
  for (const other of others.slice(0, 30)) for (const exponents of few.slice(0, 20)) add(exponents, other);
  return features.sort((a, b) => a.size - b.size);
}

/** Square roots of products of two columns, and those times waves. */
function roots(library: Library, type: number, free: boolean): Expression[] {
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
