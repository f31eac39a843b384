import { matrix } from "../../linalg/matrix.ts";
import type { Landscape } from "../../optim/landscape/landscape.ts";

/** A function of two numbers with its derivatives. */
export interface Surface {
  name: string;
  /** V and its derivatives at (x, y): V_x, V_y, V_xx, V_xy, V_yy. */
  at(x: number, y: number): SurfacePoint;
  /** The rectangle in which searches start. */
  region: { x: readonly [number, number]; y: readonly [number, number] };
}

export interface SurfacePoint {
  value: number;
  x: number;
  y: number;
  xx: number;
  xy: number;
  yy: number;
}

/** The landscape of a surface: two coordinates, exact second derivatives, no symmetry, starts uniform in the region. */
export function surfaceLandscape(surface: Surface): Landscape {
  const { name, at, region } = surface;
  return {
    name,
    n: 2,
    valueAndGradient(x, gradient) {
      const point = at(x[0]!, x[1]!);
      gradient[0] = point.x;
      gradient[1] = point.y;
      return point.value;
    },
    hessian(x) {
      const { xx, xy, yy } = at(x[0]!, x[1]!);
      return matrix(2, 2, [xx, xy, xy, yy]);
    },
    start: (random) =>
      Float64Array.of(
        region.x[0] + (region.x[1] - region.x[0]) * random.uniform(),
        region.y[0] + (region.y[1] - region.y[0]) * random.uniform(),
      ),
  };
}
