import { layout, type Machine, mostConstants, mostInstructions, scratchBytes } from "./machine.ts";
import type { Operator } from "./operator.ts";
import type { Postfix } from "./postfix.ts";
import { kernelNumber, powerKernel } from "./tape.ts";
import { instructionWords, kernelCount } from "./wasm/module.ts";

const [column, slot, number] = [-1, 0, 1];

/**
 * The short way from postfix tokens to a program, for searches that evaluate each tree once: typed arrays for the
 * stack, instructions straight into the machine's memory. Runs the program into the column `output`; returns whether
 * all values are finite, or undefined if the expression needs the general tape (operators with a body, variables
 * without a column, very large trees).
 */
export function forwardWriter(
  machine: Machine,
  operators: readonly Operator[],
  rowsPerBlock: number,
  inputs: readonly number[],
) {
  const { bytes, columnBytes } = machine;
  const block = Math.min(rowsPerBlock * bytes, columnBytes);
  const mostSlots = Math.floor(scratchBytes / block);
  const arity = Int32Array.from(operators, (o) => o.arity);
  const kernel = Int32Array.from(operators, (o) => {
    if (o.kernel !== undefined) return kernelNumber[o.kernel];
    return o.body === undefined ? kernelCount : -1;
  });
  const isPower = Int32Array.from(operators, (o) => Number(o.kernel === "pow"));
  const kinds = new Int32Array(mostConstants);
  const places = new Int32Array(mostConstants);
  const values = new Float64Array(mostConstants);

  return ({ tokens, constants }: Postfix, output: number): boolean | undefined => {
    const words = machine.words();
    const memory = machine.numbers();
    const shift = bytes === 8 ? 3 : 2;
    if (tokens.length > mostInstructions - 1) return undefined;
    let top = 0;
    let slots = 0;
    let at = 0;
    let next = 0;
    let stored: number = layout.constants;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i]!;
      if (token > 0) {
        if (token > inputs.length) return undefined;
        kinds[top] = column;
        places[top++] = inputs[token - 1]!;
        continue;
      }
      if (token === 0) {
        kinds[top] = number;
        values[top++] = constants[next++]!;
        continue;
      }
      const which = -1 - token;
      let code = kernel[which]!;
      if (!(code >= 0)) return undefined;
      let count = arity[which]!;
      const a = top - count;
      if (a < 0) return undefined;
      const b = a + 1;
      const fixedA = kinds[a] === number;
      const fixedB = count === 2 && kinds[b] === number;
      top = b;
      if (fixedA && (count === 1 || fixedB)) {
        values[a] = operators[which]!.evaluate(values[a]!, values[b]!);
        continue;
      }
      if (isPower[which] === 1 && fixedB) {
        const cheaper = powerKernel(values[b]!);
        if (cheaper !== undefined) {
          code = cheaper;
          count = 1;
        }
      }
      words[at] = code * 3 + (fixedA ? 1 : fixedB && count === 2 ? 2 : 0);
      if (fixedA) {
        memory[stored >> shift] = values[a]!;
        words[at + 3] = stored;
        stored += bytes;
      } else {
        words[at + 3] = places[a]!;
        if (kinds[a] === slot) slots--;
      }
      words[at + 4] = fixedA ? 0 : kinds[a]!;
      if (count === 1) {
        words[at + 5] = words[at + 3]!;
        words[at + 6] = words[at + 4]!;
      } else if (fixedB) {
        memory[stored >> shift] = values[b]!;
        words[at + 5] = stored;
        words[at + 6] = 0;
        stored += bytes;
      } else {
        words[at + 5] = places[b]!;
        words[at + 6] = kinds[b]!;
        if (kinds[b] === slot) slots--;
      }
      // Blocks on the stack are numbered from the bottom, so that the next free one is their count.
      const place = layout.scratch + slots * block;
      if (++slots > mostSlots) return undefined;
      kinds[a] = slot;
      places[a] = place;
      words[at + 1] = place;
      words[at + 2] = 0;
      words[at + 7] = which;
      at += instructionWords;
    }
    if (kinds[0] === slot) {
      words[at - instructionWords + 1] = output;
      words[at - instructionWords + 2] = -1;
    } else {
      const fixed = kinds[0] === number;
      if (fixed) memory[stored >> shift] = values[0]!;
      const from = fixed ? stored : places[0]!;
      words.set([kernelNumber.copy * 3 + (fixed ? 1 : 0), output, -1, from, fixed ? 0 : -1, from, 0, 0], at);
      at += instructionWords;
    }
    return machine.run(layout.program, at * 4, columnBytes, block, output, -1) === columnBytes;
  };
}
