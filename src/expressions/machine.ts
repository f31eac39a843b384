import { UserError } from "../core/errors.ts";
import type { Operator } from "./operator.ts";
import { hostUnary } from "./wasm/kernels.ts";
import { instructionWords, kernelModule } from "./wasm/module.ts";

/** Bytes of the areas at the start of the memory: instructions, constants, scratch blocks; columns follow. */
export const layout = {
  program: 0,
  constants: 1 << 16,
  scratch: 1 << 17,
  columns: (1 << 17) + (1 << 18),
} as const;
export const scratchBytes = layout.columns - layout.scratch;
export const mostInstructions = (layout.constants - layout.program) / (4 * instructionWords);
export const mostConstants = (layout.scratch - layout.constants) / 8;

const page = 65536;

/** The vector interpreter with its memory. */
export interface Machine {
  /** Bytes of one number: 8 in f64, 4 in f32. */
  bytes: 8 | 4;
  rows: number;
  /** Bytes of a column, padded to whole vectors; the padding repeats the last row. */
  columnBytes: number;
  /** The memory's 32-bit words, and its numbers in the machine's width: read anew after `allocate`. */
  words(): Int32Array;
  numbers(): Float64Array | Float32Array;
  /** A new column; its address. With `values`, filled with them. */
  allocate(values?: ArrayLike<number>): number;
  /** The rows of a column, as a view that holds until the next `allocate`. */
  column(address: number): Float64Array | Float32Array;
  run(program: number, end: number, bytes: number, block: number, check: number, mask: number): number;
  squares(values: number, target: number, weights: number, bytes: number): number;
}

type Exports = Pick<Machine, "run" | "squares">;

/**
 * A machine for columns of `rows` rows. Operators without vector code are called back by their number in `operators`.
 * @throws UserError if there are no rows.
 */
export function machine(rows: number, operators: readonly Operator[], precision: "f64" | "f32"): Machine {
  if (!Number.isInteger(rows) || rows < 1) {
    throw new UserError(`machine: ${rows} rows; expected a whole number from 1.`);
  }
  const bytes = precision === "f64" ? 8 : 4;
  const columnBytes = Math.ceil((rows * bytes) / 64) * 64;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(layout.columns / page) });
  let top: number = layout.columns;
  let words = new Int32Array(memory.buffer);
  let numbers: Float64Array | Float32Array;
  const views = new Map<number, Float64Array | Float32Array>();
  const look = () => {
    views.clear();
    words = new Int32Array(memory.buffer);
    numbers = bytes === 8 ? new Float64Array(memory.buffer) : new Float32Array(memory.buffer);
  };
  look();
  const host = hostUnary.map((name) => Math[name]);
  const column = (to: number, a: number, b: number, size: number, number: number, version: number) => {
    const { evaluate, arity } = operators[number]!;
    const stepA = version === 1 ? 0 : 1;
    const stepB = version === 2 ? 0 : 1;
    const shift = bytes === 8 ? 3 : 2;
    const [first, second, target] = [a >> shift, b >> shift, to >> shift];
    for (let i = 0; i < size >> shift; i++) {
      const x = numbers[first + i * stepA]!;
      numbers[target + i] = arity === 1 ? evaluate(x) : evaluate(x, numbers[second + i * stepB]!);
    }
  };
  const { exports } = new WebAssembly.Instance(kernelModule(precision), {
    host: { memory, unary: (which: number, x: number) => host[which]!(x), pow: Math.pow, column },
  });
  const self: Machine = {
    bytes,
    rows,
    columnBytes,
    words: () => words,
    numbers: () => numbers,
    allocate(values) {
      const address = top;
      top += columnBytes;
      const missing = top - memory.buffer.byteLength;
      if (missing > 0) {
        // Grown by half of itself, so that many columns do not copy the memory many times.
        memory.grow(Math.ceil(Math.max(missing, memory.buffer.byteLength / 2) / page));
        look();
      }
      if (values !== undefined) {
        const from = address / bytes;
        for (let i = 0; i < rows; i++) numbers[from + i] = values[i]!;
        numbers.fill(values[rows - 1]!, from + rows, from + columnBytes / bytes);
      }
      return address;
    },
    column(address) {
      let view = views.get(address);
      if (view === undefined) {
        view = numbers.subarray(address / bytes, address / bytes + rows);
        views.set(address, view);
      }
      return view;
    },
    ...(exports as unknown as Exports),
  };
  return self;
}
