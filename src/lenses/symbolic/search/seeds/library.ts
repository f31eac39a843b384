import { evaluator } from "../../../../expressions/evaluator.ts";
import { call, constant, type Expression, size, variable } from "../../../../expressions/expression.ts";
import type { Space } from "../space.ts";
import { exponentsOf } from "./exponents.ts";
import { type Factor, makeWriter, type Writer } from "./write.ts";

/** A small expression with its values on the rows of the library. */
export interface Element {
  expression: Expression;
  values: Float64Array;
  type: number;
  size: number;
  /** Of a product of powers of the variables: their exponents. */
  exponents?: readonly number[];
}

/** Building blocks for direct regressions, each group with the smallest first. */
export interface Library {
  writer: Writer;
  /** The columns that exponents belong to, in their order. */
  columns: readonly number[];
  variables: Element[];
  /** Pure numbers (without dimensions: anything) that functions are taken of. */
  arguments: Element[];
  /** Functions of arguments. */
  functions: Element[];
  /** Sums and differences of two products, and with functions in them. */
  sums: Element[];
  /** Products of powers of the variables with a given dimension, the lowest powers first. */
  monomials(type: number, most: number): { exponents: number[]; degree: number }[];
  monomial(exponents: readonly number[]): Expression | undefined;
}

const functionNames = ["sin", "cos", "exp", "tanh", "log", "sqrt"] as const;

/** The library of a space on some rows. `count` is told of every element that is evaluated. */
export function makeLibrary(
  space: Space,
  columns: readonly Float64Array[],
  count: (elements: number) => void,
  most: number,
): Library {
  const own = new Set(space.list.slice(0, space.own).map(({ name }) => name));
  const writer = makeWriter(own);
  const { types, columnTypes } = space;
  const engine = evaluator(columns, { operators: space.operators });
  const seen = new Set<string>();
  const make = (expression: Expression | undefined, type: number): Element | undefined => {
    if (expression === undefined) return undefined;
    count(1);
    const { values, finite } = engine.evaluate(expression);
    if (!finite) return undefined;
    const key = Array.from({ length: 6 }, (_, i) => values[(i * 37) % values.length]!.toPrecision(9)).join();
    if (seen.has(key) || values.every((v) => v === values[0])) return undefined;
    seen.add(key);
    return { expression, values: Float64Array.from(values), type, size: size(expression) };
  };
  const typeOf = (i: number) => columnTypes[i] ?? 0;
  const variables = space.variables.flatMap((i) => make(variable(i), typeOf(i)) ?? []);
  const n = space.variables.length;
  const bySize = (a: Element, b: Element) => a.size - b.size;

  const monomial = (exponents: readonly number[]) =>
    writer.product(
      exponents.map((exponent, k): Factor => ({ base: variable(space.variables[k]!), exponent })),
    );
  const monomials = (type: number, limit: number) =>
    exponentsOf(
      space.variables.map((i) => (types === undefined ? [] : [...types.powers(typeOf(i))])),
      types === undefined ? [] : [...types.powers(type)],
      limit,
    );

  const simple = simpleProducts(n).flatMap((exponents) => {
    const type =
      types === undefined
        ? 0
        : types.combine(
            exponents,
            space.variables.map((i) => typeOf(i)),
          );
    const made = make(monomial(exponents), type) ?? variableOf(exponents, variables);
    return made === undefined ? [] : { ...made, exponents };
  });
  const pairs: Element[] = [];
  // a + b and d·a + d·b differ by a product of powers only: the simpler of them is enough.
  const ratios = new Set<string>();
  const plus = (a: Element, b: Element) => {
    const ratio = a.exponents!.map((e, i) => e - b.exponents![i]!);
    const sign = Math.sign(ratio.find((e) => e !== 0) ?? 0);
    const key = ratio.map((e) => e * sign).join();
    const room = pairs.length < most && !ratios.has(key);
    if (room) ratios.add(key);
    if (room && own.has("sub")) push(pairs, make(call("sub", a.expression, b.expression), a.type));
    if (room && own.has("add")) push(pairs, make(call("add", a.expression, b.expression), a.type));
  };
  const ordered = [...simple].sort(bySize);
  const allowed = types === undefined ? (n > 5 ? 3 : n > 3 ? 7 : 9) : 15;
  for (let total = 2; total <= 2 * allowed; total++) {
    for (let i = 0; i < ordered.length; i++) {
      for (let j = 0; j < i; j++) {
        const [a, b] = [ordered[j]!, ordered[i]!];
        if (a.size + b.size === total && a.type === b.type && a.size <= allowed && b.size <= allowed)
          plus(a, b);
      }
    }
  }
  const one = constant(1);
  const differences = pairs.filter((p) => p.size === 3);

  // Pure numbers: columns, small dimensionless products, and differences times columns that make them pure.
  const wanted: Element[] = [];
  const pure = (e: Element) => e.type === 0;
  wanted.push(...variables.filter(pure), ...differences.filter(pure));
  if (types === undefined) wanted.push(...simple.filter((e) => e.size <= 4));
  else {
    for (const { exponents } of monomials(0, 24)) push(wanted, make(monomial(exponents), 0));
    for (const d of differences) {
      for (const v of simple.filter((e) => e.size <= 3)) {
        const product = types.combine([1, 1], [d.type, v.type]);
        const quotient = types.combine([1, -1], [d.type, v.type]);
        if (product === 0 && own.has("mul")) push(wanted, make(call("mul", d.expression, v.expression), 0));
        if (quotient === 0 && own.has("div")) push(wanted, make(call("div", d.expression, v.expression), 0));
      }
    }
    wanted.push(...simple.filter((e) => pure(e) && !wanted.includes(e)));
  }
  const args = wanted.sort(bySize).slice(0, Math.min(60, Math.ceil(most / 12)));

  const functions: Element[] = [];
  for (const name of functionNames) {
    if (!own.has(name)) continue;
    for (const a of args) {
      if (name === "exp" && own.has("neg") && a.size < 6) {
        push(functions, make(call("exp", call("neg", a.expression)), 0));
      }
      push(functions, make(call(name, a.expression), 0));
    }
  }
  functions.sort(bySize);
  const sums: Element[] = [...pairs];
  const shifted = [...args, ...functions];
  for (const u of shifted) {
    if (own.has("sub")) push(sums, make(call("sub", one, u.expression), 0));
    if (own.has("add")) push(sums, make(call("add", one, u.expression), 0));
  }
  if (own.has("exp") && own.has("neg") && own.has("add")) {
    for (const a of args.slice(0, 12)) {
      const [up, down] = [call("exp", a.expression), call("exp", call("neg", a.expression))];
      push(sums, make(call("add", up, down), 0));
    }
  }
  const waves = functions.filter((f) => f.size <= 4 && isCall(f.expression, "sin", "cos")).slice(0, 8);
  for (const a of ordered.filter((e) => e.size <= 3)) {
    for (const b of ordered.filter((e) => e.size <= 3 && e.type === a.type)) {
      for (const w of waves) {
        if (sums.length >= 2 * most) break;
        const product = writer.product([
          { base: b.expression, exponent: 1 },
          { base: w.expression, exponent: 1 },
        ]);
        if (product === undefined) continue;
        if (own.has("sub")) push(sums, make(call("sub", a.expression, product), a.type));
        if (own.has("add")) push(sums, make(call("add", a.expression, product), a.type));
      }
    }
  }
  return {
    writer,
    columns: space.variables,
    variables,
    arguments: args,
    functions,
    sums,
    monomials,
    monomial,
  };
}

