import { beforeAll, describe, expect, test } from "vitest";
import { random } from "../../../core/random.ts";
import { type ClassifierProblem, classifierLandscape } from "../../../models/classifier/index.ts";
import { explore } from "../../../optim/landscape/explore.ts";
import { addMinimum, type Network } from "../../../optim/landscape/network.ts";
import { alignGroup } from "../conserved/align-group.ts";
import { featureScores } from "../conserved/feature-scores.ts";
import { groupStatistics } from "../conserved/group-statistics.ts";
import { randomCopy } from "../conserved/random-copy.ts";
import { mergeTree } from "../network/merge-tree.ts";
import { monotonicBasins } from "../network/monotonic-basins.ts";
import { classifierSource } from "./compare.ts";

const rows = 30;
const shape = { inputs: 3, hidden: [2], classes: 2 };
const lambda = 1e-3;

/** x₀ and x₁ carry the label; the third column is zero. */
function problem(): ClassifierProblem {
  const draw = random(11, "invariance");
  const features = Float64Array.from({ length: 3 * rows }, (_, k) => (k % 3 === 2 ? 0 : draw.normal()));
  const labels = Int32Array.from({ length: rows }, (_, i) => {
    const rule = features[3 * i]! * features[3 * i + 1]! + 0.4 * features[3 * i]! + 0.4 * draw.normal();
    return rule > 0 ? 1 : 0;
  });
  return { name: "invariance", shape, data: { features, labels, rows }, lambda };
}

/** The scores of all minima as one group about the lowest. */
function scoresOf(network: Pick<Network, "minima">, of: ClassifierProblem): Float64Array {
  const { symmetry } = classifierLandscape(of);
  const sorted = [...network.minima].sort((a, b) => a.value - b.value).map(({ x }) => x);
  const aligned = alignGroup(sorted, sorted[0]!, symmetry!);
  return featureScores(groupStatistics(aligned, { least: 3 }), {
    inputs: shape.inputs,
    hidden: shape.hidden[0]!,
  });
}

/** The values of a network's points, taken anew on another problem at the points that `moved` makes of them. */
function revalued(network: Network, of: ClassifierProblem, moved = (x: Float64Array) => x): Network {
  const landscape = classifierLandscape(of);
  const gradient = new Float64Array(landscape.n);
  const again = <P extends { x: Float64Array; value: number }>(point: P): P => {
    const x = moved(point.x);
    const value = landscape.valueAndGradient(x, gradient);
    expect(Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0) / landscape.n)).toBeLessThan(2e-9);
    expect(Math.abs(value - point.value)).toBeLessThan(1e-13);
    return { ...point, x, value };
  };
  return { ...network, minima: network.minima.map(again), saddles: network.saddles.map(again) };
}

/** The tree without its heights: which minima hang together, in which order. */
function skeleton(network: Network): unknown {
  const tree = mergeTree(network);
  return tree.roots.map(function visit(node: number): unknown {
    const { children } = tree.nodes[node]!;
    return children.length === 0 ? node : children.map(visit);
  });
}

let network: Network;
beforeAll(async () => {
  ({ network } = await explore({
    ...{ source: classifierSource(problem()), seed: 1, walkers: 6, hop: { steps: 15, step: 2 }, cycles: 2 },
    ...{ searches: 4, modes: 4, rounds: 2 },
  }));
});

describe("a network of a classifier", () => {
  test("has minima and saddles to speak of", () => {
    expect(network.minima.length).toBeGreaterThanOrEqual(3);
    expect(network.saddles.length).toBeGreaterThanOrEqual(3);
  });

  test("rows of data in another order: the same points, tree, groups and scores", () => {
    const { data, ...rest } = problem();
    const order = random(2, "rows").permutation(rows);
    const shuffled: ClassifierProblem = {
      ...rest,
      data: {
        rows,
        features: Float64Array.from(
          { length: 3 * rows },
          (_, k) => data.features[3 * order[Math.floor(k / 3)]! + (k % 3)]!,
        ),
        labels: Int32Array.from(order, (row) => data.labels[row]!),
      },
    };
    const other = revalued(network, shuffled);
    expect(skeleton(other)).toEqual(skeleton(network));
    expect(monotonicBasins(other).groups).toEqual(monotonicBasins(network).groups);
    scoresOf(other, shuffled).forEach((score, k) => {
      expect(score).toBeCloseTo(scoresOf(network, problem())[k]!, 10);
    });
  });

  test("hidden units renamed and turned at random: no new minimum, the same tree and scores", () => {
    const draw = random(3, "units");
    const copies = revalued(network, problem(), (x) => randomCopy(shape, x, draw));
    const landscape = classifierLandscape(problem());
    const grown = structuredClone(network);
    copies.minima.forEach((copy, id) => {
      expect(addMinimum(grown, landscape, { ...copy, index: 0 })).toBe(id);
    });
    expect(grown.minima.length).toBe(network.minima.length);
    expect(skeleton(copies)).toEqual(skeleton(network));
    scoresOf(copies, problem()).forEach((score, k) => {
      expect(score).toBeCloseTo(scoresOf(network, problem())[k]!, 8);
    });
  });

  test("columns in another order: the points with their weights in that order are stationary, the scores follow", () => {
    const { data, ...rest } = problem();
    const order = [2, 0, 1];
    const turned: ClassifierProblem = {
      ...rest,
      data: {
        ...data,
        features: Float64Array.from(
          { length: 3 * rows },
          (_, k) => data.features[k - (k % 3) + order[k % 3]!]!,
        ),
      },
    };
    const moved = (x: Float64Array) => x.map((w, i) => (i < 6 ? x[i - (i % 3) + order[i % 3]!]! : w));
    const own = scoresOf(network, problem());
    scoresOf(revalued(network, turned, moved), turned).forEach((score, k) => {
      expect(score).toBeCloseTo(own[order[k]!]!, 8);
    });
  });

  test("a column of zeros: its weights are g/2λ of a stationary point, and its score as small as that", () => {
    const most = Math.max(...network.minima.map(({ rms }) => rms)) * Math.sqrt(network.n);
    let largest = 0;
    for (const { x } of network.minima) {
      for (const at of [2, 5]) {
        expect(Math.abs(x[at]!)).toBeLessThanOrEqual(most / (2 * lambda) + 1e-15);
      }
      largest = Math.max(largest, ...x.map(Math.abs));
    }
    const [first, second, zero] = scoresOf(network, problem());
    // r ≤ |μ|/(ε max|μ|): two units, ε = 0.05.
    expect(zero).toBeLessThan((2 * most) / (2 * lambda) / 0.05);
    expect(zero! / Math.min(first!, second!)).toBeLessThan(1e-4);
    expect(largest).toBeGreaterThan(1);
  });
});
