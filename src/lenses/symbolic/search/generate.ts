import type { Random } from "../../../core/random.ts";
import { type Genome, genome, join } from "./genome.ts";
import type { Space } from "./space.ts";

/** Draws trees of a space, where there are dimensions of a wanted one. */
export interface Generator {
  /** A tree of about `size` nodes. `type`: its dimension (−1 or undefined: any). Undefined if none was found. */
  tree(size: number, type?: number): Genome | undefined;
  leaf(type?: number): Genome | undefined;
  number(): number;
}

/** A generator that draws from `rng`. */
export function makeGenerator(space: Space, rng: Random): Generator {
  const { variables, unary, binary, types, columnTypes, strict, list } = space;
  const pick = <T>(from: readonly T[]): T => from[rng.int(from.length)]!;
  const number = () => {
    const u = rng.uniform();
    if (u < 0.35) return pick([1, 2, 0.5, 3, -1]);
    return rng.normal() * 2;
  };
  const constantLeaf = () => genome([0], [number()]);
  const byType = new Map<number, number[]>();
  variables.forEach((v) => {
    const type = columnTypes[v] ?? 0;
    byType.set(type, [...(byType.get(type) ?? []), v]);
  });
  const monomials = types === undefined ? undefined : monomialTable(space);

  const leaf = (type?: number): Genome | undefined => {
    if (types === undefined || type === undefined || type < 0) {
      return variables.length === 0 || rng.uniform() < 0.3 ? constantLeaf() : genome([pick(variables) + 1]);
    }
    const open = type === 0 || !strict;
    const fitting = byType.get(type);
    if (fitting !== undefined && !(open && rng.uniform() < 0.3)) return genome([pick(fitting) + 1]);
    const made = monomials?.get(type);
    if (made !== undefined && made.length > 0 && !(open && rng.uniform() < 0.5)) {
      return made[Math.floor(made.length * rng.uniform() ** 2)]!;
    }
    return open ? constantLeaf() : undefined;
  };

  const free = (size: number): Genome => {
    if (size <= 1) return leaf()!;
    if (binary.length === 0 || (unary.length > 0 && (size === 2 || rng.uniform() < 0.25))) {
      return unary.length === 0 ? leaf()! : join(free(size - 1), genome([-1 - pick(unary)]));
    }
    const left = 1 + rng.int(Math.max(1, size - 2));
    return join(free(left), free(Math.max(1, size - 1 - left)), genome([-1 - pick(binary)]));
  };

  const typed = (size: number, type: number): Genome | undefined => {
    if (size <= 1) return leaf(type);
    for (let attempt = 0; attempt < 4; attempt++) {
      const which =
        size === 2 || binary.length === 0 || (unary.length > 0 && rng.uniform() < 0.25)
          ? unary.length > 0
            ? pick(unary)
            : -1
          : pick(binary);
      if (which < 0) return leaf(type);
      const operator = list[which]!;
      const how = operator.dimension ?? { rule: "dimensionless" };
      const left = operator.arity === 1 ? size - 1 : 1 + rng.int(Math.max(1, size - 2));
      const right = Math.max(1, size - 1 - left);
      const wanted: number[] = [];
      if (how.rule === "equal") wanted.push(...operatorTypes(operator.arity, type));
      else if (how.rule === "dimensionless") {
        if (type !== 0) continue;
        wanted.push(...operatorTypes(operator.arity, 0));
      } else if (how.rule === "exponents") {
        if (operator.arity === 1) {
          const inner = types!.power(type, 1 / how.exponents[0]!);
          if (inner < 0) continue;
          wanted.push(inner);
        } else {
          const [p, q] = [how.exponents[0]!, how.exponents[1]!];
          const other = rng.uniform() < 0.35 ? 0 : (columnTypes[pick(variables)] ?? 0);
          if (rng.uniform() < 0.5) wanted.push(types!.combine([1 / p, -q / p], [type, other]), other);
          else wanted.push(other, types!.combine([1 / q, -p / q], [type, other]));
        }
      } else if (how.rule === "power") {
        const exponent = pick([2, 0.5, -1, 3, -2, 1.5]);
        const inner = types!.power(type, 1 / exponent);
        if (inner < 0) continue;
        const base = typed(size - 2, inner);
        if (base !== undefined) return join(base, genome([0], [exponent]), genome([-1 - which]));
        continue;
      } else {
        if (type !== 0) continue;
        const one = columnTypes[pick(variables)] ?? 0;
        wanted.push(...operatorTypes(operator.arity, one));
      }
      const args = wanted.map((t, i) => typed(i === 0 ? left : right, t));
      if (args.every((arg) => arg !== undefined)) return join(...args, genome([-1 - which]));
    }
    return leaf(type);
  };

  return {
    number,
    leaf,
    tree(size, type) {
      if (types === undefined || type === undefined) return free(size);
      return typed(size, Math.max(type, 0));
    },
  };
}

const operatorTypes = (arity: number, type: number) => Array.from({ length: arity }, () => type);

/** Products of up to three powers of columns by their dimension, the shortest first. */
function monomialTable(space: Space): Map<number, Genome[]> {
  const { variables, columnTypes, types, number } = space;
  const [mul, div] = [number("mul"), number("div")];
  const table = new Map<number, Genome[]>();
  if (mul === undefined || mul >= space.own || types === undefined) return table;
  const divides = div !== undefined && div < space.own;
  const add = (type: number, made: Genome) => {
    const held = table.get(type) ?? [];
    if (held.length < 40) held.push(made);
    table.set(type, held);
  };
  let last = variables.map((v) => ({ type: columnTypes[v]!, made: genome([v + 1]), from: v }));
  for (const { type, made } of last) add(type, made);
  for (let factors = 2; factors <= (variables.length > 6 ? 3 : 4); factors++) {
    const next: typeof last = [];
    for (const { type, made } of last) {
      for (const v of variables) {
        const other = columnTypes[v]!;
        const product = types.combine([1, 1], [type, other]);
        const times = join(made, genome([v + 1]), genome([-1 - mul]));
        next.push({ type: product, made: times, from: v });
        add(product, times);
        if (!divides) continue;
        if (made.tokens.includes(v + 1)) continue;
        const quotient = types.combine([1, -1], [type, other]);
        const over = join(made, genome([v + 1]), genome([-1 - div]));
        next.push({ type: quotient, made: over, from: v });
        add(quotient, over);
      }
    }
    last = next.slice(0, 2000);
  }
  return table;
}
