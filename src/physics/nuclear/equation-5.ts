import { matrix } from "../../linalg/matrix.ts";
import { rowOf } from "../../linalg/rows.ts";
import { type LeastSquares, leastSquares } from "../../stats/least-squares.ts";
import type { BindingData } from "./fits.ts";
import type { MassBaseline } from "./mass-baseline.ts";
import type { Nuclei } from "./nuclides.ts";

/** The coefficients of equation 5, keV. */
export interface Equation5Coefficients {
  a1: number;
  a2: number;
  b: number;
}

const citation =
  "Kitouni, Nolte, Pérez-Díaz, Trifinopoulos & Williams, ICML 2024, arXiv:2405.17425, equation 5";

/** Equation 5 as TeX. */
export const equation5Tex =
  "B = a_1\\,(10^{-6} Z^2 - 0.09)\\,\\bigl(N + Z + 2.5 \\sin(-0.13 N + 0.2 Z + 0.25)\\bigr) + a_2\\,0.97^N + b";

/** The coefficients the paper prints, keV: a fit to 2351 precisely measured nuclei with Z, N > 9. */
export const publishedEquation5: Equation5Coefficients = { a1: -88062.52, a2: -171331.53, b: 95815.44 };

/** The three columns equation 5 is linear in, nuclei × 3: what a1 and a2 stand before, and one. */
export function equation5Design({ z, n }: Nuclei) {
  const design = matrix(z.length, 3);
  for (let i = 0; i < z.length; i++) {
    const [pz, pn] = [z[i]!, n[i]!];
    const wave = 2.5 * Math.sin(-0.13 * pn + 0.2 * pz + 0.25);
    design.data.set([(1e-6 * pz ** 2 - 0.09) * (pn + pz + wave), 0.97 ** pn, 1], 3 * i);
  }
  return design;
}

/**
 * Binding energies in keV by equation 5 of Kitouni et al. (arXiv:2405.17425), which they find by symbolic regression of
 * a network's penultimate components: B = a1(10⁻⁶Z² − 0.09)(N + Z + 2.5 sin(−0.13N + 0.2Z + 0.25)) + a2·0.97^N + b.
 * @param coefficients keV; the published ones by default.
 */
export function equation5Binding(
  nuclei: Nuclei,
  coefficients: Equation5Coefficients = publishedEquation5,
): Float64Array {
  const design = equation5Design(nuclei);
  const { a1, a2, b } = coefficients;
  return Float64Array.from({ length: design.rows }, (_, i) => {
    const [first, second] = rowOf(design, i);
    return a1 * first! + a2 * second! + b;
  });
}

/** Equation 5 with a1, a2 and b by ordinary least squares. @throws UserError as `leastSquares`. */
export function fitEquation5(data: BindingData): { coefficients: Equation5Coefficients; fit: LeastSquares } {
  const fit = leastSquares(equation5Design(data), data.binding, { names: ["a1", "a2", "b"] });
  const [a1, a2, b] = fit.coefficients;
  return { coefficients: { a1: a1!, a2: a2!, b: b! }, fit };
}

/** Equation 5 with the published coefficients. States no uncertainty. */
export const equation5Published: MassBaseline = {
  name: "equation5_published",
  title: "equation 5, published",
  help: "the formula symbolic regression found in a network, with its published coefficients",
  citation,
  async predict({ nuclei }) {
    const binding = equation5Binding(nuclei);
    return { binding, sigma: new Float64Array(binding.length).fill(Number.NaN), chosen: {} };
  },
};

/** Equation 5 refitted by least squares; its uncertainty is the scatter of the residuals. */
export const equation5Refitted: MassBaseline = {
  name: "equation5_refitted",
  title: "equation 5, refitted",
  help: "the formula symbolic regression found in a network, its three coefficients fitted by least squares",
  citation,
  async predict({ train, nuclei }) {
    const { coefficients, fit } = fitEquation5(train);
    const design = equation5Design(nuclei);
    const sigma = Float64Array.from({ length: design.rows }, (_, i) => {
      const x = rowOf(design, i);
      let variance = fit.variance;
      for (let a = 0; a < 3; a++) {
        for (let b = 0; b < 3; b++) variance += x[a]! * fit.covariance.data[a * 3 + b]! * x[b]!;
      }
      return Math.sqrt(variance);
    });
    return { binding: equation5Binding(nuclei, coefficients), sigma, chosen: {} };
  },
};
