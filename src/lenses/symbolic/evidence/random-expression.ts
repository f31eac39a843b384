import type { Random } from "../../../core/random.ts";
import { call, constant, type Expression, variable } from "../../../expressions/expression.ts";
import type { OperatorSet } from "../../../expressions/operator.ts";

/**
 * A random expression of about `size` nodes (never more, unless a single leaf is): operators are drawn evenly among
 * those that still fit, leaves are variables, and with probability ¼ constants from a normal distribution of deviation 2.
 */
export function randomExpression(
  size: number,
  variables: number,
  operators: OperatorSet,
  random: Random,
): Expression {
  const all = [...operators.values()];
  const make = (nodes: number): Expression => {
    const fitting = all.filter(({ arity }) => arity + 1 <= nodes);
    if (nodes <= 1 || fitting.length === 0) {
      return variables === 0 || random.uniform() < 0.25
        ? constant(2 * random.normal())
        : variable(random.int(variables));
    }
    const { name, arity } = fitting[random.int(fitting.length)]!;
    let left = nodes - 1 - arity;
    const args = Array.from({ length: arity }, (_, k) => {
      const extra = k === arity - 1 ? left : random.int(left + 1);
      left -= extra;
      return make(1 + extra);
    });
    return call(name, ...args);
  };
  return make(size);
}
