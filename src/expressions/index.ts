/** Formulas as trees, text and fast programs over columns. See docs/expressions.md. */

export { canonical, canonicalKey, skeleton } from "./canonical.ts";
export { complexity, nesting } from "./complexity.ts";
export { derivative } from "./derivative.ts";
export { descriptionLength } from "./description-length.ts";
export { checkDimensions, type Dimension } from "./dimensions.ts";
export { type Equivalence, equivalent } from "./equivalent.ts";
export { evaluate, inDomain } from "./evaluate.ts";
export { type Evaluator, evaluator } from "./evaluator.ts";
export { call, constant, type Expression, variable } from "./expression.ts";
export { type Operator, type OperatorSet, operatorSet } from "./operator.ts";
export { parse } from "./parse.ts";
export { print } from "./print.ts";
export { simplify } from "./simplify.ts";
export { pickOperators, standardOperators } from "./standard-operators.ts";
