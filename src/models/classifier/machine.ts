import { pieceBytes } from "./kernels/loops.ts";
import { type Kernels, kernelsOver } from "./kernels/module.ts";
import type { CheckedProblem } from "./problem.ts";
import { type ClassifierLayout, layoutOf } from "./shape.ts";

/** Rows that are worked on together: few enough that their columns stay close to the processor. */
const blockRows = 512;
const page = 65536;

/** A layer of weights in the flat vector. */
export interface LayerPlace {
  weightsAt: number;
  biasAt: number;
  from: number;
  to: number;
}

/**
 * The data of a problem in the memory of the vector kernels, and room to work: all addresses in bytes. A column is one
 * unit over the rows of a block, `stride` bytes to the next one; behind the columns of a layer's units lies a column of
 * ones, so that a bias is one more weight. Rows that fill up the last block count as nothing (share 0).
 */
export interface Machine {
  kernels: Kernels;
  layout: ClassifierLayout;
  layers: readonly LayerPlace[];
  /** The memory as numbers: address/8. */
  numbers: Float64Array;
  stride: number;
  blocks: number;
  /** Rows of block b that count. */
  rowsOf(b: number): number;
  /** Columns of the features of block b, of its true classes and of each row's share 1/N. */
  featuresOf(b: number): number;
  truthOf(b: number): number;
  shareOf(b: number): number;
  /** The weights and two more vectors of their length: a direction, and what is made of them. */
  weights: number;
  vector: number;
  result: number;
  /** The numbers 0 and 1. */
  zero: number;
  one: number;
  /** One column for every unit of layer l from 1 on, and one of ones: activations; the last are logits. */
  active: readonly number[];
  /** The same for derivatives of the loss. */
  delta: readonly number[];
  /** Columns of Z and of gaps, see the kernel `softmax`. */
  totals: number;
  gaps: number;
  /** Columns of every layer for second derivatives: five for each unit. */
  extra: readonly (readonly number[])[];
  /** Two single columns. */
  scratch: readonly [number, number];
  /** Room for n × n numbers, where there is one hidden layer. */
  square: number;
}

/** Lays out a problem: all memory that its derivatives need. */
export function machineFor(problem: CheckedProblem): Machine {
  const { shape, rows, labels } = problem;
  const layout = layoutOf(shape);
  const { inputs, classes } = shape;
  const perPiece = pieceBytes / 8;
  const blocks = Math.ceil(rows / blockRows);
  const each = Math.ceil(rows / blocks / perPiece) * perPiece;
  const stride = 8 * each;
  let top = 0;
  const allocate = (bytes: number) => {
    const at = top;
    top += Math.ceil(bytes / pieceBytes) * pieceBytes;
    return at;
  };
  const columns = (count: number) => allocate(count * stride);
  const blockColumns = inputs + 1 + classes + 1;
  const data = columns(blocks * blockColumns);
  const [weights, vector, result] = [0, 1, 2].map(() => allocate(8 * layout.count)) as [
    number,
    number,
    number,
  ];
  const [zeros, ones] = [allocate(8), allocate(8)];
  const active = layout.sizes.map((size, l) => (l === 0 ? 0 : columns(size + 1)));
  const delta = layout.sizes.map((size, l) => (l === 0 ? 0 : columns(size)));
  const [totals, gaps] = [columns(1), columns(1)];
  const extra = Array.from({ length: 5 }, () => layout.sizes.map((size) => columns(size)));
  const scratch = [columns(1), columns(1)] as const;
  const square = shape.hidden.length === 1 ? allocate(8 * layout.count ** 2) : 0;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(top / page) });
  const numbers = new Float64Array(memory.buffer);
  const featuresOf = (b: number) => data + b * blockColumns * stride;
  const truthOf = (b: number) => featuresOf(b) + (inputs + 1) * stride;
  const shareOf = (b: number) => truthOf(b) + classes * stride;
  const rowsOf = (b: number) => Math.max(0, Math.min(each, rows - b * each));
  numbers[ones / 8] = 1;
  for (let row = 0; row < rows; row++) {
    const b = Math.floor(row / each);
    const d = row - b * each;
    for (let k = 0; k < inputs; k++) {
      numbers[(featuresOf(b) + k * stride) / 8 + d] = problem.features[row * inputs + k]!;
    }
    numbers[(truthOf(b) + labels[row]! * stride) / 8 + d] = 1;
    numbers[shareOf(b) / 8 + d] = 1 / rows;
  }
  const fillOnes = (at: number) => numbers.fill(1, at / 8, at / 8 + each);
  for (let b = 0; b < blocks; b++) fillOnes(featuresOf(b) + inputs * stride);
  for (let l = 1; l < active.length; l++) fillOnes(active[l]! + layout.sizes[l]! * stride);
  return {
    ...{
      kernels: kernelsOver(memory),
      layout,
      numbers,
      stride,
      blocks,
      rowsOf,
      featuresOf,
      truthOf,
      shareOf,
    },
    layers: layout.weightsAt.map((weightsAt, l) => ({
      ...{ weightsAt, biasAt: layout.biasAt[l]!, from: layout.sizes[l]!, to: layout.sizes[l + 1]! },
    })),
    ...{ weights, vector, result, zero: zeros, one: ones, active, delta, totals, gaps },
    ...{ extra, scratch, square },
  };
}
