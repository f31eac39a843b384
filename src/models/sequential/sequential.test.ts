import { describe, expect, test } from "vitest";
import { random } from "../../core/random.ts";
import * as o from "../../program/ops/index.ts";
import { tap } from "../../program/transform/index.ts";
import { initialSequentialParameters } from "./initial.ts";
import type { Layer, SampleShape } from "./layers.ts";
import { net, nets } from "./nets.fixture.ts";
import { type SequentialModel, sequential } from "./sequential.ts";

/** The network written out with plain nested loops on nested lists; also the value after every layer. */
function plainForward(model: SequentialModel, flat: Float64Array, sample: Float64Array) {
  const p = model.layout.unpack(flat);
  const [width, length] = model.config.input;
  let grid: number[][] =
    length === undefined
      ? [[...sample]]
      : Array.from({ length: width }, (_, c) => [...sample.subarray(c * length, (c + 1) * length)]);
  const sites: Record<string, number[]> = {};
  for (const { layer, name } of model.layers) {
    const w = p[`${name}.weight`];
    const b = p[`${name}.bias`];
    if (layer.kind === "conv1d") {
      const { kernel, padding = 0, stride = 1 } = layer;
      const out: number[][] = [];
      for (let u = 0; u < layer.outputs; u++) {
        const row: number[] = [];
        for (let start = -padding; start + kernel <= grid[0]!.length + padding; start += stride) {
          let sum = b![u]!;
          for (let c = 0; c < grid.length; c++) {
            for (let k = 0; k < kernel; k++) {
              sum += w![(u * grid.length + c) * kernel + k]! * (grid[c]![start + k] ?? 0);
            }
          }
          row.push(sum);
        }
        out.push(row);
      }
      grid = out;
    } else if (layer.kind === "maxPool1d" || layer.kind === "averagePool1d") {
      grid = grid.map((row) => {
        const out: number[] = [];
        for (let i = 0; i + layer.size <= row.length; i += layer.size) {
          const window = row.slice(i, i + layer.size);
          out.push(
            layer.kind === "maxPool1d" ? Math.max(...window) : window.reduce((a, x) => a + x, 0) / layer.size,
          );
        }
        return out;
      });
    } else if (layer.kind === "activation") {
      const f = {
        relu: (x: number) => Math.max(0, x),
        tanh: Math.tanh,
        softplus: (x: number) => Math.log(1 + Math.exp(x)),
      };
      grid = grid.map((row) => row.map(f[layer.function]));
    } else if (layer.kind === "flatten") grid = [grid.flat()];
    else if (layer.kind === "dense") {
      const x = grid[0]!;
      grid = [Array.from(b!, (bias, u) => x.reduce((sum, v, i) => sum + w![u * x.length + i]! * v, bias))];
    }
    if (layer.kind !== "dropout") sites[name] = grid.flat();
  }
  return { output: grid.flat(), sites };
}

describe.each(Object.keys(nets))("%s", (name) => {
  const model = net(name);
  const rng = random(3, name);
  const flat = initialSequentialParameters(model, rng);
  const count = 3;
  const x = Float64Array.from({ length: count * model.inputs }, () => rng.normal());
  const plain = Array.from({ length: count }, (_, i) =>
    plainForward(model, flat, x.subarray(i * model.inputs, (i + 1) * model.inputs)),
  );

  test("the traced network equals plain loops, one sample and a batch, at every site", () => {
    const theta = o.constant(flat);
    const batch = tap(model.forward)(theta, o.constant(x, [count, ...model.config.input]));
    expect(Object.keys(batch.taps)).toEqual([...model.sites]);
    expect(batch.output.shape).toEqual([count, model.outputs]);
    const rows = o.toTyped(batch.output);
    for (let i = 0; i < count; i++) {
      const sample = o.constant(x.slice(i * model.inputs, (i + 1) * model.inputs), [...model.config.input]);
      const one = o.toTyped(model.forward(theta, sample));
      plain[i]!.output.forEach((value, c) => {
        expect(one[c]!).toBeCloseTo(value, 12);
        expect(rows[i * model.outputs + c]!).toBeCloseTo(value, 12);
      });
      for (const site of model.sites) {
        const wanted = plain[i]!.sites[site]!;
        const found = o.toTyped(batch.taps[site]!);
        wanted.forEach((value, k) => {
          expect(found[i * wanted.length + k]!).toBeCloseTo(value, 12);
        });
      }
    }
  });

  test("starting parameters fill ±1/√fan_in, and a seed gives the same", () => {
    expect(initialSequentialParameters(model, random(3, name))).toEqual(flat);
    expect(initialSequentialParameters(model, random(4, name))).not.toEqual(flat);
    for (const parameter of model.layout.names) {
      const layer = parameter.replace(/\.(weight|bias)$/, "");
      const [, ...fan] = model.layout.shapes[`${layer}.weight`]!;
      const bound = 1 / Math.sqrt(fan.reduce((a, b) => a * b));
      const { start, end } = model.layout.slice(parameter);
      for (const value of flat.subarray(start, end)) expect(Math.abs(value)).toBeLessThanOrEqual(bound);
    }
  });
});

