import { random } from "../../src/core/random.ts";
import type { CurvatureSolver } from "../../src/lenses/curvature/operator.ts";
import { cholesky, choleskySolve } from "../../src/linalg/cholesky.ts";
import { eigenSymmetric } from "../../src/linalg/eigen-symmetric.ts";
import { type Matrix, matrix } from "../../src/linalg/matrix.ts";
import { rowOf } from "../../src/linalg/rows.ts";

/** Solves with H + damping·1 by Cholesky: a stand-in for the curvature operators. */
export function choleskySolver(h: Matrix, damping = 0): CurvatureSolver {
  const factor = cholesky(damped(h, damping));
  return {
    method: "cholesky",
    damping,
    negative: 0,
    warnings: [],
    solve: async (right) => eachRow(right, (row) => choleskySolve(factor, row)),
  };
}

/** The same through eigenvectors, for matrices that are not definite; it tells nothing about their signs. */
export function eigenSolver(h: Matrix, damping = 0): CurvatureSolver {
  const { values, vectors } = eigenSymmetric(damped(h, damping));
  return {
    method: "ldl",
    damping,
    warnings: [],
    solve: async (right) =>
      eachRow(right, (row) => {
        const out = new Float64Array(row.length);
        for (let k = 0; k < values.length; k++) {
          const v = rowOf(vectors, k);
          const scale = dot(v, row) / values[k]!;
          for (let j = 0; j < out.length; j++) out[j]! += scale * v[j]!;
        }
        return out;
      }),
  };
}

/** Least squares with a ridge: R(θ) = (1/n) Σ wᵢ ½(xᵢ·θ − yᵢ)² + ½κ‖θ‖², solved in closed form. */
export function ridgeProblem({ n = 80, d = 6, kappa = 1e-2, seed = 1 } = {}) {
  const rng = random(seed, "ridge problem");
  const x = normalMatrix(n, d, rng);
  const truth = Array.from({ length: d }, () => rng.normal());
  const y = Float64Array.from({ length: n }, (_, i) => dot(rowOf(x, i), truth) + 0.5 * rng.normal());
  const hessian = (weights?: ArrayLike<number>) => {
    const h = matrix(d, d);
    for (let i = 0; i < n; i++) {
      const row = rowOf(x, i);
      for (let a = 0; a < d; a++) {
        for (let b = 0; b < d; b++) h.data[a * d + b]! += ((weights?.[i] ?? 1) * row[a]! * row[b]!) / n;
      }
    }
    return damped(h, kappa);
  };
  const trained = (weights?: ArrayLike<number>) => {
    const right = new Float64Array(d);
    for (let i = 0; i < n; i++) {
      for (let a = 0; a < d; a++) right[a]! += ((weights?.[i] ?? 1) * x.data[i * d + a]! * y[i]!) / n;
    }
    return choleskySolve(cholesky(hessian(weights)), right);
  };
  const theta = trained();
  const residuals = y.map((value, i) => dot(rowOf(x, i), theta) - value);
  const gradients = matrix(
    n,
    d,
    Float64Array.from(x.data, (value, at) => value * residuals[Math.floor(at / d)]!),
  );
  return { n, d, kappa, x, y, theta, residuals, gradients, hessian, trained };
}

