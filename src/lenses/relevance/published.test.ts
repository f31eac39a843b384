import { describe, expect, test } from "vitest";
import { methane, methaneIsThere } from "../../../test/methane.ts";
import { publishedCouplings } from "../../models/potentials/clebsch-gordan.ts";
import { so3net } from "../../models/potentials/so3net.ts";
import { so3netForces } from "../../models/potentials/so3net-forces.ts";
import { runSo3net } from "../../models/potentials/so3net-forward.ts";
import { cell } from "../../physics/fluids/cell.ts";
import { neighbourGraph } from "../../physics/fluids/graph.ts";
import { bodiesByEnumeration, bodyRelevances } from "./bodies.ts";
import { normaliser, walksOfClique } from "./normalise.ts";
import { readoutRelevance } from "./readout-relevance.ts";
import { conservative, published } from "./rules.ts";
import { so3netWalks } from "./so3net-walks.ts";
import { walkRelevances } from "./walks.ts";

let held: ReturnType<typeof prepare> | undefined;

function prepare() {
  const data = methane();
  const net = so3net(data.weights, { tables: "published" });
  const graph = neighbourGraph(data.positions, data.cell, net.cutoff);
  return { ...data, box: data.cell, net, graph, state: runSo3net(net, graph, data.species) };
}

/** Read and run when the first test needs it: not at all where the data are absent. */
function ready() {
  held ??= prepare();
  return held;
}

