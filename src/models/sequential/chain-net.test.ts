import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sharedPath } from "../../../test/shared.ts";
import { random } from "../../core/random.ts";
import { toFloat64 } from "../../data/array.ts";
import { readNpy } from "../../data/npy.ts";
import { readSafetensors, writeSafetensors } from "../../data/safetensors.ts";
import { eigenSymmetric } from "../../linalg/eigen-symmetric.ts";
import { matrix } from "../../linalg/matrix.ts";
import { trainingSet } from "../../physics/chain/sets.ts";
import { crossEntropy } from "../objective/losses.ts";
import { chainNet, publishedChainNetNames, publishedChainNetRange } from "./chain-net.ts";
import { initialSequentialParameters } from "./initial.ts";
import { sequentialObjective } from "./objective.ts";
import { exportWeights, importWeights } from "./weights.ts";

test("740 parameters at 924 inputs, in the published order; other rings", () => {
  const net = chainNet({ inputs: 924 });
  expect(net.layout.size).toBe(740);
  const sizes = net.layout.names.map((name) => net.layout.slice(name).end - net.layout.slice(name).start);
  expect(sizes).toEqual([75, 5, 200, 8, 160, 10, 280, 2]);
  expect(net.layers.map(({ to }) => to)).toEqual([
    [5, 912],
    [5, 228],
    [5, 228],
    [8, 224],
    [8, 56],
    [8, 56],
    [10, 57],
    [10, 14],
    [10, 14],
    [140],
    [140],
    [2],
  ]);
  const last = (inputs: number) => chainNet({ inputs }).layers.at(-2)!.to[0];
  expect([70, 252, 924, 3432].map(last)).toEqual([60, 30, 140, 530]);
  expect(chainNet({ inputs: 924, classes: 3 }).layout.size).toBe(740 + 141);
  expect(chainNet({ inputs: 924, activation: "tanh" }).kinks).toBe(false);
  expect(chainNet({ inputs: 924, activation: "tanh" }).layout.size).toBe(740);
  expect(chainNet({ inputs: 924, dropoutActive: true }).hazards).toHaveLength(1);
});

test("every length from 40 works, with at least 3 positions left; shorter ones are refused", () => {
  for (let inputs = 40; inputs < 1000; inputs++) {
    expect(chainNet({ inputs }).layers.at(-3)!.to[0]).toBeGreaterThanOrEqual(30);
  }
  for (const inputs of [0, 1, 20, 39, 50.5, Number.NaN]) {
    expect(() => chainNet({ inputs })).toThrow(`chainNet: ${inputs} inputs; the net needs at least 40`);
  }
  expect(() => chainNet({ inputs: 70, classes: 1 })).toThrow(/1 classes/);
});

describe("weights in files", () => {
  const net = chainNet({ inputs: 70 });
  const flat = initialSequentialParameters(net, random(1));
  const names = publishedChainNetNames;

  test("come back exactly, under either names", () => {
    expect(importWeights(net, exportWeights(net, flat))).toEqual(flat);
    const bytes = exportWeights(net, flat, { names, metadata: { by: "test" } });
    expect([...readSafetensors(bytes).tensors.keys()].sort()).toEqual(Object.values(names).sort());
    expect(importWeights(net, bytes, { names })).toEqual(flat);
  });

  test("that do not fit are refused by name", () => {
    const bytes = exportWeights(net, flat, { names });
    const { tensors } = readSafetensors(bytes);
    const changed = (change: (all: typeof tensors) => void) => {
      const copy = new Map(tensors);
      change(copy);
      return writeSafetensors(copy);
    };
    const bias = tensors.get("fc1.bias")!;
    const bad: [Uint8Array, RegExp][] = [
      [changed((all) => all.delete("fc1.bias")), /net.st lacks fc1.bias \(model "chain net"\)/],
      [changed((all) => all.set("layer9", bias)), /net.st holds layer9, which the model has not/],
      [
        changed((all) => all.set("fc1.bias", { shape: [1, 2], data: bias.data })),
        /tensor "fc1.bias" has the shape \[1,2\]; model "chain net" expects \[2\]/,
      ],
      [
        changed((all) => all.set("fc1.bias", { shape: [2], data: Float64Array.of(0, Number.NaN) })),
        /tensor "fc1.bias" holds NaN at 1/,
      ],
    ];
    for (const [file, message] of bad) {
      expect(() => importWeights(net, file, { names, source: "net.st" })).toThrow(message);
    }
    expect(() => importWeights(net, bytes)).toThrow(/lacks conv1.weight.*holds fc1.bias/);
    expect(() => importWeights(net, bytes, { names: { fc: "x" } })).toThrow(/has no parameter "fc"/);
  });
});

