import type { Lens } from "../contract.ts";
import { nature } from "./about.ts";
import { analyseSymbolic } from "./analyse.ts";
import { findingsOf } from "./findings.ts";
import type { SymbolicSubject } from "./subject.ts";

/** Finds formulas for a target, from short to accurate, and says which of them the data support. */
export const symbolicLens: Lens<SymbolicSubject, typeof nature.params> = {
  ...nature,
  async look(subject, options, context) {
    const analysis = await analyseSymbolic(subject, options, context);
    context.task.report(1, "done");
    return findingsOf(subject, analysis);
  },
};
