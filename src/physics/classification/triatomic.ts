import type { Landscape } from "../../optim/landscape/landscape.ts";
import { lennardJones, lennardJonesGradient } from "../clusters/lennard-jones.ts";

/**
 * Three Lennard-Jones atoms with the triple-dipole term of Axilrod & Teller, J. Chem. Phys. 11, 299 (1943):
 * V = 4 Σ (r⁻¹² − r⁻⁶) + Z (1 + 3 cos θ₁ cos θ₂ cos θ₃)/(r₁₂r₁₃r₂₃)³, in units of ε and σ. Without the term the triangle
 * is the only minimum; with Z = 2 the three chains, one for each atom in the middle, are minima too.
 */
export function triatomic(tripleDipole = 2): Landscape {
  const { n, zeroModes, symmetry, start } = lennardJones(3);
  return {
    ...{ name: `LJ3, triple dipole ${tripleDipole}`, n, start },
    ...(zeroModes && { zeroModes }),
    ...(symmetry && { symmetry }),
    valueAndGradient(x, gradient) {
      return lennardJonesGradient(x, gradient) + addTripleDipole(x, gradient, tripleDipole);
    },
  };
}

/** {@link triatomic} from plain data, for worker threads. */
export function triatomicFrom(input: unknown): Landscape {
  return triatomic((input as { tripleDipole?: number }).tripleDipole);
}

/**
 * With squared distances a, b, c: Z((abc)^(−3/2) + ⅜ P (abc)^(−5/2)), P = (a + b − c)(a + c − b)(b + c − a). Adds to the
 * gradient.
 */
function addTripleDipole(x: Float64Array, gradient: Float64Array, strength: number): number {
  const pairs = [
    [0, 3],
    [0, 6],
    [3, 6],
  ] as const;
  const squares = pairs.map(([i, j]) => {
    let sum = 0;
    for (let c = 0; c < 3; c++) sum += (x[i + c]! - x[j + c]!) ** 2;
    return sum;
  });
  const [a, b, c] = squares as [number, number, number];
  const [u, v, w] = [a + b - c, a + c - b, b + c - a];
  const product = a * b * c;
  const first = strength * product ** -1.5;
  const second = (3 / 8) * strength * product ** -2.5;
  const slopes = [v * w + u * w - u * v, v * w - u * w + u * v, u * v + u * w - v * w];
  pairs.forEach(([i, j], p) => {
    const slope = (-1.5 * first - 2.5 * second * u * v * w) / squares[p]! + second * slopes[p]!;
    for (let k = 0; k < 3; k++) {
      const push = 2 * slope * (x[i + k]! - x[j + k]!);
      gradient[i + k]! += push;
      gradient[j + k]! -= push;
    }
  });
  return first + second * u * v * w;
}
