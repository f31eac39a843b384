import type { Landscape } from "../../../optim/landscape/landscape.ts";

/** V(x, y) = x⁴ + y⁴ + Σ c_ij xⁱyʲ over i + j ≤ 3, with c in the order of {@link powers}: coercive whatever c is. */
export const powers: readonly (readonly [number, number])[] = [
  [1, 0],
  [0, 1],
  [2, 0],
  [1, 1],
  [0, 2],
  [3, 0],
  [2, 1],
  [1, 2],
  [0, 3],
];

/** The n-th derivative of xⁱ at x. */
function power(x: number, i: number, n: number): number {
  let factor = 1;
  for (let k = 0; k < n; k++) factor *= i - k;
  return factor === 0 ? 0 : factor * x ** (i - n);
}

/** Of order a in x and b in y. */
export function quarticDerivative(c: readonly number[], x: number, y: number, a: number, b: number): number {
  const terms: (readonly [number, number, number])[] = [
    [4, 0, 1],
    [0, 4, 1],
    ...powers.map(([i, j], k) => [i, j, c[k]!] as const),
  ];
  return terms.reduce((sum, [i, j, weight]) => sum + weight * power(x, i, a) * power(y, j, b), 0);
}

/** For worker threads and the explorer. */
export function quarticFrom(input: unknown): Landscape {
  const c = input as number[];
  const at = (x: Float64Array, a: number, b: number) => quarticDerivative(c, x[0]!, x[1]!, a, b);
  return {
    name: `quartic ${c.join(" ")}`,
    n: 2,
    valueAndGradient(x, gradient) {
      gradient[0] = at(x, 1, 0);
      gradient[1] = at(x, 0, 1);
      return at(x, 0, 0);
    },
    hessian: (x) => ({
      ...{ rows: 2, cols: 2 },
      data: Float64Array.of(at(x, 2, 0), at(x, 1, 1), at(x, 1, 1), at(x, 0, 2)),
    }),
    start: (random) => Float64Array.from({ length: 2 }, () => 5 * random.uniform() - 2.5),
  };
}
