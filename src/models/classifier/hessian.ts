import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { symmetrise } from "../../linalg/symmetric.ts";
import type { Machine } from "./machine.ts";
import { forward, outputs, transposed } from "./passes.ts";
import type { ClassifierLayout } from "./shape.ts";

/** All second derivatives as n exact products, made symmetric to the last bit. */
export function hessianFromProducts(
  product: (w: Float64Array, v: Float64Array, out: Float64Array) => void,
): (w: Float64Array) => Matrix {
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

/**
 * All second derivatives with one hidden layer, assembled from Gram matrices of x̃ = (x, 1) and h̃ = (h, 1) over the data.
 * With W the weights to the outputs, s = 1 − h², m_j = Σ_i p_i W_ij and G = (P − T)/N the blocks are
 * - hidden j with hidden j′: x̃x̃ᵀ weighted by (Σ_i p_i W_ij W_ij′ − m_j m_j′)s_j s_j′/N − 2δ_jj′ (Σ_i G_i W_ij)h_j s_j,
 * - hidden j with output i: x̃h̃ᵀ weighted by p_i(W_ij − m_j)s_j/N, and x̃ by G_i s_j where h̃ is h_j,
 * - output i with output i′: h̃h̃ᵀ weighted by p_i(δ_ii′ − p_i′)/N,
 * and 2λ on the diagonal. Symmetric to the last bit: only one of two equal elements is computed.
 */
export function assembledHessian(machine: Machine, decays: Float64Array): (w: Float64Array) => Matrix {
  const { kernels: k, stride, layout, numbers, active, delta, weights, square } = machine;
  const [inputs, units, classes] = layout.sizes as [number, number, number];
  const n = layout.count;
  const place = nodeOrder(layout);
  const [slope, back, mean, shared, sharedMean] = machine.extra.map((layers) => layers[1]!) as Five;
  const sharedP = machine.extra[0]![2]!;
  const [weight, scratch] = machine.scratch;
  const [hidden, p, g] = [active[1]!, active[2]!, delta[2]!];
  const outputWeights = weights + 8 * layout.weightsAt[1]!;
  const hiddenAt = (j: number) => j * (inputs + 1);
  const outputAt = (i: number) => units * (inputs + 1) + i * (units + 1);
  const element = (row: number, col: number) => square + 8 * (row * n + col);
  const column = (from: number, j: number) => from + j * stride;
  /** Adds Σ_d weight·a_r·c_l to element (row + r, col + l); of a block on the diagonal to its lower half. */
  const gram = (row: number, a: number, rows: number, col: number, c: number, cols: number) => {
    for (let r = 0; r < rows; r++) {
      k.product(scratch, weight, column(a, r), stride);
      k.dots(element(row + r, col), scratch, c, row === col ? r + 1 : cols, stride, stride);
    }
  };
  return (w) => {
    numbers.set(w, weights / 8);
    numbers.fill(0, square / 8, square / 8 + n * n);
    const toOutput = (i: number, j: number) => numbers[outputWeights / 8 + i * units + j]!;
    for (let b = 0; b < machine.blocks; b++) {
      const features = machine.featuresOf(b);
      const share = machine.shareOf(b);
      forward(machine, b);
      outputs(machine, b);
      transposed(machine, 2, back, g, weights);
      transposed(machine, 2, mean, p, weights);
      k.slope(slope, hidden, units * stride);
      for (let j = 0; j < units; j++) k.product(column(shared, j), column(slope, j), share, stride);
      for (let i = 0; i < classes; i++) k.product(column(sharedP, i), column(p, i), share, stride);
      k.product(sharedMean, shared, mean, units * stride);
      for (let j = 0; j < units; j++) {
        for (let other = 0; other <= j; other++) {
          for (let i = 0; i < classes; i++) {
            numbers[machine.vector / 8 + i] = toOutput(i, j) * toOutput(i, other);
          }
          k.sum(weight, machine.zero, machine.vector, 8, classes, p, stride, stride);
          const means = [column(mean, j), column(mean, other)] as const;
          k.pairWeight(weight, ...means, column(slope, j), column(shared, other), stride);
          if (j === other) {
            k.curve(weight, column(back, j), column(hidden, j), column(slope, j), stride);
          }
          gram(hiddenAt(j), features, inputs + 1, hiddenAt(other), features, inputs + 1);
        }
        for (let i = 0; i < classes; i++) {
          const own = outputWeights + 8 * (i * units + j);
          k.outputWeight(weight, column(p, i), own, column(shared, j), column(sharedMean, j), stride);
          gram(outputAt(i), hidden, units + 1, hiddenAt(j), features, inputs + 1);
          k.product(scratch, column(g, i), column(slope, j), stride);
          k.dots(element(outputAt(i) + j, hiddenAt(j)), scratch, features, inputs + 1, stride, stride);
        }
      }
      for (let i = 0; i < classes; i++) {
        for (let other = 0; other <= i; other++) {
          const same = i === other ? machine.one : machine.zero;
          k.outputWeight(weight, column(p, i), same, share, column(sharedP, other), stride);
          gram(outputAt(i), hidden, units + 1, outputAt(other), hidden, units + 1);
        }
      }
    }
    const out = matrix(n, n);
    for (let a = 0; a < n; a++) {
      const row = place[a]!;
      for (let c = 0; c <= a; c++) {
        const col = place[c]!;
        const value = numbers[square / 8 + a * n + c]!;
        out.data[row * n + col] = value;
        out.data[col * n + row] = value;
      }
      out.data[row * n + row]! += 2 * decays[row]!;
    }
    return out;
  };
}

type Five = [number, number, number, number, number];
