export { defaultOperators, nature } from "./about.ts";
export { analyseSymbolic, type HeldOutResult, type SymbolicAnalysis } from "./analyse.ts";
export { lawClaim, lawId } from "./claims/law-claim.ts";
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
export { checkSubject, problemOf, type SymbolicColumn, type SymbolicSubject } from "./subject.ts";
