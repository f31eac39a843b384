import { UserError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { numberColumn, type Table } from "../../data/table.ts";
import type { DynamicalSystem } from "./system.ts";

/**
 * States drawn uniformly from a system's box with their exact rates: what the right-hand sides say everywhere, where
 * trajectories crowd on attractors and leave some terms all but unseen.
 * @returns columns for each variable and its rate ("dx" for "x"). @throws UserError for a system without a box.
 */
export function sampleBox(system: DynamicalSystem, options: { rows?: number; random: Random }): Table {
  const { rows = 400, random } = options;
  const { box, variables, name } = system;
  if (!box) throw new UserError(`sampleBox: the system '${name}' has no box; sample its trajectories`);
  const states = box.map(([low, high]) =>
    Float64Array.from({ length: rows }, () => low + (high - low) * random.uniform()),
  );
  const rates = variables.map(() => new Float64Array(rows));
  const rate = new Float64Array(variables.length);
  for (let i = 0; i < rows; i++) {
    system.rate(
      Float64Array.from(states, (column) => column[i]!),
      rate,
    );
    rate.forEach((value, j) => {
      rates[j]![i] = value;
    });
  }
  return {
    name,
    title: `States and rates of the system ${name}`,
    rows,
    columns: [
      ...variables.map((variable, j) => numberColumn(variable, "", states[j]!)),
      ...variables.map((variable, j) => numberColumn(`d${variable}`, "", rates[j]!)),
    ],
    provenance: [{ name: "simulated", source: "physlens", citation: system.source, license: "CC0-1.0" }],
  };
}
