import { demand } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { matrix } from "../../linalg/matrix.ts";
import { type Spec, spec, type TypedArray } from "../../program/dtype.ts";
import type { Value } from "../../program/ops/value.ts";
import { type CompileOptions, compile } from "../../program/session.ts";
import { trace } from "../../program/trace.ts";
import { hessian, valueAndGrad } from "../../program/transform/index.ts";
import type { AsyncLandscape, Symmetry } from "./landscape.ts";

export interface TracedLandscapeOptions {
  name: string;
  /** Number of coordinates. */
  n: number;
  /** A scalar function of a float64 vector of n coordinates and of the data. */
  loss: (x: Value, ...data: Value[]) => Value;
  /** Shapes and element types of the data, and the data. */
  specs?: readonly Spec[];
  data?: readonly TypedArray[];
  start: (random: Random) => Float64Array;
  symmetry?: Symmetry;
  compile?: CompileOptions;
}

/**
 * The landscape of a traced function: value, gradient and Hessian are compiled programs in float64. Release it when done.
 * @throws UserError as {@link trace} and {@link compile} do, and for a function that does not return one float64.
 */
export async function tracedLandscape(options: TracedLandscapeOptions): Promise<AsyncLandscape> {
  const { name, n, loss, specs = [], data = [], start, symmetry } = options;
  const inputs = [spec([n], "float64"), ...specs];
  const slope = valueAndGrad(loss as (...values: Value[]) => Value);
  const bend = hessian(loss as (...values: Value[]) => Value);
  const first = trace((...values: Value[]) => slope(...values), inputs, { name });
  const port = first.outputs[0]!;
  demand(
    port.dtype === "float64" && port.shape.length === 0,
    () => `tracedLandscape: '${name}' returns ${port.dtype} of shape [${port.shape}]; expected one float64`,
  );
  const gradients = await compile(first, options.compile);
  const second = trace((...values: Value[]) => bend(values[0]!, ...values.slice(1)), inputs, {
    name: `${name}, Hessian`,
  });
  const hessians = await compile(second, options.compile);
  return {
    ...{ name, n, asynchronous: true, start },
    ...(symmetry && { symmetry }),
    async valueAndGradient(x, gradient) {
      const [value, g] = (await gradients.run([x, ...data])) as [Float64Array, Float64Array];
      gradient.set(g);
      return value[0]!;
    },
    async hessian(x) {
      const [h] = (await hessians.run([x, ...data])) as [Float64Array];
      return matrix(n, n, h);
    },
    async release() {
      await gradients.release();
      await hessians.release();
    },
  };
}
