import { UserError } from "../core/errors.ts";
import { call, constant, type Expression, variable } from "./expression.ts";
import { type OperatorSet, operatorNamed } from "./operator.ts";

/**
 * An expression in postfix order as typed arrays. Token 0 is the next of `constants`, token v + 1 is variable v, and
 * token −1 − o is operator o of the set it was made with (in the set's order), which takes its arguments from before.
 */
export interface Postfix {
  readonly tokens: Int32Array;
  readonly constants: Float64Array;
}

/** The tree in postfix order. @throws UserError naming an operator that is not in `operators`, or a wrong arity. */
export function toPostfix(expression: Expression, operators: OperatorSet): Postfix {
  const numbers = operatorNumbers(operators);
  const tokens: number[] = [];
  const constants: number[] = [];
  const visit = (node: Expression): void => {
    if (node.kind === "constant") {
      tokens.push(0);
      constants.push(node.value);
    } else if (node.kind === "variable") tokens.push(node.index + 1);
    else {
      const { arity } = operatorNamed(operators, node.operator, "toPostfix");
      if (node.args.length !== arity) {
        throw new UserError(
          `toPostfix: '${node.operator}' takes ${arity} argument(s), the expression gives ${node.args.length}.`,
        );
      }
      for (const arg of node.args) visit(arg);
      tokens.push(-1 - numbers.get(node.operator)!);
    }
  };
  visit(expression);
  return { tokens: Int32Array.from(tokens), constants: Float64Array.from(constants) };
}

/** The tree of a postfix form. @throws UserError naming the token that does not fit. */
export function fromPostfix({ tokens, constants }: Postfix, operators: OperatorSet): Expression {
  const list = [...operators.values()];
  const stack: Expression[] = [];
  let next = 0;
  tokens.forEach((token, i) => {
    const complain = (what: string) => new UserError(`fromPostfix: token ${i} (${token}) ${what}.`);
    if (token === 0) {
      if (next >= constants.length) throw complain(`needs constant ${next}, there are ${constants.length}`);
      stack.push(constant(constants[next++]!));
    } else if (token > 0) stack.push(variable(token - 1));
    else {
      const operator = list[-1 - token];
      if (operator === undefined) throw complain(`is none of the ${list.length} operators`);
      if (stack.length < operator.arity)
        throw complain(`finds ${stack.length} of ${operator.arity} arguments`);
      stack.push(call(operator.name, ...stack.splice(stack.length - operator.arity)));
    }
  });
  if (stack.length !== 1 || next !== constants.length) {
    throw new UserError(
      `fromPostfix: the tokens leave ${stack.length} expressions and use ${next} of ${constants.length} constants; expected one and all.`,
    );
  }
  return stack[0]!;
}

const numbersOf = new WeakMap<OperatorSet, Map<string, number>>();

/** The number of every operator by its name. */
export function operatorNumbers(operators: OperatorSet): Map<string, number> {
  let numbers = numbersOf.get(operators);
  if (numbers === undefined) {
    numbers = new Map([...operators.keys()].map((name, i) => [name, i]));
    numbersOf.set(operators, numbers);
  }
  return numbers;
}
