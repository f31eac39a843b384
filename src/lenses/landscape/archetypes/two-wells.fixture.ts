import type { Landscape } from "../../../optim/landscape/landscape.ts";

/**
 * One coordinate, two minima: V′ = k (x − a) x (x − b) with a = −r and b = 1/r has its lower minimum at a, the gap V(b) −
 * V(a) set to 1 by k, and curvatures in the ratio |a|/b = r², so that the prefactors of Z are in the ratio r exactly.
 */
export function twoWellsFrom(input: unknown): Landscape {
  const { r } = input as { r: number };
  const [a, b] = [-r, 1 / r];
  const raw = (x: number) => x ** 4 / 4 - ((a + b) * x ** 3) / 3 + (a * b * x * x) / 2;
  const k = 1 / (raw(b) - raw(a));
  return {
    name: `two wells, r = ${r}`,
    n: 1,
    valueAndGradient(x, gradient) {
      const at = x[0]!;
      gradient[0] = k * (at - a) * at * (at - b);
      return k * raw(at);
    },
    hessian(x) {
      const at = x[0]!;
      return { rows: 1, cols: 1, data: Float64Array.of(k * (3 * at * at - 2 * (a + b) * at + a * b)) };
    },
    start: (random) => Float64Array.of(a * 1.2 + (b - a) * 1.4 * random.uniform()),
  };
}
