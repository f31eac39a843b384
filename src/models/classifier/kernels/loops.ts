import {
  addI32,
  aside,
  type Body,
  body,
  doWhile,
  get,
  i32,
  lessI32,
  set,
  subI32,
} from "../../../core/wasm/body.ts";
import type { Code, ModuleFunction } from "../../../core/wasm/encode.ts";
import { load, store } from "../../../core/wasm/lane.ts";

/** Every column is a whole number of pieces of so many bytes: eight rows. */
export const pieceBytes = 64;

/** Runs what `build` appends for offsets 0, step, … below `bytes`; at least once. */
export function overBytes(b: Body, bytes: Code, step: number, build: (offset: Code) => void): void {
  const at = b.local("i32");
  b.add(i32(0), set(at));
  const inner = aside(b, () => {
    build(get(at));
    b.add(addI32(get(at), i32(step)), set(at));
  });
  b.add(doWhile(inner, lessI32(get(at), bytes)));
}

/** Runs what `build` appends `count` times, at least once. */
export function times(b: Body, count: Code, build: () => void): void {
  const left = b.local("i32");
  b.add(count, set(left));
  const inner = aside(b, () => {
    build();
    b.add(subI32(get(left), i32(1)), set(left));
  });
  b.add(doWhile(inner, get(left)));
}

/** A local that holds an address and moves: its code, and the code that adds a number to it. */
export function pointer(b: Body, start: Code): { at: Code; move: (by: Code) => Code } {
  const index = b.local("i32");
  b.add(start, set(index));
  return { at: get(index), move: (by) => [...addI32(get(index), by), ...set(index)] };
}

/**
 * A function of `columns` addresses and a length in bytes that writes to the first column what `value` makes of all of
 * them, two rows at a time.
 * `address` gives an argument itself, for one that is the address of a single number.
 */
export function elementwise(
  name: string,
  columns: number,
  value: (b: Body, at: (column: number) => Code, address: (column: number) => Code) => Code,
): ModuleFunction {
  const b = body(columns + 1);
  overBytes(b, get(columns), 16, (offset) => {
    const addresses = Array.from({ length: columns }, (_, c) => b.let(addI32(get(c), offset), "i32"));
    const result = value(b, (column) => load(addresses[column]!), get);
    b.add(store(addresses[0]!, result));
  });
  return {
    signature: { params: Array.from({ length: columns + 1 }, () => "i32" as const) },
    locals: b.locals,
    code: b.code,
    export: name,
  };
}
