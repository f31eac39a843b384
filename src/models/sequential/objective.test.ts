import { describe, expect, test } from "vitest";
import { random } from "../../core/random.ts";
import { Cancelled, createTask } from "../../core/task.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { spec } from "../../program/dtype.ts";
import * as o from "../../program/ops/index.ts";
import { runOnce } from "../../program/session.ts";
import { trace } from "../../program/trace.ts";
import { grad, hessian, hvp, perSampleGrad } from "../../program/transform/index.ts";
import { crossEntropy, squaredError } from "../objective/losses.ts";
import { initialSequentialParameters } from "./initial.ts";
import { net, nets } from "./nets.fixture.ts";
import { ridge, setUp } from "./objective.fixture.ts";
import { sequentialObjective } from "./objective.ts";
import { sequential } from "./sequential.ts";

/** R(θ) written in operations of the engine, from the traced network. */
function tracedLoss({ model, train }: ReturnType<typeof setUp>, squared = false) {
  const x = o.constant(train.inputs[0]!, [train.count, ...model.config.input]);
  return (flat: o.Value): o.Value => {
    const f = model.forward(flat, x);
    const penalty = o.mul(o.sum(o.square(flat)), ridge / 2);
    if (squared) {
      const y = o.constant(train.targets, [train.count, model.outputs]);
      return o.add(o.mul(o.sum(o.square(o.sub(f, y))), 0.5 / train.count), penalty);
    }
    const chosen = o.oneHot(o.constant(Int32Array.from(train.targets)), model.outputs, "float64");
    return o.add(o.mul(o.sum(o.mul(o.logSoftmax(f), chosen)), -1 / train.count), penalty);
  };
}

function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]!));
  return most;
}

function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return largest(Float64Array.from({ length: a.length }, (_, i) => a[i]! - b[i]!)) / largest(b);
}

function identity(n: number): Matrix {
  const out = matrix(n, n);
  for (let i = 0; i < n; i++) out.data[i * n + i] = 1;
  return out;
}

