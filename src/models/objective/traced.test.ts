import { afterAll, describe, expect, test } from "vitest";
import { gramOfColumns } from "../../linalg/gram.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import * as o from "../../program/ops/index.ts";
import type { OutputLoss } from "./contract.ts";
import { customLoss } from "./custom-loss.ts";
import { crossEntropy, squaredError } from "./losses.ts";
import { pickSamples, withoutSamples } from "./samples.ts";
import {
  blobs,
  drawn,
  linearModel,
  lineSamples,
  perceptron,
  plainPerceptron,
} from "./small-models.fixture.ts";
import { tracedObjective } from "./traced.ts";

const sizes: [number, number, number] = [2, 4, 3];
const train = blobs(21, 3, 1);
const ridge = 0.02;
const objective = tracedObjective({
  model: perceptron(...sizes),
  train,
  loss: crossEntropy(3),
  ridge,
  batch: 8,
  vectors: 5,
});
const theta = drawn(objective.size, 2);
afterAll(() => objective.release());

/** R by plain loops: the oracle of everything below. */
function plainValue(p: Float64Array, weights?: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < train.count; i++) {
    const f = plainPerceptron(sizes, p, train.inputs[0]!.subarray(2 * i, 2 * i + 2) as Float64Array);
    const loss = Math.log(f.reduce((total, v) => total + Math.exp(v), 0)) - f[train.targets[i]!]!;
    sum += (weights?.[i] ?? 1) * loss;
  }
  return sum / train.count + 0.5 * ridge * p.reduce((total, v) => total + v * v, 0);
}

const moved = (p: Float64Array, i: number, by: number) => p.map((v, k) => (k === i ? v + by : v));

describe("a perceptron with cross-entropy", () => {
  const weightings = [undefined, withoutSamples(21, [3, 20]), train.targets.map((_, i) => (i % 4) / 2)];

  test("outputs equal plain loops, whatever the number of samples", async () => {
    for (const count of [1, 3, 8, 21]) {
      const part = pickSamples(
        train,
        Array.from({ length: count }, (_, i) => 20 - i),
      );
      const { rows, cols, data } = await objective.evaluate(theta, part);
      expect([rows, cols]).toEqual([count, 3]);
      for (let i = 0; i < count; i++) {
        const x = part.inputs[0]!.subarray(2 * i, 2 * i + 2);
        plainPerceptron(sizes, theta, x as Float64Array).forEach((v, c) => {
          expect(data[3 * i + c]!).toBeCloseTo(v, 13);
        });
      }
    }
  });

  test("value and gradient equal plain loops and their differences, with weights too", async () => {
    for (const weights of weightings) {
      const { value, gradient } = await objective.valueAndGradient(theta, weights);
      expect(value).toBeCloseTo(plainValue(theta, weights), 13);
      gradient.forEach((g, i) => {
        const step = 1e-5;
        const rise = plainValue(moved(theta, i, step), weights) - plainValue(moved(theta, i, -step), weights);
        expect(g).toBeCloseTo(rise / (2 * step), 9);
      });
    }
  });

  test("the Jacobian equals differences of plain loops", async () => {
    const part = pickSamples(train, [4, 17, 0]);
    const { rows, cols, data } = await objective.jacobian(theta, part);
    expect([rows, cols]).toEqual([9, objective.size]);
    for (let i = 0; i < 3; i++) {
      const x = part.inputs[0]!.subarray(2 * i, 2 * i + 2) as Float64Array;
      for (let k = 0; k < cols; k++) {
        const up = plainPerceptron(sizes, moved(theta, k, 1e-5), x);
        const down = plainPerceptron(sizes, moved(theta, k, -1e-5), x);
        up.forEach((v, c) => {
          expect(data[(3 * i + c) * cols + k]!).toBeCloseTo((v - down[c]!) / 2e-5, 8);
        });
      }
    }
  });

  test("the Hessian equals differences of the gradient, with weights too; products are its own", async () => {
    for (const weights of weightings) {
      const hessian = await objective.hessian(theta, weights);
      const n = objective.size;
      for (let k = 0; k < n; k += 3) {
        const up = await objective.valueAndGradient(moved(theta, k, 1e-5), weights);
        const down = await objective.valueAndGradient(moved(theta, k, -1e-5), weights);
        for (let i = 0; i < n; i++) {
          expect(hessian.data[k * n + i]!).toBeCloseTo((up.gradient[i]! - down.gradient[i]!) / 2e-5, 8);
          expect(hessian.data[k * n + i]).toBe(hessian.data[i * n + k]);
        }
      }
    }
    const hessian = await objective.hessian(theta);
    const vectors = matrix(7, objective.size, drawn(7 * objective.size, 3));
    const products = await objective.hessianProducts(theta, vectors);
    products.data.forEach((value, at) => {
      const [row, i] = [Math.floor(at / objective.size), at % objective.size];
      let sum = 0;
      for (let k = 0; k < objective.size; k++) {
        sum += hessian.data[i * objective.size + k]! * vectors.data[row * objective.size + k]!;
      }
      expect(value).toBeCloseTo(sum, 12);
    });
  });
});

