import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { symmetrise } from "../../linalg/symmetric.ts";
import { blocksOf, columnsOf } from "./blocks.ts";
import { transposed } from "./columns.ts";
import { forward, outputs } from "./loss.ts";
import type { CheckedProblem } from "./problem.ts";
import { classifierProduct } from "./product.ts";
import type { ClassifierLayout } from "./shape.ts";

/**
 * All second derivatives of the loss, n × n. One hidden layer: assembled from Gram matrices of x̃ = (x, 1) and h̃ = (h, 1)
 * over the data. With W the weights to the outputs, s = 1 − h², m_j = Σ_i p_i W_ij and G = (P − T)/N the blocks are
 * - hidden j with hidden j′: x̃x̃ᵀ weighted by (Σ_i p_i W_ij W_ij′ − m_j m_j′)s_j s_j′/N − 2δ_jj′ (Σ_i G_i W_ij)h_j s_j,
 * - hidden j with output i: x̃h̃ᵀ weighted by p_i(W_ij − m_j)s_j/N, and x̃ by G_i s_j where h̃ is h_j,
 * - output i with output i′: h̃h̃ᵀ weighted by p_i(δ_ii′ − p_i′)/N,
 * and 2λ on the diagonal. More layers: n exact products.
 */
export function classifierHessian(problem: CheckedProblem): (w: Float64Array) => Matrix {
  return problem.shape.hidden.length === 1 ? assembled(problem) : fromProducts(problem);
}

function fromProducts(problem: CheckedProblem): (w: Float64Array) => Matrix {
  const product = classifierProduct(problem);
  return (w) => {
    const n = w.length;
    const rows = matrix(n, n);
    const axis = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      axis[i] = 1;
      product(w, axis, rows.data.subarray(i * n, (i + 1) * n));
      axis[i] = 0;
    }
    return symmetrise(rows);
  };
}

/** Node by node: hidden unit j has its weights and bias at j(I + 1), output i at H(I + 1) + i(H + 1). */
function nodeOrder({ sizes, weightsAt, biasAt }: ClassifierLayout): Int32Array {
  return Int32Array.from(
    weightsAt.flatMap((at, l) => {
      const from = sizes[l]!;
      return Array.from({ length: sizes[l + 1]! * (from + 1) }, (_, i) => {
        const [j, k] = [Math.floor(i / (from + 1)), i % (from + 1)];
        return k < from ? at + j * from + k : biasAt[l]! + j;
      });
    }),
  );
}

