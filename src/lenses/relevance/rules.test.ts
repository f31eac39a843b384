import { describe, expect, test } from "vitest";
import { random } from "../../core/random.ts";
import { silu } from "../../models/potentials/activations.ts";
import { transposed } from "../../models/potentials/dense.ts";
import { type GraphNetwork, graphNetwork, networkEnergy } from "../../models/potentials/potential.ts";
import { initialWeights, type NetworkSizes } from "../../models/potentials/shapes.ts";
import { type Cell, cell, openCell } from "../../physics/fluids/cell.ts";
import { neighbourGraph } from "../../physics/fluids/graph.ts";
import { bodiesByEnumeration, bodyRelevances } from "./bodies.ts";
import { networkWalks } from "./network-walks.ts";
import {
  biasesCounted,
  conservative,
  gradientTimesInput,
  maxBias,
  published,
  type RelevanceRules,
} from "./rules.ts";
import { totalRelevance } from "./subsets.ts";
import { unitMap } from "./unit-map.ts";

const sizes = { features: 6, layers: 2, radialBasis: 7, cutoff: 3, species: 2 };
const configs: NetworkSizes[] = [
  { ...sizes, architecture: "schnet" },
  { ...sizes, architecture: "painn" },
  { ...sizes, architecture: "so3net" },
  { ...sizes, architecture: "so3net", layers: 3, features: 4 },
];
const every: RelevanceRules[] = [
  conservative,
  biasesCounted,
  published,
  gradientTimesInput,
  { ...conservative, name: "LRP-0", unit: { gamma: 0, epsilon: 0, split: "positive", bias: "absorb" } },
  { ...published, name: "ε", unit: { gamma: 0.2, epsilon: 0.01, split: "positive", bias: "drop" } },
];
const species = Int32Array.of(0, 1, 0, 0, 1, 1, 0);
const positions = Float64Array.of(
  ...[0, 0, 0, 1.6, 0.2, -0.1, 0.3, 1.9, 0.4, 1.9, 2.0, 0.2],
  ...[-1.2, 0.8, 1.5, 0.5, -1.4, 1.1, 3.9, 0.5, 0.6],
);