test("blocks name the layers in their places", () => {
  expect(objective.blocks.map(({ name, from, to, layer }) => [name, from, to, layer])).toEqual([
    ["first.weight", 0, 8, "first"],
    ["first.bias", 8, 12, "first"],
    ["second.weight", 12, 24, "second"],
    ["second.bias", 24, 27, "second"],
  ]);
});

/** C1: for a linear model with ½(f − y)², H = XᵀX/n + κI and the gradient is linear. */
test("ridge regression has the closed-form Hessian and minimum", async () => {
  const samples = lineSamples(40, 5, 3);
  const linear = tracedObjective({
    model: linearModel(5, 1),
    train: samples,
    loss: squaredError(),
    ridge: 0.1,
    batch: 16,
  });
  const x = matrix(40, 5, samples.inputs[0] as Float64Array);
  const expected = gramOfColumns(x).data.map((v, i) => v / 40 + (i % 6 === 0 ? 0.1 : 0));
  const hessian = await linear.hessian(drawn(5, 1));
  hessian.data.forEach((v, i) => {
    expect(v).toBeCloseTo(expected[i]!, 13);
  });
  expect((await linear.jacobian(drawn(5, 1), samples)).data).toEqual(x.data);
  await linear.release();
});

/** The same losses written in array operations give the same numbers. */
describe("custom losses", () => {
  const softmax: OutputLoss = customLoss({
    name: "mine",
    outputs: 3,
    classes: true,
    loss: (f, y) =>
      o.sub(o.logsumexp(f), o.sum(o.mul(f, o.oneHot(o.cast(o.reshape(y, []), "int32"), 3, "float64")))),
    fisher: "curvature",
  });
  const huber = customLoss({
    name: "pseudo-Huber",
    outputs: 2,
    loss: (f, y) => o.sum(o.sub(o.sqrt(o.add(o.square(o.sub(f, y)), 1)), 1)),
  });
  const close = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    expect(a.length).toBe(b.length);
    for (let i = 0; i < a.length; i++) expect(a[i]!).toBeCloseTo(b[i]!, 12);
  };

  test("cross-entropy by differentiation equals its formulas", () => {
    const outputs = matrix(4, 3, drawn(12, 5, 2));
    const targets = Float64Array.of(0, 2, 1, 1);
    const own = crossEntropy(3);
    close(softmax.values(outputs, targets), own.values(outputs, targets));
    close(softmax.slopes(outputs, targets).data, own.slopes(outputs, targets).data);
    close(softmax.curvatures(outputs, targets).data, own.curvatures(outputs, targets).data);
    close(softmax.fisher(outputs).data, own.fisher(outputs).data);
  });

  test("a pseudo-Huber loss has its closed forms, and no Fisher matrix unless given", () => {
    const outputs = matrix(2, 2, [0.5, -1, 3, 0]);
    const targets = Float64Array.of(0, 1, 1, 0);
    const r = outputs.data.map((f, i) => f - targets[i]!);
    const root = r.map((v) => Math.sqrt(1 + v * v));
    close(huber.values(outputs, targets), [root[0]! + root[1]! - 2, root[2]! + root[3]! - 2]);
    close(
      huber.slopes(outputs, targets).data,
      r.map((v, i) => v / root[i]!),
    );
    const diagonal = (m: Matrix) => [m.data[0]!, m.data[3]!, m.data[4]!, m.data[7]!];
    close(
      diagonal(huber.curvatures(outputs, targets)),
      root.map((v) => v ** -3),
    );
    expect(() => huber.fisher(outputs)).toThrow(/'pseudo-Huber': no predictive distribution/);
    expect(() => huber.values(outputs, targets.subarray(1))).toThrow(/3 targets for 2 rows/);
    expect(() => huber.values(matrix(1, 3), targets)).toThrow(/expected 2 a row/);
    const log = customLoss({ name: "log", outputs: 1, loss: (f, y) => o.sum(o.mul(o.log(f), y)) });
    expect(() => log.values(matrix(2, 1, [1, -1]), Float64Array.of(1, 1))).toThrow(/row 1: NaN/);
    const vector = customLoss({ name: "vector", outputs: 2, loss: (f, y) => o.sub(f, y) });
    expect(() => vector.values(outputs, targets)).toThrow(/returns one scalar/);
  });

  test("an objective with one has the Hessian of its values", async () => {
    const own = tracedObjective({ model: perceptron(...sizes), train, loss: softmax, ridge });
    const [a, b] = [await own.hessian(theta), await objective.hessian(theta)];
    close(a.data, b.data);
    await own.release();
  });
});

