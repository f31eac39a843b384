import { type Code, signed, unsigned, type ValueType } from "./encode.ts";

/** A function body under construction: code is appended to it, locals are taken from it. */
export interface Body {
  readonly code: number[];
  readonly locals: ValueType[];
  /** Appends code. */
  add(...parts: Code[]): void;
  /** A new local; its index. */
  local(type: ValueType): number;
  /** Computes `value` once, here, into a new local (v128 by default), and returns the code that reads it. */
  let(value: Code, type?: ValueType): Code;
}

/** An empty body of a function with `params` parameters. */
export function body(params: number): Body {
  const code: number[] = [];
  const locals: ValueType[] = [];
  const local = (type: ValueType) => params + locals.push(type) - 1;
  const add = (...parts: Code[]) => {
    for (const part of parts) for (const byte of part) code.push(byte);
  };
  return {
    code,
    locals,
    add,
    local,
    let(value, type = "v128") {
      const index = local(type);
      add(value, set(index));
      return get(index);
    },
  };
}

export const get = (index: number): Code => [0x20, ...unsigned(index)];
export const set = (index: number): Code => [0x21, ...unsigned(index)];
export const i32 = (value: number): Code => [0x41, ...signed(value)];
export const addI32 = (a: Code, b: Code): Code => [...a, ...b, 0x6a];
export const subI32 = (a: Code, b: Code): Code => [...a, ...b, 0x6b];
export const andI32 = (a: Code, b: Code): Code => [...a, ...b, 0x71];
export const lessI32 = (a: Code, b: Code): Code => [...a, ...b, 0x49];
export const loadI32 = (address: Code, offset: number): Code => [...address, 0x28, 2, ...unsigned(offset)];
export const call = (index: number, ...args: Code[]): Code => [...args.flat(), 0x10, ...unsigned(index)];
/** Calls entry `entry` of the table as a function of type `type`. */
export const callIndirect = (type: number, entry: Code, ...args: Code[]): Code => [
  ...args.flat(),
  ...entry,
  0x11,
  ...unsigned(type),
  0,
];
export const returning = (value: Code): Code => [...value, 0x0f];
/** `then` if `condition` is not 0. */
export const when = (condition: Code, then: Code): Code => [...condition, 0x04, 0x40, ...then, 0x0b];
/** Runs `body`, and again while `condition`. */
export const doWhile = (body: Code, condition: Code): Code => [
  0x03,
  0x40,
  ...body,
  ...condition,
  0x0d,
  0,
  0x0b,
];

/** The code that `build` appends, without appending it to the body: for the arms of a branch. */
export function aside(into: Body, build: () => void): Code {
  const from = into.code.length;
  build();
  return into.code.splice(from);
}
