import { UserError } from "../../core/errors.ts";
import { parseUnit } from "../../units/parse-unit.ts";
import { baseUnits, type Powers, type UnitTable } from "../../units/unit-table.ts";

/** The base units of the shared Feynman table: T is the kelvin, V the volt. */
export const feynmanUnits: UnitTable = baseUnits(["m", "s", "kg", "T", "V"]);

/** A variable of a Feynman problem: sampled uniformly in its range. */
export interface FeynmanVariable {
  name: string;
  low: number;
  high: number;
  /** "Magnetic moment"; "" for a pure number. */
  quantity: string;
  /** Powers of {@link feynmanUnits}. */
  dimension: Powers;
}

/** One formula of the Feynman Symbolic Regression Database (Udrescu & Tegmark, Science Advances 6 (2020) eaay2631). */
export interface FeynmanProblem {
  id: string;
  target: string;
  /** In the text form of expressions, in the names of the variables. */
  formula: string;
  dimension: Powers;
  variables: FeynmanVariable[];
}

/**
 * Reads the shared table `feynman/equations.tsv`: id, target, formula, the target's quantity and unit, and
 * "name [low,high] quantity, unit" for each variable.
 * @throws UserError naming line and column for a row that does not read so.
 */
export function parseFeynmanProblems(text: string, source = "equations.tsv"): FeynmanProblem[] {
  const [, ...lines] = text.trim().split("\n");
  return lines.map((line, i) => {
    const where = `${source}, line ${i + 2}`;
    const [id, target, formula, of, variables] = line.split("\t");
    if (!id || !target || !formula || !of || !variables) {
      throw new UserError(`${where}: expected six columns separated by tabs, got ${line.split("\t").length}`);
    }
    return {
      id,
      target,
      formula,
      dimension: dimensionOf(afterComma(of), `${where}, target '${target}'`).dimension,
      variables: variables.split(";").map((part) => variableOf(part.trim(), where)),
    };
  });
}

function variableOf(text: string, where: string): FeynmanVariable {
  const [, name, low, high, rest] = /^(\S+) \[([-\d.]+),([-\d.]+)\] (.*)$/.exec(text) ?? [];
  if (name === undefined || rest === undefined) {
    throw new UserError(
      `${where}: variable '${text}'; expected a name, a range in brackets, a quantity and a unit`,
    );
  }
  return {
    name,
    low: Number(low),
    high: Number(high),
    ...dimensionOf(rest, `${where}, variable '${name}'`),
  };
}

function dimensionOf(text: string, where: string): { quantity: string; dimension: Powers } {
  if (/^dimensionless$/i.test(text.trim())) {
    return { quantity: "", dimension: parseUnit("", { table: feynmanUnits }).powers };
  }
  const unit = afterComma(text);
  const quantity = text.slice(0, Math.max(0, text.indexOf(",")));
  return { quantity, dimension: parseUnit(unit, { table: feynmanUnits, where }).powers };
}

const afterComma = (text: string) => text.slice(text.indexOf(",") + 1).trim();
