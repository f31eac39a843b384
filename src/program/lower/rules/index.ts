import type { Rule } from "../context.ts";
import { elementwiseRules } from "./elementwise.ts";
import { fourierRules } from "./fourier.ts";
import { indexingRules } from "./indexing.ts";
import { movementRules } from "./movement.ts";
import { sumRules } from "./sums.ts";
import { windowRules } from "./windows.ts";

/** How each primitive of a traced program becomes nodes. */
export const rules: Readonly<Record<string, Rule>> = {
  ...elementwiseRules,
  ...movementRules,
  ...sumRules,
  ...indexingRules,
  ...windowRules,
  ...fourierRules,
};

/** Primitives that are refused, with what to write instead. */
export const refusals: Readonly<Record<string, string>> = {
  random_bits: "pass random numbers in as an argument of the model",
  bit_shift: "do bit arithmetic outside of the model and pass its result in",
  bit_count: "do bit arithmetic outside of the model and pass its result in",
  bitcast: "use cast, or reinterpret the bytes outside of the model",
  cholesky: "factor the matrix with linalg's cholesky on typed arrays, outside of the model",
  lu: "solve with linalg on typed arrays, outside of the model",
  triangular_solve: "solve with linalg on typed arrays, outside of the model",
  jacobi_eigh: "use linalg's symmetric eigendecomposition on typed arrays, outside of the model",
};
