/** A graph network's energy split among sets of beads, beside the exact expansion of the same network. See docs/relevance.md. */

export { analyseRelevance } from "./analyse.ts";
export { type BodyRelevances, bodyRelevances } from "./bodies.ts";
export { contextTerms } from "./expansion/context.ts";
export { fewBody } from "./expansion/curves.ts";
export { networkSubsets } from "./expansion/subset-energy.ts";
export { vacuumExpansion } from "./expansion/vacuum.ts";
export { relevanceFindings } from "./findings.ts";
export { expansionByOrder, lawByOrder, orderGradients, relevanceByOrder } from "./force-relevance.ts";
export { relevanceLens } from "./lens.ts";
export { networkWalks } from "./network-walks.ts";
export { biasesCounted, conservative, gradientTimesInput, published, type RelevanceRules } from "./rules.ts";
export type { RelevanceSubject } from "./subject.ts";
export { topWalks } from "./top-walks.ts";
export { walkRelevances } from "./walks.ts";
