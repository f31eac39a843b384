import { UserError } from "../core/errors.ts";
import type { Expression } from "./expression.ts";
import { layout, type Machine, mostConstants, mostInstructions, scratchBytes } from "./machine.ts";
import type { OperatorSet } from "./operator.ts";
import { operatorNumbers } from "./postfix.ts";
import { type KernelName, kernelArity } from "./wasm/kernels.ts";
import { instructionWords, kernelCount } from "./wasm/module.ts";

/** Where a value stands while a program is written: a number not yet stored, a column, or a scratch block. */
export interface Operand {
  kind: "constant" | "column" | "slot";
  /** Address of the column, number of the slot; unused for constants. */
  at: number;
  value: number;
}

/** A program for a machine, written instruction by instruction. */
export interface Tape {
  /** Starts a new program. With `reuse`, released scratch blocks are taken again. */
  start(reuse: boolean): void;
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
}

/** The kernels' numbers by their names. */
export const kernelNumber = Object.fromEntries(
  Object.keys(kernelArity).map((name, i) => [name, i]),
) as Record<KernelName, number>;

export const constantOperand = (value: number): Operand => ({ kind: "constant", at: 0, value });
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
    words[at] = kind === "slot" ? layout.scratch + place * usual : kind === "column" ? place : store(value);
    words[at + 1] = kind === "column" ? -1 : 0;
  };
  const emit = (which: number, to: Operand, a: Operand, b: Operand, extra: number) => {
    if (length >= capacity) {
      throw new UserError(`tape: the expression needs more than ${mostInstructions} instructions.`);
    }
    const version = a.kind === "constant" ? 1 : b.kind === "constant" ? 2 : 0;
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
    start(reuse) {
      length = 0;
      constants = 0;
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
  };
  return self;
}

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
