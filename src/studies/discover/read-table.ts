import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { UserError, usageError } from "../../core/errors.ts";
import type { Values } from "../../core/params.ts";
import { didYouMean } from "../../core/suggest.ts";
import { type CsvFields, csvFields, parseNumber } from "../../data/csv.ts";
import { sha256 } from "../../data/sha256.ts";
import type { Provenance } from "../../data/table.ts";
import type { Expression } from "../../expressions/expression.ts";
import { parse } from "../../expressions/parse.ts";
import type { SymbolicColumn, SymbolicSubject } from "../../lenses/symbolic/subject.ts";
import { parseUnit } from "../../units/parse-unit.ts";
import { columnHead } from "./column-head.ts";
import type { params } from "./params.ts";
import { readRules } from "./read-rules.ts";

type Options = Pick<
  Values<typeof params>,
  "data" | "target" | "columns" | "units" | "sigma" | "columnSigmas" | "extreme" | "guess" | "rules"
>;

/** A column of the file: its name in formulas, its unit, its values, and where it stands. */
interface FileColumn {
  title: string;
  name: string;
  unit: string | undefined;
  at: number;
}

/** The subject that a CSV file makes, and what should be said of how it was read. */
export interface ReadTable {
  subject: SymbolicSubject;
  notes: string[];
}

/**
 * Reads the user's table: the target, the columns that formulas may use, units from the header ("mass [kg]") or a file,
 * standard deviations.
 * @throws UserError naming file, line and column for a field that is no number, a unit that does not parse, a column that
 *   is constant or equals another, and a column that is not there.
 */
export function readTable(options: Options): ReadTable {
  if (options.data === "") {
    throw usageError("study 'discover': option 'data' is missing; for example --data table.csv --target y");
  }
  const file = options.data;
  const { fields, provenance } = readFields(file, "data");
  const columns = headOf(fields, file);
  const find = (name: string, option: string): FileColumn => {
    const found = columns.find((column) => column.name === name || column.title === name);
    if (found !== undefined) return found;
    throw usageError(
      `option '${option}': ${basename(file)} has no column '${name}'${didYouMean(
        name,
        columns.map((column) => column.name),
      )}`,
    );
  };
  if (options.target === "") {
    throw usageError(
      `study 'discover': option 'target' is missing; ${basename(file)} has the columns ${columns.map((c) => c.name).join(", ")}`,
    );
  }
  const target = find(options.target, "target");
  const sigma = options.sigma === "" ? undefined : find(options.sigma, "sigma");
  const sigmas = new Map(
    listed(options.columnSigmas).map((pair) => {
      const [of, by, ...more] = pair.split(":").map((part) => part.trim());
      if (!of || !by || more.length > 0) {
        throw usageError(`option 'columnSigmas': expected pairs such as x:x_err, got '${pair}'`);
      }
      return [find(of, "columnSigmas"), find(by, "columnSigmas")] as const;
    }),
  );
  const errors = new Set([sigma, ...sigmas.values()]);
  const chosen =
    options.columns === ""
      ? columns.filter((column) => column !== target && !errors.has(column))
      : listed(options.columns).map((name) => find(name, "columns"));
  if (chosen.includes(target)) {
    throw usageError(`option 'columns': '${target.name}' is the target; leave it out`);
  }
  const unknown = [...sigmas.keys()].find((column) => !chosen.includes(column));
  if (unknown !== undefined) {
    throw usageError(`option 'columnSigmas': '${unknown.name}' is not among the columns of formulas`);
  }
  const units = options.units === "" ? undefined : unitsFile(options.units, columns);
  const used = [target, ...chosen];
  const unitOf = (column: FileColumn) => units?.get(column.name) ?? column.unit;
  const none = used.every((column) => unitOf(column) === undefined);
  const make = (column: FileColumn, uncertainty: FileColumn | undefined): SymbolicColumn => {
    const unit = unitOf(column);
    const where = `${file}, line 1, column '${column.title}'`;
    if (unit !== undefined) parseUnit(unit, { where: units?.has(column.name) ? options.units : where });
    else if (!none) {
      throw new UserError(
        `${where}: no unit, but other columns have one; write ${column.name} [1] for a pure number`,
      );
    }
    return {
      name: column.name,
      values: valuesOf(column),
      ...(unit === undefined ? {} : { unit }),
      ...(uncertainty === undefined ? {} : { uncertainty: deviations(uncertainty) }),
    };
  };
  const subject: SymbolicSubject = {
    columns: chosen.map((column) => make(column, sigmas.get(column))),
    target: make(target, sigma),
    data: `${basename(file)}, ${fields.rows.length} rows`,
    rowNames: fields.lines.map((line) => `line ${line}`),
    provenance,
    ...(options.rules === ""
      ? {}
      : readRules(
          options.rules,
          chosen.map(({ name }) => name),
        )),
    ...(options.guess === "" ? {} : { guesses: guessesOf(options.guess, chosen) }),
    ...(options.extreme === "" ? {} : { extremeColumn: find(options.extreme, "extreme").name }),
  };
  checkValues(used);
  const renamed = used.filter(({ title, name }) => !title.startsWith(name));
  const notes = renamed.map(({ title, name }) => `Column '${title}' is called ${name} in formulas.`);
  return { subject, notes };

  function valuesOf(column: FileColumn): Float64Array {
    return Float64Array.from(fields.rows, (row, i) => {
      const where = `${file}, line ${fields.lines[i]}, column '${column.title}'`;
      try {
        return parseNumber(row[column.at]!, where);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        const others = columns.filter((c) => c !== target && c !== column && !errors.has(c));
        const hint =
          options.columns === "" && column !== target
            ? `; leave the column out with --columns ${others.map((c) => c.name).join(",")}, or the row`
            : "; mend the field or leave the row out";
        throw new UserError(`${error.message}${hint}`);
      }
    });
  }

  function deviations(column: FileColumn): Float64Array {
    const values = valuesOf(column);
    const bad = values.findIndex((value) => !(value > 0));
    if (bad >= 0) {
      throw new UserError(
        `${file}, line ${fields.lines[bad]}, column '${column.title}': a standard deviation of ${values[bad]}; expected a positive number`,
      );
    }
    return values;
  }

  function checkValues(all: readonly FileColumn[]): void {
    const values = all.map(valuesOf);
    all.forEach((column, k) => {
      const where = `${file}, lines ${fields.lines[0]} to ${fields.lines.at(-1)}, column '${column.title}'`;
      if (values[k]!.every((value) => value === values[k]![0])) {
        const hint = column === target ? "there is nothing to explain" : "leave it out with --columns";
        throw new UserError(`${where}: ${values[k]![0]} in every row; ${hint}`);
      }
      const twin = all.findIndex((_, j) => j < k && values[j]!.every((value, i) => value === values[k]![i]));
      if (twin >= 0) {
        throw new UserError(
          `${where}: equals column '${all[twin]!.title}' in every row; leave one out with --columns`,
        );
      }
    });
  }
}

