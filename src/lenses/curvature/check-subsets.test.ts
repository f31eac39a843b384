import { expect, test } from "vitest";
import { UserError } from "../../core/errors.ts";
import { defaults } from "../../core/params.ts";
import { random } from "../../core/random.ts";
import { quietTask } from "../../core/task.ts";
import { cholesky, choleskySolve } from "../../linalg/cholesky.ts";
import { matrix } from "../../linalg/matrix.ts";
import type { Samples } from "../../models/objective/contract.ts";
import { squaredError } from "../../models/objective/losses.ts";
import { sequentialObjective } from "../../models/sequential/objective.ts";
import { sequential } from "../../models/sequential/sequential.ts";
import { trainToMinimum } from "../../models/train-to-minimum.ts";
import { spearman } from "../../stats/correlation.ts";
import { nature } from "./about.ts";
import { analyseCurvature } from "./analyse.ts";
import { subsetWeights } from "./check-subsets.ts";
import { curvatureFindings } from "./findings.ts";
import type { CurvatureSubject } from "./subject.ts";

const [n, d, ridge, asked] = [60, 3, 0.02, 6];

/** Normal points and a noisy line in them. */
function line(count: number, stream: ReturnType<typeof random>): Samples {
  const x = Float64Array.from({ length: count * d }, () => stream.normal());
  const targets = Float64Array.from(
    { length: count },
    (_, i) => x[i * d]! - 0.5 * x[i * d + 1]! + 0.5 * stream.normal(),
  );
  return { count, inputs: [x], targets };
}

const stream = random(3);
const [train, held] = [line(n, stream), line(asked, stream)];

/** A row of x with the 1 of the bias. */
const features = ({ inputs }: Samples, i: number) => [
  ...(inputs[0] as Float64Array).subarray(i * d, (i + 1) * d),
  1,
];

/** Weighted ridge regression by its normal equations, in the model's order (weights, bias). */
function fitted(weights: Float64Array): Float64Array {
  const h = matrix(d + 1, d + 1);
  const right = new Float64Array(d + 1);
  for (let i = 0; i < n; i++) {
    const x = features(train, i);
    for (let a = 0; a <= d; a++) {
      right[a]! += (weights[i]! * x[a]! * train.targets[i]!) / n;
      for (let b = 0; b <= d; b++) h.data[a * (d + 1) + b]! += (weights[i]! * x[a]! * x[b]!) / n;
    }
  }
  for (let a = 0; a <= d; a++) h.data[a * (d + 2)]! += ridge;
  return choleskySolve(cholesky(h), right);
}

async function lineSubject(): Promise<CurvatureSubject> {
  const model = sequential({ name: "line", input: [d], layers: [{ kind: "dense", outputs: 1 }] });
  const objective = sequentialObjective({ model, train, loss: squaredError(1), ridge });
  const { parameters } = await trainToMinimum(objective, new Float64Array(d + 1), { tolerance: 1e-12 });
  const points = (count: number) => ({
    names: Array.from({ length: count }, (_, i) => `point ${i}`),
    control: Float64Array.from({ length: count }, (_, i) => i),
  });
  return {
    id: "line",
    title: "the line",
    about: { model: "line", data: "planted", seeds: [3] },
    source: { kind: "model", objective, parameters },
    axis: { name: "i", label: "number", unit: "" },
    train: points(n),
    tests: [{ name: "test", points: points(asked), samples: held }],
  };
}

const options = { ...defaults(nature.params), leaveOut: 0, nulls: 19, subsets: 20 };

/** Oracle: the predictions of ridge regressions on the same halves and the sums of influences, both in closed form. */
test("the datamodelling score of ridge regression is that of closed-form fits on the same halves", async () => {
  const subject = await lineSubject();
  const analysis = await analyseCurvature(subject, options, { task: quietTask, random: random(9) });
  const { subsets, health } = analysis;
  const whole = fitted(new Float64Array(n).fill(1));
  const says = (theta: Float64Array, x: number[]) => x.reduce((sum, value, k) => sum + value * theta[k]!, 0);
  const halves = Array.from({ length: 20 }, (_, s) =>
    Array.from(
      random(9)
        .fork("subsets")
        .fork("half", s)
        .permutation(n)
        .subarray(0, n / 2),
    ),
  );
  const single = Array.from({ length: n }, (_, i) => {
    const h = matrix(d + 1, d + 1);
    for (let k = 0; k < n; k++) {
      const x = features(train, k);
      x.forEach((a, p) => {
        x.forEach((b, q) => {
          h.data[p * (d + 1) + q]! += (a * b) / n;
        });
      });
    }
    for (let a = 0; a <= d; a++) h.data[a * (d + 2)]! += ridge;
    const x = features(train, i);
    const e = says(whole, x) - train.targets[i]!;
    return choleskySolve(cholesky(h), Float64Array.from(x)).map((value) => (value * e) / n);
  });
  for (let t = 0; t < asked; t++) {
    const x = features(held, t);
    const actual = halves.map((half) => {
      const weights = new Float64Array(n);
      for (const i of half) weights[i] = 2;
      return says(fitted(weights), x);
    });
    const predicted = halves.map((half) =>
      single.reduce((sum, step, i) => (half.includes(i) ? sum : sum + says(step, x)), 0),
    );
    expect(subsets!.scores[t]).toBeCloseTo(spearman(predicted, actual), 10);
  }
  expect([subsets!.quantity, subsets!.unconverged]).toEqual(["prediction", 0]);
  expect(subsets!.mean).toBeGreaterThan(0.8);
  expect(health.find(({ key }) => key === "lds")).toMatchObject({ value: subsets!.mean, good: true });
  const findings = curvatureFindings(subject, analysis, options);
  expect(findings.metrics["line.health.lds"]).toBe(subsets!.mean);
  expect(findings.tables.find(({ name }) => name === "line-datamodelling")!.rows).toBe(asked);
  expect(findings.diagnostics.some(({ message }) => message.includes("Trained on random halves"))).toBe(true);
});

test("networks that come out by chance have no score, and the panel warns of it and of what did not converge", async () => {
  const subject = await lineSubject();
  const draw = random(5);
  const chance = (weights: readonly Float64Array[]) =>
    weights.map(() => ({
      parameters: Float64Array.from({ length: d + 1 }, () => draw.normal()),
      ...{ value: 1, gradientNorm: 1, converged: false, stopped: "", evaluations: 1, hessians: 0 },
    }));
  const tools = { retrainMany: () => async (weights: readonly Float64Array[]) => chance(weights) };
  const own = { ...options, subsets: 200 };
  const analysis = await analyseCurvature(subject, own, { task: quietTask, random: random(9) }, tools);
  expect(Math.abs(analysis.subsets!.mean)).toBeLessThan(0.2);
  const warned = curvatureFindings(subject, analysis, own)
    .diagnostics.filter(({ level }) => level === "warning")
    .map(({ message }) => message)
    .join("\n");
  expect(warned).toMatch(/does not go with the sum of the influences/);
  expect(warned).toMatch(/200 of 200 trainings on random halves did not reach a minimum/);
});

test("weights of a half sum to the number of samples; too few halves are refused", async () => {
  const weights = subsetWeights(Float64Array.of(1, 0, 1, 0, 0));
  expect([...weights]).toEqual([2.5, 0, 2.5, 0, 0]);
  const few = analyseCurvature(
    await lineSubject(),
    { ...options, subsets: 2 },
    { task: quietTask, random: random(9) },
  );
  await expect(few).rejects.toThrow(UserError);
  await expect(few).rejects.toThrow(/option 'subsets' is 2/);
});
