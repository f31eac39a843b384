import type { Formula } from "../contract.ts";

/** The lens in formulas. */
export const formulas: Formula[] = [
  {
    label: "Certificate of a stationary point of index m (0: minimum, 1: transition state)",
    tex: "\\|\\nabla L\\|/\\sqrt n \\le 10^{-9},\\qquad \\lambda_1 \\le \\dots \\le \\lambda_m < -10^{-7},\\quad \\lambda_{m+1} > 10^{-7}",
  },
  {
    label: "Harmonic superposition: occupation of minimum a and heat capacity",
    tex: "p_a \\propto \\frac{1}{o_a}\\, e^{-L_a/T - \\frac12\\sum_i \\ln\\lambda_{a,i}},\\qquad C = \\frac{\\kappa}{2} + \\frac{\\langle L^2\\rangle - \\langle L\\rangle^2}{T^2}",
  },
];

/** What is added for a classifier. */
export const classifierFormulas: Formula[] = [
  {
    label: "Loss of a classifier",
    tex: "L(w) = -\\frac1N \\sum_d \\ln p_{c(d)}(x_d) + \\lambda \\sum_i w_i^2",
  },
  {
    label: "Conserved weights over a group aligned to its bottom, and the score of feature k",
    tex: "\\mathrm{CV}_i = \\frac{\\sigma_i}{|\\mu_i|},\\qquad r_i = \\frac{|\\mu_i|}{\\sigma_i + \\varepsilon\\max_j|\\mu_j|},\\qquad F_k = \\sum_j r_{jk}",
  },
];
