import { expect, test } from "vitest";
import { UserError } from "../../../core/errors.ts";
import { random } from "../../../core/random.ts";
import { equivalent } from "../../../expressions/equivalent.ts";
import { call, variable } from "../../../expressions/expression.ts";
import { parse } from "../../../expressions/parse.ts";
import { print } from "../../../expressions/print.ts";
import { sampleSystem } from "../../../physics/dynamics/sample-system.ts";
import { strogatzSystems } from "../../../physics/dynamics/strogatz.ts";
import type { DynamicalSystem } from "../../../physics/dynamics/system.ts";
import { hopf, linearExample, lorenz, lotkaVolterra } from "../../../physics/dynamics/systems.ts";
import { dynamicsFromTable } from "./data.ts";
import type { SparseOptions } from "./options.ts";
import { type SparseDynamics, sindy } from "./sindy.ts";

const names = ["x", "y", "z"];
const terms = (found: SparseDynamics, over: readonly string[]) =>
  found.equations.map((equation) =>
    Object.fromEntries(
      equation.terms.map(({ term, coefficient }) => [print(term, { names: over }), coefficient]),
    ),
  );
const truth = [
  { x: -10, y: 10 },
  { x: 28, y: -1, "x*z": -1 },
  { z: -8 / 3, "x*y": 1 },
] as Record<string, number>[];

function lorenzFit(noise: number, seed: number, options: SparseOptions = {}): SparseDynamics {
  const table = sampleSystem(lorenz, { noise, random: random(seed) });
  return sindy(dynamicsFromTable(table, names), { random: random(seed, "ensemble"), ...options });
}

test.each([
  [0, 1e-3],
  [0.001, 1e-3],
  [0.01, 0.02],
])(
  "Lorenz at noise %d: exactly the seven terms of the system, coefficients within %d",
  (noise, tolerance) => {
    for (const seed of noise === 0 ? [1] : [1, 2, 3, 4, 5]) {
      const found = lorenzFit(noise, seed);
      const list = terms(found, names);
      expect(list.map((equation) => Object.keys(equation).sort())).toEqual(
        truth.map((equation) => Object.keys(equation).sort()),
      );
      list.forEach((equation, k) => {
        for (const [term, coefficient] of Object.entries(equation)) {
          expect(Math.abs(coefficient / truth[k]![term]! - 1)).toBeLessThan(tolerance);
        }
      });
      expect(found.equations.flatMap((equation) => equation.terms.flatMap(({ flags }) => flags))).toEqual([]);
    }
  },
);

test("Lorenz at 5 %: noise is read as signal, and every spurious term is flagged", () => {
  let spurious = 0;
  for (const seed of [1, 2, 3, 4, 5]) {
    const found = lorenzFit(0.05, seed);
    found.equations.forEach((equation, k) => {
      for (const { term, flags } of equation.terms) {
        if (print(term, { names }) in truth[k]!) continue;
        spurious++;
        expect(flags.length).toBeGreaterThan(0);
      }
    });
  }
  expect(spurious).toBeGreaterThan(3);
});

test("moments without the noise of the states: at 5 % all seven terms, where plain least squares loses or bends them", () => {
  const off = (found: SparseDynamics) => {
    const list = terms(found, names);
    return Math.max(
      ...truth.flatMap((equation, k) =>
        Object.entries(equation).map(([term, value]) => Math.abs((list[k]![term] ?? 0) / value - 1)),
      ),
    );
  };
  for (const seed of [1, 2, 3]) {
    const corrected = off(lorenzFit(0.05, seed, { correctNoise: true, rounds: 0 }));
    const plain = off(lorenzFit(0.05, seed, { rounds: 0 }));
    expect(corrected).toBeLessThan(0.06);
    expect(plain).toBeGreaterThan(3 * corrected);
  }
});

test("from the states alone at 1 %: weak form and Savitzky–Golay find the seven terms within 5 %, others are flagged", () => {
  for (const options of [
    { rates: "weak form", weak: { window: 151 } },
    { rates: "savitzky-golay", window: 31 },
  ] as const) {
    const found = lorenzFit(0.01, 2, options);
    terms(found, names).forEach((equation, k) => {
      for (const [term, value] of Object.entries(truth[k]!)) {
        expect(Math.abs(equation[term]! / value - 1)).toBeLessThan(0.05);
      }
    });
    const extra = found.equations.flatMap((equation, k) =>
      equation.terms.filter(({ term }) => !(print(term, { names }) in truth[k]!)),
    );
    for (const { flags } of extra) expect(flags.length).toBeGreaterThan(0);
  }
});