test("a large layer's starting parameters have the mean and variance of the uniform distribution", () => {
  const model = sequential({ name: "wide", input: [300], layers: [{ kind: "dense", outputs: 100 }] });
  const w = initialSequentialParameters(model, random(1)).subarray(0, 30_000);
  const mean = w.reduce((a, x) => a + x, 0) / w.length;
  const variance = w.reduce((a, x) => a + x * x, 0) / w.length;
  expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(3 * 300 * 30_000));
  expect(variance * 3 * 300).toBeCloseTo(1, 1);
});

test("θ is w1, b1, w2, b2 …; kinks and hazards are told", () => {
  expect(net("poolFirst").layout.names).toEqual([
    "conv1.weight",
    "conv1.bias",
    "conv2.weight",
    "conv2.bias",
    "conv3.weight",
    "conv3.bias",
    "dense1.weight",
    "dense1.bias",
  ]);
  expect([net("poolFirst").kinks, net("mlpTanh").kinks, net("reluThenMean").kinks]).toEqual([
    true,
    false,
    true,
  ]);
  expect(net("poolFirst").hazards).toEqual([]);
  const drawn = sequential({
    name: "drawn",
    input: [2],
    layers: [
      { kind: "dense", outputs: 2 },
      { kind: "dropout", rate: 0.3, active: true, name: "drop" },
    ],
  });
  expect(drawn.hazards).toEqual(['dropout layer "drop" is active']);
});

describe("errors name the model, the layer and what is wrong", () => {
  const conv: Layer = { kind: "conv1d", outputs: 2, kernel: 3 };
  const dense: Layer = { kind: "dense", outputs: 2 };
  const flatten: Layer = { kind: "flatten" };
  const bad: [SampleShape, readonly Layer[], RegExp][] = [
    [[4], [conv], /layer "conv1" \(conv1d\) of model "m": gets a vector of 4 values/],
    [[1, 2], [conv], /layer "conv1".*a kernel of 3 does not fit the length 2/],
    [[1, 9], [{ ...conv, kernel: 0 }], /layer "conv1".*kernel is 0/],
    [[1, 9], [{ ...conv, stride: 0.5 }], /layer "conv1".*stride is 0.5/],
    [[1, 9], [{ ...conv, padding: -1 }], /layer "conv1".*padding is -1/],
    [[1, 9], [{ ...conv, inputs: 2 }], /layer "conv1".*said to take 2 inputs, but the layer before gives 1/],
    [
      [1, 9],
      [conv, { kind: "maxPool1d", size: 8 }],
      /layer "maxPool1".*windows of 8 do not fit the length 7/,
    ],
    [[1, 9], [conv, { kind: "averagePool1d", size: 0 }], /layer "averagePool1".*size is 0/],
    [[1, 9], [conv, dense], /layer "dense1" \(dense\) of model "m": gets the shape \[2, 7\]; put a flatten/],
    [[1, 9], [conv, flatten, conv], /layer "conv2".*gets a vector of 14 values/],
    [[1, 9], [conv], /model "m" ends with the shape \[2, 7\]/],
    [[3], [dense, { kind: "activation", function: "gelu" as "relu" }], /layer "activation1".*"gelu"/],
    [[3], [dense, { kind: "dropout", rate: 1 }], /layer "dropout1".*rate 1/],
    [
      [3],
      [
        { ...dense, name: "a" },
        { ...dense, name: "a" },
      ],
      /layer "a".*used twice/,
    ],
    [[3], [{ ...dense, outputs: 0 }], /layer "dense1".*outputs is 0/],
    [[3], [], /model "m" begins with no layer that computes/],
    [[1, 9], [{ kind: "maxPool1d", size: 2 }, flatten, dense], /begins with a layer of kind "maxPool1d"/],
    [[3], [{ kind: "lstm" } as unknown as Layer], /kind "lstm"; expected one of conv1d/],
    [[0], [dense], /input shape \[0\]/],
    [[1, 2.5], [conv], /input shape \[1, 2.5\]/],
  ];
  test.each(bad)("%j %j", (input, layers, message) => {
    expect(() => sequential({ name: "m", input, layers })).toThrow(message);
  });

  test("an input of another shape", () => {
    const model = net("poolFirst");
    const flat = o.constant(new Float64Array(model.layout.size));
    expect(() => model.forward(flat, o.zeros([1, 46], "float64"))).toThrow(
      /poolFirst: the input is float64\[1,46\]; expected \[1, 47\]/,
    );
    expect(() => model.forward(flat, o.zeros([2, 3, 1, 47], "float64"))).toThrow(/batch axis/);
  });
});
