import type { Findings, Lens, LensContext } from "../contract.ts";
import { nature } from "./about.ts";
import { analyseCurvature } from "./analyse.ts";
import { curvatureFindings } from "./findings.ts";
import type { CurvatureOptions } from "./prepare.ts";
import type { CurvatureSubject } from "./subject.ts";

/** The curvature lens: which training points drove a prediction, how sure it is, and whether it extrapolates. */
export const curvatureLens: Lens<CurvatureSubject, typeof nature.params> = { ...nature, look };

async function look(
  subject: CurvatureSubject,
  options: CurvatureOptions,
  context: LensContext,
): Promise<Findings> {
  return curvatureFindings(subject, await analyseCurvature(subject, options, context), options);
}
