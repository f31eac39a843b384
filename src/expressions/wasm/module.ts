import {
  addI32,
  andI32,
  body,
  callIndirect,
  doWhile,
  get,
  i32,
  lessI32,
  loadI32,
  returning,
  set,
  subI32,
  when,
} from "../../core/wasm/body.ts";
import { encodeModule, type ModuleFunction } from "../../core/wasm/encode.ts";
import { anyTrue, f32x4, f64x2, type Lane, load, not, promoteLow, shuffle } from "../../core/wasm/lane.ts";
import { hostImports, kernelArity, kernels, versions } from "./kernels.ts";

/** 32-bit words of an instruction: kernel, destination, its mask, a, its mask, b, its mask, extra. */
export const instructionWords = 8;

/** Kernels in the table: three versions of each named one, then three of the host's. */
export const kernelCount = Object.keys(kernelArity).length;

const compiled: Partial<Record<Lane["name"], WebAssembly.Module>> = {};

/** The module of one width, compiled once: `run` (the interpreter) and `squares` (a sum of squared errors). */
export function kernelModule(width: Lane["name"]): WebAssembly.Module {
  const lane = width === "f64" ? f64x2 : f32x4;
  compiled[width] ??= new WebAssembly.Module(
    encodeModule({
      imports: hostImports,
      functions: [...kernels(lane), run(lane), squares(lane)],
      table: Array.from({ length: (kernelCount + 1) * versions.length }, (_, i) => hostImports.length + i),
    }),
  );
  return compiled[width];
}

/**
 * run(program, end, bytes, block, check, checkMask): the instructions from address `program` to `end` over `bytes`
 * bytes of rows, `block` at a time. An operand's address is its pointer plus (row offset & mask): columns have mask −1
 * and move, scratch blocks and constants have mask 0 and stay. After each block the values at `check` are looked at:
 * returns the byte offset of the first block with a NaN or an infinity, and `bytes` if there is none.
 */
function run(lane: Lane): ModuleFunction {
  const b = body(6);
  const [program, end] = [get(0), get(1)];
  const [bytes, block] = [get(2), get(3)];
  const [check, checkMask] = [get(4), get(5)];
  const offset = b.local("i32");
  const size = b.local("i32");
  const at = b.local("i32");
  const sum = b.local("v128");
  const word = (i: number) => loadI32(get(at), i * 4);
  const pointer = (i: number) => addI32(word(i), andI32(get(offset), word(i + 1)));
  const step = [
    ...callIndirect(hostImports.length, word(0), pointer(1), pointer(3), pointer(5), get(size), word(7)),
    ...addI32(get(at), i32(instructionWords * 4)),
    ...set(at),
  ];
  const residue = load(get(at));
  const look = [
    ...lane.add(get(sum), lane.sub(residue, residue)),
    ...set(sum),
    ...addI32(get(at), i32(16)),
    ...set(at),
  ];
  const rest = subI32(bytes, get(offset));
  const perBlock = [
    ...[...rest, ...block, ...lessI32(rest, block), 0x1b],
    ...set(size),
    ...program,
    ...set(at),
    ...doWhile(step, lessI32(get(at), end)),
    ...lane.splat(0),
    ...set(sum),
    ...addI32(check, andI32(get(offset), checkMask)),
    ...set(at),
    ...doWhile(look, lessI32(get(at), addI32(addI32(check, andI32(get(offset), checkMask)), get(size)))),
    ...when(anyTrue(not(lane.eq(get(sum), lane.splat(0)))), returning(get(offset))),
    ...addI32(get(offset), block),
    ...set(offset),
  ];
  b.add(doWhile(perBlock, lessI32(get(offset), bytes)), bytes);
  return {
    signature: { params: ["i32", "i32", "i32", "i32", "i32", "i32"], result: "i32" },
    locals: b.locals,
    code: b.code,
    export: "run",
  };
}

/** squares(values, target, weights, bytes) = Σ w·(values − target)², summed in f64. */
function squares(lane: Lane): ModuleFunction {
  const b = body(4);
  const index = b.local("i32");
  const sums = [b.local("v128"), b.local("v128")] as const;
  const at = (pointer: number) => load(addI32(get(pointer), get(index)));
  const from = b.code.length;
  const error = b.let(lane.sub(at(0), at(1)));
  const term = b.let(lane.mul(lane.mul(error, error), at(2)));
  if (lane.name === "f64") b.add(f64x2.add(get(sums[0]), term), set(sums[0]));
  else {
    const upper = shuffle(term, term, [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7]);
    b.add(f64x2.add(get(sums[0]), promoteLow(term)), set(sums[0]));
    b.add(f64x2.add(get(sums[1]), promoteLow(upper)), set(sums[1]));
  }
  b.add(addI32(get(index), i32(16)), set(index));
  const loop = b.code.splice(from);
  b.add(doWhile(loop, lessI32(get(index), get(3))));
  const total = b.let(f64x2.add(get(sums[0]), get(sums[1])));
  b.add(f64x2.extract(total, 0), f64x2.extract(total, 1), [0xa0]);
  return {
    signature: { params: ["i32", "i32", "i32", "i32"], result: "f64" },
    locals: b.locals,
    code: b.code,
    export: "squares",
  };
}
