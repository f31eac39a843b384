import { expect, test } from "vitest";
import { exampleClaims } from "../../test/support/claims.ts";
import { UserError } from "../core/errors.ts";
import { random } from "../core/random.ts";
import { type Claim, checkClaim } from "./claim.ts";
import { compare } from "./compare.ts";
import { equationToConcept } from "./convert.ts";
import { type Concept, chanceAlignment } from "./kinds/concept.ts";

const all = Object.values(exampleClaims) as Claim[];
const names = (n: number) => Array.from({ length: n }, (_, i) => `x${i}`);

/** Spearman without ties, from its definition: 1 − 6Σd²/(n(n²−1)) with ranks by counting. */
function spearmanByCounting(x: readonly number[], y: readonly number[]): number {
  const rank = (list: readonly number[], v: number) => list.filter((other) => other < v).length;
  const d2 = x.reduce((sum, v, i) => sum + (rank(x, v) - rank(y, y[i]!)) ** 2, 0);
  return 1 - (6 * d2) / (x.length * (x.length ** 2 - 1));
}

test.each(all)("a $kind agrees with itself entirely", (claim) => {
  expect(compare(claim, structuredClone(claim)).agreement).toBeCloseTo(1, 12);
});

test("relevance: Spearman by counting ranks, signs by counting, variables matched by name", () => {
  const stream = random(1, "relevance");
  const variables = names(9);
  const draw = () => variables.map(() => stream.normal());
  const a = { ...exampleClaims.relevance, variables, values: draw(), uncertainty: null };
  const values = draw();
  const order = stream.permutation(9);
  const b = {
    ...a,
    variables: Array.from(order, (i) => variables[i]!),
    values: Array.from(order, (i) => values[i]!),
  };
  const { agreement, measures } = compare(a, b);
  expect(agreement).toBeCloseTo(spearmanByCounting(a.values, values), 12);
  const same = a.values.filter((v, i) => v > 0 === values[i]! > 0).length;
  expect(measures["signs"]).toBeCloseTo(same / 9, 12);
});

test("coupling: Pearson over the pairs by its definition, edge AUC by counting pairs of pairs", () => {
  const stream = random(2, "coupling");
  const n = 5;
  const symmetric = (of: (i: number, j: number) => number) => {
    const rows = Array.from({ length: n }, () => Array<number>(n).fill(0));
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) rows[i]![j] = rows[j]![i] = of(i, j);
    return rows;
  };
  const a = { ...exampleClaims.coupling, variables: names(n), values: symmetric(() => stream.normal()) };
  const b = { ...a, values: symmetric((i, j) => ((i + j) % 2 === 0 ? stream.normal() : 0)) };
  const { agreement, measures } = compare(a, b);
  const pairs = names(n).flatMap((_, i) =>
    names(i).map((_, j) => [a.values[i]![j]!, b.values[i]![j]!] as const),
  );
  const mx = pairs.reduce((s, [x]) => s + x, 0) / pairs.length;
  const my = pairs.reduce((s, [, y]) => s + y, 0) / pairs.length;
  const cov = (f: (p: readonly [number, number]) => number) => pairs.reduce((s, p) => s + f(p), 0);
  const r =
    cov(([x, y]) => (x - mx) * (y - my)) /
    Math.sqrt(cov(([x]) => (x - mx) ** 2) * cov(([, y]) => (y - my) ** 2));
  expect(agreement).toBeCloseTo(r, 12);
  const edges = pairs.filter(([, y]) => y !== 0);
  const rest = pairs.filter(([, y]) => y === 0);
  const won = edges.flatMap(([x]) => rest.map(([z]) => (Math.abs(x) > Math.abs(z) ? 1 : 0) as number));
  expect(measures["edgeAuc"]).toBeCloseTo(won.reduce((s, w) => s + w, 0) / won.length, 12);
  const full = { ...a, values: symmetric(() => 1 + stream.uniform()) };
  expect(compare(a, full).measures["edgeAuc"]).toBeUndefined();
  expect(compare(a, full).notes[0]).toMatch(/10 of 10 pairs/);
});

