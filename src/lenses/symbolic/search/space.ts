import { UserError } from "../../../core/errors.ts";
import { withStandard } from "../../../expressions/evaluator.ts";
import type { Operator, OperatorSet } from "../../../expressions/operator.ts";
import type { Constraints, ProblemDimensions } from "./contract.ts";
import { type DimensionTypes, dimensionTypes } from "./dimension-types.ts";
import { type Genome, subtreeStart } from "./genome.ts";

export interface SpaceOptions {
  operators: OperatorSet;
  columns: number;
  maxComplexity: number;
  maxDepth?: number | undefined;
  costs?: { constant?: number; variable?: number | readonly number[] } | undefined;
  constraints?: Constraints | undefined;
  dimensions?: ProblemDimensions | undefined;
  /** Columns that may be used. Default: all. */
  allowed?: readonly number[] | undefined;
}

/** The trees that a search may look at: operators, costs, limits and dimensions, by the numbers of tokens. */
export interface Space {
  /** The user's operators with the standard ones behind them; only the first `own` are used by mutations. */
  operators: OperatorSet;
  list: readonly Operator[];
  own: number;
  arity: Int32Array;
  unary: readonly number[];
  binary: readonly number[];
  columns: number;
  variables: readonly number[];
  maxComplexity: number;
  strict: boolean;
  /** Undefined without dimensions. */
  types: DimensionTypes | undefined;
  columnTypes: readonly number[];
  targetType: number;
  number(name: string): number | undefined;
  complexity(genome: Genome): number;
  /** Whether shape and, where they are a condition, dimensions are allowed. */
  allows(genome: Genome, complexity?: number): boolean;
  /** The dimension of every token's subtree, −1 where a constant leaves it open, or undefined if they do not balance. */
  balance(genome: Genome): Int32Array | undefined;
  /** Whether the whole balances with the target, and how the caller takes it if not. */
  fits(genome: Genome): boolean;
  rejects: boolean;
}

const wild = -1;
const broken = -2;

/** @throws UserError for a constraint that names no operator of the set. */
export function makeSpace(options: SpaceOptions): Space {
  const { columns, maxComplexity, maxDepth, costs = {}, constraints = {}, dimensions } = options;
  const operators = withStandard(options.operators);
  const list = [...operators.values()];
  const numbers = new Map(list.map(({ name }, i) => [name, i]));
  const own = options.operators.size;
  const arity = Int32Array.from(list, (o) => o.arity);
  const cost = Float64Array.from(list, (o) => o.complexity ?? 1);
  const constantCost = costs.constant ?? 1;
  const variableCost = Float64Array.from({ length: columns }, (_, i) =>
    typeof costs.variable === "object" ? (costs.variable[i] ?? 1) : (costs.variable ?? 1),
  );
  const variables = options.allowed ?? Array.from({ length: columns }, (_, i) => i);
  const types = dimensions === undefined ? undefined : dimensionTypes(dimensions.target.length);
  const columnTypes = dimensions?.columns.map((d) => types!.of(d)) ?? [];
  const targetType = dimensions === undefined ? 0 : types!.of(dimensions.target);
  const strict = dimensions?.strict === true;
  const rejects = dimensions !== undefined && dimensions.violations !== "penalty";
  const limits = checkLimits(constraints, numbers, own, list);

  const complexity = ({ tokens }: Genome) => {
    let sum = 0;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i]!;
      sum += token === 0 ? constantCost : token > 0 ? variableCost[token - 1]! : cost[-1 - token]!;
    }
    return sum;
  };

  const stack = new Int32Array(4096);
  const pair = new Int32Array(2);
  const balance = (genome: Genome): Int32Array | undefined => {
    const { tokens, constants } = genome;
    const found = new Int32Array(tokens.length);
    let top = 0;
    let next = 0;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i]!;
      let type: number;
      if (token === 0) {
        type = strict ? 0 : wild;
        next++;
      } else if (token > 0) type = columnTypes[token - 1]!;
      else {
        const operator = list[-1 - token]!;
        top -= operator.arity;
        const a = stack[top]!;
        const b = operator.arity === 2 ? stack[top + 1]! : a;
        const how = operator.dimension?.rule ?? "dimensionless";
        if (how === "exponents") {
          if (a === wild || b === wild) type = wild;
          else {
            const { exponents } = operator.dimension as { exponents: readonly number[] };
            pair[0] = a;
            pair[1] = b;
            type = operator.arity === 1 ? types!.combine(exponents, [a]) : types!.combine(exponents, pair);
          }
        } else if (how === "equal" || how === "comparison") {
          type = a;
          for (let k = 1; k < operator.arity; k++) {
            const other = stack[top + k]!;
            if (type === wild) type = other;
            else if (other !== wild && other !== type) type = broken;
          }
          if (how === "comparison" && type !== broken) type = 0;
        } else if (how === "power") {
          const fixed = tokens[i - 1] === 0;
          if (a === wild) type = b > 0 ? broken : wild;
          else if (fixed) type = types!.power(a, constants[next - 1]!);
          else type = a === 0 && b <= 0 ? 0 : broken;
          if (type === -1 && a !== wild) type = broken;
        } else if (how === "any") type = 0;
        else {
          type = 0;
          for (let k = 0; k < operator.arity; k++) if (stack[top + k]! > 0) type = broken;
        }
        if (type === broken) return undefined;
      }
      found[i] = type;
      stack[top++] = type;
    }
    return found;
  };
  const fits = (genome: Genome) => {
    if (types === undefined) return true;
    const found = balance(genome);
    if (found === undefined) return false;
    const whole = found[found.length - 1]!;
    return whole === wild || whole === targetType;
  };

  const depths = new Int32Array(4096);
  const shallow = ({ tokens }: Genome) => {
    if (maxDepth === undefined) return true;
    let top = 0;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i]!;
      let most = 0;
      if (token < 0) {
        const count = arity[-1 - token]!;
        top -= count;
        for (let k = 0; k < count; k++) most = Math.max(most, depths[top + k]!);
      }
      depths[top++] = most + 1;
    }
    return depths[0]! <= maxDepth;
  };

  const space: Space = {
    operators,
    list,
    own,
    arity,
    unary: range(own).filter((i) => arity[i] === 1),
    binary: range(own).filter((i) => arity[i] === 2),
    columns,
    variables,
    maxComplexity,
    strict,
    types,
    columnTypes,
    targetType,
    rejects,
    number: (name) => numbers.get(name),
    complexity,
    allows(genome, known = complexity(genome)) {
      if (known > maxComplexity || genome.tokens.length > 4000 || !shallow(genome)) return false;
      if (limits !== undefined && !limits(genome, complexity)) return false;
      return !rejects || fits(genome);
    },
    balance,
    fits,
  };
  return space;
}

