export { chequerboard } from "./chequerboard.ts";
export { iris } from "./iris.ts";
export { type LabelledData, labelled } from "./labelled-data.ts";
export { circles, moons } from "./moons-and-circles.ts";
export { sixFeatureRule } from "./six-feature-rule.ts";
export { type Scale, scaleOf, splitRows, standardised } from "./standardise.ts";
export { triatomic, triatomicFrom } from "./triatomic.ts";
export { triatomicOutcomes } from "./triatomic-outcomes.ts";
export { xor } from "./xor.ts";
