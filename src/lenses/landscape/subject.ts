import { demand } from "../../core/errors.ts";
import type { Provenance } from "../../data/table.ts";
import type { ClassifierProblem } from "../../models/classifier/problem.ts";
import { type ClassifierShape, weightCount } from "../../models/classifier/shape.ts";
import type { LandscapeSource } from "../../optim/landscape/job.ts";
import type { AnyLandscape } from "../../optim/landscape/landscape.ts";
import type { Network } from "../../optim/landscape/network.ts";
import type { LabelledRows } from "./classifier-scores.ts";
import type { Quantity } from "./figures/inputs.ts";

export { classifierSource } from "./archetypes/compare.ts";

/** What a landscape of a classifier's loss has beside its points. */
export interface ClassifierPart {
  /** Shape, training rows and λ. */
  problem: ClassifierProblem;
  /** Names of the features and of the classes. */
  names: readonly string[];
  classes: readonly string[];
  /** Rows that nothing was trained on. */
  test: LabelledRows;
  /** Features that carry the label, where the generator knows. */
  relevant?: readonly number[];
}

/** The scores of a landscape of another seed, for the stability of a claim. */
export interface OtherScores {
  seed: number;
  scores: ArrayLike<number>;
}

/** What the landscape lens looks at: a function, explored already or not, and what it is the loss of, if it is one. */
export interface LandscapeSubject {
  /** Starts every metric: "landscape.seed.0"; file names have its dots as dashes. */
  id: string;
  title: string;
  about: { model: string; data: string; seeds: number[] };
  /** What the values are: {label: "regularised loss", unit: ""}, {label: "energy", unit: "ε"}. */
  energy: Quantity;
  source: LandscapeSource;
  /** Explored already; it is taken as it is. Otherwise the lens explores. */
  network?: Network;
  classifier?: ClassifierPart;
  others?: readonly OtherScores[];
  /** Minima and transition states that are known to exist, where somebody has counted them. */
  known?: { minima?: number; saddles?: number; reference: string };
  provenance?: readonly Provenance[];
}

/** The first layer of a classifier as the feature scores read it. */
export function firstLayerOf({ inputs, hidden }: ClassifierShape): { inputs: number; hidden: number } {
  return { inputs, hidden: hidden[0]! };
}

/** @throws UserError for an id, names or test rows that do not fit, and a network of another landscape. */
export function checkSubject(subject: LandscapeSubject, landscape: AnyLandscape): void {
  const { id, classifier, network } = subject;
  demand(
    /^[A-Za-z][A-Za-z0-9._-]*$/.test(id),
    () => `landscape: id '${id}'; expected letters, digits, dots and dashes, a letter first`,
  );
  if (network) {
    demand(
      network.landscape === landscape.name && network.n === landscape.n,
      () =>
        `landscape: the network is of ${network.landscape} (${network.n} coordinates), the source gives ${landscape.name} (${landscape.n})`,
    );
  }
  if (!classifier) return;
  const { problem, names, classes, test, relevant = [] } = classifier;
  const { inputs } = problem.shape;
  demand(
    landscape.n === weightCount(problem.shape),
    () =>
      `landscape: the source has ${landscape.n} coordinates, the classifier ${weightCount(problem.shape)} weights`,
  );
  demand(
    names.length === inputs && new Set(names).size === inputs,
    () =>
      `landscape: ${names.length} names for ${inputs} features (${names.join(", ")}); expected as many, all different`,
  );
  demand(
    classes.length === problem.shape.classes,
    () => `landscape: ${classes.length} names for ${problem.shape.classes} classes`,
  );
  const { features, labels } = test;
  demand(
    features.cols === inputs && labels.length === features.rows && features.rows >= 2,
    () =>
      `landscape: test rows ${features.rows}×${features.cols} with ${labels.length} labels; expected ${inputs} features and a label a row`,
  );
  const bad = features.data.findIndex((x) => !Number.isFinite(x));
  demand(
    bad < 0,
    () =>
      `landscape: feature ${names[bad % inputs]} of test row ${Math.floor(bad / inputs)} is ${features.data[bad]}; expected a number`,
  );
  for (const k of relevant) {
    demand(
      Number.isInteger(k) && k >= 0 && k < inputs,
      () => `landscape: relevant feature ${k}; expected a whole number from 0 to ${inputs - 1}`,
    );
  }
}