const range = (n: number) => Array.from({ length: n }, (_, i) => i);

/** The check of nesting and argument sizes, or undefined where none is asked for. */
function checkLimits(
  { nesting = {}, argumentSizes = {} }: Constraints,
  numbers: ReadonlyMap<string, number>,
  own: number,
  list: readonly Operator[],
): ((genome: Genome, complexity: (genome: Genome) => number) => boolean) | undefined {
  const find = (name: string, where: string) => {
    const found = numbers.get(name);
    if (found !== undefined && found < own) return found;
    throw new UserError(
      `searchExpressions: constraints.${where} names the operator '${name}', which is not in the operator set (${list
        .slice(0, own)
        .map((o) => o.name)
        .join(", ")}).`,
    );
  };
  const nested = Object.entries(nesting).flatMap(([outer, inner]) =>
    Object.entries(inner).map(([name, most]) => ({
      outer: -1 - find(outer, "nesting"),
      inner: -1 - find(name, "nesting"),
      most,
    })),
  );
  const sizes = Object.entries(argumentSizes).map(([name, most]) => {
    const which = find(name, "argumentSizes");
    if (most.length !== list[which]!.arity) {
      throw new UserError(
        `searchExpressions: constraints.argumentSizes.${name} has ${most.length} entries; '${name}' takes ${list[which]!.arity} argument(s).`,
      );
    }
    return { token: -1 - which, most };
  });
  if (nested.length === 0 && sizes.length === 0) return undefined;
  const arity = Int32Array.from(list, (o) => o.arity);
  return (genome, complexity) => {
    const { tokens } = genome;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i]!;
      if (token >= 0) continue;
      for (const { outer, inner, most } of nested) {
        if (outer === token && deepest(tokens, i, inner, arity) > most) return false;
      }
      for (const { token: of, most } of sizes) {
        if (of !== token) continue;
        let end = i - 1;
        for (let k = most.length - 1; k >= 0; k--) {
          const start = subtreeStart(tokens, end, arity);
          const part = { tokens: tokens.subarray(start, end + 1), constants: genome.constants };
          if (most[k]! >= 0 && complexity(part) > most[k]!) return false;
          end = start - 1;
        }
      }
    }
    return true;
  };
}

/** How often `inner` stands on one way down from (and without) the node at `end`. */
function deepest(tokens: Int32Array, end: number, inner: number, arity: Int32Array): number {
  const visit = (at: number): number => {
    const token = tokens[at]!;
    if (token >= 0) return 0;
    let most = 0;
    let child = at - 1;
    for (let k = 0; k < arity[-1 - token]!; k++) {
      const start = subtreeStart(tokens, child, arity);
      most = Math.max(most, visit(child) + (tokens[child] === inner ? 1 : 0));
      child = start - 1;
    }
    return most;
  };
  return visit(end);
}
