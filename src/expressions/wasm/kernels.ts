import { addI32, type Body, body, call, doWhile, get, i32, lessI32, set } from "../../core/wasm/body.ts";
import type { Code, ModuleFunction, Signature } from "../../core/wasm/encode.ts";
import { and, f64x2, type Lane, load, select, store, xor } from "../../core/wasm/lane.ts";
import { exp, tanh } from "./exp.ts";
import { log } from "./log.ts";
import { pow } from "./pow.ts";
import { sinOrCos } from "./trigonometric.ts";

/** The operators that have vector code, with their number of arguments. Their order is the order in the table. */
export const kernelArity = {
  copy: 1,
  neg: 1,
  abs: 1,
  sqrt: 1,
  square: 1,
  cube: 1,
  inv: 1,
  sign: 1,
  exp: 1,
  log: 1,
  sin: 1,
  cos: 1,
  tanh: 1,
  add: 2,
  sub: 2,
  mul: 2,
  div: 2,
  min: 2,
  max: 2,
  greater: 2,
  less: 2,
  pow: 2,
} as const;
export type KernelName = keyof typeof kernelArity;

/** Which arguments are columns (v) and which one number (c): the three versions of every kernel. */
export const versions = ["vv", "cv", "vc"] as const;

/** Kernel: (destination, a, b, bytes, extra). `extra` is the number of an operator that runs on the host. */
export const kernelSignature: Signature = { params: ["i32", "i32", "i32", "i32", "i32"] };

/** Imported functions in front of all others, by index. */
export const hostImports = [
  { name: "unary", signature: { params: ["i32", "f64"], result: "f64" } },
  { name: "pow", signature: { params: ["f64", "f64"], result: "f64" } },
  { name: "column", signature: { params: ["i32", "i32", "i32", "i32", "i32", "i32"] } },
] as const satisfies { name: string; signature: Signature }[];

/** Functions that the host computes lane by lane where the vector code does not reach, by their number. */
export const hostUnary = ["log", "sin", "cos"] as const;

/** All kernels of one width: three versions of each name in `kernelArity`, then three that call the host. */
export function kernels(lane: Lane): ModuleFunction[] {
  const made: ModuleFunction[] = [];
  for (const name of Object.keys(kernelArity) as KernelName[]) {
    for (const version of versions) made.push(kernel(lane, name, version));
  }
  versions.forEach((_, i) => {
    const code = call(2, get(0), get(1), get(2), get(3), get(4), i32(i));
    made.push({ signature: kernelSignature, locals: [], code });
  });
  return made;
}

function kernel(lane: Lane, name: KernelName, version: (typeof versions)[number]): ModuleFunction {
  const b = body(5);
  const index = b.local("i32");
  const constant = version === "cv" ? get(1) : get(2);
  const splat = version === "vv" ? [] : b.let(lane.loadSplat(constant));
  const arity = kernelArity[name];
  const at = (pointer: number): Code => addI32(get(pointer), get(index));
  const repeats = cheap.has(name) ? 4 : 1;
  const from = b.code.length;
  for (let i = 0; i < repeats; i++) {
    const operand = (pointer: 1 | 2) =>
      version[pointer - 1] === "c" ? splat : b.let(load(at(pointer), i * 16));
    const a = operand(1);
    const result = apply(b, lane, name, a, arity === 2 ? operand(2) : a);
    const held = b.let(result);
    b.add(store(at(0), held, i * 16));
  }
  b.add(addI32(get(index), i32(16 * repeats)), set(index));
  const loop = b.code.splice(from);
  b.add(doWhile(loop, lessI32(get(index), get(3))));
  return { signature: kernelSignature, locals: b.locals, code: b.code };
}

const cheap: ReadonlySet<KernelName> = new Set<KernelName>([
  ...(["copy", "neg", "abs", "sqrt", "square", "cube", "inv", "sign"] as const),
  ...(["add", "sub", "mul", "div", "min", "max", "greater", "less"] as const),
]);

function apply(b: Body, lane: Lane, name: KernelName, x: Code, y: Code): Code {
  const one = lane.splat(1);
  const slow = (a: Code) => {
    const which = i32(hostUnary.indexOf(name as (typeof hostUnary)[number]));
    let result = a;
    for (let i = 0; i < lane.lanes; i++) result = lane.replace(result, i, call(0, which, lane.extract(a, i)));
    return result;
  };
  switch (name) {
    case "copy":
      return x;
    case "neg":
      return lane.neg(x);
    case "abs":
      return lane.abs(x);
    case "sqrt":
      return lane.sqrt(x);
    case "square":
      return lane.mul(x, x);
    case "cube":
      return lane.mul(lane.mul(x, x), x);
    case "inv":
      return lane.div(one, x);
    case "sign": {
      const size = and(one, lane.lt(lane.splat(0), lane.abs(x)));
      const signed = xor(size, and(x, lane.bits(1n << BigInt(lane.bytes * 8 - 1))));
      return select(lane.eq(x, x), signed, x);
    }
    case "exp":
      return exp(b, lane, x);
    case "log":
      return log(b, lane, x, slow);
    case "sin":
    case "cos":
      return sinOrCos(b, lane, name, x, slow);
    case "tanh":
      return tanh(b, lane, x);
    case "add":
    case "sub":
    case "mul":
    case "div":
    case "min":
    case "max":
      return lane[name](x, y);
    case "greater":
      return comparison(lane, lane.lt(y, x), x, y);
    case "less":
      return comparison(lane, lane.lt(x, y), x, y);
    case "pow":
      return pow(b, lane, x, y, (p, q) => {
        let result = p;
        for (let i = 0; i < 2; i++) {
          result = f64x2.replace(result, i, call(1, f64x2.extract(p, i), f64x2.extract(q, i)));
        }
        return result;
      });
  }
}

/** 1 where the mask holds, else 0; NaN where x or y is NaN. */
const comparison = (lane: Lane, mask: Code, x: Code, y: Code): Code =>
  select(and(lane.eq(x, x), lane.eq(y, y)), and(mask, lane.splat(1)), lane.add(x, y));
