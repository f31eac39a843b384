import { describe, expect, test } from "vitest";
import { type Random, random } from "../../../core/random.ts";
import { readMinData, readTsData, writeMinData, writeTsData } from "../../../data/min-data.ts";
import { readNewick, writeNewick } from "../../../data/newick.ts";
import { completeness } from "./completeness.ts";
import { disconnectivity } from "./disconnectivity.ts";
import type { EnergyGraph } from "./energy-graph.ts";
import { barrierBetween, type MergeTree, mergeTree, minimaBelow, superbasins } from "./merge-tree.ts";
import { type DescentRule, monotonicBasins } from "./monotonic-basins.ts";
import { mergeTreeOfNewick, newickOfMergeTree } from "./newick.ts";
import { persistencePairs } from "./persistence.ts";

/** A random multigraph, with self-loops, several components and, on request, equal heights. */
function randomGraph(draw: Random, ties: boolean): EnergyGraph {
  const count = 2 + draw.int(9);
  const minima = Array.from({ length: count }, () => ({ value: ties ? draw.int(4) : draw.normal() }));
  const saddles = Array.from({ length: draw.int(2 * count) }, () => {
    const [a, b] = [draw.int(count), draw.int(count)];
    const floor = Math.max(minima[a]!.value, minima[b]!.value);
    return {
      value: floor + (ties ? 1 + draw.int(3) : draw.uniform() + 0.01),
      minima: [a, b] as [number, number],
    };
  });
  return { minima, saddles };
}

/** The lowest highest point over all paths, by relaxing until nothing changes. */
function minimax({ minima, saddles }: EnergyGraph): number[][] {
  const n = minima.length;
  const best = minima.map((_, i) => minima.map((m, j) => (i === j ? m.value : Infinity)));
  for (const {
    value,
    minima: [a, b],
  } of saddles) {
    if (a === b) continue;
    best[a]![b] = Math.min(best[a]![b]!, value);
    best[b]![a] = best[a]![b]!;
  }
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        if (i !== j) best[i]![j] = Math.min(best[i]![j]!, Math.max(best[i]![k]!, best[k]![j]!));
      }
    }
  }
  return best;
}

const mullerBrown: EnergyGraph = {
  minima: [{ value: -146.699517209954 }, { value: -108.166724116852 }, { value: -80.767818129659 }],
  saddles: [
    { value: -72.248940112325, minima: [1, 2] },
    { value: -40.664843508657, minima: [0, 2] },
  ],
};

/** What a tree says, apart from the numbers of its inner nodes. */
const shape = (tree: MergeTree): unknown =>
  tree.roots.map(function visit(node: number): unknown {
    const { value, children } = tree.nodes[node]!;
    return children.length === 0 ? node : { value, children: children.map(visit) };
  });

