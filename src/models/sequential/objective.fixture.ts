import { random } from "../../core/random.ts";
import { crossEntropy, squaredError } from "../objective/losses.ts";
import { initialSequentialParameters } from "./initial.ts";
import { net } from "./nets.fixture.ts";
import { sequentialObjective } from "./objective.ts";

export const ridge = 0.01;

/** The objective of a small network on random samples, at random parameters. */
export function setUp(name: string, options: { count?: number; threads?: number; squared?: boolean } = {}) {
  const { count = 5, threads = 0, squared = false } = options;
  const model = net(name);
  const rng = random(11, name);
  const theta = initialSequentialParameters(model, rng).map((x) => 1.5 * x);
  const x = Float64Array.from({ length: count * model.inputs }, () => rng.normal());
  const perSample = squared ? model.outputs : 1;
  const targets = Float64Array.from({ length: count * perSample }, () =>
    squared ? rng.normal() : rng.int(model.outputs),
  );
  const train = { count, inputs: [x], targets };
  const loss = squared ? squaredError(model.outputs) : crossEntropy(model.outputs);
  return { model, theta, rng, train, objective: sequentialObjective({ model, train, loss, ridge, threads }) };
}
