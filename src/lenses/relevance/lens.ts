import type { Findings, Lens, LensContext } from "../contract.ts";
import { nature } from "./about.ts";
import { analyseRelevance } from "./analyse.ts";
import { relevanceFindings } from "./findings.ts";
import type { RelevanceOptions } from "./options.ts";
import type { RelevanceSubject } from "./subject.ts";

/** The relevance lens: what a graph network has learned, body by body, beside its exact expansion and the law. */
export const relevanceLens: Lens<RelevanceSubject, typeof nature.params> = { ...nature, look };

async function look(
  subject: RelevanceSubject,
  options: RelevanceOptions,
  context: LensContext,
): Promise<Findings> {
  return relevanceFindings(subject, await analyseRelevance(subject, options, context), options);
}
