import { didYouMean } from "../core/suggest.ts";
import { call, constant, type Expression, variable } from "./expression.ts";
import type { OperatorSet } from "./operator.ts";
import { standardOperators } from "./standard-operators.ts";
import { parseError, tokens } from "./tokens.ts";

export interface ParseOptions {
  /** Names of the variables by index. Default: x0, x1, … */
  names?: readonly string[];
  operators?: OperatorSet;
  /** Names of fixed numbers. Default: pi and e. A variable of the same name comes first. */
  constants?: Readonly<Record<string, number>>;
}

const infix: Record<string, string> = { "+": "add", "-": "sub", "*": "mul", "/": "div" };
const synonyms: Record<string, string> = {
  ln: "log",
  arcsin: "asin",
  arccos: "acos",
  arctan: "atan",
  Abs: "abs",
  Min: "min",
  Max: "max",
};
const special: Record<string, number> = { inf: Number.POSITIVE_INFINITY, nan: Number.NaN };

/**
 * Reads an expression: numbers, names, + − * / ^ (or **), parentheses and calls `name(a, b)`. Powers bind to the
 * right and tighter than a sign; a sign before a number that is no base belongs to the number; x^2 and x^3 are
 * `square` and `cube` where the set has them.
 * @throws UserError with the place of what is wrong: an unknown name (and the nearest one), a missing operand or
 *   parenthesis, a wrong number of arguments, an operator that the set does not have.
 */
export function parse(text: string, options: ParseOptions = {}): Expression {
  const { names, operators = standardOperators, constants = { pi: Math.PI, e: Math.E } } = options;
  const list = tokens(text);
  let place = 0;
  const peek = () => list[place]!;
  const fail = (what: string, at = peek().at) => parseError(text, at, what);
  const found = () => (peek().kind === "end" ? "the end" : `'${peek().text}'`);
  const accept = (symbol: string) => {
    if (peek().kind !== "symbol" || peek().text !== symbol) return false;
    place++;
    return true;
  };
  const expect = (symbol: string) => {
    if (!accept(symbol)) throw fail(`expected '${symbol}', found ${found()}`);
  };
  const operator = (name: string, at: number, ...args: Expression[]) => {
    const known = operators.get(name);
    if (known === undefined) {
      throw fail(
        `the operator '${name}' is not in the operator set${didYouMean(name, [...operators.keys()])}`,
        at,
      );
    }
    if (known.arity !== args.length) {
      throw fail(`'${name}' takes ${known.arity} argument(s), found ${args.length}`, at);
    }
    return call(name, ...args);
  };

  const sum = (): Expression => {
    let left = term();
    for (;;) {
      const { at, text: symbol } = peek();
      if (!accept("+") && !accept("-")) return left;
      left = operator(infix[symbol]!, at, left, term());
    }
  };
  const term = (): Expression => {
    const { at } = peek();
    if (accept("+")) return term();
    const next = list[place + 1];
    const after = list[place + 2];
    const literal =
      next !== undefined &&
      (next.kind === "number" || special[next.text] !== undefined) &&
      !(after?.text === "^" || after?.text === "**");
    if (peek().kind === "symbol" && peek().text === "-" && !literal) {
      place++;
      return operator("neg", at, term());
    }
    let left = power();
    for (;;) {
      const { at: here, text: symbol } = peek();
      if (!accept("*") && !accept("/")) return left;
      left = operator(infix[symbol]!, here, left, signedPower());
    }
  };
  /** A factor that may carry its own sign: x*-y. */
  const signedPower = (): Expression => {
    const { at } = peek();
    const number = list[place + 1]?.kind === "number";
    return !number && accept("-") ? operator("neg", at, signedPower()) : power();
  };
  const power = (): Expression => {
    const base = atom();
    const { at } = peek();
    if (!accept("^") && !accept("**")) return base;
    const bare = peek().kind === "number";
    const exponent = signedPower();
    if (bare && exponent.kind === "constant") {
      if (exponent.value === 2 && operators.has("square")) return call("square", base);
      if (exponent.value === 3 && operators.has("cube")) return call("cube", base);
    }
    return operator("pow", at, base, exponent);
  };
  const atom = (): Expression => {
    const token = peek();
    if (accept("(")) {
      const inside = sum();
      expect(")");
      return inside;
    }
    if (accept("-")) {
      const after = peek();
      place++;
      const value = after.kind === "number" ? Number(after.text) : special[after.text];
      if (value === undefined)
        throw fail(`expected a number after the sign, found '${after.text}'`, after.at);
      return constant(-value);
    }
    place++;
    if (token.kind === "number") return constant(Number(token.text));
    if (token.kind === "name")
      return accept("(") ? application(token.text, token.at) : named(token.text, token.at);
    place--;
    throw fail(`expected a number, a name or '(', found ${found()}`);
  };
  const application = (name: string, at: number): Expression => {
    const args = [sum()];
    while (accept(",")) args.push(sum());
    expect(")");
    return operator(operators.has(name) ? name : (synonyms[name] ?? name), at, ...args);
  };
  const named = (name: string, at: number): Expression => {
    const index = names === undefined ? /^x(\d+)$/.exec(name)?.[1] : names.indexOf(name);
    if (index !== undefined && Number(index) >= 0) return variable(Number(index));
    const value = constants[name] ?? special[name];
    if (value !== undefined) return constant(value);
    if (operators.has(name)) throw fail(`the operator '${name}' needs its arguments in parentheses`, at);
    const known = [...(names ?? ["x0"]), ...Object.keys(constants)];
    throw fail(`the name '${name}' is neither a variable nor a known number${didYouMean(name, known)}`, at);
  };

  const whole = sum();
  if (peek().kind !== "end") throw fail(`expected an operator or the end, found ${found()}`);
  return whole;
}
