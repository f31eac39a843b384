import type { Citation } from "../../lenses/contract.ts";

/** Of the Gaussian-process baselines. */
export const gaussianProcessCitation: Citation = {
  text: "Rasmussen, Williams: Gaussian Processes for Machine Learning. MIT Press, 2006",
  bibtex: `@book{rasmussen2006gaussian,
  title     = {Gaussian Processes for Machine Learning},
  author    = {Rasmussen, Carl Edward and Williams, Christopher K. I.},
  publisher = {MIT Press},
  year      = {2006}
}`,
};

/** What the study's data, formulas and network follow; the embedding lens adds its own. */
export const citations: Citation[] = [
  {
    text: "Wang et al.: The AME2012 atomic mass evaluation. Chinese Physics C 36 (2012) 1603",
    bibtex: `@article{wang2012ame,
  title   = {The {AME2012} atomic mass evaluation},
  author  = {Wang, M. and Audi, G. and Wapstra, A. H. and Kondev, F. G. and MacCormick, M. and Xu, X. and Pfeiffer, B.},
  journal = {Chinese Physics C},
  volume  = {36},
  pages   = {1603},
  year    = {2012}
}`,
  },
  {
    text: "Kirson: Mutual influence of terms in a semi-empirical mass formula. Nuclear Physics A 798 (2008) 29",
    bibtex: `@article{kirson2008mutual,
  title   = {Mutual influence of terms in a semi-empirical mass formula},
  author  = {Kirson, Michael W.},
  journal = {Nuclear Physics A},
  volume  = {798},
  pages   = {29--60},
  year    = {2008}
}`,
  },
  {
    text: "Wang, Liu, Wu, Meng: Surface diffuseness correction in global mass formula. Physics Letters B 734 (2014) 215",
    bibtex: `@article{wang2014surface,
  title   = {Surface diffuseness correction in global mass formula},
  author  = {Wang, Ning and Liu, Min and Wu, Xizhen and Meng, Jie},
  journal = {Physics Letters B},
  volume  = {734},
  pages   = {215--219},
  year    = {2014}
}`,
  },
  {
    text: "Yang et al.: Tensor Programs V: Tuning Large Neural Networks via Zero-Shot Hyperparameter Transfer. arXiv:2203.03466 (2022)",
    bibtex: `@article{yang2022tensor,
  title  = {Tensor Programs {V}: Tuning Large Neural Networks via Zero-Shot Hyperparameter Transfer},
  author = {Yang, Greg and Hu, Edward J. and Babuschkin, Igor and Sidor, Szymon and Liu, Xiaodong and Farhi, David and Ryder, Nick and Pachocki, Jakub and Chen, Weizhu and Gao, Jianfeng},
  year   = {2022},
  eprint = {2203.03466},
  archivePrefix = {arXiv}
}`,
  },
  {
    text: "Loshchilov, Hutter: Decoupled Weight Decay Regularization. ICLR 2019",
    bibtex: `@inproceedings{loshchilov2019decoupled,
  title     = {Decoupled Weight Decay Regularization},
  author    = {Loshchilov, Ilya and Hutter, Frank},
  booktitle = {International Conference on Learning Representations},
  year      = {2019}
}`,
  },
];
