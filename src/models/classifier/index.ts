export { alignClassifier, moveUnits, type UnitMove } from "./align.ts";
export { withEmptyUnit } from "./embed.ts";
export { inputGradients } from "./input-gradients.ts";
export { classifierFrom, classifierLandscape } from "./landscape.ts";
export { marginGradient } from "./margin-gradient.ts";
export { logits, probabilities } from "./predict.ts";
export { type ClassifierProblem, checkProblem } from "./problem.ts";
export { type ClassifierLayer, type ClassifierShape, layersOf, layoutOf, weightCount } from "./shape.ts";
export { logSymmetryOrder, stabiliserOrder, symmetryOrder } from "./symmetry-order.ts";
