import type { Citation } from "./contract.ts";

/** Of the reruns on permuted targets. */
export const rerunCitation: Citation = {
  text: "Ojala, Garriga: Permutation tests for studying classifier performance. J. Mach. Learn. Res. 11 (2010) 1833",
  bibtex: `@article{ojala2010permutation,
  title   = {Permutation tests for studying classifier performance},
  author  = {Ojala, Markus and Garriga, Gemma C.},
  journal = {Journal of Machine Learning Research},
  volume  = {11},
  pages   = {1833--1863},
  year    = {2010}
}`,
};
