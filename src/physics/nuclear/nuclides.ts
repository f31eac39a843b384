import { UserError } from "../../core/errors.ts";
import { numbers, type Table } from "../../data/table.ts";

/** Numbers of protons and of neutrons, one pair a nucleus. */
export interface Nuclei {
  z: ArrayLike<number>;
  n: ArrayLike<number>;
}

/** One whole number for a nucleus: 1000·Z + N. */
export function nuclideKey(z: number, n: number): number {
  return 1000 * z + n;
}

/** The columns `z` and `n` of a table of nuclides. */
export function nucleiOf(table: Table): { z: Float64Array; n: Float64Array } {
  return { z: numbers(table, "z").values, n: numbers(table, "n").values };
}

/**
 * Row by {@link nuclideKey}.
 * @param where says where row i stands in its source, for messages.
 * @throws UserError for a Z or N that is not a count below 1000, and for a nucleus that is there twice.
 */
export function nuclideRows({ z, n }: Nuclei, where: (row: number) => string): Map<number, number> {
  const rows = new Map<number, number>();
  const count = (value: number) => Number.isInteger(value) && value >= 0 && value < 1000;
  for (let i = 0; i < z.length; i++) {
    if (!count(z[i]!) || !count(n[i]!)) {
      throw new UserError(`${where(i)}: Z = ${z[i]}, N = ${n[i]}; expected whole numbers from 0 to 999`);
    }
    const key = nuclideKey(z[i]!, n[i]!);
    const first = rows.get(key);
    if (first !== undefined) {
      throw new UserError(
        `${where(i)}: nucleus Z = ${z[i]}, N = ${n[i]} is there twice (first: ${where(first)})`,
      );
    }
    rows.set(key, i);
  }
  return rows;
}

/** {@link nuclideRows} of a table with columns `z` and `n`. */
export function indexNuclides(table: Table): Map<number, number> {
  return nuclideRows(nucleiOf(table), (row) => `table '${table.name}', row ${row}`);
}