describe.each(configs)("$architecture with $layers layers", (config) => {
  const weights = initialWeights(config, random(7, config.architecture), { bias: 0.3 });
  const net = graphNetwork(weights);
  const walksAt = (rules: RelevanceRules, at = positions, within: Cell = openCell(), kinds = species) =>
    networkWalks(net, neighbourGraph(at, within, config.cutoff), kinds, rules);

  test.each(every)("$name: the maps of every layer and their transposes agree", (rules) => {
    const model = walksAt(rules);
    const source = random(1);
    const rows = (n: number) => Float64Array.from({ length: n }, () => source.normal());
    const inner = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, k) => sum + v * b[k]!, 0);
    const beads = Int32Array.of(3, 0, 6, 3);
    for (const [t, layer] of model.layers.entries()) {
      for (const [map, from, to] of [
        [layer.send, model.width, layer.sent],
        [layer.receive, layer.received, model.width],
        [layer.keep, model.width, model.width],
      ] as const) {
        if (!map) continue;
        const [x, g] = [rows(4 * from), rows(4 * to)];
        const there = inner(map.apply(beads, x), g);
        expect(Math.abs(there - inner(x, map.transpose(beads, g)))).toBeLessThan(
          1e-10 * (1 + Math.abs(there)),
        );
      }
      const [x, g] = [rows(layer.sent), rows(layer.received)];
      const [out, back] = [new Float64Array(layer.received), new Float64Array(layer.sent)];
      layer.edge.apply(t + 1, x, 0, out, 0);
      layer.edge.transpose(t + 1, g, 0, back, 0);
      expect(inner(out, g)).toBeCloseTo(inner(x, back), 10);
    }
  });

  test.each(every)("$name: subset sums and enumeration agree on every set", (rules) => {
    const model = walksAt(rules);
    const [masks, walks] = [bodyRelevances(model, { largest: 4 }), bodiesByEnumeration(model)];
    expect(masks.total).toBeCloseTo(walks.total, 10);
    expect(masks.orders.length).toBe(config.layers + 1);
    masks.orders.forEach(({ relevance, sets }, n) => {
      expect(sets.length).toBeGreaterThanOrEqual(walks.orders[n]!.sets.length);
      const found = new Map<string, number>();
      const { size, sets: other, relevance: values } = walks.orders[n]!;
      values.forEach((value, k) => {
        found.set(other.subarray(k * size, (k + 1) * size).join(" "), value);
      });
      relevance.forEach((value, k) => {
        const partner = found.get(sets.subarray(k * size, (k + 1) * size).join(" ")) ?? 0;
        expect(Math.abs(value - partner)).toBeLessThan(1e-10);
      });
    });
  });

  test("gradient × input sums to the derivative of the energy by a scale of the embedding", () => {
    const name = "representation.embedding.weight";
    const energy = (scale: number) => {
      const tensor = weights.get(name)!;
      const data = (tensor.data as Float64Array).map((v) => v * scale);
      const other = graphNetwork(new Map(weights).set(name, { ...tensor, data }));
      return networkEnergy(other, neighbourGraph(positions, openCell(), config.cutoff), species);
    };
    const slope = (energy(1 + 1e-5) - energy(1 - 1e-5)) / 2e-5;
    expect(Math.abs(totalRelevance(walksAt(gradientTimesInput)) - slope)).toBeLessThan(
      1e-7 * (1 + Math.abs(slope)),
    );
  });

  test("relevance is conserved where biases are counted, whatever they are", () => {
    for (const [at, within] of [
      [positions, openCell()],
      [positions, cell([6.5, 0, 0, 0.4, 6.2, 0, -0.3, 0.5, 6.4])],
      [positions.map((x) => 9 * x), openCell()],
    ] as const) {
      const model = walksAt(biasesCounted, at, within);
      const { defect, energy, constant } = bodyRelevances(model);
      expect(Math.abs(energy)).toBeGreaterThan(1e-3);
      expect(Math.abs(constant)).toBeGreaterThan(1e-3);
      expect(Math.abs(defect)).toBeLessThan(1e-10);
    }
    const absorbing = walksAt(every[4]!);
    expect(Math.abs(bodyRelevances(absorbing).defect)).toBeLessThan(1e-8);
  });

  test("relevances do not see rotations and the order of beads; clusters beyond the cutoff share nothing", () => {
    const [c, s] = [Math.cos(1.1), Math.sin(1.1)];
    const turned = positions.slice();
    for (let i = 0; i < 7; i++) {
      const [x, y, z] = [turned[3 * i]!, turned[3 * i + 1]!, turned[3 * i + 2]!];
      turned.set([c * x - s * z + 3, y, -s * x - c * z], 3 * i);
    }
    const order = random(8).permutation(7);
    const mixed = new Float64Array(21);
    order.forEach((from, to) => {
      mixed.set(positions.subarray(3 * from, 3 * from + 3), 3 * to);
    });
    const far = Float64Array.of(...positions, ...positions.map((x, k) => (k % 3 === 0 ? x + 50 : x)));
    const here = bodyRelevances(walksAt(conservative));
    const there = bodyRelevances(walksAt(conservative, turned));
    const kinds = Int32Array.from(order, (i) => species[i]!);
    const permuted = bodyRelevances(walksAt(conservative, mixed, openCell(), kinds));
    const twice = bodyRelevances(
      walksAt(conservative, far, openCell(), Int32Array.of(...species, ...species)),
    );
    here.orders.forEach(({ relevance, sets, size }, n) => {
      const other = permuted.orders[n]!;
      const named = new Map<string, number>();
      other.relevance.forEach((value, k) => {
        const set = [...other.sets.subarray(k * size, (k + 1) * size)].map((i) => order[i]!);
        named.set(set.sort((a, b) => a - b).join(" "), value);
      });
      relevance.forEach((value, k) => {
        expect(Math.abs(value - there.orders[n]!.relevance[k]!)).toBeLessThan(1e-10);
        expect(value).toBeCloseTo(named.get(sets.subarray(k * size, (k + 1) * size).join(" "))!, 10);
      });
      expect(twice.orders[n]!.sets.length).toBe(2 * sets.length);
      expect(twice.orders[n]!.total).toBeCloseTo(2 * here.orders[n]!.total, 10);
    });
  });

  test("pair relevance fades at the cutoff; filters that are zero leave one-body relevance", () => {
    const pair = (r: number) =>
      bodyRelevances(
        walksAt(conservative, Float64Array.of(0, 0, 0, r, 0, 0), openCell(), Int32Array.of(0, 1)),
      ).orders[1]?.total ?? 0;
    expect(Math.abs(pair(config.cutoff - 1e-5))).toBeLessThan(1e-8);
    expect(Math.abs(pair(1.5))).toBeGreaterThan(1e-6);
    const silent = new Map(weights);
    for (const [name, tensor] of weights) {
      if (!/filter_?net/.test(name)) continue;
      silent.set(name, { ...tensor, data: new Float64Array(tensor.data.length) });
    }
    const deaf = graphNetwork(silent);
    const { orders } = bodyRelevances(
      networkWalks(deaf, neighbourGraph(positions, openCell(), config.cutoff), species),
    );
    for (const { size, relevance } of orders) {
      if (size > 1) for (const value of relevance) expect(Math.abs(value)).toBeLessThan(1e-14);
    }
  });
});

