import { usageError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { chequerboard } from "../../physics/classification/chequerboard.ts";
import { iris } from "../../physics/classification/iris.ts";
import type { LabelledData } from "../../physics/classification/labelled-data.ts";
import { circles, moons } from "../../physics/classification/moons-and-circles.ts";
import { sixFeatureRule } from "../../physics/classification/six-feature-rule.ts";
import { triatomicOutcomes } from "../../physics/classification/triatomic-outcomes.ts";
import { xor } from "../../physics/classification/xor.ts";
import type { StudyOptions } from "./params.ts";

/** The data set of a system, training and held-out rows together. */
export function generated(options: StudyOptions, random: Random): LabelledData {
  const { system, noise, nuisance, squares } = options;
  const rows = options.rows + options.testRows;
  switch (system) {
    case "six-features":
      return sixFeatureRule({ rows, noise }, random);
    case "xor":
      return xor({ copies: Math.ceil(rows / 4), noise, nuisance }, random);
    case "chequerboard":
      return chequerboard({ squares, rows, nuisance }, random);
    case "moons":
      return moons({ rows, noise, nuisance }, random);
    case "circles":
      return circles({ rows, noise, nuisance }, random);
    case "triatomic":
      return triatomicOutcomes({ rows }, random);
    case "iris":
      return iris();
    default:
      throw usageError(`study 'landscape': system '${system}' has no data`);
  }
}
