import { UserError } from "../../core/errors.ts";

/**
 * A column's title taken apart: "mass [kg]" and "mass (kg)" are the name mass and the unit kg. What a formula cannot
 * hold in a name becomes "_".
 * @throws UserError naming `where` for a title without a letter at its head.
 */
export function columnHead(title: string, where: string): { name: string; unit: string | undefined } {
  const [, stem = title, square, round] = /^(.*?)\s*(?:\[([^[\]]*)\]|\(([^()]*)\))\s*$/.exec(title) ?? [];
  const name = stem
    .trim()
    .replace(/[^A-Za-z0-9_]+/g, "_")
    .replace(/_+$/, "");
  if (!/^[A-Za-z]/.test(name)) {
    throw new UserError(
      `${where}: the column title ${JSON.stringify(title)} gives no name for formulas; expected a letter first`,
    );
  }
  return { name, unit: square ?? round };
}
