import { UserError } from "../../core/errors.ts";
import type { Provenance } from "../../data/table.ts";
import type { Dimension } from "../../expressions/dimensions.ts";
import type { Expression } from "../../expressions/expression.ts";
import { parseUnit } from "../../units/parse-unit.ts";
import { siUnits } from "../../units/si.ts";
import type { SearchRunner } from "./runner.ts";
import type { Constraints, SearchProblem, Template } from "./search/contract.ts";

/** A column of the data: a variable of the formula, or the target. */
export interface SymbolicColumn {
  name: string;
  /** As printed and as `parseUnit` reads it; "" for a pure number; undefined where no unit is known. */
  unit?: string;
  values: ArrayLike<number>;
  /** One standard deviation of each value. */
  uncertainty?: ArrayLike<number>;
}

/** What the symbolic lens looks at: columns and a target, of data or of a model. */
export interface SymbolicSubject {
  columns: readonly SymbolicColumn[];
  target: SymbolicColumn;
  /** Which data, in a few words: "table.csv, 200 rows". */
  data: string;
  /** Whose outputs the target holds: "network of width 64"; default "the data themselves". */
  model?: string;
  /** The law behind the data, where it is known: an expression over the columns, and its source in words. */
  truth?: { law: Expression; source: string };
  /** Formulas that every search starts from, those on permuted targets too. */
  guesses?: readonly Expression[];
  /** What every search has to keep to: shape and behaviour of formulas, and a fixed outer form. */
  constraints?: Constraints;
  template?: Template;
  /** What the rows are called in messages and claims: "line 7". Default: "row 1" … */
  rowNames?: readonly string[];
  /** The column whose extreme fifth is held out. Default: the one that moves the chosen formula most. */
  extremeColumn?: string;
  /** Makes names and ids of claims, metrics and files unique: "x1" gives "x1.rms". Default: none. */
  id?: string;
  provenance?: readonly Provenance[];
  /** How searches are run: threads, checkpoints. Default: one after another in this thread. */
  run?: SearchRunner;
}

/** What row `i`, from 0, is called. */
export const rowName = ({ rowNames }: Pick<SymbolicSubject, "rowNames">, i: number): string =>
  rowNames?.[i] ?? `row ${i + 1}`;

/** Names of variables as formulas can hold them. */
const name = /^[A-Za-z][A-Za-z0-9_]*$/;

/**
 * Checks the subject.
 * @throws UserError naming the column (and the row, counted from 1) for no columns, fewer than 4 rows, values that are
 * not finite, constant or equal columns, names that are no names or stand twice, uncertainties that are not positive,
 * and units that do not parse or that some columns have and others lack.
 */
export function checkSubject({ columns, target, extremeColumn, rowNames }: SymbolicSubject): void {
  const row = (i: number) => rowName({ ...(rowNames && { rowNames }) }, i);
  const complain = (what: string) => new UserError(`symbolic lens: ${what}`);
  if (columns.length === 0) throw complain("no columns; expected at least one beside the target");
  const rows = target.values.length;
  if (rows < 4) throw complain(`${rows} rows; expected at least 4`);
  const all = [...columns, target];
  all.forEach((column, k) => {
    const is = column === target ? `target '${column.name}'` : `column '${column.name}'`;
    if (!name.test(column.name)) {
      throw complain(`${is}: a name is made of letters, digits and '_', a letter first; rename it`);
    }
    if (all.findIndex((other) => other.name === column.name) !== k) {
      throw complain(`the name '${column.name}' stands for two columns; rename one`);
    }
    if (column.values.length !== rows) {
      throw complain(`${is} has ${column.values.length} values, the target ${rows}; expected as many`);
    }
    const bad = Array.from(column.values).findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      throw complain(`${is}, ${row(bad)}: ${column.values[bad]}; leave the row out or fill it in`);
    }
    checkUncertainty(column, is, rows, complain);
    if (Array.from(column.values).every((value) => value === column.values[0])) {
      throw complain(
        `${is} is ${column.values[0]} in every row; ${column === target ? "there is nothing to explain" : "leave it out"}`,
      );
    }
    const twin = all.slice(0, k).find((other) => sameValues(other, column));
    if (twin !== undefined) {
      const hint = column === target ? "the target can be read off" : "leave one out";
      throw complain(`${is} equals column '${twin.name}' in every row; ${hint}`);
    }
  });
  const without = all.filter(({ unit }) => unit === undefined);
  if (without.length > 0 && without.length < all.length) {
    throw complain(
      `column '${without[0]!.name}' has no unit and '${all.find(({ unit }) => unit !== undefined)!.name}' has one; give a unit to every column ("1" for a pure number) or to none`,
    );
  }
  if (extremeColumn !== undefined && !columns.some((column) => column.name === extremeColumn)) {
    throw complain(
      `no column '${extremeColumn}' to hold the extremes of; there are: ${columns.map((c) => c.name).join(", ")}`,
    );
  }
}

function checkUncertainty(
  { uncertainty }: SymbolicColumn,
  is: string,
  rows: number,
  complain: (what: string) => UserError,
): void {
  if (uncertainty === undefined) return;
  if (uncertainty.length !== rows) {
    throw complain(`${is} has ${uncertainty.length} uncertainties for ${rows} values; expected as many`);
  }
  const positive = is.startsWith("target");
  const bad = Array.from(uncertainty).findIndex((s) => !(positive ? s > 0 : s >= 0) || s === Infinity);
  if (bad >= 0) {
    throw complain(
      `${is}, row ${bad + 1}: an uncertainty of ${uncertainty[bad]}; expected a ${positive ? "positive" : "finite"} number`,
    );
  }
}

const sameValues = (a: SymbolicColumn, b: SymbolicColumn) =>
  Array.from(a.values).every((value, i) => value === b.values[i]);

/** Whether every column says its unit. */
export const hasUnits = ({ target }: SymbolicSubject): boolean => target.unit !== undefined;

/**
 * The subject as a problem for a search, with weights 1/σ² from the uncertainties and dimensions from the units.
 * @throws UserError naming the column for a unit that does not parse.
 */
export function problemOf(
  subject: SymbolicSubject,
  { strictUnits = false }: { strictUnits?: boolean } = {},
): SearchProblem {
  const { columns, target } = subject;
  const dimensionOf = ({ name: of, unit }: SymbolicColumn): Dimension =>
    parseUnit(unit ?? "", { where: `column '${of}'` }).powers;
  const errors = columns.map(({ uncertainty }) =>
    uncertainty === undefined ? undefined : Float64Array.from(uncertainty),
  );
  const some = errors.some((e) => e !== undefined);
  if (some && target.uncertainty === undefined) {
    throw new UserError(
      `symbolic lens: column '${columns.find((c) => c.uncertainty)!.name}' has uncertainties and target '${target.name}' has none; give the target's, too`,
    );
  }
  return {
    columns: columns.map(({ values }) => Float64Array.from(values)),
    names: columns.map((column) => column.name),
    target: Float64Array.from(target.values),
    targetName: target.name,
    ...(target.uncertainty === undefined
      ? {}
      : { weights: Float64Array.from(target.uncertainty, (s) => 1 / (s * s)) }),
    ...(some ? { inputErrors: errors } : {}),
    ...(hasUnits(subject)
      ? {
          dimensions: {
            columns: columns.map(dimensionOf),
            target: dimensionOf(target),
            strict: strictUnits,
            units: siUnits.base,
          },
        }
      : {}),
  };
}