describe("merge tree of random networks", () => {
  test.each([false, true])("barriers are minimax paths, ties: %s", (ties) => {
    for (let k = 0; k < 150; k++) {
      const draw = random(k, "tree", String(ties));
      const graph = randomGraph(draw, ties);
      const tree = mergeTree(graph);
      const truth = minimax(graph);
      const n = graph.minima.length;
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          expect(barrierBetween(tree, i, j)).toBe(truth[i]![j]!);
          for (let l = 0; l < n; l++) {
            const [il, ij, jl] = [truth[i]![l]!, barrierBetween(tree, i, j), barrierBetween(tree, j, l)];
            expect(il <= Math.max(ij, jl)).toBe(true);
          }
        }
      }
      const inner = tree.nodes.slice(n);
      expect(inner.length).toBeLessThanOrEqual(n - 1);
      tree.nodes.forEach(({ value, parent, children }, id) => {
        if (parent >= 0) expect(tree.nodes[parent]!.value).toBeGreaterThanOrEqual(value);
        if (parent >= 0) expect(tree.nodes[parent]!.children).toContain(id);
        if (id >= n) expect(children.length).toBeGreaterThanOrEqual(2);
      });
      expect(tree.roots.flatMap((root) => minimaBelow(tree, root)).sort((a, b) => a - b)).toEqual([
        ...graph.minima.keys(),
      ]);
      const finite = persistencePairs(tree).filter((pair) => pair.death < Infinity);
      expect(finite.length).toBe(n - tree.roots.length);
      const height = draw.normal() * 2;
      for (const basin of superbasins(tree, height)) {
        for (let i = 0; i < n; i++) {
          const together = i === basin[0] || truth[basin[0]!]![i]! <= height;
          expect(basin.includes(i)).toBe(together);
        }
      }
    }
  });

  test("the order of the saddles does not matter; another saddle raises no barrier", () => {
    for (let k = 0; k < 100; k++) {
      const draw = random(k, "order");
      const graph = randomGraph(draw, k % 2 === 0);
      const order = Array.from(draw.permutation(graph.saddles.length));
      const shuffled = { minima: graph.minima, saddles: order.map((i) => graph.saddles[i]!) };
      expect(shape(mergeTree(shuffled))).toEqual(shape(mergeTree(graph)));
      if (graph.saddles.length === 0) continue;
      const fewer = mergeTree({ minima: graph.minima, saddles: graph.saddles.slice(1) });
      const whole = mergeTree(graph);
      for (let i = 0; i < graph.minima.length; i++) {
        for (let j = 0; j < i; j++) {
          expect(barrierBetween(whole, i, j)).toBeLessThanOrEqual(barrierBetween(fewer, i, j));
        }
      }
    }
  });

  test("100 000 saddles: one leaf a minimum, heights that rise towards the root", () => {
    const draw = random(1, "large");
    const n = 20_000;
    const minima = Array.from({ length: n }, () => ({ value: draw.uniform() }));
    const saddles = Array.from({ length: 100_000 }, () => ({
      value: 1 + draw.uniform(),
      minima: [draw.int(n), draw.int(n)] as [number, number],
    }));
    const { nodes, roots } = mergeTree({ minima, saddles });
    expect(roots.reduce((sum, root) => sum + nodes[root]!.leaves, 0)).toBe(n);
    expect(nodes.length).toBeLessThan(2 * n);
    expect(nodes.every(({ value, parent }) => parent < 0 || nodes[parent]!.value >= value)).toBe(true);
  });
});

test("Müller–Brown: persistence as published", () => {
  const [endless, b, c] = persistencePairs(mergeTree(mullerBrown));
  expect(endless).toMatchObject({ minimum: 0, death: Infinity, into: -1 });
  expect(b).toMatchObject({ minimum: 1, death: -40.664843508657, into: 0 });
  expect(b!.persistence).toBeCloseTo(67.501881, 6);
  expect(c).toMatchObject({ minimum: 2, death: -72.248940112325, into: 1 });
  expect(c!.persistence).toBeCloseTo(8.518878, 6);
});

describe("monotonic sequence basins", () => {
  test("Müller–Brown: {A}, {B, C} over the lowest saddle, {A, C}, {B} to the lowest neighbour", () => {
    const groups = (rule: DescentRule) => monotonicBasins(mullerBrown, { rule }).groups.map((g) => g.minima);
    expect(groups("lowest saddle")).toEqual([[0], [1, 2]]);
    expect(groups("lowest neighbour")).toEqual([[0, 2], [1]]);
    expect(
      monotonicBasins(mullerBrown, { rule: "steepest", distance: (a, b) => Math.abs(a - b) }).groups,
    ).toEqual([
      { bottom: 0, minima: [0, 2] },
      { bottom: 1, minima: [1] },
    ]);
  });

  test.each(["lowest saddle", "lowest neighbour", "steepest"] as const)(
    "%s: bottoms are the minima without a lower neighbour, values fall along every sequence",
    (rule) => {
      for (let k = 0; k < 150; k++) {
        const graph = randomGraph(random(k, "basins"), k % 2 === 0);
        const { next, bottom, groups } = monotonicBasins(graph, {
          rule,
          distance: (a, b) => 1 + ((a * b) % 3),
        });
        const lower = (i: number) =>
          graph.saddles.some(({ minima: [a, b] }) => {
            const other = a === i ? b : b === i ? a : i;
            return graph.minima[other]!.value < graph.minima[i]!.value;
          });
        graph.minima.forEach(({ value }, i) => {
          expect(next[i] === i).toBe(!lower(i));
          if (next[i] !== i) expect(graph.minima[next[i]!]!.value).toBeLessThan(value);
          let at = i;
          while (next[at] !== at) at = next[at]!;
          expect(bottom[i]).toBe(at);
        });
        expect(groups.flatMap((g) => g.minima).sort((a, b) => a - b)).toEqual([...graph.minima.keys()]);
        const shuffled = { minima: graph.minima, saddles: [...graph.saddles].reverse() };
        expect(monotonicBasins(shuffled, { rule, distance: (a, b) => 1 + ((a * b) % 3) }).bottom).toEqual(
          bottom,
        );
      }
    },
  );

  test("the steepest rule needs a distance", () => {
    expect(() => monotonicBasins(mullerBrown, { rule: "steepest" })).toThrow(/distance/);
  });
});