const isCall = (e: Expression, ...names: string[]) => e.kind === "call" && names.includes(e.operator);

function push(list: Element[], element: Element | undefined): void {
  if (element !== undefined) list.push(element);
}

const variableOf = (exponents: readonly number[], variables: readonly Element[]) => {
  const used = exponents.flatMap((e, i) => (e === 0 ? [] : [i]));
  return used.length === 1 && exponents[used[0]!] === 1 ? variables[used[0]!] : undefined;
};

/** Exponents of products of up to three columns with powers ±1 and ±2, the simplest first. */
function simpleProducts(n: number): number[][] {
  const found: number[][] = [];
  const powers = [1, 2, -1];
  const visit = (from: number, exponents: number[], factors: number) => {
    if (factors > 0 && exponents.some((e) => e > 0)) found.push([...exponents]);
    if (factors === (n > 6 ? 2 : 3)) return;
    for (let i = from; i < n; i++) {
      for (const e of powers) {
        if (factors > 1 && Math.abs(e) > 1) continue;
        exponents[i] = e;
        visit(i + 1, exponents, factors + 1);
        exponents[i] = 0;
      }
    }
  };
  visit(
    0,
    Array.from({ length: n }, () => 0),
    0,
  );
  const weight = (e: number[]) => e.reduce((s, v) => s + Math.abs(v) + (v < 0 ? 0.5 : 0), 0);
  return found.sort((a, b) => weight(a) - weight(b)).slice(0, 400);
}