describe.each(Object.keys(nets))("%s against the engine", (name) => {
  const made = setUp(name);
  const { model, theta, train, objective } = made;
  const flat = o.constant(theta);

  test("outputs and their Jacobian", async () => {
    const x = o.constant(train.inputs[0]!, [train.count, ...model.config.input]);
    const outputs = await objective.evaluate(theta, train);
    expect(difference(outputs.data, o.toTyped(model.forward(flat, x)))).toBeLessThan(1e-13);
    const jacobian = await objective.jacobian(theta, train);
    expect([jacobian.rows, jacobian.cols]).toEqual([train.count * model.outputs, model.layout.size]);
    for (let c = 0; c < model.outputs; c++) {
      const rows = perSampleGrad((at: o.Value, one: o.Value) => o.slice(model.forward(at, one), c))(flat, x);
      const wanted = o.toTyped(rows);
      const d = model.layout.size;
      for (let i = 0; i < train.count; i++) {
        const row = (i * model.outputs + c) * d;
        expect(
          difference(jacobian.data.subarray(row, row + d), wanted.subarray(i * d, (i + 1) * d)),
        ).toBeLessThan(1e-12);
      }
    }
  });

  test("value, gradient, Hessian, products", async () => {
    const loss = tracedLoss(made);
    const { value, gradient } = await objective.valueAndGradient(theta);
    expect(value).toBeCloseTo(o.toTyped(loss(flat))[0]!, 12);
    expect(difference(gradient, o.toTyped(grad(loss)(flat)))).toBeLessThan(1e-12);
    const h = await objective.hessian(theta);
    const program = trace((at: o.Value) => hessian(loss)(at), [spec([theta.length], "float64")]);
    const [wanted] = (await runOnce(program, [theta])) as [Float64Array];
    expect(difference(h.data, wanted)).toBeLessThan(1e-11);
    const d = model.layout.size;
    for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) expect(h.data[i * d + j]).toBe(h.data[j * d + i]);
    const products = await objective.hessianProducts(theta, identity(d));
    expect(difference(products.data, h.data)).toBeLessThan(1e-12);
  });

  test("squared error too", async () => {
    const squared = setUp(name, { squared: true });
    const loss = tracedLoss(squared, true);
    const { gradient } = await squared.objective.valueAndGradient(squared.theta);
    expect(difference(gradient, o.toTyped(grad(loss)(o.constant(squared.theta))))).toBeLessThan(1e-12);
    const h = await squared.objective.hessian(squared.theta);
    const v = matrix(1, h.cols, squared.theta);
    const wanted = o.toTyped(hvp(loss)(o.constant(squared.theta), o.constant(squared.theta)));
    expect(difference((await squared.objective.hessianProducts(squared.theta, v)).data, wanted)).toBeLessThan(
      1e-12,
    );
    const products = await squared.objective.hessianProducts(squared.theta, identity(h.cols));
    expect(difference(h.data, products.data)).toBeLessThan(1e-12);
  });

  test("Hessian against central differences of the gradient along a random direction", async () => {
    const rng = random(5, name);
    const v = theta.map(() => rng.normal());
    const norm = Math.hypot(...v);
    for (let i = 0; i < v.length; i++) v[i]! /= norm;
    const step = model.kinks ? 1e-7 : 1e-5;
    const at = (s: number) => objective.valueAndGradient(theta.map((x, i) => x + s * v[i]!));
    const [up, down] = [(await at(step)).gradient, (await at(-step)).gradient];
    const numeric = up.map((x, i) => (x - down[i]!) / (2 * step));
    const product = await objective.hessianProducts(theta, matrix(1, v.length, v));
    expect(difference(product.data, numeric)).toBeLessThan(model.kinks ? 1e-7 : 1e-8);
  });

  test("weights multiply samples' terms", async () => {
    const weights = Float64Array.of(2, 0, 1, 0.5, 3);
    const n = train.count;
    const single = async (i: number) => {
      const one = {
        count: 1,
        inputs: [train.inputs[0]!.slice(i * model.inputs, (i + 1) * model.inputs)],
        targets: train.targets.slice(i, i + 1),
      };
      const part = sequentialObjective({ model, train: one, loss: objective.loss, ridge: 0 });
      return { ...(await part.valueAndGradient(theta)), h: await part.hessian(theta) };
    };
    const parts = await Promise.all(Array.from({ length: n }, (_, i) => single(i)));
    const mean = (pick: (i: number) => number) => weights.reduce((sum, w, i) => sum + w * pick(i), 0) / n;
    const found = await objective.valueAndGradient(theta, weights);
    const squares = theta.reduce((sum, x) => sum + x * x, 0);
    expect(found.value).toBeCloseTo(mean((i) => parts[i]!.value) + 0.5 * ridge * squares, 12);
    const gradient = theta.map((x, p) => mean((i) => parts[i]!.gradient[p]!) + ridge * x);
    expect(difference(found.gradient, gradient)).toBeLessThan(1e-12);
    const d = theta.length;
    const h = parts[0]!.h.data.map(
      (_, p) => mean((i) => parts[i]!.h.data[p]!) + (p % (d + 1) === 0 ? ridge : 0),
    );
    expect(difference((await objective.hessian(theta, weights)).data, h)).toBeLessThan(1e-12);
  });

  test("layer factors give the Jacobian back: Σ over positions of slope ⊗ input", async () => {
    const jacobian = await objective.jacobian(theta, train);
    const factors = await objective.layerFactors!(theta, train);
    const back = matrix(jacobian.rows, jacobian.cols);
    const C = model.outputs;
    for (const { positions, inputs, outputSlopes, index } of factors) {
      for (let i = 0; i < train.count; i++) {
        for (let p = 0; p < positions; p++) {
          for (let c = 0; c < C; c++) {
            for (let u = 0; u < outputSlopes.cols; u++) {
              const slope = outputSlopes.data[((i * positions + p) * C + c) * outputSlopes.cols + u]!;
              for (let a = 0; a < inputs.cols; a++) {
                back.data[(i * C + c) * jacobian.cols + index[u * inputs.cols + a]!]! +=
                  slope * inputs.data[(i * positions + p) * inputs.cols + a]!;
              }
            }
          }
        }
      }
    }
    expect(difference(back.data, jacobian.data)).toBeLessThan(1e-13);
  });
});

