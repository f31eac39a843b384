import { UserError } from "../core/errors.ts";
import { powersText, samePowers } from "./print-unit.ts";
import { siUnits } from "./si.ts";
import type { Unit, UnitTable } from "./unit-table.ts";

/**
 * What a number in `from` is multiplied by to be one in `to`.
 * @throws UserError if they are not of one dimension.
 */
export function conversionFactor(from: Unit, to: Unit, table: UnitTable = siUnits): number {
  if (!samePowers(from.powers, to.powers)) {
    const text = (unit: Unit) => powersText(unit.powers, table) || "a pure number";
    throw new UserError(
      `conversionFactor: ${text(from)} cannot be converted to ${text(to)}: different dimensions.`,
    );
  }
  return from.scale / to.scale;
}