test("what does not fit is refused by name", async () => {
  const make = (change: Partial<Parameters<typeof tracedObjective>[0]>) => () =>
    tracedObjective({ model: perceptron(...sizes), train, loss: crossEntropy(3), ridge, ...change });
  const nothing = { ...perceptron(...sizes) };
  delete nothing.forward;
  expect(make({ model: nothing })).toThrow(/neither forward nor forwardBatch/);
  expect(make({ ridge: -1 })).toThrow(/ridge -1/);
  expect(make({ batch: 0 })).toThrow(/batch is 0/);
  expect(make({ train: { ...train, inputs: [] } })).toThrow(/0 input arrays; the model takes 1/);
  expect(make({ train: { ...train, inputs: [new Float64Array(63)] } })).toThrow(/3 numbers a sample/);
  expect(make({ train: { ...train, targets: new Float64Array(5) } })).toThrow(/5 targets for 21 samples/);
  const holed = train.inputs[0]!.map((v, i) => (i === 7 ? Number.NaN : v)) as Float64Array;
  expect(make({ train: { ...train, inputs: [holed] } })).toThrow(/sample 3 holds NaN/);
  await expect(objective.valueAndGradient(theta, new Float64Array(3))).rejects.toThrow(/3 weights for 21/);
  await expect(objective.hessian(new Float64Array(4))).rejects.toThrow(/4 parameters; the model has 27/);
  await expect(objective.hessianProducts(theta, matrix(1, 4))).rejects.toThrow(/vectors of 4 numbers/);
  const tight = make({ memory: 5000 })();
  await expect(tight.hessian(theta)).rejects.toThrow(/Hessian is 27×27 .* matrix-free/);
  await expect(tight.jacobian(theta, train)).rejects.toThrow(/Jacobian is 63×27 .*fewer samples/);
  expect(() => pickSamples(train, [0, 21])).toThrow(/row 21 at place 1/);
  expect(() => withoutSamples(5, [2, 2])).toThrow(/row 2/);
  await tight.release();
});
