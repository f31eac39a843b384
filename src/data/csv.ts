import Papa from "papaparse";
import { UserError } from "../core/errors.ts";
import { type Column, numberColumn, type Provenance, type Table, textColumn } from "./table.ts";

/** What a column of a CSV file has to be. */
export type CsvColumn =
  | {
      kind: "number";
      unit: string;
      help?: string;
      /** The column's name in the file, where it differs. */
      from?: string;
      /** The file's column with the values' uncertainty. */
      uncertainty?: string;
      /** May a field be blank? It becomes NaN. Default: no. */
      blank?: boolean;
    }
  | { kind: "text"; help?: string; from?: string };

/** The fields of a CSV file, with the line each row begins on. */
export interface CsvFields {
  header: string[];
  rows: string[][];
  /** The line of each row, counted from 1 (the header is on line 1). */
  lines: number[];
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * The fields of a CSV file as text: comma-separated, a header line, fields quoted as in RFC 4180, a byte-order mark
 * ignored. @param source the file's name, for messages.
 * @throws UserError for an empty file, bytes that are not UTF-8, a column named twice, an open quote, and a row with
 * more or fewer fields than the header: the file may be cut.
 */
export function csvFields(input: string | Uint8Array, source: string): CsvFields {
  const text = decode(input, source);
  if (text.trim() === "") throw new UserError(`${source}: the file is empty; expected a header line`);
  const parsed = Papa.parse<string[]>(text.replace(/\r?\n$/, ""), { delimiter: "," });
  const problem = parsed.errors[0];
  const lines: number[] = [];
  let line = 1;
  for (const row of parsed.data) {
    lines.push(line);
    line += 1 + row.reduce((sum, field) => sum + field.split("\n").length - 1, 0);
  }
  if (problem) throw new UserError(`${source}, line ${lines[problem.row ?? 0]}: ${problem.message}`);
  const header = parsed.data[0]!.map((name) => name.trim());
  const twice = header.find((name, i) => header.indexOf(name) !== i);
  if (twice !== undefined) throw new UserError(`${source}, line 1: column '${twice}' is there twice`);
  const rows = parsed.data.slice(1);
  rows.forEach((row, i) => {
    if (row.length === header.length) return;
    const hint = i === rows.length - 1 ? "; the file may be cut" : "";
    throw new UserError(
      `${source}, line ${lines[i + 1]}: ${row.length} fields, expected ${header.length} as in the header${hint}`,
    );
  });
  return { header, rows, lines: lines.slice(1) };
}

/**
 * Reads CSV into a table. With `columns` (name → what it has to be) those columns are taken and every field is
 * checked. Without, each column is a number column if all its fields are numbers or blank and not all are blank,
 * otherwise text; a header "name (unit)" gives the unit and a number column "name_unc" is the uncertainty of "name".
 * @throws UserError naming file, line and column for a missing column and for a field that is not a finite number.
 */
export function parseCsv(
  input: string | Uint8Array,
  options: {
    source: string;
    name?: string;
    columns?: Readonly<Record<string, CsvColumn>>;
    provenance?: readonly Provenance[];
  },
): Table {
  const { source, name = source, provenance = [] } = options;
  const fields = csvFields(input, source);
  const columns = options.columns ? typedColumns(fields, options.columns, source) : inferredColumns(fields);
  return { name, rows: fields.rows.length, columns, provenance };
}

/**
 * A table as CSV text: a header "name (unit)", a column "name_unc (unit)" after each column that has uncertainties,
 * numbers in the fewest digits that read back as the same float64, NaN as a blank field, lines ended by \n. The same
 * table gives the same text. @throws UserError for an infinite number and for columns of unequal length.
 */
export function writeCsv(table: Table): string {
  const cells: string[][] = [];
  for (const column of table.columns) {
    if (column.values.length !== table.rows) {
      throw new UserError(
        `writeCsv: column '${column.name}' has ${column.values.length} values, table '${table.name}' ${table.rows} rows`,
      );
    }
    if (column.kind === "text") {
      cells.push([column.name, ...column.values].map(quote));
      continue;
    }
    const unit = column.unit === "" ? "" : ` (${column.unit})`;
    const render = (value: number) => numberText(value, `writeCsv: column '${column.name}'`);
    cells.push([quote(column.name + unit), ...Array.from(column.values, render)]);
    if (column.uncertainty) {
      cells.push([quote(`${column.name}_unc${unit}`), ...Array.from(column.uncertainty, render)]);
    }
  }
  if (cells.length === 0) throw new UserError(`writeCsv: table '${table.name}' has no columns`);
  let text = "";
  for (let i = 0; i <= table.rows; i++) text += `${cells.map((column) => column[i]).join(",")}\n`;
  return text;
}

/** A finite number written as plain decimal digits. @throws UserError naming where it stands. */
export function parseNumber(text: string, where: string): number {
  const trimmed = text.trim();
  const value = decimal.test(trimmed) ? Number(trimmed) : Number.NaN;
  if (!Number.isFinite(value)) throw new UserError(`${where}: ${JSON.stringify(text)}; expected a number`);
  return value;
}

function decode(input: string | Uint8Array, source: string): string {
  if (typeof input === "string") return input.replace(/^\uFEFF/, "");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(input);
  } catch (cause) {
    throw new UserError(`${source}: not UTF-8 text`, { cause });
  }
}

