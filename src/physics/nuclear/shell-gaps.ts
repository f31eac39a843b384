import { type NumberColumn, numberColumn, numbers, type Table } from "../../data/table.ts";
import { indexNuclides, nuclideKey } from "./nuclides.ts";

/**
 * The two-neutron shell gap of every nucleus, δ_2n(Z, N) = S_2n(Z, N) − S_2n(Z, N+2) = 2B(Z,N) − B(Z,N−2) − B(Z,N+2),
 * in keV, with the uncertainty of independent masses; NaN where one is unknown. It peaks at closed neutron shells.
 * Source: Lunney, Pearson & Thibault, Rev. Mod. Phys. 75 (2003) 1021, §III.
 */
export function twoNeutronShellGap(table: Table): NumberColumn {
  return gap(table, "gap_2n", "two-neutron shell gap", 0, 2);
}

/** The two-proton shell gap, δ_2p(Z, N) = 2B(Z,N) − B(Z−2,N) − B(Z+2,N): see {@link twoNeutronShellGap}. */
export function twoProtonShellGap(table: Table): NumberColumn {
  return gap(table, "gap_2p", "two-proton shell gap", 2, 0);
}

function gap(table: Table, name: string, help: string, dz: number, dn: number): NumberColumn {
  const rows = indexNuclides(table);
  const [z, n] = [numbers(table, "z").values, numbers(table, "n").values];
  const { values: binding, uncertainty } = numbers(table, "binding");
  const at = (values: Float64Array | undefined, i: number, sign: number) => {
    const row = rows.get(nuclideKey(z[i]! + sign * dz, n[i]! + sign * dn));
    const inside = z[i]! + sign * dz >= 0 && n[i]! + sign * dn >= 0;
    return inside && row !== undefined ? (values?.[row] ?? Number.NaN) : Number.NaN;
  };
  const values = binding.map((b, i) => 2 * b - at(binding, i, -1) - at(binding, i, 1));
  const errors = values.map((value, i) =>
    Number.isNaN(value)
      ? Number.NaN
      : Math.hypot(2 * at(uncertainty, i, 0), at(uncertainty, i, -1), at(uncertainty, i, 1)),
  );
  return numberColumn(name, "keV", values, { help, uncertainty: errors });
}