describe("disconnectivity graph", () => {
  test("every minimum of the component ends at its own value, and splits are superbasins", () => {
    for (let k = 0; k < 120; k++) {
      const draw = random(k, "disconnectivity");
      const graph = randomGraph(draw, false);
      const tree = mergeTree(graph);
      const levels = 2 + draw.int(20);
      const drawn = disconnectivity(graph, { levels });
      const component = minimaBelow(tree, tree.roots[0]!);
      const leaves = drawn.branches.filter((branch) => branch.leaf !== undefined);
      expect(leaves.map((leaf) => leaf.leaf!).sort((a, b) => a - b)).toEqual(component);
      for (const leaf of leaves) expect(leaf.y).toBe(graph.minima[leaf.leaf!]!.value);
      const spacing = drawn.levels.length > 1 ? drawn.levels[0]! - drawn.levels[1]! : Infinity;
      const truth = minimax(graph);
      drawn.branches.forEach(({ parent, y, minima, leaf }, id) => {
        if (id > 0) expect(drawn.branches[parent]!.y).toBeGreaterThanOrEqual(Math.min(y, drawn.levels[0]!));
        if (leaf !== undefined || id === 0) return;
        // A split at a level holds what hangs together at that level, of the minima that reach down to it.
        for (const a of component) {
          const reaches = graph.minima[a]!.value < y + spacing;
          const together = a === minima[0] || truth[minima[0]!]![a]! <= y;
          expect(minima.includes(a)).toBe(reaches && together);
        }
      });
      const places = new Set(leaves.map((leaf) => leaf.x));
      expect(places.size).toBe(leaves.length);
      for (const x of places) expect(x % 1).toBe(0.5);
      for (const { from, to, branch } of drawn.lines) {
        expect(from[1]).toBeGreaterThanOrEqual(to[1]);
        expect(drawn.branches[branch]!.parent).toBeGreaterThanOrEqual(0);
      }
    }
  });

  test("Müller–Brown: 30 levels from the highest saddle, spacing with one digit, C splits from B", () => {
    const drawn = disconnectivity(mullerBrown, { group: (id) => (id === 0 ? "A" : "B, C") });
    expect(drawn.levels[0]).toBe(-40.664843508657);
    expect(drawn.levels[0]! - drawn.levels[1]!).toBeCloseTo(4, 12);
    expect(drawn.branches.map((branch) => branch.minima)).toEqual([[0, 1, 2], [0], [1, 2], [1], [2]]);
    expect(drawn.branches.map((branch) => branch.group)).toEqual([undefined, "A", "B, C", "B, C", "B, C"]);
    const metric = disconnectivity(mullerBrown, { metric: (id) => 10 * id });
    expect(metric.branches.map((branch) => branch.x)).toEqual([10, 0, 15, 10, 20]);
  });

  test("one minimum alone is one line", () => {
    expect(disconnectivity({ minima: [{ value: -1 }], saddles: [] }).branches.length).toBe(1);
  });
});

describe("bad input", () => {
  test.each([
    [{ minima: [{ value: 0 }], saddles: [{ value: 1, minima: [0, 1] }] }, /saddle 0 joins minimum 1/],
    [{ minima: [{ value: 0 }], saddles: [{ value: 0, minima: [0, 0] }] }, /does not lie above minimum 0/],
    [{ minima: [{ value: Number.NaN }], saddles: [] }, /minimum 0 has value NaN/],
  ] as [EnergyGraph, RegExp][])("graph %#", (graph, message) => {
    expect(() => mergeTree(graph)).toThrow(message);
    expect(() => monotonicBasins(graph)).toThrow(message);
  });

  test("no minima, one walker", () => {
    expect(() => disconnectivity({ minima: [], saddles: [] })).toThrow(/no minima/);
    expect(() => completeness({ minima: [], walkers: ["a"] })).toThrow(/1 walkers/);
  });
});

