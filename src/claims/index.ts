export {
  type Baseline,
  type EvidenceCard,
  type Faithfulness,
  type Heading,
  headings,
  isNotRun,
  type Leakage,
  type Multiplicity,
  type NotRun,
  type NullTest,
  notRun,
  type OutOfDistribution,
  type Stability,
  skipped,
  type Truth,
} from "./card.ts";
export { type Claim, type ClaimKind, type ClaimOf, checkClaim } from "./claim.ts";
export { type ClaimP, claimP } from "./claim-p.ts";
export { claimsJson, claimsJsonSchema, readClaims } from "./claims-file.ts";
export { compare } from "./compare.ts";
export type { Comparison } from "./comparison.ts";
export { equationToConcept } from "./convert.ts";
export { againstTruth, classicalBaseline, randomBaseline } from "./evidence/baselines.ts";
export { leakage, twinLeak } from "./evidence/leak.ts";
export { randomClaim } from "./evidence/random-claim.ts";
export { stabilityFrom, stabilityOf } from "./evidence/stability.ts";
export { type Judgement, judge } from "./judge.ts";
export { autocorrelationLength } from "./nulls/autocorrelation-length.ts";
export { nullTest } from "./nulls/null-test.ts";
export { permuted, permutedWithin } from "./nulls/permuted.ts";
export { type PathModel, randomWalk } from "./nulls/random-walk.ts";
export { type Block, randomWeights } from "./nulls/random-weights.ts";
export { type Rerun, rerunNull, rerunRounds, rerunsOf } from "./nulls/rerun-null.ts";
export { type NullCost, type NullOptions, runNull } from "./nulls/run-null.ts";
export { smoothPath } from "./nulls/smooth-path.ts";
export { assembleReportClaims, type ClaimWithCard, type ReportClaim } from "./report-claims.ts";
export { claimsTable } from "./table.ts";
export { type Verdict, verdict } from "./verdict.ts";