/** @throws UserError showing the place in a formula that does not read. */
function guessesOf(text: string, columns: readonly FileColumn[]): Expression[] {
  const names = columns.map((column) => column.name);
  return text
    .split(";")
    .filter((part) => part.trim() !== "")
    .map((part) => {
      try {
        return parse(part.trim(), { names });
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        throw usageError(`option 'guess': ${error.message}`);
      }
    });
}

const listed = (text: string) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

function headOf({ header }: CsvFields, file: string): FileColumn[] {
  const columns = header.map((title, at) => ({ title, at, ...columnHead(title, `${file}, line 1`) }));
  columns.forEach(({ name, title }, k) => {
    const twin = columns.findIndex((other) => other.name === name);
    if (twin < k) {
      throw new UserError(
        `${file}, line 1, column '${title}': the name ${name} stands for column '${columns[twin]!.title}' already; rename one`,
      );
    }
  });
  return columns;
}

function readFields(file: string, option: string): { fields: CsvFields; provenance: Provenance[] } {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw usageError(`option '${option}': no file '${file}'`);
  }
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw usageError(
      `option '${option}': cannot read '${file}': ${cause instanceof Error ? cause.message : cause}`,
    );
  }
  const name = basename(file);
  return {
    fields: csvFields(bytes, file),
    provenance: [
      { name, source: name, sha256: sha256(bytes), citation: `${name}, a file given to this run` },
    ],
  };
}

/** Units by column name from a file with the columns name and unit. */
function unitsFile(file: string, columns: readonly FileColumn[]): Map<string, string> {
  const { fields } = readFields(file, "units");
  const [name, unit] = ["name", "unit"].map((title) => fields.header.indexOf(title));
  if (name! < 0 || unit! < 0) {
    throw new UserError(
      `${file}, line 1: expected the columns 'name' and 'unit'; there are: ${fields.header.join(", ")}`,
    );
  }
  const known = columns.map((column) => column.name);
  return new Map(
    fields.rows.map((row, i) => {
      const of = row[name!]!.trim();
      const where = `${file}, line ${fields.lines[i]}`;
      const column = columns.find((c) => c.name === of || c.title === of);
      if (column === undefined) {
        throw new UserError(
          `${where}, column 'name': the data have no column '${of}'${didYouMean(of, known)}`,
        );
      }
      parseUnit(row[unit!]!, { where: `${where}, column 'unit'` });
      return [column.name, row[unit!]!.trim()];
    }),
  );
}
