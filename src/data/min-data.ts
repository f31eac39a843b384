import { demand } from "../core/errors.ts";

/** A line of min.data: what PATHSAMPLE keeps of a minimum. */
export interface MinDataRow {
  value: number;
  /** Σ ln λ over the positive eigenvalues. */
  logProduct: number;
  /** Point-group order. */
  order: number;
  /** Principal moments of inertia; 1 where there are none. */
  inertia: [number, number, number];
}

/** A line of ts.data: the same of a transition state, with the two minima that it joins, counted from 0. */
export interface TsDataRow extends MinDataRow {
  minima: [number, number];
}

/**
 * Reads the text of a min.data file: a line for each minimum with energy, Σ ln λ, point-group order and three moments of
 * inertia; Fortran's exponents (1.0D-3) are understood. Source: the documentation of PATHSAMPLE.
 * @throws UserError naming `source` and line for anything else.
 */
export function readMinData(text: string, source: string): MinDataRow[] {
  return rowsOf(text, source, 6, "energy, log product, order, three moments of inertia").map(
    ([value, logProduct, order, ...inertia]) => ({
      value: value!,
      logProduct: logProduct!,
      order: order!,
      inertia: inertia as [number, number, number],
    }),
  );
}

/**
 * Reads the text of a ts.data file: a line for each transition state with energy, Σ ln λ, point-group order, the numbers
 * of two minima (from 1) and three moments of inertia. @param minima how many minima there are.
 * @throws UserError naming `source` and line for anything else, and for a minimum that is not there.
 */
export function readTsData(text: string, source: string, minima: number): TsDataRow[] {
  const what = "energy, log product, order, two minima, three moments of inertia";
  return rowsOf(text, source, 8, what).map(([value, logProduct, order, a, b, ...inertia], i) => {
    for (const number of [a!, b!]) {
      demand(
        Number.isInteger(number) && number >= 1 && number <= minima,
        () => `${source}, line ${i + 1}: minimum ${number}; expected a whole number from 1 to ${minima}`,
      );
    }
    return {
      value: value!,
      logProduct: logProduct!,
      order: order!,
      minima: [a! - 1, b! - 1],
      inertia: inertia as [number, number, number],
    };
  });
}

/** The text of a min.data file; numbers come back exactly by {@link readMinData}. */
export function writeMinData(rows: readonly (Omit<MinDataRow, "inertia"> & Partial<MinDataRow>)[]): string {
  return rows
    .map(({ value, logProduct, order, inertia = [1, 1, 1] }) => line(value, logProduct, order, ...inertia))
    .join("");
}

/** The text of a ts.data file, minima counted from 1 as the format has it. */
export function writeTsData(rows: readonly (Omit<TsDataRow, "inertia"> & Partial<TsDataRow>)[]): string {
  return rows
    .map(({ value, logProduct, order, minima: [a, b], inertia = [1, 1, 1] }) =>
      line(value, logProduct, order, a + 1, b + 1, ...inertia),
    )
    .join("");
}

function line(...values: number[]): string {
  return `${values.map((value) => String(value).padStart(24)).join(" ")}\n`;
}

function rowsOf(text: string, source: string, width: number, what: string): number[][] {
  const lines = text.split(/\r?\n/);
  while (lines.length > 0 && lines.at(-1)!.trim() === "") lines.pop();
  return lines.map((raw, i) => {
    const values = raw
      .trim()
      .split(/\s+/)
      .map((word) => Number(word.replace(/[dD]/, "e")));
    demand(
      values.length === width && values.every(Number.isFinite),
      () => `${source}, line ${i + 1}: '${raw.trim().slice(0, 60)}'; expected ${width} numbers: ${what}`,
    );
    demand(
      Number.isInteger(values[2]) && values[2]! >= 1,
      () => `${source}, line ${i + 1}: order ${values[2]}; expected a whole number of at least 1`,
    );
    return values;
  });
}
