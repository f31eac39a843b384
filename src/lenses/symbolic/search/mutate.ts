import type { Random } from "../../../core/random.ts";
import type { Generator } from "./generate.ts";
import { compose, type Genome, genome, type Piece, replace, subtreeStart } from "./genome.ts";
import type { Space } from "./space.ts";

export type Mutation =
  | "constant"
  | "operator"
  | "feature"
  | "append"
  | "insert"
  | "delete"
  | "rotate"
  | "swap"
  | "subtree"
  | "randomise";

/** How often each is tried, relative to the others. */
export const mutationWeights: Readonly<Record<Mutation, number>> = {
  constant: 0.6,
  operator: 1.6,
  feature: 1.4,
  append: 1.2,
  insert: 2.4,
  delete: 1.6,
  rotate: 1.6,
  swap: 0.2,
  subtree: 1.8,
  randomise: 0.1,
};

/** A changed copy of `parent`, or undefined where the change has no place in it. Whether it is allowed is not asked. */
export type Mutator = (parent: Genome, which: Mutation, temperature: number) => Genome | undefined;

export function makeMutator(space: Space, generator: Generator, rng: Random): Mutator {
  const { arity, unary, binary, variables, types, list } = space;
  const pick = <T>(from: readonly T[]): T => from[rng.int(from.length)]!;
  const place = (g: Genome, wanted: (token: number) => boolean): number => {
    let seen = 0;
    let at = -1;
    for (let i = 0; i < g.tokens.length; i++) {
      if (wanted(g.tokens[i]!) && rng.int(++seen) === 0) at = i;
    }
    return at;
  };
  const withToken = (g: Genome, at: number, token: number): Genome => {
    const tokens = g.tokens.slice();
    tokens[at] = token;
    return { tokens, constants: g.constants };
  };
  const typeAt = (g: Genome, at: number): number | undefined =>
    types === undefined ? undefined : (space.balance(g)?.[at] ?? undefined);

  const constant = (g: Genome, temperature: number): Genome | undefined => {
    if (g.constants.length === 0) return undefined;
    const constants = g.constants.slice();
    const k = rng.int(constants.length);
    const u = rng.uniform();
    if (u < 0.1) constants[k] = generator.number();
    else if (u < 0.15) constants[k] = -constants[k]!;
    else if (u < 0.3) constants[k] = Math.round(2 * constants[k]!) / 2;
    else constants[k]! *= (1.1 + temperature * rng.uniform()) ** (rng.uniform() < 0.5 ? 1 : -1);
    return { tokens: g.tokens, constants };
  };
  const operator = (g: Genome): Genome | undefined => {
    const at = place(g, (token) => token < 0);
    if (at < 0) return undefined;
    const others = arity[-1 - g.tokens[at]!] === 1 ? unary : binary;
    return others.length < 2 ? undefined : withToken(g, at, -1 - pick(others));
  };
  const feature = (g: Genome): Genome | undefined => {
    const at = place(g, (token) => token >= 0);
    const token = g.tokens[at]!;
    if (types !== undefined) {
      const made = generator.leaf(typeAt(g, at));
      return made && replace(g, at, at + 1, made);
    }
    if (token > 0 && variables.length > 1 && rng.uniform() < 0.8)
      return withToken(g, at, pick(variables) + 1);
    return replace(g, at, at + 1, generator.leaf()!);
  };
  const wrap = (g: Genome, start: number, end: number): Genome | undefined => {
    const usesUnary = binary.length === 0 || (unary.length > 0 && rng.uniform() < 0.3);
    const size = g.tokens.length;
    if (usesUnary) {
      return compose([g, 0, end + 1], [genome([-1 - pick(unary)]), 0, 1], [g, end + 1, size]);
    }
    const which = pick(binary);
    const how = list[which]!.dimension?.rule;
    const like =
      how === "equal" || how === "comparison" ? typeAt(g, end) : types === undefined ? undefined : 0;
    const other = generator.tree(1 + (rng.uniform() < 0.3 ? rng.int(4) : 0), like);
    if (other === undefined) return undefined;
    const added: Piece = [other, 0, other.tokens.length];
    const inner: Piece = [g, start, end + 1];
    const [first, second] = rng.uniform() < 0.5 ? [inner, added] : [added, inner];
    return compose([g, 0, start], first, second, [genome([-1 - which]), 0, 1], [g, end + 1, size]);
  };
  const remove = (g: Genome): Genome | undefined => {
    const at = place(g, (token) => token < 0);
    if (at < 0) return undefined;
    const start = subtreeStart(g.tokens, at, arity);
    let end = at - 1;
    for (let skip = rng.int(arity[-1 - g.tokens[at]!]!); skip > 0; skip--) {
      end = subtreeStart(g.tokens, end, arity) - 1;
    }
    const kept = subtreeStart(g.tokens, end, arity);
    return compose([g, 0, start], [g, kept, end + 1], [g, at + 1, g.tokens.length]);
  };
  // (a ∘ (b ∙ c)) becomes ((a ∘ b) ∙ c), and back.
  const rotate = (g: Genome): Genome | undefined => {
    const { tokens } = g;
    const two = (token: number) => token < 0 && arity[-1 - token] === 2;
    const at = place(g, two);
    if (at < 0) return undefined;
    const right = subtreeStart(tokens, at - 1, arity);
    const size = tokens.length;
    if (two(tokens[at - 1]!)) {
      const inner = subtreeStart(tokens, at - 2, arity);
      return compose([g, 0, inner], [g, at, at + 1], [g, inner, at], [g, at + 1, size]);
    }
    if (two(tokens[right - 1]!)) {
      return compose([g, 0, right - 1], [g, right, at + 1], [g, right - 1, right], [g, at + 1, size]);
    }
    return undefined;
  };
  const swap = (g: Genome): Genome | undefined => {
    const at = place(g, (token) => token < 0 && arity[-1 - token] === 2);
    if (at < 0) return undefined;
    const right = subtreeStart(g.tokens, at - 1, arity);
    const left = subtreeStart(g.tokens, right - 1, arity);
    return compose([g, 0, left], [g, right, at], [g, left, right], [g, at, g.tokens.length]);
  };
  const subtree = (g: Genome): Genome | undefined => {
    const at = rng.int(g.tokens.length);
    const start = subtreeStart(g.tokens, at, arity);
    const made = generator.tree(1 + rng.int(6), typeAt(g, at));
    return made && replace(g, start, at + 1, made);
  };

  return (g, which, temperature) => {
    switch (which) {
      case "constant":
        return constant(g, temperature);
      case "operator":
        return operator(g);
      case "feature":
        return feature(g);
      case "append": {
        const at = place(g, (token) => token >= 0);
        return wrap(g, at, at);
      }
      case "insert": {
        const at = place(g, (token) => token < 0);
        return at < 0 ? wrap(g, 0, 0) : wrap(g, subtreeStart(g.tokens, at, arity), at);
      }
      case "delete":
        return remove(g);
      case "rotate":
        return rotate(g);
      case "swap":
        return swap(g);
      case "subtree":
        return subtree(g);
      case "randomise":
        return generator.tree(1 + rng.int(Math.min(15, space.maxComplexity)), types && space.targetType);
    }
  };
}

/** `a` with a random part of `b` in place of one of its own, of the same dimension where there are dimensions. */
export function crossover(space: Space, a: Genome, b: Genome, rng: Random): Genome | undefined {
  const { arity, types } = space;
  const at = rng.int(a.tokens.length);
  let from = rng.int(b.tokens.length);
  if (types !== undefined) {
    const wanted = space.balance(a)?.[at];
    const offered = space.balance(b);
    if (wanted === undefined || offered === undefined) return undefined;
    let seen = 0;
    from = -1;
    offered.forEach((type, i) => {
      if ((type === wanted || type < 0 || wanted < 0) && rng.int(++seen) === 0) from = i;
    });
    if (from < 0) return undefined;
  }
  return compose(
    [a, 0, subtreeStart(a.tokens, at, arity)],
    [b, subtreeStart(b.tokens, from, arity), from + 1],
    [a, at + 1, a.tokens.length],
  );
}
