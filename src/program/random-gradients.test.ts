import { describe, expect, it } from "vitest";
import { type RandomProgram, randomProgram, recipes } from "../../test/support/random-program.ts";
import { type Random, random } from "../core/random.ts";
import { spec } from "./dtype.ts";
import * as ops from "./ops/index.ts";
import { compile } from "./session.ts";
import { trace } from "./trace.ts";
import { grad, jvp, vmap } from "./transform/index.ts";

const stepwise = [
  "floor",
  "ceil",
  "idiv",
  "mod",
  "stop_gradient",
  "cast",
  "compare",
  "argsort",
  "bit_combine",
  "where",
];
/** jax-js's own derivative of these rounds to float32; no operation of physlens offers them. */
const undifferentiated = ["erf", "erfc", "fft"];
const smooth = Object.keys(recipes).filter(
  (name) => !stepwise.includes(name) && !undifferentiated.includes(name),
);

/** A scalar function of one flat vector: weighted sums of everything that the program makes. */
function scalarOf(program: RandomProgram, weights: Random): (flat: ops.Value) => ops.Value {
  const sizes = program.data.map((data) => data.length);
  const factor = Array.from({ length: 64 }, () => weights.normal());
  return (flat) => {
    let at = 0;
    const inputs = program.specs.map(({ shape }, i) => {
      const part = ops.slice(flat, [at, at + sizes[i]!]);
      at += sizes[i]!;
      return ops.reshape(part, shape);
    });
    const outs = program.f(...inputs).filter((out) => ops.dtypeOf(out) === "float64" && out.size > 0);
    return outs.map((out, i) => ops.mul(ops.mean(out), factor[i]!)).reduce((a, b) => ops.add(a, b));
  };
}

async function evaluator(f: (...args: ops.Value[]) => ops.Value, shapes: number[][]) {
  const session = await compile(
    trace(
      f,
      shapes.map((shape) => spec(shape, "float64")),
    ),
  );
  return {
    call: async (...args: Float64Array[]) => (await session.run(args))[0] as Float64Array,
    release: () => session.release(),
  };
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const along = (x: Float64Array, h: number, d: Float64Array) => x.map((v, i) => v + h * d[i]!);

function cases(count: number, seed: string, names: readonly string[]) {
  const counts = new Map<string, number>();
  return Array.from({ length: count }, (_, i) => {
    const rng = random(7, seed, i);
    const program = randomProgram(rng, { dtype: "float64", steps: 6, names, counts, generic: true });
    const x = Float64Array.from(program.data.flatMap((data) => [...data]));
    const d = Float64Array.from(x, () => rng.normal());
    return { f: scalarOf(program, rng), x, d, i };
  }).filter(({ x }) => x.length > 0);
}

/** The oracle is the central difference of the value (or of the gradient) at a step of 1e-5. */
describe("derivatives of random programs in float64", () => {
  const h = 1e-5;

  it("gradients agree with central differences to 1e-6", async () => {
    for (const { f, x, d, i } of cases(80, "grad", smooth)) {
      const value = await evaluator(f, [[x.length]]);
      const gradient = await evaluator(grad(f), [[x.length]]);
      const [up, down] = [await value.call(along(x, h, d)), await value.call(along(x, -h, d))];
      const slope = (up[0]! - down[0]!) / (2 * h);
      const exact = dot(await gradient.call(x), d);
      expect(Math.abs(exact - slope), `program ${i}: ${exact} against ${slope}`).toBeLessThan(
        1e-6 * (1 + Math.abs(slope)),
      );
      await Promise.all([value.release(), gradient.release()]);
    }
  });

  it("jvp of grad agrees with central differences of the gradient to 1e-6", async () => {
    for (const { f, x, d, i } of cases(
      60,
      "hvp",
      smooth.filter((name) => name !== "sort"),
    )) {
      const shapes = [[x.length], [x.length]];
      const curvature = await evaluator((at, v) => jvp(grad(f), [at], [v])[1] as ops.Value, shapes);
      const gradient = await evaluator(grad(f), [[x.length]]);
      const product = await curvature.call(x, d);
      const [up, down] = [await gradient.call(along(x, h, d)), await gradient.call(along(x, -h, d))];
      for (let k = 0; k < x.length; k++) {
        const slope = (up[k]! - down[k]!) / (2 * h);
        expect(Math.abs(product[k]! - slope), `program ${i}[${k}]`).toBeLessThan(
          1e-6 * (1 + Math.abs(slope)),
        );
      }
      await Promise.all([curvature.release(), gradient.release()]);
    }
  });

  it("vmap of grad is the gradient row by row", async () => {
    const names = smooth.filter((name) => !["pool", "conv", "fft"].includes(name));
    for (const { f, x, d, i } of cases(60, "vmap", names)) {
      const batched = await evaluator((xs) => vmap(grad(f))(xs) as ops.Value, [[2, x.length]]);
      const gradient = await evaluator(grad(f), [[x.length]]);
      const both = await batched.call(Float64Array.from([...x, ...d]));
      const rows = [...(await gradient.call(x)), ...(await gradient.call(d))];
      rows.forEach((row, k) => {
        expect(Math.abs(both[k]! - row), `program ${i}[${k}]`).toBeLessThan(1e-12 * (1 + Math.abs(row)));
      });
      await Promise.all([batched.release(), gradient.release()]);
    }
  });
});
