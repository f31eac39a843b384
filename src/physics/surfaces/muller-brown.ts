import type { Surface } from "./surface.ts";

const height = [-200, -100, -170, 15] as const;
const a = [-1, -1, -6.5, 0.7] as const;
const b = [0, 0, 11, 0.6] as const;
const c = [-10, -10, -6.5, 0.7] as const;
const x0 = [1, 0, -0.5, -1] as const;
const y0 = [0, 0.5, 1.5, 1] as const;

/**
 * The Müller–Brown surface, V = Σ_k A_k exp(a_k(x − x_k)² + b_k(x − x_k)(y − y_k) + c_k(y − y_k)²), k = 1 … 4: three minima
 * and two transition states along a bent valley. Source: Müller & Brown, Theor. Chim. Acta 53, 75 (1979).
 */
export const mullerBrown: Surface = {
  name: "Müller–Brown",
  region: { x: [-1.5, 1.2], y: [-0.2, 2] },
  at(x, y) {
    const sum = { value: 0, x: 0, y: 0, xx: 0, xy: 0, yy: 0 };
    for (let k = 0; k < 4; k++) {
      const [dx, dy] = [x - x0[k]!, y - y0[k]!];
      const term = height[k]! * Math.exp(a[k]! * dx * dx + b[k]! * dx * dy + c[k]! * dy * dy);
      const [px, py] = [2 * a[k]! * dx + b[k]! * dy, b[k]! * dx + 2 * c[k]! * dy];
      sum.value += term;
      sum.x += term * px;
      sum.y += term * py;
      sum.xx += term * (px * px + 2 * a[k]!);
      sum.xy += term * (px * py + b[k]!);
      sum.yy += term * (py * py + 2 * c[k]!);
    }
    return sum;
  },
};
