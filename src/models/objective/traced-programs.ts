import { UserError } from "../../core/errors.ts";
import { type Spec, sizeOf, spec } from "../../program/dtype.ts";
import type { Value } from "../../program/ops/index.ts";
import * as o from "../../program/ops/index.ts";
import type { Layout, Shapes } from "../../program/parameters.ts";
import { compile, type Session } from "../../program/session.ts";
import { type Program, trace } from "../../program/trace.ts";
import { grad, hvp, jacobian, vmap } from "../../program/transform/index.ts";
import type { Samples } from "./contract.ts";
import { checkObjectiveSamples } from "./samples.ts";

/** A model as a pure function of its parameters and its inputs, in array operations. */
export interface TracedModel {
  /** In a few words: "two-layer perceptron, tanh". */
  name: string;
  layout: Pick<Layout, "size"> & {
    readonly names: readonly string[];
    readonly shapes: Shapes;
    slice(name: string): { start: number; end: number };
  };
  /** What one sample's inputs look like, without a sample axis; floats are float64. */
  inputs: readonly Spec[];
  /** C. */
  outputs: number;
  /** (parameters [d], one sample's inputs) → outputs [C]; a model of one output may return a scalar. */
  forward?: (parameters: Value, ...inputs: Value[]) => Value;
  /** The same for inputs with a sample axis first → [samples, C]; give it alone, or where it is the quicker form. */
  forwardBatch?: (parameters: Value, ...inputs: Value[]) => Value;
  /** Is it piecewise linear layer by layer (ReLU, max-pooling)? */
  kinks: boolean;
  /** What is known to make two passes differ or to couple samples. */
  hazards?: readonly string[];
  /** The layer that a parameter belongs to; default its name up to the last dot. */
  layerOf?: (name: string) => string;
}

/** Sessions of a model's programs, made when first asked for, each for a number of samples. */
export interface TracedPrograms {
  /** (θ, …inputs) → f [samples, C]. */
  evaluate(samples: number): Promise<Session>;
  /** (θ, …inputs, slopes [samples, C]) → Σ slopes·∂f/∂θ [d]. */
  gradient(samples: number): Promise<Session>;
  /** (θ, …inputs) → ∂f/∂θ [samples, C, d]. */
  jacobian(samples: number): Promise<Session>;
  /** (θ, …inputs, slopes, curvatures [samples, C²], vectors [count, d]) → their products with the Hessian [count, d]. */
  product(samples: number, vectors: number): Promise<Session>;
  release(): Promise<void>;
}

