import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A seeded source of random numbers. Every random draw of physlens comes from one that was passed in. */
export interface Random {
  /** A number uniform on [0, 1), with 53 random bits. */
  uniform(): number;
  /** A standard normal number (Marsaglia's polar method). */
  normal(): number;
  /** A whole number uniform on 0 … n−1. */
  int(n: number): number;
  /** A random order of 0 … n−1 (Fisher–Yates). */
  permutation(n: number): Int32Array;
  /** An independent stream named by `path`: the same path gives the same stream, whatever was drawn before. */
  fork(...path: (string | number)[]): Random;
}

/**
 * The random stream of `seed` at `path`. Streams are addressed by name and not by order of drawing, so that adding a
 * consumer changes no other consumer's numbers: `random(7, "training", 2)`.
 */
export function random(seed: number, ...path: (string | number)[]): Random {
  const key = JSON.stringify([seed, ...path]);
  const generator = xoroshiro128plus(fnv1a(key));
  // A fresh xoroshiro state is mostly zero bits and ones: its first outputs still show the seed.
  for (let i = 0; i < 32; i++) generator.next();
  let spare: number | undefined;
  const self: Random = {
    uniform: () => uniformFloat64(generator),
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      for (;;) {
        const u = 2 * uniformFloat64(generator) - 1;
        const v = 2 * uniformFloat64(generator) - 1;
        const s = u * u + v * v;
        if (s >= 1 || s === 0) continue;
        const scale = Math.sqrt((-2 * Math.log(s)) / s);
        spare = v * scale;
        return u * scale;
      }
    },
    int: (n) => uniformInt(generator, 0, n - 1),
    permutation(n) {
      const order = Int32Array.from({ length: n }, (_, i) => i);
      for (let i = n - 1; i > 0; i--) {
        const j = uniformInt(generator, 0, i);
        const held = order[i]!;
        order[i] = order[j]!;
        order[j] = held;
      }
      return order;
    },
    fork: (...more) => random(seed, ...path, ...more),
  };
  return self;
}

/** 32-bit FNV-1a hash of a string's UTF-16 code units. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash | 0;
}
