import type { DType } from "../../dtype.ts";
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

const floatsOnly = {
  dtypes: ["int32", "bool"],
  advice: "cast to float32 or float64 first",
} as const;
const numbersOnly = { dtypes: ["bool"], advice: "cast to int32, float32 or float64 first" } as const;

/** Element types in which a primitive is refused, with what to write instead; it runs in the others. */
export const refusedTypes: Readonly<Record<string, { dtypes: readonly DType[]; advice: string }>> = {
  reciprocal: floatsOnly,
  floor: floatsOnly,
  ceil: floatsOnly,
  sin: floatsOnly,
  cos: floatsOnly,
  asin: floatsOnly,
  atan: floatsOnly,
  exp: floatsOnly,
  log: floatsOnly,
  sqrt: floatsOnly,
  erf: floatsOnly,
  erfc: floatsOnly,
  fft: floatsOnly,
  neg: numbersOnly,
  idiv: numbersOnly,
  mod: numbersOnly,
  dot: numbersOnly,
  conv: numbersOnly,
  pool_transpose: numbersOnly,
  scatter: numbersOnly,
  sort: numbersOnly,
  argsort: numbersOnly,
  bit_combine: {
    dtypes: ["int32"],
    advice: "do bit arithmetic outside of the model and pass its result in",
  },
};
