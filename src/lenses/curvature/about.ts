import type { Axes, Citation } from "../contract.ts";
import { curvatureKinds } from "./operators/curvature-operator.ts";

const axes: Axes = {
  access: "functional",
  scope: "local",
  aim: "discovering",
  features: "low-level",
  time: "post-hoc",
};

const citations: Citation[] = [
  {
    text: "Dawid, Huembeli, Tomza, Lewenstein, Dauphin: Hessian-based toolbox for reliable and interpretable machine learning in physics. Mach. Learn.: Sci. Technol. 3 (2022) 015002, arXiv:2108.02154",
    bibtex: `@article{dawid2022hessian,
  title   = {Hessian-based toolbox for reliable and interpretable machine learning in physics},
  author  = {Dawid, Anna and Huembeli, Patrick and Tomza, Micha{\\l} and Lewenstein, Maciej and Dauphin, Alexandre},
  journal = {Machine Learning: Science and Technology},
  volume  = {3},
  pages   = {015002},
  year    = {2022}
}`,
  },
  {
    text: "Koh, Liang: Understanding black-box predictions via influence functions. ICML 2017",
    bibtex: `@inproceedings{koh2017understanding,
  title     = {Understanding black-box predictions via influence functions},
  author    = {Koh, Pang Wei and Liang, Percy},
  booktitle = {International Conference on Machine Learning},
  pages     = {1885--1894},
  year      = {2017}
}`,
  },
  {
    text: "Barshan, Brunet, Dziugaite: RelatIF: identifying explanatory training samples via relative influence. AISTATS 2020",
    bibtex: `@inproceedings{barshan2020relatif,
  title     = {{RelatIF}: Identifying Explanatory Training Samples via Relative Influence},
  author    = {Barshan, Elnaz and Brunet, Marc-Etienne and Dziugaite, Gintare Karolina},
  booktitle = {International Conference on Artificial Intelligence and Statistics},
  pages     = {1899--1909},
  year      = {2020}
}`,
  },
  {
    text: "Schulam, Saria: Can you trust this prediction? Auditing pointwise reliability after learning. AISTATS 2019",
    bibtex: `@inproceedings{schulam2019can,
  title     = {Can You Trust This Prediction? {Auditing} Pointwise Reliability After Learning},
  author    = {Schulam, Peter and Saria, Suchi},
  booktitle = {International Conference on Artificial Intelligence and Statistics},
  pages     = {1022--1031},
  year      = {2019}
}`,
  },
  {
    text: "Park, Georgiev, Ilyas, Leclerc, Madry: TRAK: attributing model behavior at scale. ICML 2023",
    bibtex: `@inproceedings{park2023trak,
  title     = {{TRAK}: Attributing Model Behavior at Scale},
  author    = {Park, Sung Min and Georgiev, Kristian and Ilyas, Andrew and Leclerc, Guillaume and Madry, Aleksander},
  booktitle = {International Conference on Machine Learning},
  pages     = {27074--27113},
  year      = {2023}
}`,
  },
  {
    text: "Madras, Atwood, D'Amour: Detecting extrapolation with local ensembles. ICLR 2020",
    bibtex: `@inproceedings{madras2020detecting,
  title     = {Detecting Extrapolation with Local Ensembles},
  author    = {Madras, David and Atwood, James and D'Amour, Alex},
  booktitle = {International Conference on Learning Representations},
  year      = {2020}
}`,
  },
];

const params = {
  curvature: {
    type: "choice",
    default: "exact",
    choices: curvatureKinds,
    help: "Curvature of the training loss: the exact Hessian, or one of its stand-ins for larger or unconverged models.",
  },
  rank: {
    type: "int",
    default: 100,
    min: 1,
    max: 5000,
    help: "Directions kept by the low-rank curvature, and eigenpairs sought where the matrix is too large for all.",
  },
  damping: {
    type: "number",
    default: 0,
    min: 0,
    max: 1e6,
    help: "Added to the curvature before solving; where it is too little for negative curvature, 'negative' decides.",
  },
  negative: {
    type: "choice",
    default: "shift",
    choices: ["shift", "ggn", "refuse"],
    help: "Against negative curvature: raise the damping above it (shift), take the Gauss–Newton matrix (ggn), or stop (refuse).",
  },
  ridgeInGradients: {
    type: "boolean",
    default: false,
    help: "Count the regulariser among the loss of every sample, as the reference toolbox does.",
  },
  labels: {
    type: "choice",
    default: "true",
    choices: ["true", "predicted"],
    help: "Ask about the loss with the true label (where there is one) or with the predicted one.",
  },
  resampling: {
    type: "int",
    default: 0,
    min: 0,
    max: 100_000,
    help: "Training sets drawn for the resampling uncertainty; 0 takes its closed form, to first order.",
  },
  settled: {
    type: "choice",
    default: "floor",
    choices: ["floor", "gap", "number"],
    help: "Which top directions count as settled by the data: above the noise floor, above the largest gap, or a number.",
  },
  directions: {
    type: "int",
    default: 2,
    min: 0,
    max: 100_000,
    help: "Directions that count as settled where 'settled' is number.",
  },
  top: {
    type: "int",
    default: 5,
    min: 1,
    max: 100,
    help: "Most helpful and most harmful training points listed for every test point.",
  },
  leaveOut: {
    type: "int",
    default: 5,
    min: 0,
    max: 200,
    help: "Leave-one-out check: this many of the most influential points and as many random ones are left out; 0 for none.",
  },
  leaveOutTests: {
    type: "int",
    default: 3,
    min: 1,
    max: 50,
    help: "Test points asked in the leave-one-out check.",
  },
  bootstraps: {
    type: "int",
    default: 8,
    min: 0,
    max: 1000,
    help: "Networks retrained on resampled training sets, which the uncertainty is compared with; 0 for none.",
  },
  subsets: {
    type: "int",
    default: 0,
    min: 0,
    max: 10_000,
    help: "Random halves of the training set to train on, for the linear datamodelling score; 0 for none, else at least 3.",
  },
  stationary: {
    type: "number",
    default: 1e-4,
    min: 0,
    max: 1,
    help: "Gradient norm from which the parameters do not count as a minimum.",
  },
  memory: {
    type: "number",
    default: 2,
    min: 0.001,
    max: 10_000,
    unit: "GiB",
    help: "Memory that gradients and curvature may take; more is refused before it is asked for.",
  },
  nulls: {
    type: "int",
    default: 199,
    min: 19,
    max: 99_999,
    help: "Draws of each null model that needs no training; the smallest p is 1/(nulls + 1).",
  },
} as const;

/** What the curvature lens asks, where it stands, whom it follows and what can be set. */
export const nature = {
  name: "curvature",
  question:
    "Which training points drove this prediction, how sure is it, and does it go beyond what was trained on?",
  axes,
  citations,
  params,
};
