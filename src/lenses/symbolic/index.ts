/** Formulas from data and from models, and what the data say of them. See docs/symbolic.md. */

export { defaultOperators, nature } from "./about.ts";
export { analyseSymbolic, type HeldOutResult, type SymbolicAnalysis } from "./analyse.ts";
export { lawClaim, lawId } from "./claims/law-claim.ts";
export * from "./distil/index.ts";
export { constantIntervals } from "./evidence/constants.ts";
export {
  falseDiscovery,
  type NoiseTable,
  type NoiseVerdict,
  noiseVerdict,
} from "./evidence/false-discovery.ts";
export { followLaw } from "./evidence/follow-law.ts";
export { lookElsewhereBound } from "./evidence/look-elsewhere.ts";
export { noiseFloor } from "./evidence/noise-floor.ts";
export { nullFronts, nullRequests } from "./evidence/null-fronts.ts";
export { singularities } from "./evidence/singularities.ts";
export { type Exhaustive, exhaustiveSearch } from "./exhaustive/search.ts";
export { findingsOf } from "./findings.ts";
export { lawText } from "./law-text.ts";
export { symbolicLens } from "./lens.ts";
export {
  type SearchOutcome,
  type SearchRequest,
  type SearchRunner,
  type SearchSettings,
  searchHere,
  searchJob,
} from "./runner.ts";
export type { Front, FrontMember, SearchOptions, SearchProblem, SearchResult } from "./search/contract.ts";
export { searchExpressions } from "./search/search.ts";
export { type Assessment, assessor } from "./selection/assess.ts";
export { type Choice, choose, rules } from "./selection/choose.ts";
export * from "./sparse/index.ts";
export { checkSubject, problemOf, type SymbolicColumn, type SymbolicSubject } from "./subject.ts";
