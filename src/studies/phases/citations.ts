import type { Citation } from "../../lenses/contract.ts";

/** Whom the study follows beside the lens's own references. */
export const citations: Citation[] = [
  {
    text: "Dawid, Huembeli, Tomza, Lewenstein, Dauphin: Phase detection with neural networks: interpreting the black box. New J. Phys. 22 (2020) 115001, arXiv:2004.04711",
    bibtex: `@article{dawid2020phase,
  title   = {Phase detection with neural networks: interpreting the black box},
  author  = {Dawid, Anna and Huembeli, Patrick and Tomza, Micha{\\l} and Lewenstein, Maciej and Dauphin, Alexandre},
  journal = {New Journal of Physics},
  volume  = {22},
  pages   = {115001},
  year    = {2020}
}`,
  },
  {
    text: "Mishra, Carrasquilla, Rigol: Phase diagram of the half-filled one-dimensional t-V-V' model. Phys. Rev. B 84 (2011) 115135, arXiv:1108.2272",
    bibtex: `@article{mishra2011phase,
  title   = {Phase diagram of the half-filled one-dimensional t-V-V' model},
  author  = {Mishra, Tapan and Carrasquilla, Juan and Rigol, Marcos},
  journal = {Physical Review B},
  volume  = {84},
  pages   = {115135},
  year    = {2011}
}`,
  },
  {
    text: "Nomura, Okamoto: Critical properties of S=1/2 antiferromagnetic XXZ chain with next-nearest-neighbour interactions. J. Phys. A 27 (1994) 5773",
    bibtex: `@article{nomura1994critical,
  title   = {Critical properties of {S}=1/2 antiferromagnetic {XXZ} chain with next-nearest-neighbour interactions},
  author  = {Nomura, Kiyohide and Okamoto, Kiyomi},
  journal = {Journal of Physics A},
  volume  = {27},
  pages   = {5773},
  year    = {1994}
}`,
  },
  {
    text: "You, Li, Gu: Fidelity, dynamic structure factor, and susceptibility in critical phenomena. Phys. Rev. E 76 (2007) 022101",
    bibtex: `@article{you2007fidelity,
  title   = {Fidelity, dynamic structure factor, and susceptibility in critical phenomena},
  author  = {You, Wen-Long and Li, Ying-Wai and Gu, Shi-Jian},
  journal = {Physical Review E},
  volume  = {76},
  pages   = {022101},
  year    = {2007}
}`,
  },
];
