import { expect, test } from "vitest";
import { UserError } from "../../../core/errors.ts";
import { random } from "../../../core/random.ts";
import { quietTask } from "../../../core/task.ts";
import { numbers } from "../../../data/table.ts";
import { evaluateRows } from "../../../expressions/evaluate.ts";
import { operatorSet } from "../../../expressions/operator.ts";
import { parse } from "../../../expressions/parse.ts";
import { print } from "../../../expressions/print.ts";
import { pickOperators, standardOperators } from "../../../expressions/standard-operators.ts";
import { matrix } from "../../../linalg/matrix.ts";
import { springSet } from "../../../physics/oscillators/spring-set.ts";
import { sparseInvariants } from "../sparse/invariants.ts";
import { polynomialLibrary } from "../sparse/library.ts";
import { backfit } from "./backfit.ts";
import { distilComponents } from "./components.ts";
import { distilConcept } from "./concept.ts";
import { fieldFromFunction } from "./field.ts";
import { gradientDisagreement, gradientObjective } from "./gradient-agreement.ts";
import { invarianceObjective, withinShare } from "./invariance.ts";
import { searchInvariant } from "./search-invariant.ts";

const algebraic = operatorSet(pickOperators(["add", "sub", "mul", "div", "square"]));
const stream = random(11);
const column = (low: number, high: number, rows = 200) =>
  Float64Array.from({ length: rows }, () => low + (high - low) * stream.uniform());

test("gradients by differences are those of the closed form", async () => {
  const columns = [column(-1, 1), column(0.5, 2)];
  const field = await fieldFromFunction(
    ([x, y]) => x!.map((v, i) => Math.sin(v) * Math.log(y![i]!)),
    columns,
    ["x", "y"],
  );
  for (let i = 0; i < 200; i++) {
    expect(field.gradients[0]![i]).toBeCloseTo(Math.cos(columns[0]![i]!) * Math.log(columns[1]![i]!), 5);
    expect(field.gradients[1]![i]).toBeCloseTo(Math.sin(columns[0]![i]!) / columns[1]![i]!, 5);
  }
});

test("disagreement of gradients: 0 for parallel ones of any length and sign, 1 for orthogonal, 1 for a constant", () => {
  const target = { gradients: [Float64Array.of(1, 0, 2), Float64Array.of(0, 3, 2)], scales: [1, 1] };
  expect(
    gradientDisagreement(
      [
        [-2, 0, 1],
        [0, 0.1, 1],
      ],
      target,
    ),
  ).toBeCloseTo(0, 12);
  expect(
    gradientDisagreement(
      [
        [0, 1, -1],
        [1, 0, 1],
      ],
      target,
    ),
  ).toBeCloseTo(1, 12);
  expect(
    gradientDisagreement(
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
      target,
    ),
  ).toBe(1);
  expect(gradientDisagreement([[5], [5]], target, Int32Array.of(2))).toBeCloseTo(0, 12);
  expect(
    gradientDisagreement(
      [
        [1, 0, 0],
        [0, 1, 0],
      ],
      { ...target, gradients: [new Float64Array(3), new Float64Array(3)] },
    ),
  ).toBeNaN();
});

test("variance within orbits: 0 for what is constant on each, about 1 for noise, none for a constant; ranks alone count", () => {
  const orbit = Float64Array.from({ length: 400 }, (_, i) => i % 8);
  const noise = random(3);
  expect(
    withinShare(
      orbit.map((k) => Math.exp(k)),
      { orbit },
    ),
  ).toBe(0);
  expect(
    withinShare(
      orbit.map(() => noise.normal()),
      { orbit },
    ),
  ).toBeGreaterThan(0.9);
  expect(
    withinShare(
      orbit.map(() => 3),
      { orbit },
    ),
  ).toBeNaN();
  const values = orbit.map((k) => k + noise.normal());
  expect(
    withinShare(
      values.map((v) => v ** 3),
      { orbit },
    ),
  ).toBeCloseTo(withinShare(values, { orbit }), 12);
});

test("a neuron that holds a monotone function of the energy is read as the energy", async () => {
  const field = await fieldFromFunction(
    ([m, v, h]) =>
      m!.map((mass, i) => Math.tanh(0.05 * (0.5 * mass * v![i]! ** 2 + 9.81 * mass * h![i]!) - 1)),
    [column(1, 2), column(0, 3), column(0, 1)],
    ["m", "v", "h"],
  );
  const found = await distilConcept(field, {
    operators: algebraic,
    seed: 1,
    evaluations: 60_000,
    task: quietTask,
  });
  const text = print(found.expression, { names: field.names, digits: 4 });
  expect({ text, agreement: found.agreement }).toMatchObject({ agreement: expect.closeTo(1, 3) });
  expect(Math.abs(found.rank)).toBeGreaterThan(0.999);
  expect(found.chance).toBeCloseTo(0.5, 12);
});

