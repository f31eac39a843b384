import {
  bw2,
  formulaBinding,
  formulaParts,
  type MassFormula,
  semf,
} from "../../physics/nuclear/liquid-drop.ts";
import type { Nuclei } from "../../physics/nuclear/nuclides.ts";
import type { TermName } from "../../physics/nuclear/terms.ts";
import type { CandidateTerm } from "./subject.ts";

const smooth: readonly TermName[] = [
  "volume",
  "surface",
  "coulomb",
  "asymmetry",
  "curvature",
  "exchangeCoulomb",
  "surfaceSymmetry",
];

/**
 * The terms of the liquid drop and the shell correction at every nucleus, in MeV as they enter the binding energy:
 * volume, surface, Coulomb, asymmetry and pairing with the textbook SEMF's coefficients; curvature, exchange Coulomb,
 * Wigner, surface symmetry and shell (a_m1 P + a_m2 P²) with Kirson's (BW2); and the two formulas per nucleon. Smooth
 * trends are all but pairing, shell, Wigner (it has an edge at N = Z) and the formulas per nucleon.
 */
export function nuclearTerms(nuclei: Nuclei): CandidateTerm[] {
  const a = Float64Array.from({ length: nuclei.z.length }, (_, i) => nuclei.z[i]! + nuclei.n[i]!);
  const all = new Map([semf, bw2].map((formula) => [formula, formulaParts(formula, nuclei)]));
  const part = (formula: MassFormula, ...names: readonly TermName[]) => {
    const parts = all.get(formula)!;
    const chosen = parts.filter((_, j) => names.includes(formula.parts[j]!.term));
    return a.map((_, i) => chosen.reduce((sum, values) => sum + values[i]! / 1000, 0));
  };
  const perNucleon = (formula: MassFormula) =>
    formulaBinding(formula, nuclei).map((keV, i) => keV / 1000 / a[i]!);
  const term = (name: string, label: string, values: Float64Array): CandidateTerm => ({
    name,
    label,
    unit: "MeV",
    values,
    smooth: (smooth as readonly string[]).includes(name),
  });
  return [
    term("volume", "volume", part(semf, "volume")),
    term("surface", "surface", part(semf, "surface")),
    term("coulomb", "Coulomb", part(semf, "coulomb")),
    term("asymmetry", "asymmetry", part(semf, "asymmetry")),
    term("curvature", "curvature", part(bw2, "curvature")),
    term("exchangeCoulomb", "exchange Coulomb", part(bw2, "exchangeCoulomb")),
    term("surfaceSymmetry", "surface symmetry", part(bw2, "surfaceSymmetry")),
    term("wigner", "Wigner", part(bw2, "wigner")),
    term("pairing", "pairing", part(semf, "pairing")),
    term("shell", "shell", part(bw2, "shell", "shellSquared")),
    term("semfPerNucleon", "SEMF per nucleon", perNucleon(semf)),
    term("bw2PerNucleon", "BW2 per nucleon", perNucleon(bw2)),
  ];
}
