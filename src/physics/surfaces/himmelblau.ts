import type { Surface } from "./surface.ts";

/**
 * Himmelblau's function, V = (x² + y − 11)² + (x + y² − 7)²: four minima, all of value 0 and one of them at (3, 2), four
 * saddles and one maximum. Source: Himmelblau, Applied Nonlinear Programming (1972).
 */
export const himmelblau: Surface = {
  name: "Himmelblau",
  region: { x: [-5, 5], y: [-5, 5] },
  at(x, y) {
    const [p, q] = [x * x + y - 11, x + y * y - 7];
    return {
      value: p * p + q * q,
      x: 4 * x * p + 2 * q,
      y: 2 * p + 4 * y * q,
      xx: 4 * p + 8 * x * x + 2,
      xy: 4 * x + 4 * y,
      yy: 2 + 4 * q + 8 * y * y,
    };
  },
};
