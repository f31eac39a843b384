import { describe, expect, test } from "vitest";
import { methane, methaneIsThere } from "../../../../test/methane.ts";
import { random } from "../../../core/random.ts";
import { graphNetwork } from "../../../models/potentials/potential.ts";
import { initialWeights } from "../../../models/potentials/shapes.ts";
import { so3net } from "../../../models/potentials/so3net.ts";
import { openCell } from "../../../physics/fluids/cell.ts";
import { neighbourGraph } from "../../../physics/fluids/graph.ts";
import { manyBodyTerms } from "../../../physics/fluids/many-body-terms.ts";
import { squaredSum } from "../../../physics/fluids/squared-sum.ts";
import { stillingerWeber } from "../../../physics/fluids/stillinger-weber.ts";
import { contextTerms } from "./context.ts";
import { fewBody } from "./curves.ts";
import { fieldSubsets, networkSubsets, withoutSingles } from "./subset-energy.ts";
import { vacuumExpansion } from "./vacuum.ts";

const source = random(4);
const positions = Float64Array.from(
  { length: 18 },
  (_, k) => 2.6 * [k / 3, k / 6, k / 9][k % 3]! + source.normal() / 3,
);
const cluster = { positions, cell: openCell() };

test("Stillinger–Weber: pairs, triplets, and nothing of four bodies; the law's own terms", () => {
  const field = stillingerWeber();
  const graph = neighbourGraph(positions, openCell(), 2 * field.cutoff);
  const { orders, remainder } = vacuumExpansion(fieldSubsets(field, cluster), graph, { largest: 4 });
  const [ones, pairs, triplets, fours] = orders;
  expect(ones!.total).toBe(0);
  expect(Math.abs(remainder)).toBeLessThan(1e-10);
  for (const v of fours!.relevance) expect(Math.abs(v)).toBeLessThan(1e-10);
  const r = (i: number, j: number) =>
    Math.hypot(...[0, 1, 2].map((k) => positions[3 * i + k]! - positions[3 * j + k]!));
  pairs!.relevance.forEach((v, k) => {
    expect(v).toBeCloseTo(field.pairTerm(r(pairs!.sets[2 * k]!, pairs!.sets[2 * k + 1]!)), 10);
  });
  triplets!.relevance.forEach((v, k) => {
    const [a, b, c] = triplets!.sets.subarray(3 * k, 3 * k + 3) as unknown as [number, number, number];
    expect(v).toBeCloseTo(field.tripletTerm(r(a, b), r(a, c), r(b, c)), 10);
  });
  expect(Math.max(...triplets!.relevance.map(Math.abs))).toBeGreaterThan(1e-3);
});

describe.each(["schnet", "painn", "so3net"] as const)("%s", (architecture) => {
  const sizes = { architecture, features: 4, layers: 2, radialBasis: 6, cutoff: 3.5, species: 2 };
  const net = graphNetwork(initialWeights(sizes, random(2), { bias: 0.3 }));
  const species = Int32Array.of(0, 1, 1, 0, 1, 0);
  const graph = neighbourGraph(positions, openCell(), net.cutoff, { floor: 0 });
  const energy = networkSubsets(net, graph, species);

  test("the expansion of the network is that over all subsets, and its orders sum to the energy", () => {
    const brute = manyBodyTerms(energy, 6);
    const { orders, remainder, energy: whole } = vacuumExpansion(energy, graph, { largest: 6 });
    expect(Math.abs(remainder)).toBeLessThan(1e-11);
    expect(whole).toBeCloseTo(energy([0, 1, 2, 3, 4, 5]), 12);
    for (const { size, sets, relevance } of orders) {
      const named = new Map<string, number>();
      relevance.forEach((v, k) => {
        named.set(sets.subarray(k * size, (k + 1) * size).join(" "), v);
      });
      for (const { beads, value } of brute[size]!) {
        expect(Math.abs((named.get(beads.join(" ")) ?? 0) - value)).toBeLessThan(1e-11);
      }
    }
  });

  test("in context: a set's term is the sum of the vacuum terms that hold it", () => {
    const brute = manyBodyTerms(energy, 6);
    for (const set of [[1], [0, 1], [2, 4], [1, 2, 3]]) {
      let expected = 0;
      for (const terms of brute) {
        for (const { beads, value } of terms) if (set.every((i) => beads.includes(i))) expected += value;
      }
      const [got] = contextTerms(energy, 6, Int32Array.from(set), set.length);
      expect(Math.abs(got! - expected)).toBeLessThan(1e-11);
    }
  });

  test("few-body terms do not see the gauge; without singles a bead has no energy", () => {
    const few = fewBody(net);
    const at = [0, 0, 0, 2, 0, 0, 0.3, 2.2, 0];
    const three = neighbourGraph(Float64Array.from(at), openCell(), net.cutoff);
    const alone = networkSubsets(net, three, new Int32Array(3));
    const terms = manyBodyTerms(alone, 3);
    const r13 = Math.hypot(0.3, 2.2);
    const r23 = Math.hypot(1.7, 2.2);
    expect(few.single()).toBe(terms[1]![0]!.value);
    expect(few.pair(2)).toBeCloseTo(terms[2]![0]!.value, 12);
    expect(few.triplet([2, r13, r23])).toBeCloseTo(terms[3]![0]!.value, 11);
    const free = withoutSingles(energy, 6);
    expect([0, 3, 5].map((i) => free([i]))).toEqual([0, 0, 0]);
    expect(free([0, 1])).toBeCloseTo(energy([0, 1]) - energy([0]) - energy([1]), 12);
  });
});

test("the squared sum is two- and three-body exactly", () => {
  const field = squaredSum();
  const graph = neighbourGraph(positions, openCell(), 2 * field.cutoff);
  const { orders } = vacuumExpansion(fieldSubsets(field, cluster), graph, { largest: 4 });
  expect(Math.max(...orders[3]!.relevance.map(Math.abs))).toBeLessThan(1e-10);
  expect(Math.abs(orders[2]!.total)).toBeGreaterThan(1e-6);
});

test.skipIf(!methaneIsThere)("the published methane network: E₁ and the dimer curve (T16)", () => {
  const net = so3net(methane().weights, { tables: "published" });
  const few = fewBody(net, { species: 6 });
  expect(few.single()).toBeCloseTo(-0.7293878436, 9);
  const dimer = [
    [3.25, 2.5533],
    [3.45, 1.2169],
    [3.65, 0.5288],
    [3.85, 0.1877],
    [4.05, 0.0441],
    [4.25, -0.0017],
    [4.45, -0.007],
    [4.75, -0.0048],
  ] as const;
  for (const [r, v] of dimer) expect(Math.abs(few.pair(r) - v)).toBeLessThan(1e-4);
});

test("bad sets, distances and triangles are refused by name", () => {
  const net = graphNetwork(
    initialWeights(
      { architecture: "schnet", features: 4, layers: 1, radialBasis: 4, cutoff: 3, species: 1 },
      random(1),
    ),
  );
  const few = fewBody(net);
  const cases: [() => unknown, string][] = [
    [() => few.pair(-1), "distance -1"],
    [() => few.triplet([1, 1, 3]), "sides 1, 1, 3"],
    [() => contextTerms(() => 0, 3, Int32Array.of(1, 0), 2), "set [1, 0]"],
    [() => contextTerms(() => 0, 3, Int32Array.of(0, 1, 2), 3), "sets of 3, of 3"],
  ];
  for (const [act, message] of cases) expect(act).toThrow(message);
});
