import type { Surface } from "./surface.ts";

/**
 * Two wells joined by a straight valley, V = (x² − 1)² + κy²/2: minima (±1, 0) of value 0, one transition state (0, 0) of
 * value 1, and the x axis as the path between them.
 */
export function doubleWell(kappa = 4): Surface {
  return {
    name: `double well, κ = ${kappa}`,
    region: { x: [-2, 2], y: [-1, 1] },
    at: (x, y) => ({
      value: (x * x - 1) ** 2 + (kappa * y * y) / 2,
      x: 4 * x * (x * x - 1),
      y: kappa * y,
      xx: 12 * x * x - 4,
      xy: 0,
      yy: kappa,
    }),
  };
}
