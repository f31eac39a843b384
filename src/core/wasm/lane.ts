import { type Code, unsigned } from "./encode.ts";

/** Vector instructions of one floating-point width: two f64 or four f32 in a v128. */
export interface Lane {
  name: "f64" | "f32";
  /** Bytes of one number, and numbers in one vector. */
  bytes: 8 | 4;
  lanes: 2 | 4;
  mantissaBits: number;
  bias: number;
  /** 1.5·2^mantissaBits: adding it rounds to a whole number, which then stands in the low bits. */
  magic: number;
  smallestNormal: number;
  largest: number;
  add(a: Code, b: Code): Code;
  sub(a: Code, b: Code): Code;
  mul(a: Code, b: Code): Code;
  div(a: Code, b: Code): Code;
  min(a: Code, b: Code): Code;
  max(a: Code, b: Code): Code;
  /** b < a ? b : a, which passes on a NaN in a. */
  pmin(a: Code, b: Code): Code;
  /** a < b ? b : a, which passes on a NaN in a. */
  pmax(a: Code, b: Code): Code;
  neg(a: Code): Code;
  abs(a: Code): Code;
  sqrt(a: Code): Code;
  nearest(a: Code): Code;
  eq(a: Code, b: Code): Code;
  lt(a: Code, b: Code): Code;
  le(a: Code, b: Code): Code;
  /** The same number in all lanes. */
  splat(value: number): Code;
  /** The same bit pattern in all lanes. */
  bits(pattern: bigint): Code;
  addInt(a: Code, b: Code): Code;
  subInt(a: Code, b: Code): Code;
  shiftLeft(a: Code, by: number): Code;
  shiftRight(a: Code, by: number): Code;
  loadSplat(address: Code): Code;
  /** Lane i as f64 on the scalar stack. */
  extract(a: Code, i: number): Code;
  /** `a` with lane i replaced by the f64 `value`. */
  replace(a: Code, i: number, value: Code): Code;
}

const simd = (op: number): Code => [0xfd, ...unsigned(op)];
const unary =
  (op: number) =>
  (a: Code): Code => [...a, ...simd(op)];
const binary =
  (op: number) =>
  (a: Code, b: Code): Code => [...a, ...b, ...simd(op)];
const shift =
  (op: number) =>
  (a: Code, by: number): Code => [...a, 0x41, ...unsigned(by), ...simd(op)];

export const and = binary(0x4e);
/** a and not b. */
export const andNot = binary(0x4f);
export const or = binary(0x50);
export const xor = binary(0x51);
export const not = unary(0x4d);
/** Bits of a where the mask is 1, of b where it is 0. */
export const select = (mask: Code, a: Code, b: Code): Code => [...a, ...b, ...mask, ...simd(0x52)];
export const anyTrue = unary(0x53);
export const load = (address: Code, offset = 0): Code => [...address, ...simd(0), 4, ...unsigned(offset)];
export const store = (address: Code, value: Code, offset = 0): Code => [
  ...address,
  ...value,
  ...simd(11),
  4,
  ...unsigned(offset),
];
export const promoteLow = unary(0x5f);
export const demote = unary(0x5e);
/** The bytes of a and b (0 … 31) at the 16 places. */
export const shuffle = (a: Code, b: Code, places: readonly number[]): Code => [
  ...a,
  ...b,
  ...simd(13),
  ...places,
];

const constant = (bytes: ArrayBuffer, times: number): Code => {
  const one = [...new Uint8Array(bytes)];
  return [...simd(12), ...Array.from({ length: times }, () => one).flat()];
};

/** Instruction codes: WebAssembly Core Specification 2.0, section 5.4.8. */
export const f64x2: Lane = {
  name: "f64",
  bytes: 8,
  lanes: 2,
  mantissaBits: 52,
  bias: 1023,
  magic: 1.5 * 2 ** 52,
  smallestNormal: 2 ** -1022,
  largest: Number.MAX_VALUE,
  abs: unary(0xec),
  neg: unary(0xed),
  sqrt: unary(0xef),
  nearest: unary(0x94),
  add: binary(0xf0),
  sub: binary(0xf1),
  mul: binary(0xf2),
  div: binary(0xf3),
  min: binary(0xf4),
  max: binary(0xf5),
  pmin: binary(0xf6),
  pmax: binary(0xf7),
  eq: binary(0x47),
  lt: binary(0x49),
  le: binary(0x4b),
  splat: (value) => constant(Float64Array.of(value).buffer, 2),
  bits: (pattern) => constant(BigInt64Array.of(BigInt.asIntN(64, pattern)).buffer, 2),
  addInt: binary(0xce),
  subInt: binary(0xd1),
  shiftLeft: shift(0xcb),
  shiftRight: shift(0xcd),
  loadSplat: (address) => [...address, ...simd(10), 3, 0],
  extract: (a, i) => [...a, ...simd(0x21), i],
  replace: (a, i, value) => [...a, ...value, ...simd(0x22), i],
};

export const f32x4: Lane = {
  name: "f32",
  bytes: 4,
  lanes: 4,
  mantissaBits: 23,
  bias: 127,
  magic: 1.5 * 2 ** 23,
  smallestNormal: 2 ** -126,
  largest: (2 - 2 ** -23) * 2 ** 127,
  abs: unary(0xe0),
  neg: unary(0xe1),
  sqrt: unary(0xe3),
  nearest: unary(0x6a),
  add: binary(0xe4),
  sub: binary(0xe5),
  mul: binary(0xe6),
  div: binary(0xe7),
  min: binary(0xe8),
  max: binary(0xe9),
  pmin: binary(0xea),
  pmax: binary(0xeb),
  eq: binary(0x41),
  lt: binary(0x43),
  le: binary(0x45),
  splat: (value) => constant(Float32Array.of(value).buffer, 4),
  bits: (pattern) => constant(Int32Array.of(Number(BigInt.asIntN(32, pattern))).buffer, 4),
  addInt: binary(0xae),
  subInt: binary(0xb1),
  shiftLeft: shift(0xab),
  shiftRight: shift(0xad),
  loadSplat: (address) => [...address, ...simd(9), 2, 0],
  extract: (a, i) => [...a, ...simd(0x1f), i, 0xbb],
  replace: (a, i, value) => [...a, ...value, 0xb6, ...simd(0x20), i],
};