test("a field of chance agrees with nothing: held-out agreement stays near that of random directions", async () => {
  const own = random(8);
  const columns = [column(-1, 1), column(-1, 1), column(-1, 1)];
  const gradients = columns.map((c) => c.map(() => own.normal()));
  const field = await fieldFromFunction(([x]) => x!, columns, ["x", "y", "z"], { gradients });
  const found = await distilConcept(field, {
    operators: algebraic,
    seed: 1,
    evaluations: 3000,
    task: quietTask,
  });
  expect(found.agreement).toBeLessThan(0.62);
});

test("an invariant of noisy springs: by search and as an eigenvalue problem, and a shuffled one is none", async () => {
  const table = springSet({ random: random(5) });
  const [q, p, orbit] = ["q", "p", "trajectory"].map((name) => numbers(table, name).values) as Float64Array[];
  const options = { operators: algebraic, seed: 1, evaluations: 1500, task: quietTask };
  const found = await searchInvariant([q!, p!], ["q", "p"], orbit!, options);
  expect(print(found.expression, { names: ["q", "p"] })).toMatch(/^(q\^2 \+ p\^2|p\^2 \+ q\^2)$/);
  const [first, second] = sparseInvariants(
    polynomialLibrary(2, { degree: 2, constant: false }),
    [q!, p!],
    orbit!,
  );
  const [, , qq, qp, pp] = first!.coefficients;
  expect(pp! / qq!).toBeCloseTo(1, 1);
  expect(Math.abs(qp! / qq!)).toBeLessThan(0.1);
  expect(first!.within).toBeLessThan(0.3);
  expect(second!.within).toBeGreaterThan(0.9);
  const order = random(1).permutation(orbit!.length);
  const shuffled = Float64Array.from(order, (i) => orbit![i]!);
  const none = await searchInvariant([q!, p!], ["q", "p"], shuffled, options);
  expect(none.front[none.chosen]!.loss).toBeGreaterThan(0.85);
});

test("components → formulas → recombination: the planted parts come back, and the error on rows not seen is small", async () => {
  const [x, y] = [column(1, 5), column(1, 5)];
  const planted = ["x*y", "x/y"].map((text) =>
    evaluateRows(parse(text, { names: ["x", "y"] }), [x, y], standardOperators),
  );
  const components = matrix(
    200,
    2,
    Array.from(x, (_, i) => [planted[0]![i]!, 2 * planted[1]![i]! - 1]).flat(),
  );
  const target = planted[0]!.map((value, i) => 3 * value - 5 * planted[1]![i]! + 7);
  const found = await distilComponents(
    {
      columns: [x, y],
      names: ["x", "y"],
      components,
      target,
      train: Array.from({ length: 150 }, (_, i) => i),
    },
    { operators: algebraic, seed: 1, evaluations: 5000, task: quietTask },
  );
  expect(found.rms.heldOut).toBeLessThan(1e-6);
  expect(found.refitted.rms.heldOut).toBeLessThan(1e-6);
  for (const { left } of found.formulas) expect(left).toBeLessThan(1e-12);
});

test("bad input is refused by name", async () => {
  const x = column(0, 1);
  const refused: [string, () => Promise<unknown>][] = [
    ["input 'y' is 2 in every row", () => fieldFromFunction(([v]) => v!, [x, x.map(() => 2)], ["x", "y"])],
    ["is NaN in row 1", () => fieldFromFunction(([v]) => v!.map(() => Number.NaN), [x], ["x"])],
    [
      "expected at least two",
      async () =>
        distilConcept(await fieldFromFunction(([v]) => v!, [x], ["x"]), {
          operators: algebraic,
          seed: 1,
          task: quietTask,
        }),
    ],
    ["one orbit", async () => invarianceObjective({ orbit: [1, 1, 1] })],
    ["expected a positive scale", async () => gradientObjective({ gradients: [x], scales: [0] })],
    [
      "hold some out",
      () =>
        distilComponents(
          {
            columns: [x],
            names: ["x"],
            components: matrix(200, 1, x),
            target: x,
            train: Array.from(x.keys()),
          },
          { operators: algebraic, seed: 1, task: quietTask },
        ),
    ],
  ];
  for (const [said, attempt] of refused) {
    await expect(attempt()).rejects.toThrow(UserError);
    await expect(attempt()).rejects.toThrow(said);
  }
});

test("backfitting brings a sum of formulas to within a hundredth of the target it was made for", () => {
  const x = column(0.5, 3);
  const sum = (text: string) => evaluateRows(parse(text, { names: ["x"] }), [x], standardOperators);
  const target = sum("3*exp(-0.8*x) + 2*sin(1.7*x) + 1");
  const start = ["exp(-0.7*x)", "sin(1.6*x)"].map((text) => parse(text, { names: ["x"] }));
  const parts = backfit(start, [x], target, standardOperators, 200);
  const found = parts.map((part) => evaluateRows(part, [x], standardOperators));
  target.forEach((y, i) => {
    expect(Math.abs(found[0]![i]! + found[1]![i]! - y)).toBeLessThan(0.05);
  });
});
