export { type Count, type EnumerateOptions, type Enumeration, enumerateExpressions } from "./enumerate.ts";
export { type Exhaustive, type ExhaustiveOptions, exhaustiveSearch } from "./search.ts";