/** Softmax regression with a ridge: logits z_c = θ_c·x, θ of C·d values, by Newton to ‖∇R‖ < 1e-12. */
export function softmaxProblem(x: Matrix, labels: ArrayLike<number>, { classes = 2, kappa = 1e-2 } = {}) {
  const { rows: n, cols: p } = x;
  const size = classes * p;
  const logitsOf = (theta: ArrayLike<number>, rows: Matrix): Matrix => {
    const out = matrix(rows.rows, classes);
    for (let i = 0; i < rows.rows; i++) {
      for (let c = 0; c < classes; c++) {
        let sum = 0;
        for (let j = 0; j < p; j++) sum += theta[c * p + j]! * rows.data[i * p + j]!;
        out.data[i * classes + c] = sum;
      }
    }
    return out;
  };
  const softmax = (z: Matrix): Matrix => {
    const out = matrix(z.rows, classes);
    for (let i = 0; i < z.rows; i++) {
      const e = Array.from(rowOf(z, i), Math.exp);
      const sum = e.reduce((a, b) => a + b, 0);
      out.data.set(
        e.map((value) => value / sum),
        i * classes,
      );
    }
    return out;
  };
  const hessian = (theta: ArrayLike<number>, weights?: ArrayLike<number>): Matrix => {
    const q = softmax(logitsOf(theta, x));
    const h = matrix(size, size);
    for (let i = 0; i < n; i++) {
      const w = (weights?.[i] ?? 1) / n;
      if (w === 0) continue;
      const row = rowOf(x, i);
      const pi = rowOf(q, i);
      for (let a = 0; a < classes; a++) {
        for (let b = 0; b < classes; b++) {
          const s = w * ((a === b ? pi[a]! : 0) - pi[a]! * pi[b]!);
          for (let j = 0; j < p; j++) {
            for (let k = 0; k < p; k++) h.data[(a * p + j) * size + b * p + k]! += s * row[j]! * row[k]!;
          }
        }
      }
    }
    return damped(h, kappa);
  };
  const trained = (weights?: ArrayLike<number>, start?: Float64Array): Float64Array => {
    const theta = start ? start.slice() : new Float64Array(size);
    for (let step = 0; step < 60; step++) {
      const q = softmax(logitsOf(theta, x));
      const gradient = theta.map((value) => kappa * value);
      for (let i = 0; i < n; i++) {
        for (let c = 0; c < classes; c++) {
          const r = ((weights?.[i] ?? 1) / n) * (q.data[i * classes + c]! - (labels[i] === c ? 1 : 0));
          for (let j = 0; j < p; j++) gradient[c * p + j]! += r * x.data[i * p + j]!;
        }
      }
      if (Math.sqrt(dot(gradient, gradient)) < 1e-12) return theta;
      const move = choleskySolve(cholesky(hessian(theta, weights)), gradient);
      for (let j = 0; j < size; j++) theta[j]! -= move[j]!;
    }
    throw new Error("softmaxProblem: Newton did not converge");
  };
  /** ∂z/∂θ of any inputs, (rows·C) × (C·d). */
  const jacobian = (rows: Matrix): Matrix => {
    const out = matrix(rows.rows * classes, size);
    for (let i = 0; i < rows.rows; i++) {
      for (let c = 0; c < classes; c++) out.data.set(rowOf(rows, i), (i * classes + c) * size + c * p);
    }
    return out;
  };
  const theta = trained();
  const q = softmax(logitsOf(theta, x));
  const slopes = matrix(
    n,
    classes,
    q.data.map((value, at) => value - (labels[Math.floor(at / classes)] === at % classes ? 1 : 0)),
  );
  const curvatures = matrix(
    n,
    classes ** 2,
    Float64Array.from({ length: n * classes ** 2 }, (_, at) => {
      const i = Math.floor(at / classes ** 2);
      const [a, b] = [Math.floor((at % classes ** 2) / classes), at % classes];
      return (a === b ? q.data[i * classes + a]! : 0) - q.data[i * classes + a]! * q.data[i * classes + b]!;
    }),
  );
  return {
    n,
    size,
    classes,
    kappa,
    x,
    theta,
    logitsOf,
    softmax,
    hessian,
    trained,
    jacobian,
    slopes,
    curvatures,
  };
}

/** Points of `classes` Gaussian clouds in two dimensions around a circle of radius 2, with a constant 1 as a third input. */
export function clouds({ perClass = 40, classes = 2, spread = 1, seed = 1 } = {}) {
  const rng = random(seed, "clouds");
  const n = perClass * classes;
  const x = matrix(n, 3);
  const labels = Int32Array.from({ length: n }, (_, i) => i % classes);
  for (let i = 0; i < n; i++) {
    const angle = (2 * Math.PI * labels[i]!) / classes;
    x.data.set(
      [2 * Math.cos(angle) + spread * rng.normal(), 2 * Math.sin(angle) + spread * rng.normal(), 1],
      3 * i,
    );
  }
  return { x, labels };
}

export function normalMatrix(rows: number, cols: number, rng = random(1, "normal matrix")): Matrix {
  return matrix(
    rows,
    cols,
    Float64Array.from({ length: rows * cols }, () => rng.normal()),
  );
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** max |a − b|. */
export function largestGap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} values against ${b.length}`);
  let gap = 0;
  for (let i = 0; i < a.length; i++) gap = Math.max(gap, Math.abs(a[i]! - b[i]!));
  return gap;
}

function damped(h: Matrix, damping: number): Matrix {
  const out = matrix(h.rows, h.rows, h.data.slice());
  for (let i = 0; i < h.rows; i++) out.data[i * h.rows + i]! += damping;
  return out;
}

function eachRow(rows: Matrix, solve: (row: Float64Array) => Float64Array): Matrix {
  const out = matrix(rows.rows, rows.cols);
  for (let i = 0; i < rows.rows; i++) out.data.set(solve(rowOf(rows, i)), i * rows.cols);
  return out;
}
