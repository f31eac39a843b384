import { UserError } from "../core/errors.ts";
import { variable } from "./expression.ts";
import type { Operator } from "./operator.ts";
import type { Postfix } from "./postfix.ts";
import { cellOperand, constantOperand, type Operand, type Tape } from "./tape.ts";

interface Node {
  operand: Operand;
  /** Operator, or −1 for a leaf. */
  which: number;
  args: readonly Node[];
  /** Ordinal of a constant leaf, index of a variable leaf, or −1. */
  constant: number;
  variable: number;
  /** Whether something that is derived by lies below. */
  active: boolean;
}

/**
 * Writes the forward pass and the reverse sweep of an expression: node by node from the top, the adjoint ∂f/∂node is
 * the parent's adjoint times the operator's partial derivative, itself written from its symbolic form with arguments
 * and value in place (they are in scratch blocks from the forward pass). With `cells`, constants are not folded, so that
 * the program can be run again with others.
 */
export function gradientWriter(
  tape: Tape,
  operators: readonly Operator[],
  input: (index: number) => Operand,
) {
  const place = (name: string) => operators.findIndex((o) => o.name === name);
  const [mul, add, neg] = [place("mul"), place("add"), place("neg")];
  const partials = operators.map(partialForms);

  const times = (a: Operand, b: Operand): Operand => {
    if (isZero(a)) return a;
    if (isZero(b)) return b;
    if (a.kind === "constant" && b.kind === "constant") return constantOperand(a.value * b.value);
    if (b.kind === "constant") return times(b, a);
    if (a.kind === "constant" && a.value === 1) return b;
    if (a.kind === "constant" && a.value === -1) return tape.apply(neg, b, b);
    return tape.apply(mul, a, b);
  };
  const plus = (a: Operand, b: Operand): Operand => (isZero(a) ? b : tape.apply(add, a, b));

  return ({ tokens, constants }: Postfix, by: "constants" | readonly number[], cells = false) => {
    tape.start(false, cells ? constants.length : 0);
    const number = (k: number, value: number) => (cells ? cellOperand(k) : constantOperand(value));
    const stack: Node[] = [];
    let next = 0;
    for (const token of tokens) {
      if (token >= 0) {
        const isConstant = token === 0;
        stack.push({
          operand: isConstant ? number(next, constants[next]!) : input(token - 1),
          which: -1,
          args: [],
          constant: isConstant ? next++ : -1,
          variable: token - 1,
          active: by === "constants" ? isConstant : by.includes(token - 1),
        });
        continue;
      }
      const which = -1 - token;
      const args = stack.splice(stack.length - operators[which]!.arity);
      const { arity, body } = operators[which]!;
      const operands = args.map(({ operand }) => operand);
      const operand =
        arity > 2
          ? tape.expression(body!, operands)
          : tape.apply(which, operands[0]!, operands[1] ?? operands[0]!);
      stack.push({ operand, which, args, constant: -1, variable: -1, active: args.some((a) => a.active) });
    }
    const top = stack[0]!;
    const count = by === "constants" ? next : by.length;
    const derivatives = Array.from({ length: count }, () => constantOperand(0));
    const sweep = (node: Node, adjoint: Operand): void => {
      if (node.which < 0) {
        if (node.constant >= 0) derivatives[node.constant] = adjoint;
        else if (by !== "constants") {
          by.forEach((index, k) => {
            if (index === node.variable) derivatives[k] = plus(derivatives[k]!, adjoint);
          });
        }
        return;
      }
      const values = [...node.args.map(({ operand }) => operand), node.operand];
      node.args.forEach((arg, i) => {
        if (!arg.active) return;
        const forms = partials[node.which];
        if (forms === undefined) throw noDerivative(operators[node.which]!);
        sweep(arg, times(adjoint, tape.expression(forms[i]!, values)));
      });
    };
    if (top.active) sweep(top, constantOperand(1));
    return { result: top.operand, derivatives };
  };
}

/** The partial derivatives with variable i for argument i and the last variable for the value. */
function partialForms(operator: Operator) {
  const { arity } = operator;
  const derive = operator.numericDerivatives ?? operator.derivatives;
  const args = Array.from({ length: arity }, (_, i) => variable(i));
  return derive?.call(operator, args, variable(arity));
}

/** A derivative that vanishes ends the sweep, even under an infinite one. */
const isZero = ({ kind, value }: Operand) => kind === "constant" && value === 0;

const noDerivative = ({ name }: Operator) =>
  new UserError(`gradient: operator '${name}' has no derivatives; give them in its definition.`);
