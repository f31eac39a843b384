import { UserError } from "../core/errors.ts";
import { arrayFromBytes, bytesOf, countOf, elementType, type NumericArray } from "./array.ts";

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const codes = { float64: "<f8", float32: "<f4", int32: "<i4", int64: "<i8" } as const;
const widths = { float64: 8, float32: 4, int32: 4, int64: 8 } as const;

/**
 * Reads a NumPy .npy file of version 1 or 2: little-endian float64, float32, int32 or int64 in C order. Format: NumPy
 * Enhancement Proposal 1. @param source the file's name, for messages.
 * @throws UserError for another kind of file, type or order, and for a file whose length does not fit its header.
 */
export function readNpy(bytes: Uint8Array, source = "npy"): NumericArray {
  if (bytes.length < 10 || magic.some((byte, i) => bytes[i] !== byte)) {
    throw new UserError(`${source}: not an NPY file (it does not begin with \\x93NUMPY)`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6]!;
  if (version !== 1 && version !== 2) {
    throw new UserError(`${source}: NPY version ${version}.${bytes[7]}; expected 1 or 2`);
  }
  const start = version === 1 ? 10 : 12;
  if (bytes.length < start) throw new UserError(`${source}: cut inside the header`);
  const headerLength = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + headerLength > bytes.length) {
    throw new UserError(
      `${source}: cut inside the header (${headerLength} bytes said, ${bytes.length - start} there)`,
    );
  }
  const header = new TextDecoder("latin1").decode(bytes.subarray(start, start + headerLength));
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const axes = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (descr === undefined || order === undefined || axes === undefined) {
    throw new UserError(
      `${source}: unreadable NPY header ${header.trim()}; expected descr, fortran_order, shape`,
    );
  }
  const type = (Object.keys(codes) as (keyof typeof codes)[]).find((name) => codes[name] === descr);
  if (!type) {
    throw new UserError(
      `${source}: numbers of type '${descr}'; expected ${Object.values(codes).join(", ")}: save it with .astype("<f8")`,
    );
  }
  if (order === "True") {
    throw new UserError(`${source}: Fortran order; save it with numpy.ascontiguousarray(array)`);
  }
  const shape = axes.split(",").flatMap((part) => (part.trim() === "" ? [] : [Number(part)]));
  const expected = countOf(shape, source) * widths[type];
  const body = bytes.subarray(start + headerLength);
  if (body.length !== expected) {
    throw new UserError(
      `${source}: ${body.length} bytes of numbers; shape (${shape.join(", ")}) of ${type} needs ${expected}: ${body.length < expected ? "the file is cut" : "there is something after the array"}`,
    );
  }
  return { shape, data: arrayFromBytes(type, body) };
}

/**
 * The bytes of a NumPy .npy file: version 1 (version 2 if the header does not fit), C order, numbers aligned to 64
 * bytes. The same array gives the same bytes. @throws UserError if shape and data differ in length.
 */
export function writeNpy(array: NumericArray): Uint8Array<ArrayBuffer> {
  const { shape, data } = array;
  const count = countOf(shape, "writeNpy");
  if (count !== data.length) {
    throw new UserError(`writeNpy: shape (${shape.join(", ")}) needs ${count} values, got ${data.length}`);
  }
  const axes = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${codes[elementType(data)]}', 'fortran_order': False, 'shape': ${axes}, }`;
  const padded = (start: number) => Math.ceil((start + text.length + 1) / 64) * 64 - start;
  const version = padded(10) <= 0xffff ? 1 : 2;
  const start = version === 1 ? 10 : 12;
  const headerLength = padded(start);
  const out = new Uint8Array(start + headerLength + data.byteLength);
  out.set([...magic, version, 0]);
  const view = new DataView(out.buffer);
  if (version === 1) view.setUint16(8, headerLength, true);
  else view.setUint32(8, headerLength, true);
  out.set(new TextEncoder().encode(`${text.padEnd(headerLength - 1)}\n`), start);
  out.set(bytesOf(data), start + headerLength);
  return out;
}
