import { expect, test } from "vitest";
import { random } from "../core/random.ts";
import { Cancelled, createTask } from "../core/task.ts";
import { checkSamples, type Samples } from "./samples.ts";
import { minMaxScaling, scaleTargets, unscaleOutputs } from "./target-scaling.ts";
import { type TokenTraining, trainTokenRegressor } from "./train-token-regressor.ts";
import { measuredEpochs } from "./training.ts";

const count = 60;
const samples: Samples = {
  z: Int32Array.from({ length: count }, (_, i) => 1 + (i % 8)),
  n: Int32Array.from({ length: count }, (_, i) => 1 + Math.floor(i / 8)),
  task: new Int32Array(count),
  value: Float64Array.from({ length: count }, (_, i) => 100 * (i % 8) + 3 * Math.floor(i / 8)),
};
const config = { vocabularies: [9, 9, 1] as const, width: 8, depth: 1 };
const rows = Int32Array.from({ length: count }, (_, i) => i);
const [train, validation] = [rows.filter((i) => i % 4 !== 0), rows.filter((i) => i % 4 === 0)];
const scaling = minMaxScaling(samples, ["binding"]);
const training: TokenTraining = {
  epochs: 40,
  learningRate: 0.01,
  schedule: "cosine",
  weightDecay: 0.01,
  batch: 0.3,
  taskWeights: [0.01],
  dtype: "float32",
  checkpointEvery: 7,
};

type Store = ReturnType<typeof store>;
function store() {
  const entries = new Map<string, Uint8Array>();
  return {
    entries,
    read: (key: string) => entries.get(key),
    write: (key: string, bytes: Uint8Array) => void entries.set(key, bytes.slice()),
  };
}

function run(
  options: {
    checkpoints?: Store;
    training?: TokenTraining;
    stopAt?: number;
    seed?: number;
    observe?: (parameters: ArrayLike<number>) => Record<string, number>;
  } = {},
) {
  const stop = new AbortController();
  const task = createTask({
    signal: stop.signal,
    listener: ({ fraction }) => {
      if (options.stopAt !== undefined && fraction >= options.stopAt) stop.abort();
    },
  });
  return trainTokenRegressor({
    config,
    samples,
    train,
    validation,
    scaling,
    training: options.training ?? training,
    random: random(options.seed ?? 5),
    task,
    ...(options.observe && { observe: options.observe }),
    ...(options.checkpoints && { checkpoint: { store: options.checkpoints, key: "seed0" } }),
  });
}

test("training lowers both errors far below the spread of the targets, and the same seed gives the same bytes", async () => {
  const once = await run();
  const again = await run();
  expect(again.parameters).toEqual(once.parameters);
  expect(again.curve).toEqual(once.curve);
  expect(once.curve.epoch.at(0)).toBe(1);
  expect(once.curve.epoch.at(-1)).toBe(40);
  expect(once.curve.training.at(-1)).toBeLessThan(60); // the targets' standard deviation is 230
  expect((await run({ seed: 6 })).parameters).not.toEqual(once.parameters);
});

test("a run that is stopped and resumed from its checkpoint ends with the same bytes", async () => {
  const whole = await run({ checkpoints: store() });
  for (const stopAt of [0.1, 0.5, 0.9]) {
    const checkpoints = store();
    await expect(run({ checkpoints, stopAt })).rejects.toThrow(Cancelled);
    const resumed = await run({ checkpoints });
    expect(resumed.parameters).toEqual(whole.parameters);
    expect(resumed.curve).toEqual(whole.curve);
  }
});

test("what is observed stands beside the errors, the last value that of the final parameters, over a stop too", async () => {
  const observe = (parameters: ArrayLike<number>) => ({ first: parameters[0]!, last: parameters[7]! });
  const whole = await run({ observe });
  const { epoch, observed } = whole.curve;
  expect(observed!["first"]).toHaveLength(epoch.length);
  expect(observed!["first"]!.at(-1)).toBe(whole.parameters[0]);
  expect(observed!["last"]!.at(-1)).toBe(whole.parameters[7]);
  const checkpoints = store();
  await expect(run({ observe, checkpoints, stopAt: 0.6 })).rejects.toThrow(Cancelled);
  expect((await run({ observe, checkpoints })).curve).toEqual(whole.curve);
  expect((await run()).curve.observed).toBeUndefined();
});

