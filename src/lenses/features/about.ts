import type { Axes, Citation } from "../contract.ts";
import { nature as embedding } from "../embedding/about.ts";

const axes: Axes = {
  access: "mechanistic",
  scope: "global",
  aim: "verifying",
  features: "high-level",
  time: "post-hoc",
};

const citations: Citation[] = [
  ...embedding.citations,
  {
    text: "Viladomat, Mazumder, McInturff, McCauley, Hastie: Assessing the significance of global and local correlations under spatial autocorrelation: a nonparametric approach. Biometrics 70 (2014) 409",
    bibtex: `@article{viladomat2014assessing,
  title   = {Assessing the significance of global and local correlations under spatial autocorrelation: a nonparametric approach},
  author  = {Viladomat, J{\\'u}lia and Mazumder, Rahul and McInturff, Alex and McCauley, Douglas J. and Hastie, Trevor},
  journal = {Biometrics},
  volume  = {70},
  pages   = {409--418},
  year    = {2014}
}`,
  },
];

const params = {
  components: {
    type: "int",
    default: 20,
    min: 3,
    max: 500,
    help: "Principal components of the last layer that are held against the terms.",
  },
  nulls: {
    type: "int",
    default: 999,
    min: 99,
    max: 99_999,
    help: "Draws from each null model of a match; the smallest p is 1/(nulls + 1).",
  },
} as const;

/** What the features lens asks, where it stands, whom it follows and what can be set. */
export const nature = {
  name: "features",
  question:
    "Do the principal components of the last layer match the terms of a theory, beyond what any smooth map would?",
  axes,
  citations,
  params,
};
