import type { Citation } from "../../lenses/contract.ts";

/** Whom the study follows beside the lens's own references. */
export const citations: Citation[] = [
  {
    text: "Molinero, Moore: Water modeled as an intermediate element between carbon and silicon. J. Phys. Chem. B 113 (2009) 4008",
    bibtex: `@article{molinero2009water,
  title   = {Water Modeled As an Intermediate Element between Carbon and Silicon},
  author  = {Molinero, Valeria and Moore, Emily B.},
  journal = {The Journal of Physical Chemistry B},
  volume  = {113},
  pages   = {4008--4016},
  year    = {2009}
}`,
  },
  {
    text: "Martin, Siepmann: Transferable potentials for phase equilibria. 1. J. Phys. Chem. B 102 (1998) 2569",
    bibtex: `@article{martin1998transferable,
  title   = {Transferable Potentials for Phase Equilibria. 1. United-Atom Description of n-Alkanes},
  author  = {Martin, Marcus G. and Siepmann, J. Ilja},
  journal = {The Journal of Physical Chemistry B},
  volume  = {102},
  pages   = {2569--2577},
  year    = {1998}
}`,
  },
  {
    text: "Noid et al.: The multiscale coarse-graining method. I. J. Chem. Phys. 128 (2008) 244114",
    bibtex: `@article{noid2008multiscale,
  title   = {The multiscale coarse-graining method. {I}. {A} rigorous bridge between atomistic and coarse-grained models},
  author  = {Noid, W. G. and Chu, Jhih-Wei and Ayton, Gary S. and Krishna, Vinod and Izvekov, Sergei and Voth, Gregory A. and Das, Avisek and Andersen, Hans C.},
  journal = {The Journal of Chemical Physics},
  volume  = {128},
  pages   = {244114},
  year    = {2008}
}`,
  },
  {
    text: "Schütt, Hessmann, Gebauer, Lederer, Gastegger: SchNetPack 2.0. J. Chem. Phys. 158 (2023) 144801",
    bibtex: `@article{schutt2023schnetpack,
  title   = {{SchNetPack} 2.0: A neural network toolbox for atomistic machine learning},
  author  = {Sch{\\"u}tt, Kristof T. and Hessmann, Stefaan S. P. and Gebauer, Niklas W. A. and Lederer, Jonas and Gastegger, Michael},
  journal = {The Journal of Chemical Physics},
  volume  = {158},
  pages   = {144801},
  year    = {2023}
}`,
  },
];