describe.skipIf(!methaneIsThere)("the published methane network on the published frame", () => {
  test("couplings are the published table, number for number", () => {
    const { couplings } = ready();
    const table = publishedCouplings(2);
    expect(table.count).toBe(83);
    couplings.forEach(([a, b, c, value], k) => {
      expect([table.first[k], table.second[k], table.third[k], table.value[k]]).toEqual([a, b, c, value]);
    });
  });

  test("energy, modified energy and forces (T1, T2, T3)", () => {
    const { golden, net, state } = ready();
    expect(Math.abs(state.energy - golden.energy_plain)).toBeLessThan(1e-12);
    const { modified } = readoutRelevance(published, net.readout, state.readout);
    expect(Math.abs(modified - golden.energy_modified_forward)).toBeLessThan(1e-11);
    const { forces } = so3netForces(net, state);
    [...golden.F0, ...golden.F1].forEach((f, k) => {
      expect(Math.abs(forces[k]! - f)).toBeLessThan(1e-11);
    });
    expect(Math.sqrt(forces.reduce((sum, f) => sum + f * f, 0) / 375)).toBeCloseTo(golden.F_rms, 11);
    for (const k of [0, 1, 2]) {
      expect(Math.abs(forces.filter((_, at) => at % 3 === k).reduce((a, b) => a + b, 0))).toBeLessThan(1e-11);
    }
  });

  test("rotations leave the energy as it is to 1e-10 with exact tables", () => {
    const { golden, weights, positions, box, graph, species, net } = ready();
    const exact = so3net(weights);
    const energy = runSo3net(exact, graph, species).energy;
    const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
    const turn = (v: Float64Array) => {
      const out = v.slice();
      for (let i = 0; i < v.length; i += 3) {
        const [x, y, z] = [v[i]!, v[i + 1]!, v[i + 2]!];
        const [a, b] = [c * x - s * y, s * x + c * y];
        out.set([a, c * b - s * z, s * b + c * z], i);
      }
      return out;
    };
    const turned = neighbourGraph(turn(positions), cell(turn(box.vectors)), net.cutoff);
    expect(Math.abs(runSo3net(exact, turned, species).energy - energy)).toBeLessThan(1e-10);
    expect(Math.abs(energy - golden.energy_plain)).toBeLessThan(1e-5);
  });

  test("published rules: walks one by one, all walks, sets and their sums (T4, T5, T6, T8, T9, T10)", () => {
    const { golden, net, state, graph } = ready();
    const model = so3netWalks(net, state, published);
    const got = walkRelevances(
      model,
      golden.walks.flatMap((walk) => walk.slice(0, 4)),
    );
    expect(golden.walks.length).toBe(40);
    golden.walks.forEach((walk, w) => {
      expect(Math.abs(got[w]! - walk[4]!)).toBeLessThan(1e-12);
    });
    const named: [number[], number, number][] = [
      [[0, 0, 0, 0], -0.5732153281, 1e-10],
      [[1, 0, 0, 0], -5.935118e-4, 1e-10],
      [[0, 0, 0, 1], -1.700725e-4, 1e-10],
      [[0, 1, 0, 0], -2.698208e-6, 6e-13],
      [[0, 0, 1, 0], -7.484888e-7, 6e-14],
      [[18, 0, 1, 0], 1.50401e-7, 6e-13],
    ];
    const values = walkRelevances(
      model,
      named.flatMap(([walk]) => walk),
    );
    named.forEach(([, value, within], w) => {
      expect(Math.abs(values[w]! - value)).toBeLessThan(within);
    });
    const walks = bodiesByEnumeration(model);
    expect(Math.abs(walks.total - golden.sumR_paper)).toBeLessThan(1e-11);
    expect(walks.walks.map((n) => n.reduce((a, b) => a + b, 0))).toEqual([125, 7714, 47276, 69236]);
    expect(walks.orders.map(({ relevance }) => relevance.length)).toEqual([125, 551, 3490, 22755]);
    const closed = walks.walks[2]!.filter((n) => n === walksOfClique(3, 3)).length;
    expect([closed, 3490 - closed]).toEqual([476, 3014]);
    const divisor = normaliser("walk", model, walks);
    expect(Math.abs(divisor / 1.5174494951527e-4 - 1)).toBeLessThan(1e-12);

    // The plotted curve: relevance a walk over 75 edges of distance, labelled by the lower edge, in 10⁻³ of the divisor.
    const { sets, relevance } = walks.orders[1]!;
    const distance = Float64Array.from(relevance, (_, k) => {
      for (let e = graph.starts[sets[2 * k]!]!; e < graph.starts[sets[2 * k]! + 1]!; e++) {
        if (graph.sender[e] === sets[2 * k + 1]) return graph.distances[e]!;
      }
      return Number.NaN;
    });
    const [least, most] = [Math.min(...distance), Math.max(...distance) + 1e-4];
    const edges = Array.from({ length: 75 }, (_, k) => least + (k * (most - least)) / 74);
    const curve = edges.map((from, k) => {
      const inside = [...distance.keys()].filter(
        (p) => distance[p]! >= from && distance[p]! < (edges[k + 1] ?? Infinity),
      );
      const sum = inside.reduce((total, p) => total + relevance[p]! / 14, 0);
      return (1e-3 * sum) / inside.length / divisor;
    });
    const plotted: [number, number][] = [
      [3.248, 1.144],
      [3.271, 1.09],
      [3.295, 0.859],
      [3.342, 0.725],
      [3.39, 0.638],
      [3.461, 0.437],
      [3.555, 0.348],
      [3.65, 0.188],
      [3.744, 0.106],
      [3.839, 0.0587],
      [3.934, 0.0257],
      [4.028, 0.0087],
      [4.123, -0.0017],
      [4.312, -0.0049],
      [4.501, -0.0056],
      [4.691, -0.003],
    ];
    for (const [r, value] of plotted) {
      const k = edges.findIndex((edge) => Math.abs(edge - r) < 6e-4);
      expect(k).toBeGreaterThan(-1);
      expect(Math.abs(curve[k]! - value)).toBeLessThan(Math.max(0.01 * Math.abs(value), 6e-5));
    }
  });

  test("conservative rules: relevance sums to the energy (T15), by masks as by enumeration", () => {
    const { golden, net, state } = ready();
    const model = so3netWalks(net, state, conservative);
    const masks = bodyRelevances(model);
    expect(Math.abs(masks.total - golden.energy_plain)).toBeLessThan(1e-11);
    expect(Math.abs(masks.defect)).toBeLessThan(1e-11);
    const walks = bodiesByEnumeration(model);
    expect(Math.abs(walks.defect)).toBeLessThan(1e-11);
    for (const [n, { relevance }] of masks.orders.entries()) {
      relevance.forEach((value, k) => {
        expect(Math.abs(value - walks.orders[n]!.relevance[k]!)).toBeLessThan(1e-12);
      });
    }
  });
});
