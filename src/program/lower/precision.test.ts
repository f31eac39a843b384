import { numpy as np } from "@jax-js/jax";
import { describe, expect, it } from "vitest";
import { spec } from "../dtype.ts";
import * as ops from "../ops/index.ts";
import { trace } from "../trace.ts";
import { grad } from "../transform/index.ts";

type Value = ops.Value;
const x64 = spec([3], "float64");
const x32 = spec([3], "float32");

/** What must never happen quietly: a number with float32's digits, or two precisions, in a float64 program. */
describe("precision of a traced program", () => {
  const bad: [string, () => unknown, RegExp][] = [
    [
      "a number handed to jax-js itself",
      () => trace((x: Value) => np.multiply(x.ref, 0.1), [x64]),
      /the number 0\.1 was rounded to float32 \(0\.10000000149\d*\) inside a float64 program: equation 1 of 1, mul of float64\[3\], float32\[\]; write numbers through physlens/,
    ],
    [
      "jax-js's mean, which divides by a rounded third",
      () => trace((x: Value) => np.mean(x.ref), [x64]),
      /the number 0\.3333333 was rounded to float32/,
    ],
    [
      "the derivative of jax-js's power",
      () =>
        trace(
          grad((x: Value) => ops.sum(np.power(x.ref, 2.7))),
          [x64],
        ),
      /was rounded to float32/,
    ],
    [
      "a number in a comparison",
      () => trace((x: Value) => np.less(x.ref, 0.1), [x64]),
      /the number 0\.1 was rounded to float32.*equation 1 of 1, compare/,
    ],
    [
      "a number chosen by where",
      () => trace((x: Value) => np.where(ops.less(x, 0).ref, 0.7, x.ref), [x64]),
      /the number 0\.7 was rounded to float32.*where/,
    ],
    [
      "a float32 constant that is cast",
      () => {
        const table = ops.constant(Float32Array.of(0.1, 0.2, 0.3));
        return trace((x: Value) => ops.add(x, ops.cast(table, "float64")), [x64]);
      },
      /the number 0\.1 was rounded to float32/,
    ],
    [
      "two element types in one equation",
      () => trace((x: Value, y: Value) => np.multiply(x.ref, y.ref), [x64, x32]),
      /an equation mixes float32 with float64: equation \d+ of \d+, mul of float64\[3\], float32\[3\]; cast one/,
    ],
    [
      "two element types in an operation of physlens",
      () => trace((x: Value, y: Value) => ops.mul(x, y), [x64, x32]),
      /mul: float64\[3\] and float32\[3\] differ in dtype; cast one of them first/,
    ],
  ];
  for (const [name, make, message] of bad) {
    it(`refuses ${name}`, () => expect(make).toThrow(message));
  }

  it("takes numbers that are the same in both precisions, and any number in float32", () => {
    for (const value of [0, 1, -3, 16_777_216, 0.5, -0.125, 2 ** -40]) {
      expect(trace((x: Value) => np.multiply(x.ref, value), [x64]).outputs[0]!.dtype).toBe("float64");
    }
    expect(trace((x: Value) => np.multiply(x.ref, 0.1), [x32]).outputs[0]!.dtype).toBe("float32");
    expect(() => trace((x: Value) => ops.mul(x, 0.1), [x64])).not.toThrow();
  });

  it("refuses constant indices outside of their axis", () => {
    const gather = (index: number) => () => trace((x: Value) => ops.take(x, [0, index]), [x64]);
    const segments = (index: number) => () => trace((x: Value) => ops.segmentSum(x, [0, 1, index], 3), [x64]);
    for (const index of [-1, 3, 1000]) {
      expect(gather(index)).toThrow(`gather: the index ${index} is outside of an axis of 3; expected 0 to 2`);
      expect(segments(index)).toThrow(`scatter: the index ${index} is outside of an axis of 3`);
    }
    expect(gather(2)).not.toThrow();
    expect(segments(2)).not.toThrow();
  });

  it("refuses random numbers made inside a model, and element types that do not run", () => {
    expect(() => trace((x: Value) => x, [spec([2], "uint32" as never)])).toThrow(
      /arg0: element type uint32 does not run; use float32, float64, int32 or bool/,
    );
    expect(() => trace((x: Value) => np.astype(x.ref, np.float16), [x64])).toThrow(/element type float16/);
  });
});
