export {
  type ComponentFormula,
  type ComponentsDistilled,
  type ComponentsInput,
  type ComponentsOptions,
  distilComponents,
} from "./components.ts";
export { type Distilled, type DistilOptions, distilConcept } from "./concept.ts";
export { type ColumnFunction, type Field, fieldFromFunction, fieldRows } from "./field.ts";
export { gradientDisagreement } from "./gradient-agreement.ts";
export { withinShare } from "./invariance.ts";
export { type InvariantOptions, type InvariantSearch, searchInvariant } from "./search-invariant.ts";
