import { UserError } from "../core/errors.ts";
import { arrayFromBytes, bytesOf, countOf, elementType, type NumericArray } from "./array.ts";

const names = { F64: "float64", F32: "float32", I32: "int32", I64: "int64" } as const;
const codes = { float64: "F64", float32: "F32", int32: "I32", int64: "I64" } as const;
const widths = { float64: 8, float32: 4, int32: 4, int64: 8 } as const;

/** Named arrays and the words that go with them. */
export interface Safetensors {
  tensors: Map<string, NumericArray>;
  metadata: Record<string, string>;
}

interface Entry {
  dtype: keyof typeof names;
  shape: number[];
  data_offsets: [number, number];
}

/**
 * Reads a safetensors file: eight bytes of header length, a JSON header, then the numbers (little-endian, row-major).
 * float64, float32, int32 and int64 tensors are read. @param source the file's name, for messages.
 * @throws UserError naming the tensor for another type, for offsets that leave a hole, overlap or do not fit the
 * shape, and for a file that is cut.
 */
export function readSafetensors(bytes: Uint8Array, source = "safetensors"): Safetensors {
  if (bytes.length < 8) throw new UserError(`${source}: ${bytes.length} bytes; not a safetensors file`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(bytes.length - 8)) {
    throw new UserError(
      `${source}: a header of ${length} bytes in a file of ${bytes.length}: cut or not safetensors`,
    );
  }
  const body = bytes.subarray(8 + Number(length));
  const header = parseHeader(bytes.subarray(8, 8 + Number(length)), source);
  const entries: [string, Entry][] = [];
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === "__metadata__") metadata = checkMetadata(value, source);
    else entries.push([name, checkEntry(value, `${source}: tensor '${name}'`)]);
  }
  entries.sort(
    ([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  );
  const tensors = new Map<string, NumericArray>();
  let end = 0;
  for (const [
    name,
    {
      dtype,
      shape,
      data_offsets: [from, to],
    },
  ] of entries) {
    const where = `${source}: tensor '${name}'`;
    const type = names[dtype];
    const expected = countOf(shape, where) * widths[type];
    if (from !== end || to - from !== expected) {
      throw new UserError(
        `${where}: offsets ${from}–${to}; expected ${end}–${end + expected} for ${dtype} of shape [${shape}]`,
      );
    }
    if (to > body.length)
      throw new UserError(`${where}: ends at byte ${to} of ${body.length}: the file is cut`);
    tensors.set(name, { shape, data: arrayFromBytes(type, body.subarray(from, to)) });
    end = to;
  }
  if (end !== body.length) {
    throw new UserError(`${source}: ${body.length - end} bytes after the last tensor; expected none`);
  }
  return { tensors, metadata };
}

/**
 * The bytes of a safetensors file. The header is sorted by name, the numbers by element width (wide first, so that
 * each is aligned) and then by name: the same tensors give the same bytes.
 * @throws UserError for the reserved name __metadata__ and for a shape that does not fit its data.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, NumericArray> | Readonly<Record<string, NumericArray>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const pairs =
    tensors instanceof Map ? [...tensors] : Object.entries(tensors as Record<string, NumericArray>);
  const sorted = pairs.toSorted(([a], [b]) => compare(a, b));
  const offsets = new Map<string, [number, number]>();
  let end = 0;
  for (const [name, { shape, data }] of sorted.toSorted(([, a], [, b]) => width(b) - width(a))) {
    if (name === "__metadata__") throw new UserError("writeSafetensors: '__metadata__' is no tensor's name");
    const count = countOf(shape, `writeSafetensors: tensor '${name}'`);
    if (count !== data.length) {
      throw new UserError(
        `writeSafetensors: tensor '${name}' of shape [${shape}] needs ${count} values, got ${data.length}`,
      );
    }
    offsets.set(name, [end, end + data.byteLength]);
    end += data.byteLength;
  }
  const parts = sorted.map(([name, { shape, data }]) => {
    const entry = { dtype: codes[elementType(data)], shape, data_offsets: offsets.get(name) };
    return `${JSON.stringify(name)}:${JSON.stringify(entry)}`;
  });
  const words = Object.entries(metadata).toSorted(([a], [b]) => compare(a, b));
  if (words.length > 0) {
    const inner = words.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
    parts.unshift(`"__metadata__":{${inner.join(",")}}`);
  }
  const text = new TextEncoder().encode(`{${parts.join(",")}}`);
  const headerLength = Math.ceil(text.length / 8) * 8;
  const out = new Uint8Array(8 + headerLength + end).fill(0x20, 0, 8 + headerLength);
  new DataView(out.buffer).setBigUint64(0, BigInt(headerLength), true);
  out.set(text, 8);
  for (const [name, { data }] of sorted) out.set(bytesOf(data), 8 + headerLength + offsets.get(name)![0]);
  return out;
}

function width({ data }: NumericArray): number {
  return data.BYTES_PER_ELEMENT;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function parseHeader(bytes: Uint8Array, source: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof header === "object" && header !== null && !Array.isArray(header)) {
      return header as Record<string, unknown>;
    }
  } catch (cause) {
    throw new UserError(`${source}: the safetensors header is not JSON`, { cause });
  }
  throw new UserError(`${source}: the safetensors header is not a JSON object`);
}

function checkMetadata(value: unknown, source: string): Record<string, string> {
  const words = typeof value === "object" && value !== null ? Object.entries(value) : [["", value]];
  const bad = words.find(([, word]) => typeof word !== "string");
  if (bad)
    throw new UserError(`${source}: __metadata__ '${bad[0]}' is ${JSON.stringify(bad[1])}; expected text`);
  return Object.fromEntries(words);
}

function checkEntry(value: unknown, where: string): Entry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Partial<Record<keyof Entry, unknown>>;
  if (typeof dtype !== "string" || !Array.isArray(shape) || !Array.isArray(offsets) || offsets.length !== 2) {
    throw new UserError(`${where}: expected dtype, shape and two data_offsets, got ${JSON.stringify(value)}`);
  }
  if (!Object.hasOwn(names, dtype)) {
    throw new UserError(`${where}: type ${dtype}; expected ${Object.keys(names).join(", ")}`);
  }
  return value as Entry;
}