describe.each(["mlpRelu", "poolFirst", "reluThenMean"])("%s, piecewise linear", (name) => {
  test("diagonal blocks of layers are those of J′SJ, and so is the trace", async () => {
    const { theta, train, objective } = setUp(name, { count: 12 });
    const d = objective.size;
    const C = objective.outputs;
    const jacobian = await objective.jacobian(theta, train);
    const curvature = objective.loss.curvatures(await objective.evaluate(theta, train), train.targets);
    const ggn = matrix(d, d);
    for (let i = 0; i < train.count; i++) {
      for (let a = 0; a < C; a++) {
        for (let b = 0; b < C; b++) {
          const s = curvature.data[i * C * C + a * C + b]! / train.count;
          for (let p = 0; p < d; p++) {
            for (let q = 0; q < d; q++) {
              ggn.data[p * d + q]! +=
                s * jacobian.data[(i * C + a) * d + p]! * jacobian.data[(i * C + b) * d + q]!;
            }
          }
        }
      }
    }
    const h = await objective.hessian(theta);
    let [trace, ggnTrace, off] = [-d * ridge, 0, 0];
    const layerOf = (p: number) => objective.blocks.find((block) => p < block.to)!.layer;
    const top = largest(h.data);
    for (let p = 0; p < d; p++) {
      trace += h.data[p * d + p]!;
      ggnTrace += ggn.data[p * d + p]!;
      for (let q = 0; q < d; q++) {
        const gap = Math.abs(h.data[p * d + q]! - (p === q ? ridge : 0) - ggn.data[p * d + q]!);
        if (layerOf(p) === layerOf(q)) expect(gap / top).toBeLessThan(1e-13);
        else off = Math.max(off, gap);
      }
    }
    expect(trace / ggnTrace).toBeCloseTo(1, 12);
    expect(off / top).toBeGreaterThan(1e-4);
  });
});

test("the same bytes whatever the number of threads", async () => {
  for (const name of ["poolFirst", "smoothChain"]) {
    const [none, one, two] = await Promise.all(
      [0, 1, 2].map((threads) => {
        const { objective, theta } = setUp(name, { count: 21, threads });
        return objective.hessian(theta);
      }),
    );
    expect(one!.data).toEqual(none!.data);
    expect(two!.data).toEqual(none!.data);
  }
});

describe.each(["relu", "tanh"] as const)("2600 parameters in panels, %s", (bend) => {
  test("equals Hessian-vector products", async () => {
    const model = sequential({
      name: "wider",
      input: [2],
      layers: [
        { kind: "dense", outputs: 48 },
        { kind: "activation", function: bend },
        { kind: "dense", outputs: 48 },
        { kind: "activation", function: bend },
        { kind: "dense", outputs: 3 },
      ],
    });
    const rng = random(2, bend);
    const theta = initialSequentialParameters(model, rng);
    const count = 30;
    const train = {
      count,
      inputs: [Float64Array.from({ length: 2 * count }, () => rng.normal())],
      targets: Float64Array.from({ length: count }, () => rng.int(3)),
    };
    const objective = sequentialObjective({ model, train, loss: crossEntropy(3), ridge });
    const h = await objective.hessian(theta);
    const d = objective.size;
    expect(d).toBeGreaterThan(2000);
    const vectors = matrix(
      2,
      d,
      Float64Array.from({ length: 2 * d }, () => rng.normal()),
    );
    const products = await objective.hessianProducts(theta, vectors);
    const dense = matrix(2, d);
    for (let k = 0; k < 2; k++) {
      for (let i = 0; i < d; i++) {
        for (let j = 0; j < d; j++) dense.data[k * d + i]! += h.data[i * d + j]! * vectors.data[k * d + j]!;
      }
    }
    expect(difference(dense.data, products.data)).toBeLessThan(1e-12);
  });
});

test("one output, float32 inputs", async () => {
  const model = sequential({
    name: "regression",
    input: [3],
    layers: [
      { kind: "dense", outputs: 4 },
      { kind: "activation", function: "softplus" },
      { kind: "dense", outputs: 1 },
    ],
  });
  const rng = random(4);
  const theta = initialSequentialParameters(model, rng);
  const inputs = [Float32Array.from({ length: 18 }, () => rng.normal())];
  const train = { count: 6, inputs, targets: Float64Array.from({ length: 6 }, () => rng.normal()) };
  const objective = sequentialObjective({ model, train, loss: squaredError(1), ridge });
  const h = await objective.hessian(theta);
  for (let p = 0; p < theta.length; p++) {
    const at = async (step: number) =>
      (await objective.valueAndGradient(theta.map((x, i) => (i === p ? x + step : x)))).gradient;
    const [up, down] = [await at(1e-5), await at(-1e-5)];
    const numeric = up.map((x, i) => (x - down[i]!) / 2e-5);
    expect(difference(h.data.subarray(p * h.cols, (p + 1) * h.cols), numeric)).toBeLessThan(1e-8);
  }
});

