import { UserError } from "../../../core/errors.ts";
import type { Postfix } from "../../../expressions/postfix.ts";

/** A tree as evolution handles it: postfix tokens of the space's operators, subtrees being contiguous. */
export type Genome = Postfix;

export function genome(tokens: readonly number[], constants: readonly number[] = []): Genome {
  const made = new Int32Array(tokens.length);
  for (let i = 0; i < tokens.length; i++) made[i] = tokens[i]!;
  if (constants.length === 0) return { tokens: made, constants: none };
  const numbers = new Float64Array(constants.length);
  for (let i = 0; i < constants.length; i++) numbers[i] = constants[i]!;
  return { tokens: made, constants: numbers };
}

const none = new Float64Array(0);

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

/** Tokens `from` … `to` − 1 of a genome. */
export type Piece = readonly [of: Genome, from: number, to: number];

/** The pieces one after the other. */
export function compose(...pieces: readonly Piece[]): Genome {
  let size = 0;
  let numbers = 0;
  for (const [of, from, to] of pieces) {
    size += to - from;
    if (of.constants.length > 0) numbers += countConstants(of.tokens, from, to);
  }
  const tokens = new Int32Array(size);
  const constants = numbers === 0 ? none : new Float64Array(numbers);
  size = 0;
  numbers = 0;
  for (const [of, from, to] of pieces) {
    const source = of.tokens;
    let next = of.constants.length === 0 ? 0 : countConstants(source, 0, from);
    for (let i = from; i < to; i++) {
      const token = source[i]!;
      tokens[size++] = token;
      if (token === 0) constants[numbers++] = of.constants[next++]!;
    }
  }
  return { tokens, constants };
}

const wholly = (of: Genome): Piece => [of, 0, of.tokens.length];

/** Tokens `from` … `to` − 1 with their constants. */
export const slice = (of: Genome, from: number, to: number): Genome => compose([of, from, to]);

/** One genome after the other. */
export const join = (...parts: readonly Genome[]): Genome => compose(...parts.map(wholly));

/** `whole` with `part` in place of its tokens `from` … `to` − 1. */
export const replace = (whole: Genome, from: number, to: number, part: Genome): Genome =>
  compose([whole, 0, from], wholly(part), [whole, to, whole.tokens.length]);

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
