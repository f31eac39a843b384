/** Curvature of a training loss, and what follows from it: influence, uncertainty, extrapolation. See docs/curvature.md. */

export { analyseCurvature } from "./analyse.ts";
export { alignment, chanceAlignment, generalisationMeasure } from "./answers/alignment.ts";
export { marginBetween, marginByAscent } from "./answers/boundary-margin.ts";
export { countAboveFloor, countAboveThreshold, countAtGap, noiseFloor } from "./answers/flat-space.ts";
export {
  chainGradients,
  classMeasures,
  marginWeights,
  probabilities,
  probabilityWeights,
} from "./answers/functionals.ts";
export { groupRemoval } from "./answers/group-removal.ts";
export { influence, selfInfluence, withRegulariser } from "./answers/influence.ts";
export { lees, leesCurve, leesOverLabels } from "./answers/lees.ts";
export { mostInfluential } from "./answers/most-influential.ts";
export { newtonRemoval } from "./answers/newton-removal.ts";
export { relatif } from "./answers/relatif.ts";
export { evaluatedEffect, linearEffect } from "./answers/removal-effect.ts";
export { resamplingSpread } from "./answers/rue.ts";
export { multinomialWeights, resample } from "./answers/rue-samples.ts";
export { separation } from "./answers/separation.ts";
export { signFlips } from "./answers/sign-flips.ts";
export { compareChanges, datamodellingScore } from "./answers/validate.ts";
export { curvatureFindings } from "./findings.ts";
export { freezeAllBut } from "./freeze.ts";
export { curvatureLens } from "./lens.ts";
export type { CurvatureOperator, CurvatureSolver } from "./operator.ts";
export { blockDiagonal, parameterGroups } from "./operators/block-diagonal.ts";
export { chooseSolver } from "./operators/choose-solver.ts";
export { curvatureKinds, curvatureOperator } from "./operators/curvature-operator.ts";
export { exactHessian } from "./operators/exact-hessian.ts";
export { empiricalFisher, fisher, gaussNewton } from "./operators/gauss-newton.ts";
export { ekfac, kfac } from "./operators/kfac.ts";
export { lastLayer } from "./operators/last-layer.ts";
export { lowRank } from "./operators/low-rank.ts";
export { operatorFromMatrix } from "./operators/matrix-operator.ts";
export { curvatureSpectrum } from "./operators/spectrum.ts";
export type { CurvatureSubject } from "./subject.ts";
