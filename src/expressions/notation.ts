import { type Language, level, type Notation } from "./operator.ts";

type Notations = Partial<Record<Language, Notation>>;

const notation = (template: string, of: number, ...args: number[]): Notation => ({
  template,
  level: of,
  args,
});

/** `name(a, b)` in one language. */
export function callNotation(name: string, arity: number): Notation {
  const places = Array.from({ length: arity }, (_, i) => `$${i + 1}`);
  return notation(`${name}(${places.join(", ")})`, level.atom, ...places.map(() => level.open));
}

/** A function of one or two arguments by its names in the languages; in text it has its own name. */
export function functionNotation(
  arity: number,
  names: { latex: string; sympy: string; julia: string; c: string; typescript: string },
): Notations {
  const places = Array.from({ length: arity }, (_, i) => `$${i + 1}`).join(", ");
  return {
    latex: notation(
      `${names.latex}\\left(${places}\\right)`,
      level.atom,
      ...Array.from({ length: arity }, () => level.open),
    ),
    sympy: callNotation(names.sympy, arity),
    julia: callNotation(names.julia, arity),
    c: callNotation(names.c, arity),
    typescript: callNotation(names.typescript, arity),
  };
}

/** An operator written alike in all programming languages, and `latex` in LaTeX. */
export function sameNotation(
  template: string,
  latex: string,
  of: number,
  args: readonly number[],
  latexArgs = args,
): Notations {
  const same = notation(template, of, ...args);
  return {
    text: same,
    sympy: same,
    julia: same,
    c: same,
    typescript: same,
    latex: notation(latex, of, ...latexArgs),
  };
}

/** x raised to a fixed or given power. */
export function powerNotation(exponent: string): Notations {
  const args = exponent.startsWith("$") ? [level.atom, level.atom] : [level.atom];
  const real = exponent.startsWith("$") ? exponent : `${exponent}.0`;
  const inside = exponent.startsWith("$") ? [level.open, level.open] : [level.open];
  return {
    text: notation(`$1^${exponent}`, level.power, ...args),
    latex: notation(`{$1}^{${exponent}}`, level.power, level.atom, level.open),
    sympy: notation(`$1**${exponent}`, level.power, ...args),
    julia: notation(`$1^${exponent}`, level.power, ...args),
    c: notation(`pow($1, ${real})`, level.atom, ...inside),
    typescript: notation(`Math.pow($1, ${exponent})`, level.atom, ...inside),
  };
}

/** 1 if `relation` holds, else 0. */
export function comparisonNotation(symbol: "<" | ">"): Notations {
  const inner = [level.sum, level.sum];
  return {
    latex: notation(`\\left[$1 ${symbol} $2\\right]`, level.atom, ...inner),
    sympy: notation(`Piecewise((1, $1 ${symbol} $2), (0, True))`, level.atom, ...inner),
    julia: notation(`float($1 ${symbol} $2)`, level.atom, ...inner),
    c: notation(`($1 ${symbol} $2 ? 1.0 : 0.0)`, level.atom, ...inner),
    typescript: notation(`($1 ${symbol} $2 ? 1 : 0)`, level.atom, ...inner),
  };
}

export const inverseNotation: Notations = {
  text: callNotation("inv", 1),
  latex: notation("\\frac{1}{$1}", level.product, level.open),
  sympy: notation("1/$1", level.product, level.power),
  julia: notation("1/$1", level.product, level.power),
  c: notation("1.0/$1", level.product, level.atom),
  typescript: notation("1 / $1", level.product, level.atom),
};