test("a finished run is read back, and a checkpoint of other settings or of no training is refused", async () => {
  const checkpoints = store();
  const done = await run({ checkpoints });
  const bytes = checkpoints.entries.get("seed0");
  expect((await run({ checkpoints })).parameters).toEqual(done.parameters);
  expect(checkpoints.entries.get("seed0")).toBe(bytes);
  await expect(run({ checkpoints, training: { ...training, learningRate: 0.02 } })).rejects.toThrow(
    /other settings/,
  );
  await expect(run({ checkpoints, seed: 7 })).rejects.toThrow(/other settings/);
  checkpoints.write("seed0", Uint8Array.of(1, 2, 3));
  await expect(run({ checkpoints })).rejects.toThrow(/checkpoint 'seed0'/);
});

test("a diverging run and a batch larger than the data are errors that say what to do", async () => {
  await expect(run({ training: { ...training, learningRate: 1e30, schedule: "constant" } })).rejects.toThrow(
    /training diverged: lower the learning rate/,
  );
  await expect(run({ training: { ...training, batch: 100 } })).rejects.toThrow(/batches of 100 from 45 rows/);
});

test("least and greatest value of the given samples become 0 and 1, and back", () => {
  const two: Samples = {
    z: Int32Array.of(1, 2, 3, 1, 2),
    n: Int32Array.of(1, 1, 1, 1, 1),
    task: Int32Array.of(0, 0, 0, 1, 1),
    value: Float64Array.of(-5, 15, 0, 7, 9),
  };
  const fitted = minMaxScaling(two, ["a", "b"]);
  const scaled = scaleTargets(fitted, two.value, two.task);
  expect([...scaled]).toEqual([0, 1, 0.25, 0, 1]);
  expect([...unscaleOutputs(fitted, scaled, two.task)]).toEqual([...two.value]);
  expect(() => minMaxScaling(two, ["a", "b", "c"])).toThrow(/task 'c' has no samples/);
  expect(() => minMaxScaling({ ...two, value: two.value.map(() => 4) }, ["a", "b"])).toThrow(
    /only the value 4/,
  );
});

test("bad samples are refused with their row", () => {
  const refuse = (change: Partial<Samples>, message: RegExp) =>
    expect(() => checkSamples({ ...samples, ...change }, config.vocabularies)).toThrow(message);
  refuse({ z: samples.z.map((z, i) => (i === 3 ? 9 : z)) }, /row 3: z = 9; the vocabulary is 0 to 8/);
  refuse({ n: samples.n.map((n, i) => (i === 2 ? -1 : n)) }, /row 2: n = -1/);
  refuse({ value: samples.value.map((v, i) => (i === 5 ? Number.NaN : v)) }, /row 5: the value is NaN/);
  refuse({ weight: samples.value.map(() => 0) }, /row 0: weight 0/);
  refuse({ task: new Int32Array(3) }, /60 values but 3 tokens 'task'/);
});

test("measured epochs start at 1, end at the last and rise", () => {
  expect(measuredEpochs(1, 60)).toEqual([1]);
  const at = measuredEpochs(3000, 60);
  expect([at[0], at.at(-1)]).toEqual([1, 3000]);
  expect(at.every((epoch, i) => i === 0 || epoch > at[i - 1]!)).toBe(true);
  expect(at.length).toBeGreaterThan(45);
});

test("progress names the run and its error", async () => {
  const said: string[] = [];
  await trainTokenRegressor({
    config,
    samples,
    train,
    validation,
    scaling,
    training: { ...training, epochs: 3 },
    random: random(1),
    task: createTask({ listener: ({ message }) => said.push(message) }),
    label: "seed 4",
    unit: "keV",
  });
  expect(said.at(-1)).toMatch(/^seed 4: epoch 3 of 3, validation error [\d.]+ keV$/);
});
