import { breathe } from "../core/breathe.ts";
import { UserError } from "../core/errors.ts";
import type { Random } from "../core/random.ts";
import { quietTask, type Task } from "../core/task.ts";
import { eigenSymmetric } from "./eigen-symmetric.ts";
import { dotAt } from "./gram.ts";
import { matrix } from "./matrix.ts";
import { removeAlong } from "./orthogonalise.ts";
import { randomRows, type SymmetricOperator } from "./symmetric-operator.ts";

/** A spectrum as weighted points: for each probe the eigenvalues of its Lanczos matrix and weights that sum to 1. */
export interface SpectralQuadrature {
  size: number;
  probes: readonly { nodes: Float64Array; weights: Float64Array }[];
}

/**
 * Stochastic Lanczos quadrature (Bai, Fahey & Golub 1996; Lin, Saad & Yang 2016): for probes z of random signs
 * zᵀf(A)z/d ≈ Σ_j τ_j² f(θ_j), whose mean over probes estimates tr f(A)/d, exact for polynomials of degree 2m − 1 but
 * for the probes' own spread. The Lanczos vectors of each probe are fully reorthogonalised; memory
 * probes·steps·d·8 bytes.
 * @param options.probes default 8. @param options.steps m, default 60, at most d.
 */
export async function spectralQuadrature(
  a: SymmetricOperator,
  options: { random: Random; probes?: number; steps?: number; task?: Task },
): Promise<SpectralQuadrature> {
  const { random, probes = 8, task = quietTask } = options;
  const d = a.size;
  const steps = Math.min(d, options.steps ?? 60);
  if (!(Number.isInteger(probes) && probes >= 1) || !(Number.isInteger(steps) && steps >= 1)) {
    throw new RangeError(
      `spectralQuadrature: ${probes} probes of ${steps} steps; expected whole numbers ≥ 1`,
    );
  }
  const start = randomRows(probes, d, random, "signs");
  const lanes = Array.from({ length: probes }, (_, i) => {
    const basis = matrix(steps, d);
    for (let j = 0; j < d; j++) basis.data[j] = start.data[i * d + j]! / Math.sqrt(d);
    return { basis, alpha: [] as number[], beta: [] as number[], open: true };
  });
  for (let step = 0; step < steps; step++) {
    const open = lanes.filter((lane) => lane.open);
    if (open.length === 0) break;
    const block = matrix(open.length, d);
    for (const [at, lane] of open.entries()) {
      block.data.set(lane.basis.data.subarray(step * d, (step + 1) * d), at * d);
    }
    const image = await a.multiply(block);
    for (const [at, lane] of open.entries()) {
      const w = matrix(1, d, image.data.slice(at * d, (at + 1) * d));
      const before = Math.sqrt(dotAt(w.data, 0, w.data, 0, d));
      if (!Number.isFinite(before)) {
        throw new UserError(
          "spectralQuadrature: the operator gave a value that is not finite; check the parameters and the data",
        );
      }
      const along = removeAlong(w, lane.basis, step + 1);
      lane.alpha.push(along.data[step]!);
      const beta = Math.sqrt(dotAt(w.data, 0, w.data, 0, d));
      if (step + 1 === steps || beta <= 1e-13 * Math.max(before, Number.MIN_VALUE)) {
        lane.open = false;
        continue;
      }
      lane.beta.push(beta);
      for (let j = 0; j < d; j++) lane.basis.data[(step + 1) * d + j] = w.data[j]! / beta;
    }
    task.report(step / steps, "spectral density");
    await breathe(task);
  }
  return { size: d, probes: lanes.map(({ alpha, beta }) => quadratureRule(alpha, beta)) };
}

/** Gauss rule of a tridiagonal matrix: its eigenvalues, and the squared first components of its eigenvectors. */
function quadratureRule(alpha: readonly number[], beta: readonly number[]) {
  const m = alpha.length;
  const t = matrix(m, m);
  for (let i = 0; i < m; i++) {
    t.data[i * m + i] = alpha[i]!;
    if (i > 0) t.data[i * m + i - 1] = beta[i - 1]!;
  }
  const { values, vectors } = eigenSymmetric(t);
  return { nodes: values, weights: Float64Array.from({ length: m }, (_, i) => vectors.data[i * m]! ** 2) };
}

/** The quadrature of a spectrum that is known in full: one probe, equal weights, no error. */
export function exactQuadrature(values: Float64Array): SpectralQuadrature {
  const weights = new Float64Array(values.length).fill(1 / values.length);
  return { size: values.length, probes: [{ nodes: values, weights }] };
}

/**
 * tr f(A) ≈ d · mean over probes of Σ_j w_j f(θ_j), with the standard error of that mean (0 for one probe that is an
 * exact spectrum, NaN for one random probe).
 */
export function quadratureTrace(
  q: SpectralQuadrature,
  f: (eigenvalue: number) => number,
): { value: number; error: number } {
  const sums = q.probes.map(({ nodes, weights }) =>
    nodes.reduce((sum, node, j) => sum + weights[j]! * f(node), 0),
  );
  const { mean, error } = meanAndError(sums, isExact(q));
  return { value: q.size * mean, error: q.size * error };
}

/**
 * The spectral density on a grid, every point broadened to a normal distribution: ρ(t) = mean over probes of
 * Σ_j w_j N(t; θ_j, width²), which integrates to 1, with the standard error of that mean at every t.
 * @throws RangeError for a width that is not positive.
 */
export function spectralDensity(
  q: SpectralQuadrature,
  options: { grid: Float64Array; width: number },
): { density: Float64Array; error: Float64Array } {
  const { grid, width } = options;
  if (!(width > 0)) throw new RangeError(`spectralDensity: width ${width}; expected a positive number`);
  const density = new Float64Array(grid.length);
  const error = new Float64Array(grid.length);
  const exact = isExact(q);
  grid.forEach((t, i) => {
    const sums = q.probes.map(({ nodes, weights }) =>
      nodes.reduce((sum, node, j) => sum + weights[j]! * Math.exp(-0.5 * ((t - node) / width) ** 2), 0),
    );
    const at = meanAndError(sums, exact);
    density[i] = at.mean / (width * Math.sqrt(2 * Math.PI));
    error[i] = at.error / (width * Math.sqrt(2 * Math.PI));
  });
  return { density, error };
}

function isExact(q: SpectralQuadrature): boolean {
  const only = q.probes.length === 1 ? q.probes[0]! : undefined;
  return (
    only !== undefined && only.nodes.length === q.size && only.weights.every((w) => w === only.weights[0])
  );
}

function meanAndError(values: readonly number[], exact: boolean): { mean: number; error: number } {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  if (exact) return { mean, error: 0 };
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1);
  return { mean, error: Math.sqrt(variance / n) };
}
