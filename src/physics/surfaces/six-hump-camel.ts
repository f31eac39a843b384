import type { Surface } from "./surface.ts";

/**
 * The six-hump camel, V = (4 − 2.1x² + x⁴/3)x² + xy + (4y² − 4)y²: six minima in three pairs under (x, y) → (−x, −y), seven
 * saddles and two maxima. Source: Dixon & Szegö, Towards Global Optimisation 2 (1978).
 */
export const sixHumpCamel: Surface = {
  name: "six-hump camel",
  region: { x: [-2, 2], y: [-1, 1] },
  at: (x, y) => ({
    value: (4 - 2.1 * x * x + x ** 4 / 3) * x * x + x * y + (4 * y * y - 4) * y * y,
    x: 8 * x - 8.4 * x ** 3 + 2 * x ** 5 + y,
    y: x - 8 * y + 16 * y ** 3,
    xx: 8 - 25.2 * x * x + 10 * x ** 4,
    xy: 1,
    yy: -8 + 48 * y * y,
  }),
};
