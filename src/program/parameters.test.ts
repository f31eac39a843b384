import { describe, expect, it } from "vitest";
import * as ops from "./ops/index.ts";
import { layout } from "./parameters.ts";
import { grad } from "./transform/index.ts";

const places = layout({ W1: [2, 3], b1: [3], scale: [], none: [0, 4] });
const flat = Float64Array.from({ length: 10 }, (_, i) => i);

describe("layout", () => {
  it("lays parameters out row by row in order of declaration", () => {
    expect(places.size).toBe(10);
    expect(places.names).toEqual(["W1", "b1", "scale", "none"]);
    expect(places.slice("b1")).toEqual({ start: 6, end: 9 });
    expect(places.slice("none")).toEqual({ start: 10, end: 10 });
    const { W1, scale, none } = places.views(ops.constant(flat));
    expect([W1.shape, scale.shape, none.shape]).toEqual([[2, 3], [], [0, 4]]);
    expect(Array.from(ops.toTyped(ops.slice(W1, 1)))).toEqual([3, 4, 5]);
    expect(ops.toTyped(scale)[0]).toBe(9);
  });

  it("packs what it unpacked, and unpacked arrays share memory", () => {
    const copy = flat.slice();
    const parts = places.unpack(copy);
    expect(Array.from(parts.b1)).toEqual([6, 7, 8]);
    expect(places.pack(parts)).toEqual(flat);
    parts.b1[0] = -1;
    expect(copy[6]).toBe(-1);
    const single = places.pack(places.unpack(Float32Array.from(flat)));
    expect(single).toBeInstanceOf(Float32Array);
  });

  it("puts the gradient of a view where the parameter lies", () => {
    const g = grad((p: ops.Value) => ops.sum(ops.mul(places.view(p, "b1"), places.view(p, "scale"))))(
      ops.constant(flat),
    );
    expect(Array.from(ops.toTyped(g))).toEqual([0, 0, 0, 0, 0, 0, 9, 9, 9, 21]);
  });

  it("refuses names, lengths and types that do not fit", () => {
    const parts = places.unpack(flat);
    const bad: [() => unknown, RegExp][] = [
      [() => layout({ a: [1.5] }), /parameter "a" has the shape \[1.5\]/],
      [() => layout({ a: [-1] }), /parameter "a"/],
      [() => places.slice("W2" as "W1"), /no parameter "W2"; there are W1, b1, scale, none/],
      [() => places.view(ops.zeros([9], "float64"), "W1"), /flat vector of 10 parameters, got float64\[9\]/],
      [() => places.unpack(new Float64Array(3)), /expected 10 numbers for 4 parameters, got 3/],
      [
        () => places.pack({ ...parts, b1: new Float64Array(2) }),
        /"b1" needs 3 numbers as Float64Array, got 2/,
      ],
      [
        () => places.pack({ W1: parts.W1 } as typeof parts),
        /"b1" needs 3 numbers as Float64Array, got nothing/,
      ],
      [() => places.pack({ ...parts, extra: parts.b1 } as typeof parts), /no parameter "extra"/],
      [
        () => places.pack({ ...parts, b1: new Float32Array(3) } as unknown as typeof parts),
        /got 3 as Float32Array/,
      ],
    ];
    for (const [run, message] of bad) expect(run).toThrow(message);
  });
});