/** A field f(x, y) with its gradient at random points. */
function field(f: (x: number, y: number) => [number, number, number], id: string): Concept {
  const stream = random(3, "points");
  const at = Array.from({ length: 40 }, () => f(1 + stream.uniform(), 1 + stream.uniform()));
  return {
    ...exampleClaims.concept,
    id,
    inputs: [
      { name: "x", unit: "m", scale: 1 },
      { name: "y", unit: "s", scale: 1 },
    ],
    points: names(40),
    values: at.map(([v]) => v),
    gradients: at.map(([, gx, gy]) => [gx, gy]),
  };
}

test("concept: a monotone function of a field is the same concept, the field across it is not", () => {
  const q = field((x, y) => [x * y, y, x], "q");
  const monotone = field(
    (x, y) => [-((x * y) ** 3), -3 * (x * y) ** 2 * y, -3 * (x * y) ** 2 * x],
    "monotone",
  );
  const across = field((x, y) => [x * x - y * y, x, -y], "across");
  expect(compare(monotone, q).agreement).toBeCloseTo(1, 12);
  expect(compare(monotone, q).measures["spearman"]).toBeCloseTo(-1, 12);
  expect(compare(across, q).agreement).toBeCloseTo(0, 12);
  const values = { ...monotone, gradients: null };
  expect(compare(values, q)).toMatchObject({ measure: "spearman", agreement: 1 });
  expect(compare(values, q).notes[0]).toMatch(/by rank/);
});

test("concept: the scale of an input is its unit step, and points without a gradient are left out by name", () => {
  const scaled = (scale: number, gradients: number[][]) => ({
    ...exampleClaims.concept,
    inputs: [
      { name: "Z", unit: "", scale: 1 },
      { name: "N", unit: "", scale },
    ],
    gradients,
  });
  const a = scaled(10, [
    [1, 0.1],
    [0, 0],
    [1, 0],
  ]);
  const b = scaled(10, [
    [1, 0],
    [1, 0],
    [1, 0],
  ]);
  const { agreement, notes } = compare(a, b);
  expect(agreement).toBeCloseTo((Math.SQRT1_2 + 1) / 2, 12);
  expect(notes).toEqual(["1 of 3 points have a zero gradient and are left out."]);
});

test("concept: chance alignment against random directions", () => {
  const stream = random(4, "directions");
  for (const d of [1, 2, 3, 4, 7]) {
    let sum = 0;
    for (let k = 0; k < 20_000; k++) {
      const v = Array.from({ length: d }, () => stream.normal());
      sum += Math.abs(v[0]!) / Math.hypot(...v) / 20_000;
    }
    expect(chanceAlignment(d)).toBeGreaterThan(sum - 0.01);
    expect(chanceAlignment(d)).toBeLessThan(sum + 0.01);
  }
});

test("equation: relative RMS by hand; canonical forms decide where both are there", () => {
  const a = { ...exampleClaims.equation, canonical: null };
  const off = { ...a, values: [157 + 3, 314, 471 - 4] };
  const { agreement, measures, notes } = compare(off, a);
  const relative = Math.sqrt((9 + 16) / 3) / Math.sqrt((157 ** 2 * 2) / 3);
  expect(measures["relativeRms"]).toBeCloseTo(relative, 12);
  expect(agreement).toBeCloseTo(1 - relative ** 2, 12);
  expect(measures["numeric"]).toBe(0);
  expect(notes[0]).toMatch(/canonical/);
  const same = compare({ ...off, canonical: "f" }, { ...a, canonical: "f" });
  expect(same).toMatchObject({ agreement: 1, measure: "symbolic", measures: { symbolic: 1 } });
  expect(compare({ ...a, canonical: "g" }, { ...a, canonical: "f" }).measures).toMatchObject({
    symbolic: 0,
    numeric: 1,
  });
});

test("count by distance, critical value by grid steps", () => {
  const { count, "critical value": critical } = exampleClaims;
  expect(compare(count, { ...count, value: 5, uncertainty: null })).toMatchObject({
    agreement: 0.25,
    measures: { exact: 0, distance: 3 },
  });
  const other = { ...critical, value: 2.9, grid: { ...critical.grid, step: 0.2 } };
  expect(compare(critical, other).measures["steps"]).toBeCloseTo(3, 12);
  expect(compare(critical, other).agreement).toBeCloseTo(1 / 3, 12);
  expect(compare(critical, { ...critical, value: 2.35 }).agreement).toBe(1);
});

