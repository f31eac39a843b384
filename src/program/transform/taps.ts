import { zerosLike } from "../ops/create.ts";
import type { Value } from "../ops/value.ts";
import { requireSites, withSites } from "../sites.ts";
import { mapTree, type Pure, type Tree } from "./function.ts";
import { valueAndGrad } from "./grad.ts";

/** A result together with the values at the sites asked for. */
export interface Tapped<R extends Tree> {
  readonly [name: string]: Tree;
  readonly output: R;
  readonly taps: { readonly [site: string]: Value };
}

/**
 * The function that returns its result and the values at named sites: `tap(model, ["penultimate"])(w, x).taps`.
 * @param names default: every site the model names
 * @throws UserError if the model has no such site; the message lists those it has
 */
export function tap<A extends readonly Tree[], R extends Tree>(
  f: Pure<A, R>,
  names?: readonly string[],
): (...args: A) => Tapped<R> {
  return (...args) => {
    const taps: Record<string, Value> = {};
    const seen = new Set<string>();
    const record = (name: string, value: Value) => {
      seen.add(name);
      if (names === undefined || names.includes(name)) taps[name] = value;
    };
    const output = withSites(() => f(...args), { where: "tap", record });
    requireSites("tap", names ?? [], seen);
    return { output, taps };
  };
}

/**
 * The function with values put in place of its sites: `patch(model)({ penultimate: h }, w, x)`. The patches are an
 * ordinary first argument, so `grad(patch(model))` is the derivative at the sites.
 * @throws UserError if the model has no such site, or the shape or dtype is another
 */
export function patch<A extends readonly Tree[], R extends Tree>(
  f: Pure<A, R>,
): (patches: { readonly [site: string]: Value }, ...args: A) => R {
  return (patches, ...args) => withSites(() => f(...args), { where: "patch", patches });
}

/**
 * The value of a scalar function and its gradient with respect to the value at named sites, at the values that the
 * model itself computes there: ∂f/∂h for each site h, through everything that follows it, other sites included.
 * @throws UserError if the model has no such site, or one holds integers
 */
export function siteGrad<A extends readonly Tree[]>(
  f: Pure<A, Value>,
  names: readonly string[],
): (...args: A) => { value: Value; gradients: { readonly [site: string]: Value } } {
  return (...args) => {
    const { taps } = tap(f, names)(...args);
    // A shift by zero leaves the sites linked; patching them all would cut each off from those that follow.
    const [value, gradients] = valueAndGrad((shifts: { readonly [site: string]: Value }) =>
      withSites(() => f(...args), { where: "siteGrad", shifts }),
    )(mapTree(zerosLike, taps));
    return { value, gradients };
  };
}