function assembled(problem: CheckedProblem): (w: Float64Array) => Matrix {
  const blocks = blocksOf(problem);
  const { stride, count, features, decays, layout } = blocks;
  const [inputs, units, classes] = layout.sizes as [number, number, number];
  const total = problem.rows;
  const n = layout.count;
  const place = nodeOrder(layout);
  const active = columnsOf(blocks);
  const delta = columnsOf(blocks);
  const wide = { columns: new Float64Array((inputs + 1) * stride).fill(1), count: inputs + 1 };
  const deep = { columns: new Float64Array((units + 1) * stride).fill(1), count: units + 1 };
  const slope = new Float64Array(units * stride);
  const back = new Float64Array(units * stride);
  const mean = new Float64Array(units * stride);
  const weight = new Float64Array(stride);
  const scratch = new Float64Array(stride);
  const outputLayer = blocks.layers[1]!;
  const grouped = new Float64Array(n * n);
  const hiddenAt = (j: number) => j * wide.count;
  const outputAt = (i: number) => units * wide.count + i * deep.count;
  /** grouped[row + k][col + l] += Σ_d weight(d) a_k(d) c_l(d); of a block on the diagonal the lower half. */
  const gram = (row: number, a: typeof wide, col: number, c: typeof wide, rows: number) => {
    for (let k = 0; k < a.count; k++) {
      for (let d = 0; d < rows; d++) scratch[d] = weight[d]! * a.columns[k * stride + d]!;
      const at = (row + k) * n + col;
      const end = row === col ? k + 1 : c.count;
      for (let l = 0; l < end; l++) grouped[at + l]! += dot(scratch, c.columns, l * stride, rows);
    }
  };
  return (w) => {
    grouped.fill(0);
    const toOutput = (i: number, j: number) => w[outputLayer.weightsAt + i * units + j]!;
    for (let b = 0; b < count; b++) {
      const rows = blocks.rowsOf(b);
      wide.columns.set(features.subarray(b * inputs * stride, (b + 1) * inputs * stride));
      forward(blocks, w, b, active);
      const [hidden, p, g] = [active[1]!, active[2]!, delta[2]!];
      outputs(blocks, b, p, g, total);
      deep.columns.set(hidden);
      transposed(back, g, w, outputLayer, rows, stride);
      transposed(mean, p, w, outputLayer, rows, stride);
      for (let i = 0; i < slope.length; i++) slope[i] = (1 - hidden[i]!) * (1 + hidden[i]!);
      for (let j = 0; j < units; j++) {
        for (let other = 0; other <= j; other++) {
          weight.fill(0);
          for (let i = 0; i < classes; i++) {
            const both = toOutput(i, j) * toOutput(i, other);
            for (let d = 0; d < rows; d++) weight[d]! += both * p[i * stride + d]!;
          }
          for (let d = 0; d < rows; d++) {
            const [a, c] = [j * stride + d, other * stride + d];
            weight[d] = ((weight[d]! - mean[a]! * mean[c]!) * slope[a]! * slope[c]!) / total;
            if (j === other) weight[d]! -= 2 * back[a]! * hidden[a]! * slope[a]!;
          }
          gram(hiddenAt(j), wide, hiddenAt(other), wide, rows);
        }
        for (let i = 0; i < classes; i++) {
          const own = toOutput(i, j);
          for (let d = 0; d < rows; d++) {
            const a = j * stride + d;
            weight[d] = (p[i * stride + d]! * (own - mean[a]!) * slope[a]!) / total;
          }
          gram(outputAt(i), deep, hiddenAt(j), wide, rows);
          for (let d = 0; d < rows; d++) scratch[d] = g[i * stride + d]! * slope[j * stride + d]!;
          const at = (outputAt(i) + j) * n + hiddenAt(j);
          for (let k = 0; k <= inputs; k++) grouped[at + k]! += dot(scratch, wide.columns, k * stride, rows);
        }
      }
      for (let i = 0; i < classes; i++) {
        for (let other = 0; other <= i; other++) {
          const same = i === other ? 1 : 0;
          for (let d = 0; d < rows; d++) {
            weight[d] = (p[i * stride + d]! * (same - p[other * stride + d]!)) / total;
          }
          gram(outputAt(i), deep, outputAt(other), deep, rows);
        }
      }
    }
    const out = matrix(n, n);
    for (let a = 0; a < n; a++) {
      const row = place[a]!;
      for (let c = 0; c <= a; c++) {
        const col = place[c]!;
        out.data[row * n + col] = grouped[a * n + c]!;
        out.data[col * n + row] = grouped[a * n + c]!;
      }
      out.data[row * n + row]! += 2 * decays[row]!;
    }
    return out;
  };
}

/** Σ_d a(d) b(at + d), four sums at a time. */
function dot(a: Float64Array, b: Float64Array, at: number, rows: number): number {
  let [p, q, r, s] = [0, 0, 0, 0];
  let d = 0;
  for (; d + 3 < rows; d += 4) {
    p += a[d]! * b[at + d]!;
    q += a[d + 1]! * b[at + d + 1]!;
    r += a[d + 2]! * b[at + d + 2]!;
    s += a[d + 3]! * b[at + d + 3]!;
  }
  for (; d < rows; d++) p += a[d]! * b[at + d]!;
  return p + q + (r + s);
}
