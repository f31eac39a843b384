import { UserError } from "../core/errors.ts";
import type { Expression } from "./expression.ts";
import { layout, type Machine, mostConstants, mostInstructions, scratchBytes } from "./machine.ts";
import type { OperatorSet } from "./operator.ts";
import { operatorNumbers } from "./postfix.ts";
import { type KernelName, kernelArity } from "./wasm/kernels.ts";
import { instructionWords, kernelCount } from "./wasm/module.ts";

/**
 * Where a value stands while a program is written: a number that is known and folded, a number that is set anew for
 * each run (a cell), a column, or a scratch block.
 */
export interface Operand {
  kind: "constant" | "cell" | "column" | "slot";
  /** Address of the column, number of the cell or slot; unused for constants. */
  at: number;
  value: number;
}

/** A program for a machine, written instruction by instruction. */
export interface Tape {
  /** Starts a new program, with `cells` cells. With `reuse`, released scratch blocks are taken again. */
  start(reuse: boolean, cells?: number): void;
  /** operator(args) as an operand; constants are folded. */
  apply(number: number, a: Operand, b: Operand): Operand;
  /** A whole expression whose variable i is `args[i]`. */
  expression(tree: Expression, args: readonly Operand[]): Operand;
  /** Gives a scratch block back. */
  release(operand: Operand): void;
  /** Puts a value into the column at `address`. */
  store(operand: Operand, address: number): void;
  /** Runs the program and looks at the column `check`; whether all its values are finite. */
  run(check: number): boolean;
  /** The program as written, to be put back later with other numbers in its cells. */
  save(): Program;
  restore(program: Program, cells: ArrayLike<number>): void;
}

/** A finished program. */
export interface Program {
  words: Int32Array;
  constants: Float64Array | Float32Array;
  slots: number;
}

/** The kernels' numbers by their names. */
export const kernelNumber = Object.fromEntries(
  Object.keys(kernelArity).map((name, i) => [name, i]),
) as Record<KernelName, number>;

export const constantOperand = (value: number): Operand => ({ kind: "constant", at: 0, value });
export const cellOperand = (at: number): Operand => ({ kind: "cell", at, value: 0 });
export const columnOperand = (at: number): Operand => ({ kind: "column", at, value: 0 });

