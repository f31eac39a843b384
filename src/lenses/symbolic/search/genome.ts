import { UserError } from "../../../core/errors.ts";
import type { Postfix } from "../../../expressions/postfix.ts";

/** A tree as evolution handles it: postfix tokens of the space's operators, subtrees being contiguous. */
export type Genome = Postfix;

export const genome = (tokens: readonly number[], constants: readonly number[] = []): Genome => ({
  tokens: Int32Array.from(tokens),
  constants: Float64Array.from(constants),
});

/** Where the subtree that ends at token `end` begins. `arity` by operator number. */
export function subtreeStart(tokens: Int32Array, end: number, arity: Int32Array): number {
  let open = 1;
  let at = end;
  for (;;) {
    const token = tokens[at]!;
    open += (token < 0 ? arity[-1 - token]! : 0) - 1;
    if (open === 0) return at;
    if (--at < 0) throw new UserError(`subtreeStart: token ${end} ends no subtree.`);
  }
}

/** How many constants stand in tokens `from` … `to` − 1. */
export function countConstants(tokens: Int32Array, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i++) if (tokens[i] === 0) count++;
  return count;
}

/** Tokens `from` … `to` − 1 with their constants. */
export function slice({ tokens, constants }: Genome, from: number, to: number): Genome {
  const first = countConstants(tokens, 0, from);
  return {
    tokens: tokens.slice(from, to),
    constants: constants.slice(first, first + countConstants(tokens, from, to)),
  };
}

/** One genome after the other. */
export function join(...parts: readonly Genome[]): Genome {
  let size = 0;
  let numbers = 0;
  for (const part of parts) {
    size += part.tokens.length;
    numbers += part.constants.length;
  }
  const tokens = new Int32Array(size);
  const constants = new Float64Array(numbers);
  size = 0;
  numbers = 0;
  for (const part of parts) {
    tokens.set(part.tokens, size);
    constants.set(part.constants, numbers);
    size += part.tokens.length;
    numbers += part.constants.length;
  }
  return { tokens, constants };
}

/** `whole` with `part` in place of its tokens `from` … `to` − 1. */
export function replace(whole: Genome, from: number, to: number, part: Genome): Genome {
  return join(slice(whole, 0, from), part, slice(whole, to, whole.tokens.length));
}

/** A number of 52 bits that stands for tokens and constants (two runs of FNV-1a). */
export function fingerprint({ tokens, constants }: Genome): number {
  let a = 0x811c9dc5;
  let b = 0x01000193;
  const mix = (word: number) => {
    a = Math.imul(a ^ word, 0x01000193);
    b = Math.imul(b ^ word ^ (b >>> 15), 0x85ebca6b);
  };
  for (let i = 0; i < tokens.length; i++) mix(tokens[i]!);
  if (constants.length > 0) {
    const words = new Int32Array(constants.buffer, constants.byteOffset, constants.length * 2);
    for (let i = 0; i < words.length; i++) mix(words[i]!);
  }
  return (a >>> 0) * 0x100000 + ((b ^ (b >>> 13)) & 0xfffff);
}
