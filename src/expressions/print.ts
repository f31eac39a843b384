import { UserError } from "../core/errors.ts";
import type { Expression } from "./expression.ts";
import { callNotation } from "./notation.ts";
import { type Language, level, type Notation, type OperatorSet, operatorNamed } from "./operator.ts";
import { numberText } from "./print-number.ts";
import { standardOperators } from "./standard-operators.ts";

export interface PrintOptions {
  language?: Language;
  /** Names of the variables by index. Default x0, x1, … */
  names?: readonly string[];
  operators?: OperatorSet;
  /** Significant digits of the constants. Default: all that are needed to read the same number back. */
  digits?: number;
  /** What stands for constant i, instead of its number. */
  constantName?: (index: number, value: number) => string;
}

interface Written {
  text: string;
  level: number;
}

/**
 * An expression as text in one of the languages, with the parentheses that its precedences need and no others.
 * `parse` reads the text form back to the same tree. In LaTeX a name such as `k_B` or `omega` becomes k_{B}, \omega.
 * @throws UserError naming an unknown operator or a variable without a name.
 */
export function print(expression: Expression, options: PrintOptions = {}): string {
  const { language = "text", names, operators = standardOperators, digits, constantName } = options;
  let constants = 0;
  const leaf = (node: Exclude<Expression, { kind: "call" }>): Written => {
    if (node.kind === "variable") {
      const name = names === undefined ? `x${node.index}` : names[node.index];
      if (name === undefined) {
        throw new UserError(
          `print: variable ${node.index} has no name; names are ${names?.join(", ") || "empty"}.`,
        );
      }
      return { text: language === "latex" ? latexName(name) : name, level: level.atom };
    }
    const index = constants++;
    const named = constantName?.(index, node.value);
    if (named !== undefined) return { text: named, level: level.atom };
    const text = numberText(node.value, language, digits);
    const binds = text.startsWith("-") || /\\cdot/.test(text) ? level.product : level.atom;
    return { text, level: binds };
  };
  const write = (node: Expression): Written => {
    if (node.kind !== "call") return leaf(node);
    const operator = operatorNamed(operators, node.operator, "print");
    const inner = node.args.map(write);
    let notation: Notation = operator.notation?.[language] ?? callNotation(operator.name, node.args.length);
    // x^2 is how `square` is written: the general power with that exponent has to look different.
    const exponent = node.args[1];
    if (language === "text" && node.operator === "pow" && exponent?.kind === "constant") {
      if (exponent.value === 2 || exponent.value === 3) notation = callNotation("pow", 2);
    }
    const text = notation.template.replace(/\$(\d)/g, (_, digit: string) => {
      const i = Number(digit) - 1;
      const first = notation.template.startsWith(`$${digit}`);
      return enclose(inner[i]!, notation.args[i] ?? level.open, first, language);
    });
    // −(2·x) and (−2)·x are different trees: the number keeps its sign only where it is the number's own.
    if (node.operator === "neg" && /^-[\d.]/.test(text)) {
      return { text: `-${parenthesised(inner[0]!.text, language)}`, level: level.sum };
    }
    return { text, level: notation.level };
  };
  return write(expression).text;
}

function enclose(
  { text, level: binds }: Written,
  needed: number,
  first: boolean,
  language: Language,
): string {
  // A leading minus sign is only read as meant at the start of a sum or product, or inside parentheses.
  const effective = text.startsWith("-") && !first ? Math.min(binds, level.sum) : binds;
  const loose = effective < needed || (text.startsWith("-") && !first && needed > level.open);
  return loose ? parenthesised(text, language) : text;
}

const parenthesised = (text: string, language: Language) =>
  language === "latex" ? `\\left(${text}\\right)` : `(${text})`;

const greek = new Set(
  (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi " +
    "omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
  ).split(" "),
);

/** A variable's name in LaTeX: Greek letters by their commands, several letters upright, `_` as a subscript. */
export function latexName(name: string): string {
  const [head = "", ...rest] = name.split("_").filter((part) => part !== "");
  const numbered = /^([A-Za-z]+)(\d+)$/.exec(head);
  const parts = numbered ? [numbered[1]!, numbered[2]!, ...rest] : [head, ...rest];
  const word = (part: string) => {
    if (greek.has(part)) return `\\${part}`;
    return part.length > 1 && !/^\d+$/.test(part) ? `\\mathrm{${part}}` : part;
  };
  const [base = "", ...indices] = parts.map(word);
  return indices.length === 0 ? base : `${base}_{${indices.join(",")}}`;
}