test("one layer: no three-body relevance, though the energy of an SO3net has a three-body part", () => {
  const net: GraphNetwork = graphNetwork(
    initialWeights({ ...sizes, architecture: "so3net", layers: 1 }, random(3), { bias: 0.2 }),
  );
  const at = Float64Array.of(0, 0, 0, 1.5, 0, 0, 0.2, 1.6, 0);
  const energy = (beads: number[]) =>
    networkEnergy(
      net,
      neighbourGraph(
        Float64Array.from(beads.flatMap((i) => [...at.subarray(3 * i, 3 * i + 3)])),
        openCell(),
        3,
      ),
      new Int32Array(beads.length),
    );
  const pairs = energy([0, 1]) + energy([0, 2]) + energy([1, 2]);
  const three = energy([0, 1, 2]) - pairs + energy([0]) + energy([1]) + energy([2]);
  expect(Math.abs(three)).toBeGreaterThan(1e-4);
  const model = networkWalks(net, neighbourGraph(at, openCell(), 3), new Int32Array(3));
  const { orders, remainder } = bodyRelevances(model);
  expect(orders.length).toBe(2);
  expect(Math.abs(remainder)).toBeLessThan(1e-12);
});

describe("the rule of a unit", () => {
  const source = random(2);
  const [inputs, outputs, beads] = [5, 4, 3];
  const draw = (n: number) => Float64Array.from({ length: n }, () => source.normal());
  const w = draw(inputs * outputs);
  const bias = draw(outputs);
  const a = draw(beads * inputs);
  const z = (b: Float64Array | undefined) =>
    Float64Array.from({ length: beads * outputs }, (_, at) => {
      const [i, u] = [Math.floor(at / outputs), at % outputs];
      let sum = b?.[u] ?? 0;
      for (let j = 0; j < inputs; j++) sum += a[i * inputs + j]! * w[u * inputs + j]!;
      return sum;
    });
  const layer = (b?: Float64Array) => ({
    inputs,
    outputs,
    w,
    wt: transposed(w, outputs, inputs),
    ...(b ? { bias: b } : {}),
  });
  /** Contribution of input j to unit u at bead i: what δa = a_j gives. */
  const contribution = (map: ReturnType<typeof unitMap>, i: number, u: number, j: number) => {
    const row = new Float64Array(inputs);
    row[j] = a[i * inputs + j]!;
    return map.apply(Int32Array.of(i), row)[u]!;
  };

  test("ReLU without bias at γ = 0 is gradient × input; SiLU at γ = 0 is y·z_j/z", () => {
    const relu = {
      name: "relu",
      value: (x: number) => Math.max(x, 0),
      slope: (x: number) => (x > 0 ? 1 : 0),
    };
    const rule = { gamma: 0, epsilon: 0, split: "generalised", bias: "max" } as const;
    const before = z(undefined);
    const rectified = unitMap(rule, layer(), relu, a, before);
    const gradient = unitMap("gradient", layer(), relu, a, before);
    const smooth = unitMap(rule, layer(), silu, a, before);
    for (let i = 0; i < beads; i++) {
      for (let u = 0; u < outputs; u++) {
        for (let j = 0; j < inputs; j++) {
          expect(contribution(rectified, i, u, j)).toBeCloseTo(contribution(gradient, i, u, j), 12);
          const sum = before[i * outputs + u]!;
          const expected = (silu.value(sum) * a[i * inputs + j]! * w[u * inputs + j]!) / sum;
          expect(contribution(smooth, i, u, j)).toBeCloseTo(expected, 12);
        }
      }
    }
  });

  test("γ → ∞ leaves contributions with the sign of the unit alone, and they sum to it", () => {
    const before = z(undefined);
    const map = unitMap({ ...maxBias, gamma: 1e12 }, layer(), silu, a, before);
    for (let i = 0; i < beads; i++) {
      for (let u = 0; u < outputs; u++) {
        const y = silu.value(before[i * outputs + u]!);
        let sum = 0;
        for (let j = 0; j < inputs; j++) {
          const part = contribution(map, i, u, j);
          expect(part * Math.sign(y)).toBeGreaterThan(-1e-9);
          sum += part;
        }
        expect(sum).toBeCloseTo(y, 9);
      }
    }
  });

  test("what a bias does: shared, absorbed, the larger of two, damped by ε", () => {
    const before = z(bias);
    const sums = (rule: Parameters<typeof unitMap>[0]) => {
      const map = unitMap(rule, layer(bias), silu, a, before);
      const got = Float64Array.from({ length: beads * outputs }, (_, at) => {
        let sum = 0;
        for (let j = 0; j < inputs; j++) sum += contribution(map, Math.floor(at / outputs), at % outputs, j);
        return sum;
      });
      return { got, born: map.born };
    };
    const shared = sums({ ...maxBias, bias: "share" });
    const absorbed = sums({ ...maxBias, bias: "absorb" });
    const larger = sums(maxBias);
    const damped = sums({ ...maxBias, bias: "share", epsilon: 0.5 });
    before.forEach((value, at) => {
      const y = silu.value(value);
      expect(shared.got[at]! + shared.born![at]!).toBeCloseTo(y, 12);
      expect(absorbed.got[at]!).toBeCloseTo(y, 11);
      expect(larger.got[at]! * Math.sign(y)).toBeLessThan(Math.abs(y) + 1e-12);
      expect(Math.abs(damped.got[at]! + damped.born![at]!)).toBeLessThan(Math.abs(y));
    });
    expect(shared.born!.some((value) => Math.abs(value) > 0.01)).toBe(true);
  });

  test("γ and ε below zero are refused by name", () => {
    const net = graphNetwork(initialWeights(configs[0]!, random(1)));
    const graph = neighbourGraph(positions, openCell(), 3);
    for (const unit of [
      { ...maxBias, gamma: -1 },
      { ...maxBias, epsilon: Number.NaN },
    ]) {
      const rules = { ...conservative, name: "odd", unit };
      expect(() => networkWalks(net, graph, species, rules)).toThrow("relevance rules 'odd'");
    }
  });
});
