import { lax } from "@jax-js/jax";
import { own } from "./scope.ts";
import type { Value } from "./value.ts";

/** The value of `x` with derivative zero. */
export function stopGradient(x: Value): Value {
  return own(lax.stopGradient(x.ref));
}
