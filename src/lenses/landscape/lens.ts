import type { Findings, Lens, LensContext } from "../contract.ts";
import { nature } from "./about.ts";
import { analyseLandscape } from "./analyse.ts";
import { landscapeFindings } from "./findings.ts";
import type { LandscapeOptions } from "./options.ts";
import type { LandscapeSubject } from "./subject.ts";

/** The landscape lens: minima, transition states, their groups, and what the weights share over a group. */
export const landscapeLens: Lens<LandscapeSubject, typeof nature.params> = { ...nature, look };

async function look(
  subject: LandscapeSubject,
  options: LandscapeOptions,
  context: LensContext,
): Promise<Findings> {
  const analysis = await analyseLandscape(subject, options, context);
  return landscapeFindings(subject, analysis, options, context);
}
