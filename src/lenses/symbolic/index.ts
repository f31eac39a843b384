export { defaultOperators, nature } from "./about.ts";
export { analyseSymbolic, type HeldOutResult, type SymbolicAnalysis } from "./analyse.ts";
export { lawClaim, lawId } from "./claims/law-claim.ts";
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
export { type Assessment, assessor } from "./selection/assess.ts";
export { type Choice, choose, rules } from "./selection/choose.ts";
export { checkSubject, problemOf, type SymbolicColumn, type SymbolicSubject } from "./subject.ts";
