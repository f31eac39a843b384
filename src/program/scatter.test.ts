import { describe, expect, it } from "vitest";
import { random } from "../core/random.ts";
import { spec } from "./dtype.ts";
import * as ops from "./ops/index.ts";
import { compile } from "./session.ts";
import { type Program, trace } from "./trace.ts";
import { grad } from "./transform/index.ts";

type Value = ops.Value;
const [nodes, edges, features] = [125, 1102, 1152];
const rng = random(3, "scatter");
const index = Int32Array.from({ length: edges }, () => rng.int(nodes));
const weights = Float32Array.from({ length: edges * features }, () => rng.normal());

/** Σ of the weights of the edges at each node, in float64: the gradient of Σ (gathered rows · weights). */
const wanted = new Float64Array(nodes * features);
for (let e = 0; e < edges; e++) {
  for (let k = 0; k < features; k++) wanted[index[e]! * features + k]! += weights[e * features + k]!;
}

const table = () => ops.zeros([nodes, features], "float32");
const programs: Record<string, { program: Program; inputs: (Float32Array | Int32Array)[] }> = {
  "indices as input": {
    program: trace(
      (w: Value, i: Value) => grad((t: Value) => ops.sum(ops.mul(ops.take(t, i), w)))(table()),
      [spec([edges, features]), spec([edges], "int32")],
    ),
    inputs: [weights, index],
  },
  "constant indices": {
    program: trace(
      (w: Value) => grad((t: Value) => ops.sum(ops.mul(ops.take(t, index), w)))(table()),
      [spec([edges, features])],
    ),
    inputs: [weights],
  },
};

/**
 * ScatterND with additions loses updates on tensors of this size when it has two threads (error 0.5 in four runs of
 * five). The oracle is a plain loop.
 */
describe(`the gradient of a gather of ${edges} rows of ${features} from ${nodes}`, () => {
  for (const [name, { program, inputs }] of Object.entries(programs)) {
    it(`${name}: a hundred runs at one and two threads are right, and the same bytes`, async () => {
      expect(program.census()["ScatterND"]).toBeUndefined();
      for (const threads of [1, 2]) {
        const session = await compile(program, { threads });
        let first: Buffer | undefined;
        for (let k = 0; k < 100; k++) {
          const [sum] = (await session.run(inputs)) as [Float32Array];
          const bytes = Buffer.from(sum.buffer, sum.byteOffset, sum.byteLength);
          if (first !== undefined) {
            expect(bytes.equals(first), `${threads} threads, run ${k}`).toBe(true);
            continue;
          }
          first = bytes;
          const error = sum.reduce((most, v, i) => Math.max(most, Math.abs(v - wanted[i]!)), 0);
          expect(error, `${threads} threads`).toBeLessThan(2e-5);
        }
        await session.release();
      }
    });
  }
});
