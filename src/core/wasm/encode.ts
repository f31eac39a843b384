/** WebAssembly code or a part of a module, as bytes. */
export type Code = readonly number[];

/** Value types of WebAssembly, by their binary code. */
export const valueType = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = keyof typeof valueType;

export interface Signature {
  params: readonly ValueType[];
  result?: ValueType;
}

export interface ModuleFunction {
  signature: Signature;
  /** Types of the locals that follow the parameters. */
  locals: readonly ValueType[];
  code: Code;
  /** The name under which the module exports it. */
  export?: string;
}

export interface ModuleSpec {
  /** Functions from module "host"; they get the first function indices. The memory is "host" "memory". */
  imports: readonly { name: string; signature: Signature }[];
  functions: readonly ModuleFunction[];
  /** Function indices of the table that `call_indirect` reads. */
  table: readonly number[];
}

/** An unsigned number in LEB128. */
export function unsigned(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    out.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return out;
}

/** A signed 32-bit number in LEB128. */
export function signed(value: number): number[] {
  const out: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    out.push(done ? low : low | 0x80);
    if (done) return out;
  }
}

const text = (value: string) => {
  const bytes = new TextEncoder().encode(value);
  return [...unsigned(bytes.length), ...bytes];
};
const list = (items: readonly Code[]) => [...unsigned(items.length), ...items.flat()];
const section = (id: number, body: Code) => [id, ...unsigned(body.length), ...body];
const typeOf = ({ params, result }: Signature) => [
  0x60,
  ...list(params.map((type) => [valueType[type]])),
  ...list(result === undefined ? [] : [[valueType[result]]]),
];

/**
 * A WebAssembly module in its binary format (WebAssembly Core Specification 2.0, chapter 5): imported functions and
 * memory, functions, one table filled with some of them, and exports. Types are not shared: function i has type i.
 */
export function encodeModule(spec: ModuleSpec): Uint8Array<ArrayBuffer> {
  const { imports, functions, table } = spec;
  const signatures = [...imports.map((f) => f.signature), ...functions.map((f) => f.signature)];
  const first = imports.length;
  const bodies = functions.map(({ locals, code }) => {
    const body = [...list(locals.map((type) => [1, valueType[type]])), ...code, 0x0b];
    return [...unsigned(body.length), ...body];
  });
  const exported = functions.flatMap(({ export: name }, i) =>
    name === undefined ? [] : [[...text(name), 0x00, ...unsigned(first + i)]],
  );
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, list(signatures.map(typeOf))),
    ...section(
      2,
      list([
        ...imports.map(({ name }, i) => [...text("host"), ...text(name), 0x00, ...unsigned(i)]),
        [...text("host"), ...text("memory"), 0x02, 0x00, 1],
      ]),
    ),
    ...section(3, list(functions.map((_, i) => unsigned(first + i)))),
    ...section(4, list([[0x70, 0x00, ...unsigned(table.length)]])),
    ...section(7, list(exported)),
    ...section(9, list([[0x00, 0x41, 0x00, 0x0b, ...list(table.map((index) => unsigned(index)))]])),
    ...section(10, list(bodies)),
  ]);
}
