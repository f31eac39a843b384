import { UserError } from "../../core/errors.ts";
import type { Nuclei } from "./nuclides.ts";
import { type TermName, termValues } from "./terms.ts";

/** A formula for the binding energy that is linear in its coefficients: B = Σ sign·coefficient·term, not below 0. */
export interface MassFormula {
  name: string;
  title: string;
  citation: string;
  parts: readonly {
    /** The coefficient's symbol as TeX. */
    symbol: string;
    term: TermName;
    /** The sign the term is written with, so that the usual coefficients come out as they are quoted. */
    sign: 1 | -1;
    /** The textbook coefficient in MeV. */
    textbook: number;
  }[];
}

/**
 * The semi-empirical mass formula of Bethe and Weizsäcker:
 * B = a_V A − a_S A^(2/3) − a_C Z(Z−1)/A^(1/3) − a_A (N−Z)²/A + a_P δ/√A, with the coefficients of Rohlf (1994).
 */
export const semf: MassFormula = {
  name: "semf",
  title: "SEMF",
  citation:
    "von Weizsäcker, Z. Phys. 96 (1935) 431; coefficients: Rohlf, Modern Physics from α to Z⁰ (Wiley, 1994)",
  parts: [
    { symbol: "a_V", term: "volume", sign: 1, textbook: 15.75 },
    { symbol: "a_S", term: "surface", sign: -1, textbook: 17.8 },
    { symbol: "a_C", term: "coulomb", sign: -1, textbook: 0.711 },
    { symbol: "a_A", term: "asymmetry", sign: -1, textbook: 23.7 },
    { symbol: "a_P", term: "pairing", sign: 1, textbook: 11.18 },
  ],
};

/**
 * The Bethe–Weizsäcker formula with all of Kirson's additions (BW2): B = a_V A + a_S A^(2/3) + a_C Z²/A^(1/3) +
 * a_A (N−Z)²/A + a_P δ/√A + a_m1 P + a_m2 P² + a_R A^(1/3) + a_xC Z^(4/3)/A^(1/3) + a_W |N−Z|/A +
 * a_st (N−Z)²/A^(4/3), coefficients with their signs.
 */
export const bw2: MassFormula = {
  name: "bw2",
  title: "BW2",
  citation: "Kirson, Nuclear Physics A 798 (2008) 29",
  parts: [
    { symbol: "a_V", term: "volume", sign: 1, textbook: 16.58 },
    { symbol: "a_S", term: "surface", sign: 1, textbook: -26.95 },
    { symbol: "a_C", term: "coulombSquared", sign: 1, textbook: -0.774 },
    { symbol: "a_A", term: "asymmetry", sign: 1, textbook: -31.51 },
    { symbol: "a_P", term: "pairing", sign: 1, textbook: 11.18 },
    { symbol: "a_{m1}", term: "shell", sign: 1, textbook: -1.9 },
    { symbol: "a_{m2}", term: "shellSquared", sign: 1, textbook: 0.14 },
    { symbol: "a_R", term: "curvature", sign: 1, textbook: 14.77 },
    { symbol: "a_{xC}", term: "exchangeCoulomb", sign: 1, textbook: 2.22 },
    { symbol: "a_W", term: "wigner", sign: 1, textbook: -43.4 },
    { symbol: "a_{st}", term: "surfaceSymmetry", sign: 1, textbook: 55.62 },
  ],
};

/** The formulas by name. */
export const massFormulas = { semf, bw2 } as const;

/** The textbook coefficients of a formula, in MeV. */
export function textbookCoefficients(formula: MassFormula): Float64Array {
  return Float64Array.from(formula.parts, (part) => part.textbook);
}

/**
 * What each part of a formula adds to the binding energy of every nucleus, in keV: one array a part.
 * @param coefficients MeV, in the order of the parts; the textbook's by default.
 */
export function formulaParts(
  formula: MassFormula,
  nuclei: Nuclei,
  coefficients: ArrayLike<number> = textbookCoefficients(formula),
): Float64Array[] {
  if (coefficients.length !== formula.parts.length) {
    throw new UserError(
      `formulaParts: ${coefficients.length} coefficients for ${formula.title}; expected ${formula.parts.length}: ${formula.parts.map((p) => p.symbol).join(", ")}`,
    );
  }
  return formula.parts.map(({ term, sign }, j) =>
    termValues(term, nuclei).map((value) => 1000 * sign * coefficients[j]! * value),
  );
}

/**
 * The binding energy of every nucleus in keV by a formula; a negative sum counts as 0, unbound.
 * @param coefficients MeV, in the order of the parts; the textbook's by default.
 */
export function formulaBinding(
  formula: MassFormula,
  nuclei: Nuclei,
  coefficients?: ArrayLike<number>,
): Float64Array {
  const parts = formulaParts(formula, nuclei, coefficients);
  return Float64Array.from({ length: nuclei.z.length }, (_, i) =>
    Math.max(
      0,
      parts.reduce((sum, part) => sum + part[i]!, 0),
    ),
  );
}
