import { UserError } from "../core/errors.ts";
import type { Table } from "./table.ts";

/**
 * The rows of `table` at `rows` (indices, in that order), with units, uncertainties and provenance.
 * @throws UserError for an index that is no row.
 */
export function selectRows(table: Table, rows: ArrayLike<number>): Table {
  const indices = Array.from(rows);
  const bad = indices.find((i) => !Number.isInteger(i) || i < 0 || i >= table.rows);
  if (bad !== undefined) {
    throw new UserError(`selectRows: no row ${bad} in table '${table.name}' of ${table.rows} rows`);
  }
  const pick = (values: Float64Array) => Float64Array.from(indices, (i) => values[i]!);
  const columns = table.columns.map((column) =>
    column.kind === "text"
      ? { ...column, values: indices.map((i) => column.values[i]!) }
      : {
          ...column,
          values: pick(column.values),
          ...(column.uncertainty ? { uncertainty: pick(column.uncertainty) } : {}),
        },
  );
  return { ...table, rows: indices.length, columns };
}

/** The rows of `table` for which `keep(row)` holds. */
export function filterRows(table: Table, keep: (row: number) => boolean): Table {
  return selectRows(
    table,
    Array.from({ length: table.rows }, (_, i) => i).filter((i) => keep(i)),
  );
}
