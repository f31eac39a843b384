import { afterAll, describe, expect, it } from "vitest";
import { net, netData, netLayout, netLoss } from "../../test/support/small-net.ts";
import { random } from "../core/random.ts";
import { spec, type TypedArray } from "./dtype.ts";
import * as ops from "./ops/index.ts";
import { compile, devices, type Session } from "./session.ts";
import { trace } from "./trace.ts";
import { grad, hvp, patch, siteGrad, tap, valueAndGrad } from "./transform/index.ts";

type Value = ops.Value;

const open: Session[] = [];
async function start(...args: Parameters<typeof compile>): Promise<Session> {
  const session = await compile(...args);
  open.push(session);
  return session;
}
afterAll(() => Promise.all(open.map((session) => session.release())));

const bytes = (arrays: readonly TypedArray[]) =>
  arrays.map((a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength).toString("base64"));
const furthest = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0);
};

describe("a session", () => {
  const sum = trace(
    (x: Value, k: Value) => ({ total: ops.sum(x), chosen: ops.take(x, k) }),
    [spec([4], "float64"), spec([2], "int32")],
    { name: "sum", names: ["x", "k"] },
  );
  const good = [Float64Array.of(1, 2, 3, 4), Int32Array.of(3, 0)];

  it("names its inputs and outputs, takes parts of larger buffers, and returns fresh arrays", async () => {
    const session = await start(sum);
    expect(sum.inputs.map((port) => port.name)).toEqual(["x", "k"]);
    expect(sum.outputs.map((port) => port.name)).toEqual(["total", "chosen"]);
    const first = await session.run(good);
    expect(first.map((v) => Array.from(v))).toEqual([[10], [4, 1]]);
    const wide = Float64Array.of(9, 9, 1, 2, 3, 4, 9);
    const second = await session.run([wide.subarray(2, 6), good[1]!]);
    expect(second.map((v) => Array.from(v))).toEqual([[10], [4, 1]]);
    first[1]![0] = 77;
    expect(second[1]![0]).toBe(4);
    const through = await start(trace((x: Value) => x, [spec([2], "float64")]));
    const given = Float64Array.of(1, 2);
    const [same] = await through.run([given]);
    same![0] = 5;
    expect(given[0]).toBe(1);
  });

  it("refuses inputs of the wrong number, type or length by name", async () => {
    const session = await start(sum);
    const bad: [TypedArray[], RegExp][] = [
      [[], /sum: takes 2 inputs, got 0/],
      [[good[0]!], /sum: takes 2 inputs, got 1/],
      [[...good, good[0]!], /sum: takes 2 inputs, got 3/],
      [
        [Float32Array.of(1, 2, 3, 4), good[1]!],
        /input 'x' takes a Float64Array \(float64\), got Float32Array/,
      ],
      [[good[0]!, Float64Array.of(1, 2)], /input 'k' takes a Int32Array \(int32\), got Float64Array/],
      [[[1, 2, 3, 4] as never, good[1]!], /input 'x' takes a Float64Array \(float64\), got Array/],
      [[undefined as never, good[1]!], /input 'x' takes a Float64Array \(float64\), got undefined/],
      [[Float64Array.of(1, 2, 3), good[1]!], /input 'x' has shape \[4\], 4 numbers; got 3/],
      [[good[0]!, Int32Array.of(0, 4)], /sum: the run failed: .*indices element out of data bounds, idx=4/],
    ];
    for (const [inputs, message] of bad) await expect(session.run(inputs)).rejects.toThrow(message);
    expect(Array.from((await session.run(good))[0]!)).toEqual([10]);
  });

  it("refuses to run once released; releasing twice is no error", async () => {
    const session = await compile(sum);
    await session.release();
    await session.release();
    await expect(session.run(good)).rejects.toThrow(
      /sum: the session was released; compile the program again/,
    );
  });

  it("refuses devices that are not there, and thread counts that are none", async () => {
    expect(devices()).toContain("cpu");
    await expect(compile(sum, { device: "abacus" })).rejects.toThrow(
      /device 'abacus' is not there; this installation knows cpu/,
    );
    for (const threads of [0, -1, 1.5, Number.NaN]) {
      await expect(compile(sum, { threads })).rejects.toThrow(/threads must be a whole number of at least 1/);
    }
    try {
      open.push(await compile(sum, { device: "cuda" }));
      console.warn("CUDA is here: the error for a missing device 'cuda' was not tested");
    } catch (error) {
      expect((error as Error).message).toMatch(/device 'cuda' .*for CUDA install the GPU build/);
    }
  });
});

describe("the same program on the same data", () => {
  const rows = 200;
  const gradient = trace(valueAndGrad(netLoss), [
    spec([netLayout.size], "float64"),
    spec([rows, 3], "float64"),
    spec([rows], "float64"),
  ]);
  const { flat, x, y } = netData(rows, "float64");

  it("gives the same bytes every time, in a new session and from a new trace too", async () => {
    for (const threads of [1, 2]) {
      const session = await start(gradient, { threads });
      const first = bytes(await session.run([flat, x, y]));
      for (let k = 0; k < 20; k++) expect(bytes(await session.run([flat, x, y]))).toEqual(first);
      const anew = trace(
        valueAndGrad(netLoss),
        gradient.inputs.map((port) => spec(port.shape, port.dtype)),
      );
      expect(Buffer.from(anew.toOnnx()).equals(Buffer.from(gradient.toOnnx()))).toBe(true);
      expect(bytes(await (await start(anew, { threads })).run([flat, x, y]))).toEqual(first);
    }
  });

  it("agrees within rounding between one thread and two, on sizes where the work is shared", async () => {
    const n = 300;
    const rng = random(2, "threads");
    const [a, b] = [0, 1].map(() => Float64Array.from({ length: n * n }, () => rng.normal()));
    const f = (p: Value, q: Value) => {
      const product = ops.tanh(ops.mul(ops.matmul(p, q), 0.05));
      return [product, ops.sum(product, { axis: 0 }), ops.sum(ops.square(product))];
    };
    const program = trace(f, [spec([n, n], "float64"), spec([n, n], "float64")]);
    const [one, two] = await Promise.all(
      [1, 2].map(async (threads) => (await start(program, { threads })).run([a!, b!])),
    );
    one!.forEach((array, i) => {
      const scale = 1 + Array.from(array).reduce((m, v) => Math.max(m, Math.abs(v)), 0);
      expect(furthest(array, two![i]!)).toBeLessThan(1e-13 * scale);
    });
  });
});

