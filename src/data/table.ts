import { UserError } from "../core/errors.ts";

/** Where a table comes from and how to cite it. */
export interface Provenance {
  /** A short name, such as "AME2020". */
  name: string;
  /** The package and version, the file's name or the address it was read from. */
  source: string;
  /** SHA-256 of the bytes that were read, in hex. */
  sha256?: string;
  /** Full reference, as it is printed under "how to cite". */
  citation: string;
  license?: string;
}

/** A column of numbers, with its unit. A missing value is NaN. */
export interface NumberColumn {
  name: string;
  kind: "number";
  /** As printed: "keV", "fm"; "" for a pure number. */
  unit: string;
  /** One line on what the column holds. */
  help?: string;
  values: Float64Array;
  /** One standard deviation of each value, in the same unit; NaN where none is stated. */
  uncertainty?: Float64Array;
}

/** A column of words. */
export interface TextColumn {
  name: string;
  kind: "text";
  help?: string;
  values: string[];
  /** The words are formulas in TeX; the report prints them as such. */
  tex?: true;
}

export type Column = NumberColumn | TextColumn;

/** Columns of equal length, with units, uncertainties and where they come from. */
export interface Table {
  /** File name without ending, unique in a run: "rms-by-region". */
  name: string;
  /** The heading above the table; default its name. */
  title?: string;
  rows: number;
  columns: readonly Column[];
  provenance: readonly Provenance[];
}

/** The number column `name` of `table`. @throws UserError that lists the columns there are. */
export function numbers(table: Table, name: string): NumberColumn {
  const column = table.columns.find((c) => c.name === name);
  if (column?.kind === "number") return column;
  const known = table.columns.filter((c) => c.kind === "number").map((c) => c.name);
  throw new UserError(`table '${table.name}': no number column '${name}'; there are: ${known.join(", ")}`);
}

/** A number column. */
export function numberColumn(
  name: string,
  unit: string,
  values: ArrayLike<number>,
  more: { help?: string; uncertainty?: Float64Array } = {},
): NumberColumn {
  return { name, kind: "number", unit, values: Float64Array.from(values), ...more };
}

/** A text column. */
export function textColumn(name: string, values: readonly string[], help?: string): TextColumn {
  return { name, kind: "text", values: [...values], ...(help === undefined ? {} : { help }) };
}
