import { UserError } from "../../core/errors.ts";
import type { Nuclei } from "./nuclides.ts";

/** The closed shells of the nuclear shell model. */
export const magicNumbers: readonly number[] = [2, 8, 20, 28, 50, 82, 126, 184];

/** The distance from `count` (protons or neutrons) to the nearest magic number: ν. */
export function shellDistance(count: number): number {
  return Math.min(...magicNumbers.map((magic) => Math.abs(count - magic)));
}

/** P = ν_N ν_Z / (ν_N + ν_Z), 0 where both shells are closed: Kirson (2008), after Casten. */
export function shellProduct(z: number, n: number): number {
  const [vz, vn] = [shellDistance(z), shellDistance(n)];
  return vz + vn === 0 ? 0 : (vz * vn) / (vz + vn);
}

/** One dependence on Z and N in a formula for the binding energy, without its coefficient. */
export interface Term {
  /** What the term stands for. */
  help: string;
  /** The dependence as TeX. */
  tex: string;
  /** The dependence at one nucleus, a pure number. */
  of(z: number, n: number): number;
}

/** The terms of the liquid-drop formulas. A = Z + N. */
export const terms = {
  volume: { help: "volume", tex: "A", of: (z, n) => z + n },
  surface: { help: "surface", tex: "A^{2/3}", of: (z, n) => Math.cbrt(z + n) ** 2 },
  coulomb: {
    help: "Coulomb repulsion of Z protons, none with itself",
    tex: "\\frac{Z(Z-1)}{A^{1/3}}",
    of: (z, n) => (z * (z - 1)) / Math.cbrt(z + n),
  },
  coulombSquared: {
    help: "Coulomb energy of a charged sphere",
    tex: "\\frac{Z^2}{A^{1/3}}",
    of: (z, n) => z ** 2 / Math.cbrt(z + n),
  },
  asymmetry: { help: "asymmetry", tex: "\\frac{(N-Z)^2}{A}", of: (z, n) => (n - z) ** 2 / (z + n) },
  pairing: {
    help: "pairing: + for even Z and N, − for odd Z and N, 0 for odd A",
    tex: "\\frac{\\delta}{\\sqrt{A}}",
    of: (z, n) => ((z + n) % 2 === 1 ? 0 : z % 2 === 0 ? 1 : -1) / Math.sqrt(z + n),
  },
  shell: { help: "valence nucleons, first order", tex: "P", of: shellProduct },
  shellSquared: {
    help: "valence nucleons, second order",
    tex: "P^2",
    of: (z, n) => shellProduct(z, n) ** 2,
  },
  curvature: {
    help: "curvature of the surface (also called rotational)",
    tex: "A^{1/3}",
    of: (z, n) => Math.cbrt(z + n),
  },
  exchangeCoulomb: {
    help: "Coulomb exchange",
    tex: "\\frac{Z^{4/3}}{A^{1/3}}",
    of: (z, n) => Math.cbrt(z) ** 4 / Math.cbrt(z + n),
  },
  wigner: { help: "Wigner", tex: "\\frac{|N-Z|}{A}", of: (z, n) => Math.abs(n - z) / (z + n) },
  surfaceSymmetry: {
    help: "surface symmetry (also called Strutinsky)",
    tex: "\\frac{(N-Z)^2}{A^{4/3}}",
    of: (z, n) => (n - z) ** 2 / Math.cbrt(z + n) ** 4,
  },
} as const satisfies Record<string, Term>;

export type TermName = keyof typeof terms;

/** A term at every nucleus. @throws UserError for a nucleus that is not whole numbers with A ≥ 1. */
export function termValues(name: TermName, { z, n }: Nuclei): Float64Array {
  const { of } = terms[name];
  return Float64Array.from({ length: z.length }, (_, i) => {
    const [pz, pn] = [z[i]!, n[i]!];
    if (Number.isInteger(pz) && Number.isInteger(pn) && pz >= 0 && pn >= 0 && pz + pn > 0) return of(pz, pn);
    throw new UserError(
      `termValues: nucleus ${i} has Z = ${pz}, N = ${pn}; expected whole numbers, not both zero`,
    );
  });
}
