import { UserError } from "../../../core/errors.ts";
import type { Task } from "../../../core/task.ts";
import { call, constant, type Expression, variable } from "../../../expressions/expression.ts";
import type { OperatorSet } from "../../../expressions/operator.ts";
import { familyKeys } from "./family.ts";

export interface EnumerateOptions {
  operators: OperatorSet;
  /** Number of variables. */
  variables: number;
  /** Most nodes of an expression. */
  maxComplexity: number;
  /** May constants stand as leaves? Default true. */
  constants?: boolean;
  /** Most constants of an expression. Default 3. */
  maxConstants?: number;
  /** Most expressions that may be looked at before it gives up. Default 2 000 000. */
  limit?: number;
  task?: Task;
}

/** How many expressions there are of one complexity. */
export interface Count {
  complexity: number;
  /** Expressions that were put together from the distinct ones below. */
  made: number;
  /** Those that no earlier one says already. */
  distinct: number;
}

export interface Enumeration {
  /** One expression for each family of functions, shortest first; constants stand as 1. */
  expressions: Expression[];
  /** From complexity 1. */
  counts: Count[];
}

interface Entry {
  expression: Expression;
  constants: number;
  order: number;
}

/**
 * All expressions up to a complexity (nodes), one of each family: those that become the same function by the algebra of
 * `canonical` for some choice of constants count once. Built upwards: a family contains only smaller families.
 * @throws UserError for operators of more than two arguments, and where there are more than `limit` expressions, with the
 * complexity it came to.
 */
export function enumerateExpressions(options: EnumerateOptions): Enumeration {
  const { operators, variables, maxComplexity, limit = 2_000_000, maxConstants = 3, task } = options;
  const wide = [...operators.values()].find(({ arity }) => arity > 2);
  if (wide) {
    throw new UserError(
      `enumerateExpressions: operator '${wide.name}' takes ${wide.arity} arguments; expected one or two`,
    );
  }
  const levels: Entry[][] = [[]];
  const counts: Count[] = [];
  const seen = new Set<string>();
  const familyKey = familyKeys(operators);
  let order = 0;
  let total = 0;
  const pureConstant: Entry = { expression: constant(1), constants: 1, order: order++ };
  for (let complexity = 1; complexity <= maxComplexity; complexity++) {
    const found: Entry[] = [];
    let made = 0;
    const add = (expression: Expression, constants: number) => {
      if (constants > maxConstants) return;
      made++;
      if (++total > limit) {
        throw new UserError(
          `enumerateExpressions: more than ${limit} expressions at complexity ${complexity}; take fewer operators or variables, or maxComplexity ${complexity - 1}`,
        );
      }
      if (total % 500 === 0) task?.check();
      const key = familyKey(expression);
      if (key === undefined || seen.has(key)) return;
      seen.add(key);
      found.push({ expression, constants, order: order++ });
    };
    if (complexity === 1) {
      for (let i = 0; i < variables; i++) add(variable(i), 0);
      if (options.constants ?? true) found.push(pureConstant);
    } else {
      const withVariables = (level: number) => levels[level]!.filter((entry) => entry !== pureConstant);
      for (const { name, arity, commutative } of operators.values()) {
        if (arity === 1) {
          for (const a of withVariables(complexity - 1)) add(call(name, a.expression), a.constants);
          continue;
        }
        for (let left = 1; left <= complexity - 2; left++) {
          const right = complexity - 1 - left;
          if (commutative && left < right) continue;
          for (const a of levels[left]!) {
            for (const b of levels[right]!) {
              if (a === pureConstant && b === pureConstant) continue;
              if (commutative && left === right && a.order < b.order) continue;
              add(call(name, a.expression, b.expression), a.constants + b.constants);
            }
          }
        }
      }
    }
    levels.push(found);
    counts.push({ complexity, made, distinct: found.length });
  }
  return { expressions: levels.flatMap((level) => level.map(({ expression }) => expression)), counts };
}