test("Newick of a merge tree: paths from the root give back the heights", () => {
  const tree = mergeTree(mullerBrown);
  const text = writeNewick(newickOfMergeTree(tree, { name: (id) => "ABC"[id]! }));
  const read = readNewick(text, "test");
  const heights = new Map<string, number>();
  const visit = (node: typeof read, height: number): void => {
    if (node.children.length === 0) heights.set(node.name, height);
    for (const child of node.children) visit(child, height - child.length!);
  };
  visit(read, Number(read.name));
  mullerBrown.minima.forEach(({ value }, id) => {
    expect(heights.get("ABC"[id]!)).toBeCloseTo(value, 10);
  });
});

test("Newick of random trees and back: barriers and persistence stay", () => {
  for (let k = 0; k < 60; k++) {
    const draw = random(k, "newick");
    const graph = randomGraph(draw, k % 2 === 0);
    const tree = mergeTree(graph);
    const text = writeNewick(newickOfMergeTree(tree));
    const { tree: back, names } = mergeTreeOfNewick(
      readNewick(text, "test"),
      tree.nodes[tree.roots[0]!]!.value,
    );
    const numbers = names.map(Number);
    expect([...numbers].sort((a, b) => a - b)).toEqual(minimaBelow(tree, tree.roots[0]!));
    numbers.forEach((i, a) => {
      numbers.forEach((j, b) => {
        expect(barrierBetween(back, a, b)).toBeCloseTo(barrierBetween(tree, i, j), 12);
      });
    });
  }
});

test("Newick trees that are no merge trees are refused", () => {
  const read = (text: string) => () => mergeTreeOfNewick(readNewick(text, "test"));
  expect(read("(A:1,B:2)top;")).toThrow(/named 'top'/);
  expect(read("(A:1,B)3;")).toThrow(/'B' has length undefined/);
  expect(read("(A:1,B:-2)3;")).toThrow(/'B' has length -2/);
});

test("min.data and ts.data are a graph: the same tree comes from the files", () => {
  const graph = randomGraph(random(3, "files"), false);
  const extra = { logProduct: 1, order: 1 };
  const minima = writeMinData(graph.minima.map((m) => ({ ...m, ...extra })));
  const saddles = writeTsData(
    graph.saddles.map((s) => ({
      value: s.value,
      minima: [s.minima[0], s.minima[1]] as [number, number],
      ...extra,
    })),
  );
  const rows = readMinData(minima, "min.data");
  const read = { minima: rows, saddles: readTsData(saddles, "ts.data", rows.length) };
  expect(shape(mergeTree(read))).toEqual(shape(mergeTree(graph)));
});

describe("completeness", () => {
  const network = (counts: number[], walkers: number) => ({
    walkers: Array.from({ length: walkers }, (_, w) => String(w)),
    minima: counts.map((count) => ({
      seen: Array.from({ length: count }, (_, w) => ({ walker: String(w), hits: 1 })),
    })),
  });

  test("a worked case by hand: ten walkers, six minima seen once, two twice", () => {
    const { estimate, interval, coverage, seen } = completeness(network([1, 1, 1, 1, 1, 1, 2, 2, 5], 10));
    expect(seen).toBe(9);
    expect(estimate).toBeCloseTo(9 + (0.9 * 30) / 6, 12);
    expect(interval[0]).toBeGreaterThan(9);
    expect(interval[1]).toBeGreaterThan(estimate);
    expect(coverage).toBeCloseTo(1 - 6 / 15, 12);
  });

  test("where every minimum was met often nothing is missing", () => {
    expect(completeness(network([3, 4, 5], 5))).toMatchObject({ estimate: 3, interval: [3, 3], coverage: 1 });
  });

  test("draws from a known number of equally likely minima: the interval holds it nearly always", () => {
    let inside = 0;
    for (let k = 0; k < 200; k++) {
      const draw = random(k, "chao");
      const [truth, walkers] = [40, 12];
      const counts = new Int32Array(truth);
      for (let w = 0; w < walkers; w++) {
        for (const id of new Set(Array.from({ length: 6 }, () => draw.int(truth)))) counts[id]!++;
      }
      const { interval } = completeness(network([...counts], walkers));
      if (interval[0] <= truth && truth <= interval[1]) inside++;
    }
    expect(inside).toBeGreaterThan(170);
  });
});