function typedColumns(
  { header, rows, lines }: CsvFields,
  wanted: Readonly<Record<string, CsvColumn>>,
  source: string,
): Column[] {
  const at = (column: string): number => {
    const index = header.indexOf(column);
    if (index >= 0) return index;
    throw new UserError(`${source}, line 1: no column '${column}'; there are: ${header.join(", ")}`);
  };
  return Object.entries(wanted).map(([name, column]) => {
    const from = column.from ?? name;
    const index = at(from);
    if (column.kind === "text") {
      return textColumn(
        name,
        rows.map((row) => row[index]!),
        column.help,
      );
    }
    const read = (j: number, title: string, blank: boolean) =>
      Float64Array.from(rows, (row, i) =>
        blank && row[j]!.trim() === ""
          ? Number.NaN
          : parseNumber(row[j]!, `${source}, line ${lines[i]}, column '${title}'`),
      );
    return numberColumn(name, column.unit, read(index, from, column.blank ?? false), {
      ...(column.help === undefined ? {} : { help: column.help }),
      ...(column.uncertainty === undefined
        ? {}
        : { uncertainty: read(at(column.uncertainty), column.uncertainty, true) }),
    });
  });
}

function inferredColumns({ header, rows }: CsvFields): Column[] {
  const columns: Column[] = [];
  header.forEach((title, j) => {
    const values = rows.map((row) => row[j]!);
    const isNumber = (text: string) => text.trim() === "" || decimal.test(text.trim());
    if (values.every((text) => text.trim() === "") || !values.every(isNumber)) {
      columns.push(textColumn(title, values));
      return;
    }
    const [, name = title, unit = ""] = /^(.*\S) \(([^()]*)\)$/.exec(title) ?? [];
    const numbers = values.map((text) => (text.trim() === "" ? Number.NaN : Number(text)));
    const base = columns.find((c) => c.kind === "number" && `${c.name}_unc` === name && c.unit === unit);
    if (base?.kind === "number") base.uncertainty = Float64Array.from(numbers);
    else columns.push(numberColumn(name, unit, numbers));
  });
  return columns;
}

function numberText(value: number, where: string): string {
  if (Number.isNaN(value)) return "";
  if (!Number.isFinite(value))
    throw new UserError(`${where} holds ${value}; CSV carries finite numbers only`);
  return Object.is(value, -0) ? "-0" : String(value);
}

function quote(text: string): string {
  return text === "" || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
