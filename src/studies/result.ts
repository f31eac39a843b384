import { emptyFindings, type Findings } from "../lenses/contract.ts";
import type { StudyResult } from "./contract.ts";

/**
 * A study's result with one section, for studies that have no more to say: what is not given is empty.
 * @param options.title the section's title (default "Result")
 */
export function studyResult(
  options: { asked: string; summary: string[]; title?: string } & Partial<
    Omit<Findings, "summary"> & Omit<StudyResult, "sections">
  >,
): StudyResult {
  const { asked, summary, title = "Result", files = [], provenance = [], citations = [], ...found } = options;
  const section = { ...emptyFindings(), ...found, title, asked, summary };
  return { asked, summary, sections: [section], files, provenance, citations };
}