/** The oracle is the same function evaluated eagerly, and for patches what follows from the formula. */
describe("sites in a compiled program", () => {
  const rows = 5;
  const { flat, x, y } = netData(rows, "float64", 4);
  const specs = [
    spec([netLayout.size], "float64"),
    spec([rows, 3], "float64"),
    spec([rows], "float64"),
  ] as const;
  const eager = (f: (...values: Value[]) => Value) =>
    ops.scope(() =>
      Array.from(ops.toTyped(f(...[flat, x, y].map((d, i) => ops.constant(d, specs[i]!.shape, "float64"))))),
    );

  it("taps are outputs by name", async () => {
    const program = trace((f: Value, a: Value) => tap(net, ["penultimate"])(f, a).taps, [specs[0], specs[1]]);
    expect(program.outputs).toEqual([{ name: "penultimate", shape: [rows, 8], dtype: "float64" }]);
    const [hidden] = await (await start(program)).run([flat, x]);
    const wanted = eager((f, a) => tap(net)(f, a).taps["penultimate"]!);
    expect(furthest(hidden!, wanted)).toBeLessThan(1e-14);
    const { w3 } = netLayout.unpack(flat);
    const [out] = await (await start(trace(net, [specs[0], specs[1]]))).run([flat, x]);
    const readout = Array.from({ length: rows }, (_, r) =>
      Array.from(w3).reduce((s, w, k) => s + w * hidden![8 * r + k]!, 0),
    );
    expect(furthest(out!, readout)).toBeLessThan(1e-13);
  });

  it("patches are inputs: what is before them no longer matters", async () => {
    const program = trace(
      (h: Value, f: Value, a: Value) => patch(net)({ penultimate: h }, f, a),
      [spec([rows, 8], "float64"), specs[0], specs[1]],
    );
    const session = await start(program);
    const { w3 } = netLayout.unpack(flat);
    const rng = random(9, "patch");
    const h = Float64Array.from({ length: rows * 8 }, () => rng.normal());
    const wanted = Array.from({ length: rows }, (_, r) =>
      h.subarray(8 * r, 8 * r + 8).reduce((s, v, k) => s + v * w3[k]!, 0),
    );
    const [out] = await session.run([h, flat, x]);
    expect(furthest(out!, wanted)).toBeLessThan(1e-13);
    const [other] = await session.run([h, flat, x.map((v) => v + 1) as Float64Array]);
    expect(Array.from(other!)).toEqual(Array.from(out!));
  });

  it("gradients at a site: 2 (ŷ − y) w₃ / rows, and against eager evaluation further down", async () => {
    const program = trace(
      (f: Value, a: Value, b: Value) => siteGrad(netLoss, ["first", "penultimate"])(f, a, b),
      specs,
    );
    expect(program.outputs.map((port) => port.name)).toEqual([
      "value",
      "gradients.first",
      "gradients.penultimate",
    ]);
    const [value, first, last] = await (await start(program)).run([flat, x, y]);
    const [out] = await (await start(trace(net, [specs[0], specs[1]]))).run([flat, x]);
    const { w3 } = netLayout.unpack(flat);
    const wanted = Array.from({ length: rows * 8 }, (_, i) => {
      const row = Math.floor(i / 8);
      return ((2 * (out![row]! - y[row]!)) / rows) * w3[i % 8]!;
    });
    expect(furthest(last!, wanted)).toBeLessThan(1e-13);
    expect(furthest(value!, eager(netLoss as (...values: Value[]) => Value))).toBeLessThan(1e-13);
    expect(Array.from(first!).some((v) => Math.abs(v) > 0.01)).toBe(true);
    const below = eager((f, a, b) => siteGrad(netLoss, ["first"])(f!, a!, b!).gradients["first"]!);
    expect(furthest(first!, below)).toBeLessThan(1e-13);
  });

  it("taps inside gradients and Hessian-vector products compile too", async () => {
    const f = (p: Value, a: Value, b: Value) => {
      const { output, taps } = tap((q: Value) => hvp(netLoss)(q, q, a, b), ["first"])(p);
      return { output, first: taps["first"]!, gradient: grad(netLoss)(p, a, b) };
    };
    const [product, first, gradient] = await (await start(trace(f, specs))).run([flat, x, y]);
    expect(
      furthest(
        product!,
        eager((p, a, b) => hvp(netLoss)(p!, p!, a!, b!)),
      ),
    ).toBeLessThan(1e-12);
    expect(
      furthest(
        first!,
        eager((p, a) => tap(net)(p!, a!).taps["first"]!),
      ),
    ).toBeLessThan(1e-14);
    expect(
      furthest(
        gradient!,
        eager((p, a, b) => grad(netLoss)(p!, a!, b!)),
      ),
    ).toBeLessThan(1e-13);
  });
});
