import { onesLike } from "../ops/create.ts";
import type { Value } from "../ops/value.ts";
import { argumentNumbers, type Pure, requireScalar, type Tree } from "./function.ts";
import { vjp } from "./vjp.ts";

/** With respect to which arguments: one number (default 0), or a list. */
export interface GradOptions<N extends number | readonly number[] = number | readonly number[]> {
  argnums?: N;
}

/** What a gradient is: the argument's own tree, or a list of such for a list of arguments. */
export type Gradient<
  A extends readonly Tree[],
  N extends number | readonly number[],
> = N extends readonly number[] ? { [K in keyof N]: A[N[K] & number] } : A[N & number];

/**
 * The function that returns `f` and its gradient, in one reverse pass.
 * @param f returns one float scalar
 * @returns `(...args) => [value, gradient]`; the gradient has the tree of the argument(s) named by `argnums`
 * @throws UserError if the result is no scalar, or an argument named holds integers
 */
export function valueAndGrad<A extends readonly Tree[], const N extends number | readonly number[] = 0>(
  f: Pure<A, Value>,
  options: GradOptions<N> = {},
): (...args: A) => [value: Value, gradient: Gradient<A, N>] {
  const argnums = options.argnums ?? (0 as N);
  return (...args) => {
    const numbers = argumentNumbers("grad", args, argnums);
    const [value, pullback] = vjp(
      (...active: readonly Tree[]) => requireScalar("grad", f(...withArguments(args, numbers, active))),
      numbers.map((i) => args[i]!),
    );
    const gradients = pullback(onesLike(value));
    return [value, (typeof argnums === "number" ? gradients[0] : gradients) as Gradient<A, N>];
  };
}

/**
 * The gradient of a scalar function: `grad(loss)(parameters, x, y)` is ∂loss/∂parameters.
 * @see valueAndGrad
 */
export function grad<A extends readonly Tree[], const N extends number | readonly number[] = 0>(
  f: Pure<A, Value>,
  options: GradOptions<N> = {},
): (...args: A) => Gradient<A, N> {
  const both = valueAndGrad(f, options);
  return (...args) => both(...args)[1];
}

/** `args` with those at `numbers` replaced. */
export function withArguments<A extends readonly Tree[]>(
  args: A,
  numbers: readonly number[],
  values: readonly Tree[],
): A {
  const result: Tree[] = [...args];
  numbers.forEach((i, k) => {
    result[i] = values[k]!;
  });
  return result as unknown as A;
}
