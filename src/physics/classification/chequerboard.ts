import { demand } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { type LabelledData, labelled } from "./labelled-data.ts";
import { nuisanceNames, nuisanceValues } from "./xor.ts";

/**
 * Points uniform on the square [−1, 1]², cut into `squares` × `squares` fields whose colours alternate; class 1 where row
 * and column of the field add up to an odd number. A small network cannot hold all of a large board. `nuisance` columns
 * of standard normal numbers say nothing.
 */
export function chequerboard(
  options: { squares: number; rows: number; nuisance?: number },
  random: Random,
): LabelledData {
  const { squares, rows, nuisance = 0 } = options;
  demand(
    Number.isInteger(squares) && squares >= 2,
    () => `chequerboard: ${squares} squares a side; expected a whole number of at least 2`,
  );
  const field = (value: number) => Math.min(squares - 1, Math.floor(((value + 1) / 2) * squares));
  return labelled(
    {
      name: `chequerboard ${squares} × ${squares}, ${nuisance} nuisance columns`,
      rows,
      classes: ["black", "white"],
      names: ["x", "y", ...nuisanceNames(nuisance)],
      relevant: [0, 1],
    },
    () => {
      const x = 2 * random.uniform() - 1;
      const y = 2 * random.uniform() - 1;
      return { x: [x, y, ...nuisanceValues(nuisance, random)], label: (field(x) + field(y)) & 1 };
    },
  );
}
