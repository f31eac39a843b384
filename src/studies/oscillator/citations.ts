import type { Citation } from "../../lenses/contract.ts";

/** Whom the study follows beside the lens's own references. */
export const citations: Citation[] = [
  {
    text: "La Cava et al.: Contemporary symbolic regression methods and their relative performance. NeurIPS Datasets and Benchmarks (2021), arXiv:2107.14351",
    bibtex: `@inproceedings{lacava2021contemporary,
  title     = {Contemporary Symbolic Regression Methods and their Relative Performance},
  author    = {La Cava, William and Orzechowski, Patryk and Burlacu, Bogdan and others},
  booktitle = {NeurIPS Datasets and Benchmarks},
  year      = {2021},
  note      = {arXiv:2107.14351}
}`,
  },
  {
    text: "Iten, Metger, Wilming, del Rio, Renner: Discovering physical concepts with neural networks. Phys. Rev. Lett. 124 (2020) 010508, arXiv:1807.10300",
    bibtex: `@article{iten2020discovering,
  title   = {Discovering Physical Concepts with Neural Networks},
  author  = {Iten, Raban and Metger, Tony and Wilming, Henrik and del Rio, L{\\'i}dia and Renner, Renato},
  journal = {Physical Review Letters},
  volume  = {124},
  pages   = {010508},
  year    = {2020}
}`,
  },
  {
    text: "Greydanus, Dzamba, Yosinski: Hamiltonian neural networks. NeurIPS (2019), arXiv:1906.01563",
    bibtex: `@inproceedings{greydanus2019hamiltonian,
  title     = {{Hamiltonian} Neural Networks},
  author    = {Greydanus, Samuel and Dzamba, Misko and Yosinski, Jason},
  booktitle = {NeurIPS},
  year      = {2019},
  note      = {arXiv:1906.01563}
}`,
  },
  {
    text: "Wetzel: Closed-form interpretation of neural network classifiers with symbolic gradients. arXiv:2401.04978 (2024)",
    bibtex: `@misc{wetzel2024closed,
  title         = {Closed-Form Interpretation of Neural Network Classifiers with Symbolic Gradients},
  author        = {Wetzel, Sebastian J.},
  year          = {2024},
  eprint        = {2401.04978},
  archivePrefix = {arXiv}
}`,
  },
];
