import type { Formula } from "../contract.ts";

/** The lens's formulas, for the report. */
export const formulas: Formula[] = [
  {
    label: "Helix fit to the first three principal components, t from 0 to 1 over the tokens",
    tex: "\\mathbf{r}(t) = \\mathbf{r}_0 + \\mathbf{p}\\,t + \\mathbf{a}\\cos(2\\pi f t) + \\mathbf{b}\\sin(2\\pi f t)",
  },
  {
    label: "Helix test statistic, z₁ and z₂ the detrended, standardised second and third component",
    tex: "q = \\max_{\\pm,\\; 1.5 \\le f \\le 4} \\frac{\\left|\\langle (z_1 \\pm i z_2)\\, e^{-2\\pi i f t} \\rangle\\right|^2}{\\langle |z_1 \\pm i z_2|^2 \\rangle}",
  },
  {
    label: "Orderedness along the first principal component s",
    tex: "\\frac{1}{M} \\sum_{i=1}^{M} \\mathbf{1}\\left(s_i < s_{i+1}\\right)",
  },
  {
    label: "Parity ratio, d the mean distance between even (e) and odd (o) tokens",
    tex: "R_P = \\frac{2\\, d(e,o)}{d(e,e) + d(o,o)}",
  },
];
