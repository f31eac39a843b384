import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sharedPath } from "../../test/shared.ts";
import { type ArrayData, type NumericArray, toFloat64 } from "./array.ts";
import { readNpy, writeNpy } from "./npy.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";
import { sha256 } from "./sha256.ts";

const arrays: fc.Arbitrary<NumericArray> = fc
  .tuple(fc.array(fc.nat(4), { maxLength: 4 }), fc.nat(3), fc.infiniteStream(fc.double()))
  .map(([shape, kind, stream]) => {
    const values = [...stream.take(shape.reduce((a, b) => a * b, 1))];
    const data: ArrayData =
      kind === 0
        ? Float64Array.from(values)
        : kind === 1
          ? Float32Array.from(values)
          : kind === 2
            ? Int32Array.from(values)
            : BigInt64Array.from(values, (v) => BigInt(Math.trunc(Number.isFinite(v) ? v % 2 ** 62 : 7)));
    return { shape, data };
  });

test("the hash of the empty and the three-letter message", () => {
  // Oracle: FIPS 180-4 examples.
  expect(sha256(new Uint8Array())).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(sha256(new TextEncoder().encode("abc"))).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

describe("npy", () => {
  test("reads bytes laid down by hand after NumPy's format description", () => {
    const header = `${"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }".padEnd(117)}\n`;
    const bytes = new Uint8Array([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, 118, 0]);
    const body = [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0];
    const array = readNpy(new Uint8Array([...bytes, ...new TextEncoder().encode(header), ...body]));
    expect(array.shape).toEqual([2, 1]);
    expect(array.data).toEqual(Float32Array.of(1, -2));
  });

  test("what is written comes back, at any alignment", () => {
    fc.assert(
      fc.property(arrays, fc.nat(7), (array, shift) => {
        const bytes = writeNpy(array);
        expect(bytes.length - array.data.byteLength).toSatisfy((start: number) => start % 64 === 0);
        const moved = new Uint8Array(bytes.length + shift);
        moved.set(bytes, shift);
        expect(readNpy(moved.subarray(shift))).toEqual(array);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  test("a header beyond 64 KiB takes version 2", () => {
    const array = { shape: new Array<number>(30_000).fill(1), data: Float64Array.of(3) };
    const bytes = writeNpy(array);
    expect(bytes[6]).toBe(2);
    expect(readNpy(bytes)).toEqual(array);
  });

  test("bad input is refused by name", () => {
    const good = writeNpy({ shape: [2], data: Float64Array.of(1, 2) });
    const edited = (from: string, to: string) =>
      new Uint8Array(Buffer.from(Buffer.from(good).toString("latin1").replace(from, to), "latin1"));
    const cases: [Uint8Array, string][] = [
      [new TextEncoder().encode("not an array"), "x.npy: not an NPY file"],
      [good.subarray(0, 4), "x.npy: not an NPY file"],
      [good.subarray(0, 40), "cut inside the header"],
      [
        good.subarray(0, good.length - 1),
        "15 bytes of numbers; shape (2) of float64 needs 16: the file is cut",
      ],
      [edited("(2,)", "(1,)"), "something after the array"],
      [edited("<f8", ">f8"), "type '>f8'"],
      [edited("False", "True "), "Fortran order"],
      [edited("shape", "shame"), "unreadable NPY header"],
      [Uint8Array.from(good, (byte, i) => (i === 6 ? 9 : byte)), "NPY version 9"],
    ];
    for (const [bytes, message] of cases) expect(() => readNpy(bytes, "x.npy")).toThrow(message);
    expect(() => writeNpy({ shape: [3], data: Float64Array.of(1) })).toThrow("needs 3 values, got 1");
    expect(() => writeNpy({ shape: [-1], data: Float64Array.of() })).toThrow("axis length -1");
    expect(() => toFloat64({ shape: [1], data: BigInt64Array.of(2n ** 60n) })).toThrow(
      "beyond what a float64",
    );
  });
});

describe("safetensors", () => {
  test("what is written comes back, and does not depend on the order given", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), arrays, { maxKeys: 5 }),
        fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
        (tensors, metadata) => {
          const map = new Map(Object.entries(tensors).filter(([name]) => name !== "__metadata__"));
          const bytes = writeSafetensors(map, metadata);
          const back = readSafetensors(bytes);
          expect(new Map([...back.tensors].sort())).toEqual(new Map([...map].sort()));
          expect(Object.entries(back.metadata).sort()).toEqual(Object.entries(metadata).sort());
          expect(writeSafetensors(new Map([...map].reverse()), metadata)).toEqual(bytes);
        },
      ),
      { numRuns: 60, seed: 2 },
    );
  });

  test("bad input is refused by name", () => {
    const good = writeSafetensors({ w: { shape: [2], data: Float32Array.of(1, 2) } });
    const file = (header: unknown, body = 8) => {
      const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
      const bytes = new Uint8Array(8 + text.length + body);
      bytes[0] = text.length;
      bytes.set(text, 8);
      return bytes;
    };
    const w = { dtype: "F32", shape: [2], data_offsets: [0, 8] };
    const cases: [Uint8Array, string][] = [
      [good.subarray(0, 5), "m.st: 5 bytes"],
      [good.subarray(0, 30), "cut or not safetensors"],
      [good.subarray(0, good.length - 1), "m.st: tensor 'w': ends at byte 8 of 7: the file is cut"],
      [file("[1"), "not JSON"],
      [file("[]"), "not a JSON object"],
      [file({ w: { ...w, dtype: "BF16" } }), "tensor 'w': type BF16; expected F64, F32, I32, I64"],
      [file({ w: { ...w, shape: [3] } }), "offsets 0–8; expected 0–12"],
      [file({ w: { ...w, shape: [-2] } }), "axis length -2"],
      [file({ w, v: w }), "tensor 'v': offsets 0–8; expected 8–16"],
      [file({ w }, 9), "1 bytes after the last tensor"],
      [file({ w: 3 }), "expected dtype, shape"],
      [file({ w, __metadata__: { a: 1 } }), "__metadata__ 'a' is 1"],
    ];
    for (const [bytes, message] of cases) expect(() => readSafetensors(bytes, "m.st")).toThrow(message);
    const one = { shape: [1], data: Float64Array.of(1) };
    expect(() => writeSafetensors({ __metadata__: one })).toThrow("no tensor's name");
    expect(() => writeSafetensors({ w: { ...one, shape: [2] } })).toThrow("tensor 'w' of shape [2] needs 2");
  });

  const cnn = sharedPath("data/hubbard/cnn-ll-cdw.safetensors");
  test.skipIf(!cnn)(
    "a file written by the reference library is read whole and written back the same values",
    () => {
      const { tensors, metadata } = readSafetensors(readFileSync(cnn!), "cnn");
      expect(tensors.size).toBeGreaterThan(3);
      expect(readSafetensors(writeSafetensors(tensors, metadata)).tensors).toEqual(tensors);
    },
  );
});
