import type { Random } from "../../core/random.ts";
import { cholesky, choleskySolve } from "../../linalg/cholesky.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { crossEntropy } from "../../models/objective/losses.ts";
import { initialSequentialParameters } from "../../models/sequential/initial.ts";
import { sequentialObjective } from "../../models/sequential/objective.ts";
import { sequential } from "../../models/sequential/sequential.ts";
import type { ConformanceCase } from "../conformance.ts";
import type { nature } from "./about.ts";
import { pointNames } from "./axis.ts";
import { curvatureLens } from "./lens.ts";
import type { ArraySource, CurvatureSubject, ModelSource } from "./subject.ts";

const [n, d, span] = [60, 12, 6] as const;
const [asked, beyond] = [40, 10] as const;
const ridge = 1e-3;

/**
 * Ridge regression whose training inputs span half of the space, in arrays: of the test points, some have inputs that
 * leave the span. `flagged` says which ones count as outside: those, or as many others at random.
 */
export function plantedRegression(random: Random, flagged: "beyond" | "random"): CurvatureSubject {
  const basis = matrix(span, d);
  for (let k = 0; k < basis.data.length; k++) basis.data[k] = random.normal();
  const input = (outside: boolean) => {
    const x = new Float64Array(d);
    for (let k = 0; k < span; k++) {
      const weight = random.normal();
      for (let j = 0; j < d; j++) x[j]! += (weight * basis.data[k * d + j]!) / Math.sqrt(span);
    }
    return outside ? x.map((value) => value + random.normal()) : x;
  };
  const truth = Float64Array.from({ length: d }, () => random.normal());
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, j) => sum + value * b[j]!, 0);
  const inputs = Array.from({ length: n }, () => input(false));
  const targets = inputs.map((x) => dot(x, truth) + 0.3 * random.normal());
  const hessian = matrix(d, d);
  const moment = new Float64Array(d);
  inputs.forEach((x, i) => {
    for (let a = 0; a < d; a++) {
      moment[a]! += (x[a]! * targets[i]!) / n;
      for (let b = 0; b < d; b++) hessian.data[a * d + b]! += (x[a]! * x[b]!) / n;
    }
  });
  for (let a = 0; a < d; a++) hessian.data[a * d + a]! += ridge;
  const parameters = choleskySolve(cholesky(hessian), moment);
  const rows = (points: readonly Float64Array[], y: readonly number[]): Matrix =>
    matrix(
      points.length,
      d,
      points.flatMap((x, i) => Array.from(x, (value) => value * (dot(x, parameters) - y[i]!))),
    );
  const tests = Array.from({ length: asked }, (_, t) => input(t >= asked - beyond));
  const values = tests.map((x) => dot(x, truth) + 0.3 * random.normal());
  const outside = tests.map((_, t) => t >= asked - beyond);
  const control = (count: number) => Float64Array.from({ length: count }, (_, i) => (10 * i) / count);
  return {
    id: "planted",
    title: "the planted regression",
    about: { model: "ridge regression", data: "planted", seeds: [1] },
    source: { kind: "arrays", gradients: rows(inputs, targets), hessian, parameters, ridge },
    axis: { name: "T", label: "temperature", unit: "K" },
    train: { names: pointNames("T", control(n)), control: control(n) },
    tests: [
      {
        name: "all",
        points: { names: pointNames("T", control(asked)), control: control(asked) },
        gradients: rows(tests, values),
        outside:
          flagged === "beyond" ? outside : Array.from(random.permutation(asked), (from) => outside[from]!),
      },
    ],
  };
}

/** A small classifier at parameters that were never trained. */
function untrained(random: Random, dropout: boolean): CurvatureSubject {
  const model = sequential({
    name: "tiny",
    input: [3],
    layers: [
      { kind: "dense", outputs: 4 },
      { kind: "activation", function: "tanh" },
      ...(dropout ? [{ kind: "dropout", rate: 0.5, active: true } as const] : []),
      { kind: "dense", outputs: 2 },
    ],
  });
  const inputs = Float64Array.from({ length: 36 }, () => random.normal());
  const samples = {
    count: 12,
    inputs: [inputs],
    targets: Float64Array.from({ length: 12 }, (_, i) => i % 2),
  };
  const control = Float64Array.from({ length: 12 }, (_, i) => i);
  const points = { names: pointNames("T", control), control };
  return {
    id: "tiny",
    title: "the tiny net",
    about: { model: "tiny net", data: "noise", seeds: [1] },
    source: {
      kind: "model",
      objective: sequentialObjective({ model, train: samples, loss: crossEntropy(2), ridge: 0.01 }),
      parameters: initialSequentialParameters(model, random),
    },
    axis: { name: "T", label: "temperature", unit: "K" },
    train: points,
    tests: [{ name: "all", points, samples }],
  };
}