/** @throws UserError for a model without a function, or training samples that do not fit its inputs. */
export function tracedPrograms(
  model: TracedModel,
  train: Samples,
  targetsEach: number,
  threads: number,
): TracedPrograms {
  const { name, layout, outputs } = model;
  checkObjectiveSamples(`'${name}'`, train, targetsEach);
  if (train.inputs.length !== model.inputs.length) {
    throw new UserError(
      `'${name}': ${train.inputs.length} input arrays; the model takes ${model.inputs.length}`,
    );
  }
  model.inputs.forEach(({ shape }, k) => {
    const width = train.inputs[k]!.length / train.count;
    if (width !== sizeOf(shape)) {
      throw new UserError(
        `'${name}': input ${k} has ${width} numbers a sample; the model takes [${shape}], ${sizeOf(shape)}`,
      );
    }
  });
  const { one, many } = forms(model);
  const d = layout.size;
  const flat = spec([d], "float64");
  const inputSpecs = (samples: number) =>
    model.inputs.map(({ shape, dtype }) => spec([samples, ...shape], dtype));
  const floats = (...shape: number[]) => spec(shape, "float64");
  const sessions = new Map<string, Promise<Session>>();
  const session = (key: string, make: () => Program): Promise<Session> => {
    const found = sessions.get(key);
    if (found) return found;
    const made = compile(make(), { threads });
    sessions.set(key, made);
    return made;
  };
  const inputNames = model.inputs.map((_, k) => `input${k}`);
  const names = (...more: string[]) => ["parameters", ...inputNames, ...more];
  const count = model.inputs.length;

  const weighted = (parameters: Value, inputs: Value[], slopes: Value) =>
    o.sum(o.mul(many(parameters, ...inputs), slopes));
  const local = (parameters: Value, inputs: Value[], slopes: Value, curvatures: Value) => {
    const f = many(parameters, ...inputs);
    const move = o.sub(f, o.stopGradient(f));
    const samples = move.shape[0]!;
    const bent = o.matmul(
      o.reshape(curvatures, [samples, outputs, outputs]),
      o.reshape(move, [samples, outputs, 1]),
    );
    const linear = o.sum(o.mul(slopes, move));
    return o.add(linear, o.mul(o.sum(o.mul(o.reshape(bent, [samples, outputs]), move)), 0.5));
  };
  return {
    evaluate: (samples) =>
      session(`evaluate ${samples}`, () =>
        trace((p: Value, ...x: Value[]) => many(p, ...x), [flat, ...inputSpecs(samples)], {
          name: `${name}: outputs`,
          names: names(),
        }),
      ),
    gradient: (samples) =>
      session(`gradient ${samples}`, () =>
        trace(
          (p: Value, ...rest: Value[]) =>
            grad((at: Value) => weighted(at, rest.slice(0, count), rest[count]!))(p),
          [flat, ...inputSpecs(samples), floats(samples, outputs)],
          { name: `${name}: gradient`, names: names("slopes") },
        ),
      ),
    jacobian: (samples) =>
      session(`jacobian ${samples}`, () =>
        trace(
          (p: Value, ...x: Value[]) =>
            vmap((...xi: Value[]) => jacobian((at: Value) => one(at, ...xi), { mode: "reverse" })(p))(...x),
          [flat, ...inputSpecs(samples)],
          { name: `${name}: Jacobian`, names: names() },
        ),
      ),
    product: (samples, vectors) =>
      session(`product ${samples} ${vectors}`, () =>
        trace(
          (...given: Value[]) => {
            const [p, ...rest] = given as [Value, ...Value[]];
            const inputs = rest.slice(0, count);
            const [slopes, curvatures, directions] = rest.slice(count) as [Value, Value, Value];
            const bent = hvp((at: Value) => local(at, inputs, slopes, curvatures));
            return vmap((v: Value) => bent(v, p))(directions);
          },
          [
            flat,
            ...inputSpecs(samples),
            floats(samples, outputs),
            floats(samples, outputs * outputs),
            floats(vectors, d),
          ],
          { name: `${name}: Hessian products`, names: names("slopes", "curvatures", "vectors") },
        ),
      ),
    async release() {
      const open = await Promise.all(sessions.values());
      sessions.clear();
      await Promise.all(open.map((s) => s.release()));
    },
  };
}

/** The model on one sample [C] and on several [samples, C], each from the other where it is not given. */
function forms({ name, outputs, forward, forwardBatch }: TracedModel) {
  if (forward === undefined && forwardBatch === undefined) {
    throw new UserError(`'${name}': neither forward nor forwardBatch is given; the model needs one of them`);
  }
  const shaped = (f: Value, shape: number[]) => {
    const size = sizeOf(shape);
    if (f.size === size) return o.reshape(f, shape);
    throw new UserError(`'${name}': the model returns ${o.describe(f)}; expected [${shape}]`);
  };
  const one = (parameters: Value, ...inputs: Value[]) =>
    shaped(
      forward
        ? forward(parameters, ...inputs)
        : forwardBatch!(parameters, ...inputs.map((x) => o.reshape(x, [1, ...x.shape]))),
      [outputs],
    );
  const many = (parameters: Value, ...inputs: Value[]) => {
    const samples = inputs[0]!.shape[0]!;
    const f = forwardBatch
      ? forwardBatch(parameters, ...inputs)
      : vmap((...x: Value[]) => one(parameters, ...x))(...inputs);
    return shaped(f, [samples, outputs]);
  };
  return { one, many };
}
