import { makeJaxpr } from "@jax-js/jax";
import { describe, expect, it } from "vitest";
import { type RandomProgram, randomProgram, recipes } from "../../test/support/random-program.ts";
import { type Random, random } from "../core/random.ts";
import type { TypedArray } from "./dtype.ts";
import { rules } from "./lower/rules/index.ts";
import * as ops from "./ops/index.ts";
import { compile } from "./session.ts";
import { trace } from "./trace.ts";

/**
 * The oracle is jax-js evaluating the program in float64 on its `cpu` device, one operation at a time, without tracing
 * or ONNX. Left to fuse operations it is no oracle: cos(pad(x)) comes out as 0 in the padding, float32 is not rounded
 * between operations, and a million float32 numbers are added naively.
 */
function eager(program: RandomProgram): TypedArray[] {
  return ops.scope(() => {
    const inputs = program.data.map((data, i) =>
      ops.constant(data, program.specs[i]!.shape, program.specs[i]!.dtype),
    );
    return program.stepwise(...inputs).map((value) => ops.toTyped(value));
  });
}

async function worst(
  program: RandomProgram,
  want: readonly TypedArray[],
  threads: number,
  tolerance: number,
): Promise<string | undefined> {
  const traced = trace((...inputs: ops.Value[]) => program.f(...inputs), program.specs);
  const session = await compile(traced, { threads });
  try {
    const got = await session.run(program.data);
    for (const [k, reference] of want.entries()) {
      let scale = 1;
      for (const r of reference) if (Number.isFinite(r)) scale = Math.max(scale, 1 + Math.abs(r));
      for (let i = 0; i < reference.length; i++) {
        const [a, b] = [got[k]![i]!, reference[i]!];
        if (Object.is(a, b) || a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
        if (!(Math.abs(a - b) <= tolerance * scale)) return `output ${k}[${i}]: got ${a}, reference ${b}`;
      }
      expect(got[k]!.length).toBe(reference.length);
    }
    return undefined;
  } finally {
    await session.release();
  }
}

/** How often each primitive was traced over all programs. */
const primitives = new Map<string, number>();

function count(program: RandomProgram): void {
  const inputs = program.specs.map(({ shape, dtype }) => ops.zeros(shape, dtype));
  const { jaxpr } = makeJaxpr((...values: ops.Value[]) => program.f(...values).map((v) => v.ref))(...inputs);
  for (const { primitive } of jaxpr.jaxpr.flatten().eqns) {
    primitives.set(primitive, (primitives.get(primitive) ?? 0) + 1);
  }
}

async function check(rng: Random, index: number, counts: Map<string, number>, large: boolean): Promise<void> {
  const dtype = index % 2 === 0 ? "float64" : "float32";
  const names = Object.keys(recipes).filter(
    (name) => !(large && ["fft", "conv", "sort", "argsort"].includes(name)),
  );
  const options = { steps: large ? 5 : 8, names, large };
  const twin = randomProgram(rng.fork(index), { ...options, dtype: "float64", counts: new Map(counts) });
  const program = randomProgram(rng.fork(index), { ...options, dtype, counts });
  const want = eager(twin);
  count(program);
  const tolerance = dtype === "float32" ? 1e-5 : 1e-12;
  for (const threads of large ? [1, 2] : [1 + (index % 2)]) {
    const failure = await worst(program, want, threads, tolerance);
    expect(failure, `program ${index} (${dtype}, ${threads} threads)`).toBeUndefined();
  }
}

describe("500 random programs agree with eager evaluation", () => {
  const rng = random(20261120, "programs");
  const counts = new Map<string, number>();
  it("480 small ones, ranks 0 to 4, empty tensors included", async () => {
    for (let i = 0; i < 480; i++) await check(rng, i, counts, false);
  }, 240_000);
  it("20 with tensors of a million elements, at one and two threads", async () => {
    for (let i = 480; i < 500; i++) await check(rng, i, counts, true);
  }, 240_000);
  it("uses every lowered primitive at least 20 times", () => {
    // The adjoint of a pool only appears in gradients, checked below.
    for (const name of Object.keys(rules).filter((r) => r !== "pool_transpose")) {
      expect(primitives.get(name) ?? 0, name).toBeGreaterThanOrEqual(20);
    }
  });
});
