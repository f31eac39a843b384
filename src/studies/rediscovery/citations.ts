import type { Citation } from "../../lenses/contract.ts";

/** Whom the study follows beside the lens's own references. */
export const citations: Citation[] = [
  {
    text: "Brunton, Proctor, Kutz: Discovering governing equations from data by sparse identification of nonlinear dynamical systems. PNAS 113 (2016) 3932",
    bibtex: `@article{brunton2016discovering,
  title   = {Discovering governing equations from data by sparse identification of nonlinear dynamical systems},
  author  = {Brunton, Steven L. and Proctor, Joshua L. and Kutz, J. Nathan},
  journal = {PNAS},
  volume  = {113},
  pages   = {3932--3937},
  year    = {2016}
}`,
  },
  {
    text: "Fasel, Kutz, Brunton, Brunton: Ensemble-SINDy. Proc. R. Soc. A 478 (2022) 20210904",
    bibtex: `@article{fasel2022ensemble,
  title   = {Ensemble-{SINDy}: Robust sparse model discovery in the low-data, high-noise limit, with active learning and control},
  author  = {Fasel, Urban and Kutz, J. Nathan and Brunton, Bingni W. and Brunton, Steven L.},
  journal = {Proc. R. Soc. A},
  volume  = {478},
  pages   = {20210904},
  year    = {2022}
}`,
  },
  {
    text: "Messenger, Bortz: Weak SINDy: Galerkin-based data-driven model selection. Multiscale Model. Simul. 19 (2021) 1474",
    bibtex: `@article{messenger2021weak,
  title   = {Weak {SINDy}: {Galerkin}-Based Data-Driven Model Selection},
  author  = {Messenger, Daniel A. and Bortz, David M.},
  journal = {Multiscale Modeling \\& Simulation},
  volume  = {19},
  pages   = {1474--1497},
  year    = {2021}
}`,
  },
  {
    text: "Strogatz: Nonlinear Dynamics and Chaos. Addison-Wesley (1994)",
    bibtex: `@book{strogatz1994nonlinear,
  title     = {Nonlinear Dynamics and Chaos},
  author    = {Strogatz, Steven H.},
  publisher = {Addison-Wesley},
  year      = {1994}
}`,
  },
];
