import type { Values } from "../../core/params.ts";
import type { Findings, Lens, LensContext } from "../contract.ts";
import { nature } from "./about.ts";
import { analyseFeatures } from "./analyse.ts";
import { featureFindings } from "./findings.ts";
import type { FeatureSubject } from "./subject.ts";

/** The features lens: what each principal component of the last layer adds to the output, beside a theory's terms. */
export const featuresLens: Lens<FeatureSubject, typeof nature.params> = { ...nature, look };

async function look(
  subject: FeatureSubject,
  options: Values<typeof nature.params>,
  context: LensContext,
): Promise<Findings> {
  return featureFindings(subject, await analyseFeatures(subject, options, context));
}
