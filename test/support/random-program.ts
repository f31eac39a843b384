import type { Random } from "../../src/core/random.ts";
import { type DType, type Spec, sizeOf, type TypedArray, zeros } from "../../src/program/dtype.ts";
import * as ops from "../../src/program/ops/index.ts";
import { type Entry, pick, type Step } from "./recipe-kit.ts";
import { recipes } from "./recipes.ts";

export { recipes };

type Value = ops.Value;

/** A random composition of operations: inputs, a function of them, and values to try it on. */
export interface RandomProgram {
  specs: Spec[];
  data: TypedArray[];
  f(...inputs: Value[]): Value[];
  /** The same, each value read out and put back before the next operation sees it. */
  stepwise(...inputs: Value[]): Value[];
}

const shapes: readonly (readonly number[])[] = [
  [],
  [1],
  [5],
  [8],
  [2, 3],
  [4, 4],
  [3, 1],
  [1, 6],
  [0],
  [2, 0],
  [2, 3, 4],
  [3, 1, 2],
  [2, 3, 2, 2],
  [1, 1, 1, 1],
];
const largeShapes: readonly (readonly number[])[] = [
  [1_000_000],
  [1000, 1000],
  [4, 250, 1000],
  [10, 10, 100, 100],
];

export interface ProgramOptions {
  dtype: "float32" | "float64";
  steps: number;
  large?: boolean;
  /** Recipes to draw from, and how often each was used so far (rare ones are drawn first). */
  names: readonly string[];
  counts?: Map<string, number>;
  /** Inputs of generic real numbers, away from kinks and ties. */
  generic?: boolean;
}

/** Makes up a program of about `steps` operations. */
export function randomProgram(random: Random, options: ProgramOptions): RandomProgram {
  const { dtype, steps, large = false, names, generic = false, counts = new Map<string, number>() } = options;
  const specs: Spec[] = [];
  const add = (shape: readonly number[], of: DType) => specs.push({ shape, dtype: of });
  const main = large ? pick(random, largeShapes)! : pick(random, shapes)!;
  add(main, dtype);
  add(large ? main : pick(random, [main, main.toReversed(), pick(random, shapes)!])!, dtype);
  if (!generic) add(large ? main.slice(-1) : pick(random, [main, pick(random, shapes)!])!, "int32");
  if (!generic) add(main, "bool");
  const data = specs.map((spec) => fill(spec, random, generic));
  const pool: Entry[] = specs.map((spec) => ({ ...spec, exact: !generic }));
  const done: Step[] = [];
  for (let tries = 0; done.length < steps && tries < 20 * steps; tries++) {
    const rare = [...names].sort((a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0));
    const name = random.uniform() < 0.5 ? rare[random.int(Math.min(4, rare.length))]! : pick(random, names)!;
    const step = recipes[name]!(pool, random, dtype);
    if (!step || step.gives.shape.length > 5) continue;
    if (large && step.gives.shape.length > 0 && sizeOf(step.gives.shape) > 1_500_000) continue;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    done.push(step);
    pool.push(step.gives);
  }
  const run = (inputs: readonly Value[], settle: (value: Value) => Value) => {
    const values = [...inputs];
    for (const step of done) values.push(settle(step.apply(step.takes.map((i) => values[i]!))));
    return values.slice(specs.length);
  };
  const settled = (value: Value) => ops.constant(ops.toTyped(value), value.shape, ops.dtypeOf(value));
  return {
    specs,
    data,
    f: (...inputs) => run(inputs, (value) => value),
    stepwise: (...inputs) => run(inputs, settled),
  };
}

function fill({ shape, dtype }: Spec, random: Random, generic: boolean): TypedArray {
  const out = zeros(dtype, sizeOf(shape));
  for (let i = 0; i < out.length; i++) {
    if (dtype === "bool") out[i] = random.int(2);
    else if (dtype === "int32") out[i] = random.int(17) - 8;
    else out[i] = generic ? random.normal() : (random.int(65) - 32) / 16;
  }
  return out;
}
