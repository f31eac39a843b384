import { UserError } from "../core/errors.ts";
import { closest } from "../core/suggest.ts";
import { siUnits } from "./si.ts";
import { type Powers, prefixes, type Unit, type UnitTable } from "./unit-table.ts";

export interface ParseUnitOptions {
  /** Which symbols there are, and over which base units. Default {@link siUnits}. */
  table?: UnitTable;
  /** Where the text stands, for messages: "table.csv, line 1, column 'mass'". */
  where?: string;
}

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const word = /[A-Za-zµμΩÅħ°%_]/;
const number = /(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/y;

/**
 * Reads a unit: symbols with prefixes, joined by `*`, `·` or a space, divided by `/`, with powers that may be fractions
 * (`m^(1/2)`, `s^-2`, `s⁻²`, `m2`), parentheses and numbers: `kg*m/s^2`, `J/(mol K)`, `MeV fm^3`, `10^3 kg`, `1/s`.
 * Nothing, `1` and `dimensionless` are the pure number. `a/b*c` is (a/b)·c; `a/b c`, which people read in two ways, is
 * refused.
 * @throws UserError with the place, for a symbol that the table does not have and for text that is no unit.
 */
export function parseUnit(text: string, options: ParseUnitOptions = {}): Unit {
  const { table = siUnits, where = "parseUnit" } = options;
  const pure: Powers = table.base.map(() => 0);
  const one: Unit = { scale: 1, powers: pure };
  if (text.trim() === "" || /^\s*dimensionless\s*$/i.test(text)) return one;
  let at = 0;

  const fail = (what: string, place = at): never => {
    throw new UserError(
      `${where}: ${what}, at character ${place + 1} of the unit:\n  ${text}\n  ${" ".repeat(place)}^`,
    );
  };
  const space = () => {
    const from = at;
    while (text[at] === " " || text[at] === "\t") at++;
    return at > from;
  };
  const times = (a: Unit, b: Unit, sign: 1 | -1): Unit => ({
    scale: a.scale * b.scale ** sign,
    powers: a.powers.map((p, k) => p + sign * b.powers[k]!),
  });

  const integer = (): number => {
    const from = at;
    while (/\d/.test(text[at] ?? "")) at++;
    if (at === from) fail("expected a whole number in the power", from);
    return Number(text.slice(from, at));
  };
  const sign = (): number => {
    const minus = text[at] === "-" || text[at] === "−";
    if (minus || text[at] === "+") at++;
    return minus ? -1 : 1;
  };
  /** A decimal number, or with `fractions` also n/m. */
  const exponent = (fractions: boolean): number => {
    const negative = sign();
    number.lastIndex = at;
    const found = number.exec(text)?.[1];
    if (found === undefined) return fail("expected a number as the power");
    at += found.length;
    if (!fractions) return negative * Number(found);
    space();
    if (text[at] !== "/") return negative * Number(found);
    at++;
    space();
    const from = at;
    const below = integer();
    if (below === 0) fail("a power divided by 0", from);
    return (negative * Number(found)) / below;
  };
  const superscript = (): number => {
    const minus = text[at] === "⁻";
    if (minus) at++;
    let digits = "";
    while (superscripts.includes(text[at] ?? "#")) digits += superscripts.indexOf(text[at++]!);
    if (digits === "") fail("expected a raised number");
    return (minus ? -1 : 1) * Number(digits);
  };
  /** The power behind a symbol, a number or a parenthesis; `bare`: digits may follow directly, as in m2 and s-1. */
  const powerOf = (bare: boolean): number => {
    const next = text[at] ?? "";
    if (next === "⁻" || superscripts.includes(next || "#")) return superscript();
    if (bare && /^[-−+]?\d/.test(text.slice(at))) return sign() * integer();
    const before = at;
    space();
    if (text[at] === "^") at++;
    else if (text.startsWith("**", at)) at += 2;
    else {
      at = before;
      return 1;
    }
    space();
    if (text[at] !== "(") return exponent(false);
    at++;
    space();
    const value = exponent(true);
    space();
    if (text[at] !== ")") fail("expected ')' after the power");
    at++;
    return value;
  };
  const raised = ({ scale, powers }: Unit, by: number): Unit => ({
    scale: scale ** by,
    powers: powers.map((p) => p * by),
  });

  const factor = (): Unit => {
    const here = text[at] ?? "";
    if (here === "(") {
      const from = at++;
      const inside = product();
      if (text[at] !== ")") fail("this parenthesis is not closed", from);
      at++;
      return raised(inside, powerOf(true));
    }
    number.lastIndex = at;
    const digits = number.exec(text)?.[0];
    if (digits !== undefined) {
      const from = at;
      at += digits.length;
      if (Number(digits) === 0) fail("a unit of size 0", from);
      return raised({ scale: Number(digits), powers: pure }, powerOf(false));
    }
    const from = at;
    while (word.test(text[at] ?? "#")) at++;
    if (at === from) {
      return fail(here === "" ? "a unit is missing at the end" : `'${here}' is not part of a unit`);
    }
    // A symbol may end in digits (a0); otherwise they are a power.
    const withDigits = text.slice(from).match(/^\S[A-Za-z]*\d+/)?.[0];
    if (withDigits !== undefined && table.units.has(withDigits)) at = from + withDigits.length;
    const symbol = text.slice(from, at);
    const unit = lookUp(symbol, table);
    if (unit === undefined) return fail(`unknown unit '${symbol}'${hint(symbol, table)}`, from);
    return raised(unit, powerOf(true));
  };
  const product = (): Unit => {
    space();
    let value = factor();
    let divided = false;
    for (;;) {
      const gap = space();
      const next = text[at];
      if (next === undefined || next === ")") return value;
      if (next === "*" || next === "·" || next === "⋅" || next === "×") {
        at++;
        space();
        value = times(value, factor(), 1);
      } else if (next === "/") {
        at++;
        space();
        value = times(value, factor(), -1);
        divided = true;
      } else if (gap && divided) {
        return fail("a space after a division reads in two ways; write a/(b c) or a/b*c");
      } else if (gap || next === "(") {
        value = times(value, factor(), 1);
      } else {
        return fail(`'${next}' is not part of a unit`);
      }
    }
  };

  const unit = product();
  if (at < text.length) fail("this parenthesis was not opened");
  return unit;
}

function lookUp(symbol: string, table: UnitTable): Unit | undefined {
  const whole = table.units.get(symbol);
  if (whole !== undefined) return whole;
  for (const length of [1, 2]) {
    const factor = prefixes.get(symbol.slice(0, length));
    const unit = table.units.get(symbol.slice(length));
    if (factor !== undefined && unit?.prefixes === true) {
      return { scale: factor * unit.scale, powers: unit.powers };
    }
  }
  return undefined;
}

function hint(symbol: string, { base, units }: UnitTable): string {
  if (symbol === "°C" || symbol === "degC" || symbol === "°F") {
    return ": a temperature scale with an offset does not multiply; convert the column to K";
  }
  const near = closest(symbol, [...units.keys()]);
  if (near !== undefined && symbol.length > 1) return `; did you mean '${near}'?`;
  return units.size <= 12
    ? `; there are: ${[...units.keys()].join(", ")}`
    : `; expected SI symbols (${base.join(", ")}, N, J, eV …), with or without a prefix`;
}
