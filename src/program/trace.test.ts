import { describe, expect, it } from "vitest";
import { collectGarbage } from "../../test/support/garbage.ts";
import { spec } from "./dtype.ts";
import * as ops from "./ops/index.ts";
import { compile } from "./session.ts";
import { trace } from "./trace.ts";

type Value = ops.Value;
const x2 = spec([2], "float64");

describe("trace", () => {
  it("names inputs and outputs by their places in lists and objects", () => {
    const program = trace(
      (p: { w: Value; list: [Value, Value] }, x: Value) => ({ sum: ops.add(p.w, x), both: [...p.list] }),
      [{ w: x2, list: [x2, spec([3], "float32")] }, x2],
      { name: "tree", names: ["parameters"] },
    );
    expect(program.inputs).toEqual([
      { name: "parameters.w", ...x2 },
      { name: "parameters.list.0", ...x2 },
      { name: "parameters.list.1", ...spec([3], "float32") },
      { name: "arg1", ...x2 },
    ]);
    expect(program.outputs).toEqual([
      { name: "sum", ...x2 },
      { name: "both.0", ...x2 },
      { name: "both.1", ...spec([3], "float32") },
    ]);
    expect(program.name).toBe("tree");
    expect(trace(ops.neg, [x2]).outputs[0]!.name).toBe("output");
    expect(trace((x: Value) => ({ flat: x }), [x2], { names: ["flat"] }).outputs[0]!.name).toBe("flat.out");
  });

  it("returns inputs, constants and the same value twice", async () => {
    const f = (x: Value) => [x, x, ops.full([2], 0.1, "float64"), ops.constant(Float64Array.of(3, 4))];
    const session = await compile(trace(f, [x2]));
    const out = await session.run([Float64Array.of(1, 2)]);
    expect(out.map((v) => Array.from(v))).toEqual([
      [1, 2],
      [1, 2],
      [0.1, 0.1],
      [3, 4],
    ]);
    await session.release();
  });

  it("runs without inputs, and on empty arrays", async () => {
    const none = await compile(trace(() => ops.full([2], 7, "int32"), []));
    expect(Array.from((await none.run([]))[0]!)).toEqual([7, 7]);
    const empty = await compile(trace((x: Value) => [ops.sum(x), ops.mul(x, 2)], [spec([0, 3], "float64")]));
    expect((await empty.run([new Float64Array(0)])).map((v) => Array.from(v))).toEqual([[0], []]);
    await Promise.all([none.release(), empty.release()]);
  });

  it("frees the constants that a function makes while it is traced", async () => {
    const data = new Float32Array(1_000_000);
    const once = () => trace((x: Value) => ops.sum(ops.mul(x, ops.constant(data))), [spec([1_000_000])]);
    const buffers = async () => {
      await collectGarbage();
      return process.memoryUsage().arrayBuffers / 2 ** 20;
    };
    once();
    const before = await buffers();
    for (let i = 0; i < 40; i++) once();
    // Kept constants would be 160 MiB.
    expect((await buffers()) - before).toBeLessThan(20);
  });

  it("refuses what is no model", () => {
    const bad: [() => unknown, RegExp][] = [
      [
        () => trace((async (x: Value) => x) as never, [x2], { name: "net" }),
        /net: the function is asynchronous/,
      ],
      [() => trace(() => ({}), [x2], { name: "net" }), /net: the function returns no array/],
      [() => trace((() => 3) as never, [x2]), /expected an array, or a list or object of arrays.*got 3/],
      [() => trace(((x: Value) => ({ a: x, b: undefined })) as never, [x2]), /at 'b'; got undefined/],
      [() => trace(ops.neg, [spec([2.5])], { name: "net" }), /net: arg0: extent 2\.5 in \[2\.5\]/],
      [() => trace(ops.neg, [spec([-1])]), /extent -1/],
      [
        () => trace((x: Value, y: Value) => ops.add(x, y), [x2, x2], { names: ["x", "x"] }),
        /two inputs are named 'x'; name them apart/,
      ],
    ];
    for (const [run, message] of bad) expect(run).toThrow(message);
  });
});
