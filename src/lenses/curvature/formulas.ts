import type { Formula } from "../contract.ts";

/** The lens in formulas. */
export const formulas: Formula[] = [
  {
    label:
      "Influence: change of a test loss when training point i is left out, to first order (Koh & Liang 2017)",
    tex: "\\mathrm{IF}_i = +\\tfrac1n\\, q^{\\mathsf T} B_\\delta^{-1} g_i,\\qquad B_\\delta = \\nabla^2 R(\\hat\\theta) + \\delta\\,\\mathbf 1",
  },
  {
    label: "One-step Newton removal, exact for ridge regression",
    tex: "\\Delta\\theta_i = \\tfrac1n B_\\delta^{-1} J_i^{\\mathsf T}\\bigl(\\mathbf 1 - \\tfrac1n S_i J_i B_\\delta^{-1} J_i^{\\mathsf T}\\bigr)^{-1} r_i",
  },
  {
    label: "Relative influence, per change of the parameters (Barshan et al. 2020)",
    tex: "\\mathrm{RelatIF}_i = q^{\\mathsf T} B_\\delta^{-1} g_i \\,/\\, \\lVert B_\\delta^{-1} g_i\\rVert_2",
  },
  {
    label: "Resampling uncertainty in closed form (Schulam & Saria 2019)",
    tex: "\\sigma^2 = \\tfrac1{n^2}\\sum_i \\bigl[q^{\\mathsf T} B_\\delta^{-1}(g_i - \\bar g)\\bigr]^2",
  },
  {
    label:
      "Extrapolation score: the part of the gradient in directions the data leave open (Madras et al. 2020)",
    tex: "\\mathrm{LEES}_m = \\lVert(\\mathbf 1 - U_m U_m^{\\mathsf T})\\, q\\rVert_2",
  },
];
