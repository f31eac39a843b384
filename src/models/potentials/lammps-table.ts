import { demand } from "../../core/errors.ts";

/**
 * A pair potential as a file for `pair_style table` of LAMMPS: a section `keyword` with rows of number, r, energy and
 * force −dV/dr at evenly spaced distances, in "real" units (Å, kcal/mol, kcal/mol/Å). Use it as
 * `pair_style table linear N` and `pair_coeff 1 1 FILE KEYWORD`.
 * @param options.comment lines put before the table: where it comes from.
 * @throws UserError for distances that are not evenly spaced from above 0, and numbers that are not finite.
 * Source: LAMMPS documentation, pair_style table.
 */
export function lammpsPairTable(
  table: {
    /** Å, evenly spaced, ascending. */
    distances: ArrayLike<number>;
    /** kcal/mol. */
    energies: ArrayLike<number>;
    /** −dV/dr, kcal/mol/Å. */
    forces: ArrayLike<number>;
  },
  options: { keyword: string; comment?: string },
): string {
  const { distances, energies, forces } = table;
  const { keyword, comment = "pair potential" } = options;
  const count = distances.length;
  demand(
    /^[A-Za-z][\w.-]*$/.test(keyword),
    () => `lammpsPairTable: keyword '${keyword}'; expected a word that starts with a letter`,
  );
  demand(
    count >= 2 && energies.length === count && forces.length === count,
    () =>
      `lammpsPairTable: ${count} distances, ${energies.length} energies, ${forces.length} forces; expected the same number of each, at least 2`,
  );
  const [low, high] = [distances[0]!, distances[count - 1]!];
  const step = (high - low) / (count - 1);
  demand(
    low > 0 && step > 0,
    () => `lammpsPairTable: distances from ${low} to ${high} Å; expected ascending ones above 0`,
  );
  const rows: string[] = [];
  for (let k = 0; k < count; k++) {
    const [r, energy, force] = [distances[k]!, energies[k]!, forces[k]!];
    demand(
      Math.abs(r - (low + k * step)) < 1e-6 * step + 1e-12 * high,
      () =>
        `lammpsPairTable: distance ${k} is ${r} Å; expected ${low + k * step}: they must be evenly spaced`,
    );
    demand(
      Number.isFinite(energy) && Number.isFinite(force),
      () => `lammpsPairTable: energy ${energy} and force ${force} at ${r} Å; expected finite numbers`,
    );
    rows.push([k + 1, ...[r, energy, force].map((value) => value.toExponential(12))].join(" "));
  }
  const remarks = comment.split("\n").map((line) => `# ${line}`);
  const header = `N ${count} R ${low.toExponential(12)} ${high.toExponential(12)}`;
  return [...remarks, "# UNITS: real", "", keyword, header, "", ...rows, ""].join("\n");
}
