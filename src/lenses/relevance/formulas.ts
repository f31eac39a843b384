import type { Formula } from "../contract.ts";

/** The lens in formulas. */
export const formulas: Formula[] = [
  {
    label: "Relevance of a walk through the layers (Schnake et al. 2022)",
    tex: "R_{i_0 i_1\\dots i_T} = x^{0\\,\\mathsf T}_{i_0}\\, J_1[i_1,i_0]^{\\mathsf T} \\cdots J_T[i_T,i_{T-1}]^{\\mathsf T}\\, g_{i_T},\\qquad \\sum_{\\text{walks}} R = E - \\text{constant}",
  },
  {
    label: "Relevance of a set of beads: walks that visit these and no others, by sums inside subsets",
    tex: "R_{\\mathcal S} = \\sum_{\\mathcal T\\subseteq\\mathcal S} (-1)^{|\\mathcal S|-|\\mathcal T|} \\sum_{w\\subseteq\\mathcal T} R_w",
  },
  {
    label: "Exact expansion of the same energy in vacuum (Drautz et al. 2004)",
    tex: "V_{\\mathcal S} = \\sum_{\\mathcal T\\subseteq\\mathcal S} (-1)^{|\\mathcal S|-|\\mathcal T|} E(\\mathcal T)",
  },
  {
    label: "Exact term among all other beads: everything that all beads of the set take part in",
    tex: "I_{\\mathcal S} = \\sum_{\\mathcal T\\subseteq\\mathcal S} (-1)^{|\\mathcal T|} E(\\text{all}\\setminus\\mathcal T) = \\sum_{\\mathcal U\\supseteq\\mathcal S} V_{\\mathcal U}",
  },
];