/** A tape for `machine`; operators by their number in `operators`. `rowsPerBlock` bounds the rows of one block. */
export function tape(machine: Machine, operators: OperatorSet, rowsPerBlock: number): Tape {
  const list = [...operators.values()];
  const kernel = list.map((o) => (o.kernel === undefined ? -1 : kernelNumber[o.kernel]));
  const numbers = operatorNumbers(operators);
  const { bytes, columnBytes } = machine;
  const usual = Math.min(rowsPerBlock * bytes, columnBytes);
  const capacity = mostInstructions * instructionWords;
  let words = machine.words();
  let memory = machine.numbers();
  let length = 0;
  let constants = 0;
  let slots = 0;
  let free: number[] = [];
  let reusing = true;

  const store = (value: number) => {
    if (constants >= mostConstants) {
      throw new UserError(`tape: more than ${mostConstants} constants in one expression.`);
    }
    const address = layout.constants + constants++ * bytes;
    memory[address / bytes] = value;
    return address;
  };
  const take = (): Operand => {
    const at = free.length > 0 ? free.pop()! : slots++;
    return { kind: "slot", at, value: 0 };
  };
  // Scratch blocks have mask 0, as constants do, but lie behind them: `run` can move them if there are many.
  const put = (at: number, { kind, at: place, value }: Operand) => {
    if (kind === "slot") words[at] = layout.scratch + place * usual;
    else if (kind === "cell") words[at] = layout.constants + place * bytes;
    else words[at] = kind === "column" ? place : store(value);
    words[at + 1] = kind === "column" ? -1 : 0;
  };
  const emit = (which: number, to: Operand, a: Operand, b: Operand, extra: number) => {
    if (length >= capacity) {
      throw new UserError(`tape: the expression needs more than ${mostInstructions} instructions.`);
    }
    const version = isNumber(a) ? 1 : isNumber(b) ? 2 : 0;
    words[length] = which * 3 + version;
    put(length + 1, to);
    put(length + 3, a);
    if (b === a) {
      words[length + 5] = words[length + 3]!;
      words[length + 6] = words[length + 4]!;
    } else put(length + 5, b);
    words[length + 7] = extra;
    length += instructionWords;
    return to;
  };
  const release = (operand: Operand) => {
    if (reusing && operand.kind === "slot") free.push(operand.at);
  };

  const move = (block: number) => {
    for (let i = 0; i < length; i += instructionWords) {
      for (let j = i + 1; j < i + 7; j += 2) {
        if (words[j + 1] !== 0 || words[j]! < layout.scratch) continue;
        words[j] = layout.scratch + ((words[j]! - layout.scratch) / usual) * block;
      }
    }
  };

  const self: Tape = {
    start(reuse, cells = 0) {
      length = 0;
      constants = cells;
      slots = 0;
      free = [];
      reusing = reuse;
      words = machine.words();
      memory = machine.numbers();
    },
    apply(which, a, b) {
      const operator = list[which]!;
      const binary = operator.arity === 2;
      if (a.kind === "constant" && (!binary || b.kind === "constant")) {
        return constantOperand(operator.evaluate(a.value, b.value));
      }
      if (binary && isNumber(a) && isNumber(b)) {
        const wide = emit(kernelNumber.copy, take(), a, a, 0);
        return self.apply(which, wide, a === b ? wide : b);
      }
      let code = kernel[which]!;
      if (operator.kernel === "pow" && b.kind === "constant") code = powerKernel(b.value) ?? code;
      if (code < 0 && operator.body !== undefined) return self.expression(operator.body, [a, b]);
      const second = binary && (code < 0 || arityOf[code] === 2) ? b : a;
      return emit(code < 0 ? kernelCount : code, take(), a, second, which);
    },
    expression(tree, args) {
      if (tree.kind === "constant") return constantOperand(tree.value);
      if (tree.kind === "variable") return args[tree.index]!;
      const inner = tree.args.map((arg) => self.expression(arg, args));
      const which = numbers.get(tree.operator);
      if (which === undefined) throw missing(tree.operator, operators);
      const { body, arity, evaluate } = list[which]!;
      if (arity <= 2) return self.apply(which, inner[0]!, inner[1] ?? inner[0]!);
      if (inner.every(({ kind }) => kind === "constant")) {
        return constantOperand(evaluate(...inner.map(({ value }) => value)));
      }
      return self.expression(body!, inner);
    },
    release,
    store(operand, address) {
      const last = length - instructionWords;
      const place = layout.scratch + operand.at * usual;
      const direct =
        operand.kind === "slot" && length > 0 && words[last + 1] === place && words[last + 2] === 0;
      if (!direct) emit(kernelNumber.copy, columnOperand(address), operand, operand, 0);
      else {
        words[last + 1] = address;
        words[last + 2] = -1;
        operand.kind = "column";
        operand.at = address;
      }
    },
    run(check) {
      const block = slots * usual <= scratchBytes ? usual : Math.floor(scratchBytes / (slots * 64)) * 64;
      if (block === 0) throw new UserError(`tape: the expression needs ${slots} scratch blocks at once.`);
      if (block < usual) move(block);
      return machine.run(layout.program, length * 4, columnBytes, block, check, -1) === columnBytes;
    },
    save() {
      const from = layout.constants / bytes;
      return { words: words.slice(0, length), constants: memory.slice(from, from + constants), slots };
    },
    restore(program, cells) {
      self.start(false, program.constants.length);
      length = program.words.length;
      slots = program.slots;
      words.set(program.words);
      memory.set(program.constants, layout.constants / bytes);
      memory.set(cells, layout.constants / bytes);
    },
  };
  return self;
}

/** Whether a kernel reads it as one number for all rows. */
const isNumber = ({ kind }: Operand) => kind === "constant" || kind === "cell";

const arityOf = Object.values(kernelArity);

/** A cheaper kernel for xᵖ with a fixed p. */
export function powerKernel(p: number): number | undefined {
  if (p === 2) return kernelNumber.square;
  if (p === 3) return kernelNumber.cube;
  if (p === 1) return kernelNumber.copy;
  if (p === 0.5) return kernelNumber.sqrt;
  return p === -1 ? kernelNumber.inv : undefined;
}

function missing(name: string, operators: OperatorSet): UserError {
  return new UserError(
    `tape: '${name}' occurs in the body or derivative of an operator but is not in the operator set (${[...operators.keys()].join(", ")}). Add it to the set.`,
  );
}
