import { demand } from "../../core/errors.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import type { Landscape } from "../../optim/landscape/landscape.ts";
import { alignCluster } from "./align.ts";
import { pointGroupOrder } from "./congruence.ts";
import { clusterStart, clusterStep } from "./moves.ts";
import { clusterZeroModes } from "./zero-modes.ts";

/**
 * The landscape of N Lennard-Jones atoms in space, in units of ε and σ: V = 4 Σ (r⁻¹² − r⁻⁶), with its symmetry
 * (permutations, inversion, rotations, translations), its flat directions and GMIN-like starts and moves.
 * @throws UserError for fewer than three atoms.
 */
export function lennardJones(atoms: number): Landscape {
  demand(
    Number.isInteger(atoms) && atoms >= 3,
    () => `lennardJones: ${atoms} atoms; expected a whole number of at least 3`,
  );
  return {
    name: `LJ${atoms}`,
    n: 3 * atoms,
    valueAndGradient: lennardJonesGradient,
    hessian: lennardJonesHessian,
    zeroModes: clusterZeroModes,
    symmetry: { align: alignCluster, order: (x) => pointGroupOrder(x) },
    start: (random) => clusterStart(atoms, random),
    perturb: clusterStep,
  };
}

/** {@link lennardJones} from plain data, for worker threads. */
export function lennardJonesFrom(input: unknown): Landscape {
  return lennardJones((input as { atoms: number }).atoms);
}

/** V = 4 Σ_{i<j} (r⁻¹² − r⁻⁶) of the 3N coordinates x; fills `gradient`. Units of ε and σ. */
export function lennardJonesGradient(x: Float64Array, gradient: Float64Array): number {
  const n = x.length;
  let energy = 0;
  gradient.fill(0);
  for (let i = 0; i < n - 3; i += 3) {
    const xi = x[i]!;
    const yi = x[i + 1]!;
    const zi = x[i + 2]!;
    let gx = 0;
    let gy = 0;
    let gz = 0;
    for (let j = i + 3; j < n; j += 3) {
      const dx = xi - x[j]!;
      const dy = yi - x[j + 1]!;
      const dz = zi - x[j + 2]!;
      const inverse = 1 / (dx * dx + dy * dy + dz * dz);
      const sixth = inverse * inverse * inverse;
      energy += sixth * (sixth - 1);
      const force = -24 * inverse * sixth * (2 * sixth - 1);
      const fx = force * dx;
      const fy = force * dy;
      const fz = force * dz;
      gx += fx;
      gy += fy;
      gz += fz;
      gradient[j] = gradient[j]! - fx;
      gradient[j + 1] = gradient[j + 1]! - fy;
      gradient[j + 2] = gradient[j + 2]! - fz;
    }
    gradient[i] = gradient[i]! + gx;
    gradient[i + 1] = gradient[i + 1]! + gy;
    gradient[i + 2] = gradient[i + 2]! + gz;
  }
  return 4 * energy;
}

/**
 * Second derivatives of {@link lennardJonesGradient}: for a pair with d = x_i − x_j the block of i and j is
 * −(a·1 + b·ddᵀ), a = V′/r, b = (V″ − V′/r)/r², and each diagonal block the negative sum of its row's others.
 */
export function lennardJonesHessian(x: Float64Array): Matrix {
  const n = x.length;
  const out = matrix(n, n);
  const h = out.data;
  const d = new Float64Array(3);
  for (let i = 0; i < n; i += 3) {
    for (let j = i + 3; j < n; j += 3) {
      for (let c = 0; c < 3; c++) d[c] = x[i + c]! - x[j + c]!;
      const inverse = 1 / (d[0]! ** 2 + d[1]! ** 2 + d[2]! ** 2);
      const sixth = inverse ** 3;
      const a = -24 * inverse * sixth * (2 * sixth - 1);
      const b = inverse * inverse * sixth * (672 * sixth - 192);
      for (let c = 0; c < 3; c++) {
        for (let e = 0; e < 3; e++) {
          const value = b * (d[c]! * d[e]!) + (c === e ? a : 0);
          h[(i + c) * n + j + e] = -value;
          h[(j + c) * n + i + e] = -value;
          h[(i + c) * n + i + e]! += value;
          h[(j + c) * n + j + e]! += value;
        }
      }
    }
  }
  return out;
}
