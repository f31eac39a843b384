import { UserError } from "../../../core/errors.ts";
import { variance } from "../../../stats/describe.ts";
import type { GradientTarget } from "./gradient-agreement.ts";

/** What a network, or one of its neurons, gives over the data: values and derivatives by its inputs. */
export interface Field extends GradientTarget {
  columns: readonly Float64Array[];
  names: readonly string[];
  values: Float64Array;
}

/** A function of whole columns: the inputs at every row in, one number a row out. */
export type ColumnFunction = (columns: readonly Float64Array[]) => Float64Array | Promise<Float64Array>;

/**
 * The field of any function of columns, with gradients by central differences, (f(x + h) − f(x − h))/2h with h a small
 * share of each input's standard deviation: works for any network, exact to about h². Scales are the inputs' standard
 * deviations.
 * @param options.step h in standard deviations. Default 1e-3; a network in single precision needs about 1e-2.
 * @param options.gradients derivatives that are known already, in place of differences.
 * @throws UserError naming a constant input, or a value that is not finite with its row.
 */
export async function fieldFromFunction(
  f: ColumnFunction,
  columns: readonly Float64Array[],
  names: readonly string[],
  options: { step?: number; gradients?: readonly Float64Array[] } = {},
): Promise<Field> {
  const { step = 1e-3 } = options;
  const scales = columns.map((column, j) => {
    const scale = Math.sqrt(variance(column));
    if (scale > 0) return scale;
    throw new UserError(`fieldFromFunction: input '${names[j]}' is ${column[0]} in every row; leave it out`);
  });
  const values = Float64Array.from(await f(columns));
  checkFinite(values, "the function");
  const gradients: Float64Array[] = [...(options.gradients ?? [])];
  for (let j = gradients.length; j < columns.length; j++) {
    const h = step * scales[j]!;
    const moved = (by: number) => columns.map((column, k) => (k === j ? column.map((x) => x + by) : column));
    const up = Float64Array.from(await f(moved(h)));
    const down = Float64Array.from(await f(moved(-h)));
    gradients.push(up.map((value, i) => (value - down[i]!) / (2 * h)));
    checkFinite(gradients[j]!, `its derivative by '${names[j]}'`);
  }
  return { columns, names, values, gradients, scales };
}

/** The rows of a field, in that order. */
export function fieldRows(field: Field, rows: ArrayLike<number>): Field {
  const pick = (values: Float64Array) => Float64Array.from(rows, (i) => values[i]!);
  const { columns, gradients, values } = field;
  return { ...field, columns: columns.map(pick), gradients: gradients.map(pick), values: pick(values) };
}

function checkFinite(values: Float64Array, what: string): void {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  throw new UserError(
    `fieldFromFunction: ${what} is ${values[bad]} in row ${bad + 1}; expected numbers at every row`,
  );
}
