import { afterAll, expect, test } from "vitest";
import { random } from "../../core/random.ts";
import { matrix } from "../../linalg/matrix.ts";
import * as o from "../../program/ops/index.ts";
import { checkObjective, findHazards, type Hazard } from "./check.ts";
import type { Objective } from "./contract.ts";
import { crossEntropy } from "./losses.ts";
import { blobs, drawn, perceptron } from "./small-models.fixture.ts";
import { tracedObjective } from "./traced.ts";

const train = blobs(30, 3, 1);
const model = perceptron(2, 4, 3);
const good = tracedObjective({ model, train, loss: crossEntropy(3), ridge: 0.01 });
const theta = drawn(good.size, 1);
afterAll(() => good.release());

const kinds = async (change: Partial<Objective>): Promise<Hazard["kind"][]> =>
  (await findHazards({ ...good, ...change }, theta)).map(({ kind }) => kind);

test("a sound objective has no hazard, smooth or with kinks", async () => {
  await checkObjective(good, theta);
  const bent = tracedObjective({
    model: { ...model, kinks: true, forward: (p, x) => o.relu(model.forward!(p, x)) },
    train,
    loss: crossEntropy(3),
    ridge: 0,
  });
  expect(await findHazards(bent, theta)).toEqual([]);
  await bent.release();
});

test("dropout shows as evaluations that differ", async () => {
  const stream = random(3, "dropout");
  const evaluate: Objective["evaluate"] = async (p, samples) => {
    const f = await good.evaluate(p, samples);
    return matrix(
      f.rows,
      f.cols,
      f.data.map((v) => (stream.uniform() < 0.5 ? 0 : 2 * v)),
    );
  };
  expect(await kinds({ evaluate })).toEqual(["not repeatable"]);
});

test("batch statistics show as outputs that depend on the batch", async () => {
  const normalised = tracedObjective({
    model: {
      name: "batch statistics",
      layout: model.layout,
      inputs: model.inputs,
      outputs: 3,
      kinks: false,
      forwardBatch: (p, x) => {
        const f = o.matmul(o.sub(x, o.mean(x, { axis: 0 })), o.reshape(o.slice(p, [0, 6]), [2, 3]));
        return f;
      },
    },
    train,
    loss: crossEntropy(3),
    ridge: 0,
  });
  const found = await findHazards(normalised, theta);
  expect(found[0]!.kind).toBe("coupled samples");
  expect(found[0]!.message).toMatch(/alone and among 30 .*batch statistics/);
  await normalised.release();
});

test("a sum, and a maximum, are no mean over samples", async () => {
  const sum: Objective["valueAndGradient"] = async (p, weights) => {
    const { value, gradient } = await good.valueAndGradient(p, weights);
    return { value: 30 * value, gradient };
  };
  expect(await kinds({ valueAndGradient: sum })).toContain("not a mean over samples");
  const ignored: Objective["valueAndGradient"] = (p) => good.valueAndGradient(p);
  expect(await kinds({ valueAndGradient: ignored })).toContain("not a mean over samples");
  const most: Objective["valueAndGradient"] = async (p, weights) => {
    const losses = good.loss.values(await good.evaluate(p, train), train.targets);
    const { gradient } = await good.valueAndGradient(p, weights);
    return { value: Math.max(...losses.map((l, i) => (weights?.[i] ?? 1) * l)), gradient };
  };
  expect(await kinds({ valueAndGradient: most })).toContain("not a mean over samples");
});

test("derivatives that are none are found, and everything is refused by name", async () => {
  const scaled: Objective["valueAndGradient"] = async (p, weights) => {
    const { value, gradient } = await good.valueAndGradient(p, weights);
    return { value, gradient: gradient.map((g) => 1.01 * g) };
  };
  expect(await kinds({ valueAndGradient: scaled })).toContain("wrong gradient");
  const products: Objective["hessianProducts"] = async (p, v) => {
    const h = await good.hessianProducts(p, v);
    return matrix(
      h.rows,
      h.cols,
      h.data.map((x, i) => x + 0.01 * v.data[i]!),
    );
  };
  expect(await kinds({ hessianProducts: products })).toEqual(["wrong Hessian"]);
  await expect(
    checkObjective({ ...good, hazards: ["dropout 0.5 before 'dense'"], hessianProducts: products }, theta),
  ).rejects.toThrow(/'perceptron.*declared: dropout 0.5 before 'dense'; wrong Hessian: /);
});