test("a cancelled task stops the Hessian", async () => {
  const { model, theta, train, objective } = setUp("poolFirst", { count: 20 });
  const stop = new AbortController();
  const task = createTask({ signal: stop.signal });
  const stopped = sequentialObjective({ model, train, loss: objective.loss, ridge, task });
  const running = stopped.hessian(theta);
  stop.abort();
  await expect(running).rejects.toThrow(Cancelled);
});

test("kernels by hand and compiled programs agree", async () => {
  for (const name of ["mlpTanh", "poolFirst"]) {
    const { model, theta, train, objective } = setUp(name);
    const { loss } = objective;
    const engine = sequentialObjective({ model, train, loss, ridge, kernels: "engine" });
    const v = matrix(1, theta.length, theta);
    const [a, b] = [await objective.valueAndGradient(theta), await engine.valueAndGradient(theta)];
    expect(b.value).toBeCloseTo(a.value, 12);
    expect(difference(b.gradient, a.gradient)).toBeLessThan(1e-12);
    const [p, q] = [await objective.hessianProducts(theta, v), await engine.hessianProducts(theta, v)];
    expect(difference(q.data, p.data)).toBeLessThan(1e-12);
    const [f, g] = [await objective.evaluate(theta, train), await engine.evaluate(theta, train)];
    expect(difference(g.data, f.data)).toBeLessThan(1e-12);
    await engine.release();
  }
});

describe("bad input", () => {
  const model = net("mlpRelu");
  const train = { count: 2, inputs: [new Float64Array(8)], targets: Float64Array.of(0, 2) };
  const loss = crossEntropy(3);
  test("is refused by name", async () => {
    const make = (change: object) => () => sequentialObjective({ model, train, loss, ridge: 0, ...change });
    const bad: [() => unknown, RegExp][] = [
      [make({ ridge: -1 }), /mlpRelu": ridge -1; expected a finite number/],
      [make({ ridge: Number.NaN }), /ridge NaN/],
      [make({ train: { ...train, count: 0, inputs: [new Float64Array(0)] } }), /no training samples/],
      [
        make({ train: { ...train, inputs: [new Float64Array(9)] } }),
        /inputs of 9 values; expected one array of 2·4/,
      ],
      [make({ train: { ...train, inputs: [] } }), /inputs of no values/],
      [
        make({ train: { ...train, targets: Float64Array.of(0) } }),
        /1 targets for 2 samples; expected 1 each/,
      ],
      [
        make({ train: { ...train, targets: Float64Array.of(0, 3) } }),
        /target 3 of sample 1; expected a class 0 … 2/,
      ],
      [make({ loss: squaredError(3) }), /2 targets for 2 samples; expected 3 each/],
    ];
    for (const [run, message] of bad) expect(run).toThrow(message);
    const objective = sequentialObjective({ model, train, loss, ridge: 0 });
    const short = new Float64Array(3);
    const theta = new Float64Array(objective.size);
    await expect(objective.evaluate(short, train)).rejects.toThrow(/3 parameters; the model has/);
    await expect(objective.valueAndGradient(theta, short)).rejects.toThrow(/3 weights; there are 2/);
    await expect(objective.hessianProducts(theta, matrix(1, 3))).rejects.toThrow(/vectors of 3 values/);
    const tight = sequentialObjective({ model, train, loss, ridge: 0, memory: 1000 });
    await expect(tight.hessian(theta)).rejects.toThrow(
      /the Hessian is 83 × 83 and needs .* GiB.*matrix-free/,
    );
    await expect(tight.jacobian(theta, train)).rejects.toThrow(/the Jacobian is 6 × 83.*fewer samples/);
    await expect(objective.hessian(short)).rejects.toThrow(/3 parameters/);
  });
});