const files = ["cnn-ll-cdw.safetensors", "test-even.npy", "test-mixed.npy"].map((file) =>
  sharedPath(`data/hubbard/${file}`),
);

describe.skipIf(files.includes(undefined))("the published weights (spec 2.1, 2.2, A2)", () => {
  const [weights, even, mixed] = files as string[];
  const net = chainNet({ inputs: 924 });
  const theta = weights
    ? importWeights(net, readFileSync(weights), { names: publishedChainNetNames, source: weights })
    : new Float64Array();
  const states = (path: string) => {
    const table = readNpy(readFileSync(path), path);
    const all = toFloat64(table);
    const count = table.shape[0]!;
    const x = new Float64Array(count * 924);
    const targets = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      targets[i] = all[i * 925]!;
      const { min, max } = publishedChainNetRange;
      for (let k = 0; k < 924; k++) x[i * 924 + k] = (all[i * 925 + 1 + k]! - min) / (max - min);
    }
    return { count, inputs: [x], targets };
  };
  const classify = async (path: string) => {
    const train = states(path);
    const objective = sequentialObjective({ model: net, train, loss: crossEntropy(2), ridge: 0 });
    const logits = await objective.evaluate(theta, train);
    const wrong: number[] = [];
    train.targets.forEach((y, i) => {
      const predicted = logits.data[2 * i + 1]! > logits.data[2 * i]! ? 1 : 0;
      if (predicted !== y) wrong.push(i);
    });
    return { logits, wrong, count: train.count };
  };

  test("norms of the tensors", () => {
    const wanted = [1.893, 0.402, 2.142, 0.225, 2.222, 0.656, 1.642, 0.167];
    net.layout.names.forEach((name, i) => {
      const { start, end } = net.layout.slice(name);
      expect(Math.hypot(...theta.subarray(start, end))).toBeCloseTo(wanted[i]!, 3);
    });
  });

  test("88 % on the even test states, 21 to 26 wrong; 78 % on the mixed ones; logits", async () => {
    const { logits, wrong, count } = await classify(even!);
    expect(count).toBe(50);
    expect(wrong).toEqual([21, 22, 23, 24, 25, 26]);
    const at = (i: number) => [...logits.data.subarray(2 * i, 2 * i + 2)];
    const close = (found: number[], wanted: number[]) => {
      found.forEach((value, c) => {
        expect(Math.abs(value - wanted[c]!)).toBeLessThan(6e-4);
      });
    };
    close(at(0), [1.751, -1.679]);
    close(at(26), [0.063, -0.235]);
    close(at(27), [-0.148, -0.052]);
    close(at(49), [-1.339, 1.095]);
    expect((await classify(mixed!)).wrong).toHaveLength(11);
  });

  test("at the 1000 training states: the value, the gradient's length, and the spectrum (2.2, A7)", async () => {
    const set = await trainingSet();
    const { min, max } = publishedChainNetRange;
    expect(set.states.data.reduce((most, x) => Math.max(most, x), 0)).toBeCloseTo(max, 6);
    const inputs = [set.states.data.map((x) => (x - min) / (max - min))];
    const train = { count: set.count, inputs, targets: set.labels };
    const objective = sequentialObjective({ model: net, train, loss: crossEntropy(2), ridge: 5e-5 });
    const { value, gradient } = await objective.valueAndGradient(theta);
    const squares = theta.reduce((sum, x) => sum + x * x, 0);
    expect(value - 0.5 * 5e-5 * squares).toBeCloseTo(0.11084, 5);
    expect(Math.hypot(...gradient)).toBeCloseTo(0.389, 3);
    const { values } = eigenSymmetric(await objective.hessian(theta));
    expect(values[0]!).toBeCloseTo(68.677, 3);
    expect(values.at(-1)!).toBeCloseTo(-0.284, 3);
    expect(values.filter((value) => Math.abs(value - 5e-5) < 1e-9)).toHaveLength(447);
    const v = matrix(1, 740, initialSequentialParameters(net, random(2)));
    const product = (await objective.hessianProducts(theta, v)).data;
    const norm = Math.hypot(...v.data);
    const at = async (step: number) =>
      (await objective.valueAndGradient(theta.map((x, i) => x + (step * v.data[i]!) / norm))).gradient;
    const [up, down] = [await at(1e-7), await at(-1e-7)];
    const numeric = up.map((x, i) => ((x - down[i]!) / 2e-7) * norm);
    const gap = Math.hypot(...numeric.map((x, i) => x - product[i]!)) / Math.hypot(...product);
    expect(gap).toBeLessThan(1e-7);
  });
});