function bent(change: (good: CurvatureSubject & { source: ArraySource }) => CurvatureSubject) {
  return (random: Random) => {
    const good = plantedRegression(random, "beyond");
    return change(good as CurvatureSubject & { source: ArraySource });
  };
}

/** Tries the curvature lens on a planted regression, on random flags, and on every kind of bad input. */
export const curvatureCase: ConformanceCase<CurvatureSubject, typeof nature.params> = {
  lens: curvatureLens,
  options: { nulls: 99 },
  planted: (random) => plantedRegression(random, "beyond"),
  control: (random) => plantedRegression(random, "random"),
  claims: ({ metrics }) => metrics["planted.lees.all.ood_auc"]! > 0.9,
  bad: [
    {
      what: "a Hessian of another size",
      subject: bent((good) => ({ ...good, source: { ...good.source, hessian: matrix(5, 5) } })),
      message: /Hessian of 5×5 for gradients of 60×12; expected 12×12/,
    },
    {
      what: "a Hessian that is not symmetric",
      subject: bent((good) => {
        good.source.hessian.data[3] = 40;
        return good;
      }),
      message: /not symmetric.*dropout or batch statistics/,
    },
    {
      what: "a NaN among the gradients",
      subject: bent((good) => {
        good.source.gradients.data[25] = Number.NaN;
        return good;
      }),
      message: /training gradients, row 2, column 1 is NaN/,
    },
    {
      what: "test gradients of another width",
      subject: bent((good) => ({ ...good, tests: [{ ...good.tests[0]!, gradients: matrix(40, 3) }] })),
      message: /set 'all': gradients of 3 columns; the training gradients have 12/,
    },
    {
      what: "a point twice",
      subject: bent((good) => ({
        ...good,
        train: { ...good.train, names: good.train.names.with(3, good.train.names[2]!) },
      })),
      message: /'T=0.33\d+' is there twice/,
    },
    {
      what: "a control value that is none",
      subject: bent((good) => ({
        ...good,
        train: { ...good.train, control: good.train.control.with(4, Number.NaN) },
      })),
      message: /control value of 'T=.*' is NaN/,
    },
    {
      what: "flags for other points",
      subject: bent((good) => ({ ...good, tests: [{ ...good.tests[0]!, outside: [true] }] })),
      message: /1 flags 'outside' for 40 points/,
    },
    { what: "no test set", subject: bent((good) => ({ ...good, tests: [] })), message: /no test set/ },
    {
      what: "an indefinite Hessian that is to be refused",
      subject: bent((good) => {
        good.source.hessian.data[0] = -2;
        return good;
      }),
      options: { negative: "refuse" },
      message: /the curvature has the eigenvalue -.*no minimum.*raise 'damping'/,
    },
    {
      what: "another curvature of arrays",
      options: { curvature: "kfac" },
      message: /'kfac': arrays carry one Hessian/,
    },
    {
      what: "more parameters than memory",
      options: { memory: 0.001 },
      subject: bent((good) => ({
        ...good,
        source: { kind: "arrays", gradients: matrix(60, 900), hessian: matrix(900, 900) },
        tests: [{ ...good.tests[0]!, gradients: matrix(40, 900) }],
      })),
      message: /900 parameters .* more than the 0.001 GiB of option 'memory'.*'low-rank'/,
    },
    {
      what: "a model with active dropout",
      subject: (random) => untrained(random, true),
      message: /dropout.*active: two passes differ.*evaluation mode/,
    },
    {
      what: "a loss that is a sum over samples",
      subject: (random) => {
        const good = untrained(random, false);
        const { objective, parameters } = good.source as ModelSource;
        const count = objective.train.count;
        const summed: ModelSource["objective"] = {
          ...objective,
          async valueAndGradient(theta) {
            const { value, gradient } = await objective.valueAndGradient(theta);
            return {
              value: value * count,
              gradient: gradient.map((g, j) => count * (g - 0.01 * theta[j]!) + 0.01 * theta[j]!),
            };
          },
        };
        return { ...good, source: { kind: "model", objective: summed, parameters } };
      },
      message: /not the mean over samples.*a sum over samples: divide it by their number/,
    },
    {
      what: "too few null models",
      options: { nulls: 3 },
      message: /'nulls': expected a whole number from 19/,
    },
    { what: "an unknown option", options: { dampen: 3 }, message: /unknown option 'dampen'/ },
  ],
};