/** The text of the system's equations is the oracle: parsed and compared with what was found. */
function sameAs(system: DynamicalSystem, found: SparseDynamics, tolerance: number): void {
  found.equations.forEach((equation, k) => {
    const expected = parse(system.equations[k]!, { names: system.variables });
    const { numeric, worst } = equivalent(equation.expression, expected, { tolerance });
    expect({ equation: equation.text, numeric, worst }).toMatchObject({ numeric: true });
  });
}

test.each([
  [linearExample, { degree: 2 }],
  [hopf, { degree: 3, threshold: 0.02 }],
  [lotkaVolterra, { degree: 2 }],
  [strogatzSystems.find(({ name }) => name === "lv")!, { degree: 3 }],
  [strogatzSystems.find(({ name }) => name === "vdp")!, { degree: 3, threshold: 0.05 }],
] as const)("$name: found from exact rates, and from states alone by differences", (system, options) => {
  const data = dynamicsFromTable(sampleSystem(system), system.variables);
  sameAs(system, sindy(data, { ...options, rounds: 0 }), 1e-6);
});

test("the linear example from states alone: coefficients within 1 % by differences, Savitzky–Golay and weak form", () => {
  const data = dynamicsFromTable(sampleSystem(linearExample), ["x", "y"], { rates: false });
  for (const rates of ["differences", "savitzky-golay", "weak form"] as const) {
    const found = sindy(data, { rates, degree: 1, rounds: 0, weak: { window: 41 } });
    expect(terms(found, ["x", "y"])).toEqual([{ x: expect.closeTo(-2, 1) }, { y: expect.closeTo(1, 2) }]);
  }
});

test("sines in the library: the bar magnets, with their differences of angles given as terms", () => {
  const system = strogatzSystems.find(({ name }) => name === "barmag")!;
  const [x, y] = [variable(0), variable(1)];
  const library = [x, y, call("sub", x, y)].map((inside) => call("sin", inside));
  const data = dynamicsFromTable(sampleSystem(system), system.variables);
  sameAs(system, sindy(data, { library, rounds: 0 }), 1e-6);
  const polynomialAndFourier = sindy(data, { degree: 1, frequencies: 2, rounds: 0, threshold: 0.05 });
  expect(polynomialAndFourier.library.length).toBe(3 + 8);
});

test("the same seed gives the same dynamics", () => {
  const one = lorenzFit(0.05, 4);
  expect(lorenzFit(0.05, 4)).toEqual(one);
});

const exact = dynamicsFromTable(sampleSystem(linearExample), ["x", "y"]);
const { rates: _, ...bare } = exact;
test.each<[string, () => unknown]>([
  ["needs a random stream", () => sindy(exact)],
  ["have no rates", () => sindy(bare, { rates: "given", rounds: 0 })],
  ["a threshold of -1", () => sindy(exact, { threshold: -1, rounds: 0 })],
  [
    "depend on each other",
    () => sindy(exact, { library: [variable(0), variable(0)], rounds: 0, threshold: 0 }),
  ],
  ["given rates and a polynomial library", () => sindy(bare, { correctNoise: true, rounds: 0 })],
  ["a window of 14", () => sindy(bare, { window: 14, rounds: 0 })],
  ["a window of 500", () => sindy(bare, { rates: "weak form", weak: { window: 500 }, rounds: 0 })],
  ["a degree of 1.5", () => sindy(exact, { degree: 1.5, rounds: 0 })],
  [
    "is not finite on the data",
    () => sindy(exact, { library: [call("log", call("neg", variable(0)))], rounds: 0 }),
  ],
  ["no number column 'u'", () => dynamicsFromTable(sampleSystem(linearExample), ["u"])],
  ["ascending times", () => sindy({ ...bare, times: bare.times.map(() => 0) }, { rounds: 0 })],
])("bad input is refused, saying %j", (said, attempt) => {
  expect(attempt).toThrow(UserError);
  expect(attempt).toThrow(said);
});
