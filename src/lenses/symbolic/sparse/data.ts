import { UserError } from "../../../core/errors.ts";
import { numbers, type Table } from "../../../data/table.ts";

/** States of a system over time, one column each, and what is known of them. */
export interface DynamicsData {
  /** Names of the states. */
  names: readonly string[];
  states: readonly Float64Array[];
  /** Time of each row, ascending within a trajectory. */
  times: Float64Array;
  /** Number of the trajectory of each row; the rows of one stand together. Default: one trajectory. */
  trajectory?: ArrayLike<number>;
  /** Measured rates of change, one column for each state. */
  rates?: readonly Float64Array[];
  /** Standard deviation of the measured states. */
  sigma?: readonly number[];
}

/**
 * The states `names` of a table with a column of times, and, where they are there, rates (columns "d" + name), numbers of
 * trajectories and stated uncertainties.
 * @throws UserError as `numbers`, and for values that are not finite (naming column and row).
 */
export function dynamicsFromTable(
  table: Table,
  names: readonly string[],
  options: { time?: string; trajectory?: string; rates?: boolean } = {},
): DynamicsData {
  const { time = "t", trajectory = "trajectory", rates = true } = options;
  const has = (name: string) =>
    table.columns.some((column) => column.name === name && column.kind === "number");
  const finite = (name: string) => {
    const { values } = numbers(table, name);
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      throw new UserError(
        `table '${table.name}': column '${name}' is ${values[bad]} in row ${bad + 1}; sparse regression needs every value`,
      );
    }
    return values;
  };
  const states = names.map(finite);
  const sigma = names.map((name) => numbers(table, name).uncertainty?.[0] ?? 0);
  return {
    names,
    states,
    times: finite(time),
    ...(has(trajectory) ? { trajectory: finite(trajectory) } : {}),
    ...(rates && names.every((name) => has(`d${name}`))
      ? { rates: names.map((name) => finite(`d${name}`)) }
      : {}),
    ...(sigma.some((value) => value > 0) ? { sigma } : {}),
  };
}
