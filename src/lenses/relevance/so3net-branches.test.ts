import { expect, test } from "vitest";
import { random } from "../../core/random.ts";
import type { NumericArray } from "../../data/array.ts";
import { initialWeights } from "../../models/potentials/shapes.ts";
import { so3net } from "../../models/potentials/so3net.ts";
import { runSo3net } from "../../models/potentials/so3net-forward.ts";
import { openCell } from "../../physics/fluids/cell.ts";
import { neighbourGraph } from "../../physics/fluids/graph.ts";
import { bodyRelevances } from "./bodies.ts";
import { biasesCounted } from "./rules.ts";
import { so3netBranches } from "./so3net-branches.ts";
import { so3netWalks } from "./so3net-walks.ts";
import { subsetSums } from "./subsets.ts";

const sizes = { architecture: "so3net", features: 4, radialBasis: 6, cutoff: 3, species: 2 } as const;
const species = Int32Array.of(0, 1, 0, 1, 0);
const positions = Float64Array.of(0, 0, 0, 1.5, 0.2, 0, 0.2, 1.7, 0.3, 1.4, 1.6, 1.2, 3.4, 1.1, 0.1);

function branches(layers: number, change: (weights: Map<string, NumericArray>) => void = () => {}) {
  const weights = initialWeights({ ...sizes, layers }, random(5, layers), { bias: 0.3 });
  change(weights);
  const net = so3net(weights);
  const state = runSo3net(net, neighbourGraph(positions, openCell(), net.cutoff), species);
  return {
    state,
    walks: so3netWalks(net, state, biasesCounted),
    sums: so3netBranches(net, state, biasesCounted),
  };
}

test.each([1, 2])(
  "%i layers: all bodies together are the energy; one layer already has three bodies",
  (layers) => {
    const { walks, sums } = branches(layers);
    const found = bodyRelevances(walks, { largest: 5, sums });
    expect(Math.abs(found.defect)).toBeLessThan(1e-11);
    expect(Math.abs(found.remainder)).toBeLessThan(1e-11);
    expect(Math.max(...found.orders[2]!.relevance.map(Math.abs))).toBeGreaterThan(1e-4);
    if (layers === 1) for (const v of found.orders[3]!.relevance) expect(Math.abs(v)).toBeLessThan(1e-13);
  },
);

test("without products, branches are walks", () => {
  const { walks, sums } = branches(2, (weights) => {
    for (const [name, tensor] of weights) {
      if (name.includes("mixings1"))
        weights.set(name, { ...tensor, data: new Float64Array(tensor.data.length) });
    }
  });
  const other = subsetSums(walks);
  for (const set of [[0], [1, 2], [0, 1, 3], [0, 1, 2, 3, 4]]) {
    expect(sums.of(set)).toBeCloseTo(other.of(set), 11);
  }
});

test("with one layer a triplet's share is that of the product of its messages, taken from the frame", () => {
  // Independent: at one layer the state is a polynomial of degree two in the messages, so the term of senders j and k at
  // receiver i is a mixed second difference of what i's state becomes when messages are scaled.
  const { sums } = branches(1);
  const s = (...set: number[]) => sums.of(set);
  const three = s(0, 1, 2) - s(0, 1) - s(0, 2) - s(1, 2) + s(0) + s(1) + s(2);
  const around = s(0, 1, 2, 3) - s(0, 1, 3) - s(0, 2, 3) - s(1, 2, 3) + s(0, 3) + s(1, 3) + s(2, 3) - s(3);
  expect(Math.abs(three)).toBeGreaterThan(1e-5);
  expect(around).toBeCloseTo(three, 11);
});
