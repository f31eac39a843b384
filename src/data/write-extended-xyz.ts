import { demand } from "../core/errors.ts";
import { type Configurations, checkConfigurations, frameOf } from "./configurations.ts";

/**
 * A set as extended XYZ text: one frame after the other, with Lattice, pbc, Properties, energy and the units named
 * (length_unit, energy_unit, force_unit), numbers in the fewest digits that read back as the same float64.
 * @throws UserError for a number that is not finite and a species that is not one word.
 */
export function writeExtendedXyz(set: Configurations): string {
  checkConfigurations(set);
  const bad = set.species.find((word) => !/^[^\s"=]+$/.test(word));
  demand(
    bad === undefined,
    () => `writeExtendedXyz: species '${bad}'; expected one word without spaces or quotes`,
  );
  const out: string[] = [];
  for (let f = 0; f < set.frames; f++) {
    const { positions, forces, energy, cell } = frameOf(set, f);
    const comment = [
      ...(cell ? [`Lattice="${cell.join(" ")}"`] : []),
      `Properties=species:S:1:pos:R:3${forces ? ":forces:R:3" : ""}`,
      `pbc="${set.periodic.map((flag) => (flag ? "T" : "F")).join(" ")}"`,
      ...(energy === undefined ? [] : [`energy=${energy}`]),
      "length_unit=angstrom",
      ...(energy === undefined && !forces ? [] : ["energy_unit=kcal/mol"]),
      ...(forces ? ["force_unit=kcal/mol/angstrom"] : []),
    ];
    out.push(`${set.beads}`, comment.join(" "));
    for (let i = 0; i < set.beads; i++) {
      const numbers = [
        ...positions.subarray(3 * i, 3 * i + 3),
        ...(forces?.subarray(3 * i, 3 * i + 3) ?? []),
      ];
      out.push(`${set.species[i]} ${numbers.join(" ")}`);
    }
  }
  return `${out.join("\n")}\n`;
}
