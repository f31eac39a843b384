import type { Formula } from "../contract.ts";

/** The lens's formulas, for the report. */
export const formulas: Formula[] = [
  {
    label: "What component i adds to the output: score s, direction c, readout weights w, scale σ",
    tex: "f_i = \\sigma\\, s_i\\, (\\mathbf{c}_i \\cdot \\mathbf{w}), \\qquad \\hat y = f_0 + \\textstyle\\sum_i f_i",
  },
  {
    label: "Match with a term T, both freed of smooth trends by least squares (projection P)",
    tex: "\\rho_i = \\frac{\\langle (1-P) f_i,\\, (1-P) T \\rangle}{\\lVert (1-P) f_i \\rVert\\, \\lVert (1-P) T \\rVert}",
  },
];