test("influence and reliability by rank, points matched by name", () => {
  const { influence, reliability } = exampleClaims;
  const turned = { ...influence, values: influence.values.map((v) => -v) };
  expect(compare(turned, influence).agreement).toBeCloseTo(-1, 12);
  const reversed = {
    ...reliability,
    points: [...reliability.points].reverse(),
    values: [...reliability.values].reverse(),
  };
  expect(compare(reversed, reliability).agreement).toBeCloseTo(1, 12);
});

test("an equation's values become a concept that equals any monotone relative", () => {
  const concept = equationToConcept(exampleClaims.equation);
  const cubed = { ...concept, values: concept.values.map((v) => v ** 3) };
  expect(compare(cubed, concept).agreement).toBe(1);
  expect(equationToConcept(exampleClaims.equation, { scales: { A: 5 } }).inputs[0]!.scale).toBe(5);
});

const { relevance, coupling, concept, equation, count, influence, reliability } = exampleClaims;
const critical = exampleClaims["critical value"];

test.each<[string, Claim, Claim]>([
  ["only claims of one kind", relevance, coupling],
  [
    "only 'example.relevance' has 'parity'",
    relevance,
    { ...relevance, id: "b", variables: ["Z", "N", "A", "x"] },
  ],
  ["only 'b' has 'x'", relevance, { ...relevance, id: "b", variables: ["Z", "N", "A", "x"] }],
  ["'signed'", relevance, { ...relevance, signed: false, values: [1, 2, 3, 4] }],
  ["nothing to rank", relevance, { ...relevance, values: [1, 1, 1, 1] }],
  ["'directed'", coupling, { ...coupling, directed: true }],
  [
    "all couplings are equal",
    coupling,
    { ...coupling, values: coupling.values.map((row) => row.map(() => 0)) },
  ],
  ["sample points", concept, { ...concept, points: ["p1", "p2", "q"] }],
  [
    "the scale of input 'Z'",
    concept,
    { ...concept, inputs: concept.inputs.map((i) => ({ ...i, scale: 3 })) },
  ],
  [
    "the inputs of",
    concept,
    { ...concept, inputs: concept.inputs.map((i) => ({ ...i, name: `${i.name}2` })) },
  ],
  ["is zero", concept, { ...concept, gradients: concept.points.map(() => [0, 0]) }],
  ["the unit", equation, { ...equation, unit: "keV" }],
  ["sample points", equation, { ...equation, points: ["a", "b", "c"] }],
  ["what is counted", count, { ...count, of: "laws" }],
  ["the parameter", critical, { ...critical, parameter: "L" }],
  ["the unit", critical, { ...critical, unit: "K" }],
  ["training points", influence, { ...influence, points: ["a", "b", "c", "d"] }],
  ["what is given", reliability, { ...reliability, gives: "confidence" }],
])("refuses to compare, saying %j", (said, a, b) => {
  expect(() => compare(a, b)).toThrow(UserError);
  expect(() => compare(a, b)).toThrow(said);
});

test.each<[string, Claim]>([
  ["values: has 2 entries; expected 4", { ...relevance, values: [1, 2] }],
  ["'Z' stands there twice", { ...relevance, variables: ["Z", "Z", "A", "B"] }],
  ["values.0", { ...relevance, values: [Number.NaN, 1, 2, 3] }],
  ["below zero", { ...relevance, signed: false }],
  ["uncertainty.1", { ...relevance, uncertainty: [0, -1, 0, 0] }],
  ["one sentence", { ...relevance, statement: "no end" }],
  ["a letter first", { ...relevance, id: "2 words" }],
  ["Unrecognized key", { ...relevance, value: 3 } as never],
  ["not symmetric", { ...coupling, values: coupling.values.map((row, i) => row.map((v, j) => v + i - j)) }],
  ["row 0 has 1", { ...coupling, directed: true, values: [[0], [0], [0], [0]] }],
  ["one an input", { ...concept, gradients: [[1], [1], [1]] }],
  ["outside the possible 0 to 6", { ...count, value: 9 }],
  ["does not hold the value", { ...count, uncertainty: { low: 3, high: 4 } }],
  ["value", { ...count, value: 2.5 }],
  ["outside the scanned", { ...critical, value: 9 }],
  ["not below high", { ...critical, grid: { low: 4, high: 1, step: 1 } }],
  ["kind", { ...count, kind: "guess" } as never],
])("a claim that is not whole is refused, saying %j", (said, claim) => {
  expect(() => checkClaim(claim)).toThrow(UserError);
  expect(() => checkClaim(claim)).toThrow(said);
});
