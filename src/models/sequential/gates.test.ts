import { describe, expect, test } from "vitest";
import * as o from "../../program/ops/index.ts";
import type { net } from "./nets.fixture.ts";
import { setUp } from "./objective.fixture.ts";
import { sequential } from "./sequential.ts";

describe("gate flips", () => {
  test("counted against signs and winners read off by plain code", async () => {
    const { model, theta, train, objective, rng } = setUp("poolFirst", { count: 6 });
    expect(await objective.gateFlips!(theta, theta, train)).toEqual({
      flipped: 0,
      of: 6 * 200,
      samplesTouched: 0,
    });
    const moved = theta.map((x) => x + 0.1 * rng.normal());
    const found = await objective.gateFlips!(theta, moved, train);
    const sites = (flat: Float64Array) => {
      const x = o.constant(train.inputs[0]!, [6, 1, 47]);
      const layers = ["conv1", "conv2", "maxPool1", "maxPool2", "averagePool1"];
      return Object.fromEntries(layers.map((layer) => [layer, tapAt(model, flat, x, layer)]));
    };
    const [a, b] = [sites(theta), sites(moved)];
    const touched = new Set<number>();
    let flipped = 0;
    const compare = (layer: string, length: number, window: number) => {
      const per = a[layer]!.length / 6;
      for (let i = 0; i < 6; i++) {
        for (let c = 0; c < per / length; c++) {
          for (let j = 0; j + window <= length; j += window) {
            const gate = (values: Float64Array) => {
              const at = i * per + c * length + j;
              if (window === 1) return Number(values[at]! > 0);
              return values.subarray(at, at + window).indexOf(Math.max(...values.subarray(at, at + window)));
            };
            if (gate(a[layer]!) === gate(b[layer]!)) continue;
            flipped++;
            touched.add(i);
          }
        }
      }
    };
    compare("conv1", 45, 2);
    compare("maxPool1", 22, 1);
    compare("conv2", 20, 3);
    compare("maxPool2", 6, 1);
    compare("averagePool1", 2, 1);
    expect(flipped).toBeGreaterThan(0);
    expect(found).toEqual({ flipped, of: 6 * (66 + 66 + 30 + 30 + 8), samplesTouched: touched.size });
  });
});

function tapAt(model: ReturnType<typeof net>, flat: Float64Array, x: o.Value, name: string): Float64Array {
  const layers = model.config.layers.slice(0, model.layers.findIndex((placed) => placed.name === name) + 1);
  const cut = sequential({
    name: "cut",
    input: model.config.input,
    layers: [...layers, { kind: "flatten" }],
  });
  const held = cut.forward(o.constant(flat.slice(0, cut.layout.size)), x);
  return o.toTyped(held) as Float64Array;
}
