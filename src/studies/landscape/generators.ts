import { usageError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { LabelledData } from "../../physics/classification/labelled-data.ts";
import { sixFeatureRule } from "../../physics/classification/six-feature-rule.ts";
import type { StudyOptions } from "./params.ts";

/** The data set of a system, training and held-out rows together. */
export function generated(options: StudyOptions, random: Random): LabelledData {
  const { system, noise } = options;
  const rows = options.rows + options.testRows;
  switch (system) {
    case "six-features":
      return sixFeatureRule({ rows, noise }, random);
    default:
      throw usageError(`study 'landscape': system '${system}' has no data`);
  }
}
