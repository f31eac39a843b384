import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../../../core/random.ts";
import { explore } from "../../../optim/landscape/explore.ts";
import { disconnectivity } from "./disconnectivity.ts";
import type { EnergyGraph } from "./energy-graph.ts";
import { barrierBetween, type MergeTree, mergeTree, minimaBelow } from "./merge-tree.ts";
import { monotonicBasins } from "./monotonic-basins.ts";
import { persistencePairs } from "./persistence.ts";
import { powers, quarticDerivative } from "./quartic.fixture.ts";

/** Multigraphs of up to eight minima with self-loops, several components and equal heights, which shrink when they fail. */
const graphs = fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 1, maxLength: 8 }).chain((heights) =>
  fc
    .array(fc.tuple(fc.nat(heights.length - 1), fc.nat(heights.length - 1), fc.integer({ min: 1, max: 9 })), {
      maxLength: 14,
    })
    .map((edges): EnergyGraph => {
      const minima = heights.map((value) => ({ value }));
      const saddles = edges.map(([a, b, up]) => ({
        value: Math.max(heights[a]!, heights[b]!) + up,
        minima: [a, b] as [number, number],
      }));
      return { minima, saddles };
    }),
);

/** Do i and j hang together over saddles no higher than `height`? By walking. */
function joined({ saddles }: EnergyGraph, i: number, j: number, height: number): boolean {
  const met = new Set([i]);
  for (let grew = true; grew; ) {
    grew = false;
    for (const {
      value,
      minima: [a, b],
    } of saddles) {
      if (value > height || met.has(a) === met.has(b)) continue;
      met.add(a).add(b);
      grew = true;
    }
  }
  return met.has(j);
}

const pairsOf = (graph: EnergyGraph) =>
  graph.minima.flatMap((_, i) => graph.minima.map((__, j) => [i, j] as const));

/** What a tree says, apart from the numbers of its inner nodes. */
const shape = (tree: MergeTree, of = (value: number) => value): unknown =>
  tree.roots.map(function visit(node: number): unknown {
    const { value, children } = tree.nodes[node]!;
    return children.length === 0 ? node : { value: of(value), children: children.map(visit) };
  });

describe("any network", () => {
  test("the barrier of a pair is the lowest height at which a walk joins it", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const tree = mergeTree(graph);
        const heights = [...new Set(graph.saddles.map(({ value }) => value))].sort((a, b) => a - b);
        for (const [i, j] of pairsOf(graph)) {
          if (i === j) continue;
          const truth = heights.find((height) => joined(graph, i, j, height)) ?? Infinity;
          expect(barrierBetween(tree, i, j)).toBe(truth);
        }
      }),
    );
  });

  test("barriers are an ultrametric, and no further saddle raises one", () => {
    fc.assert(
      fc.property(graphs, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 20 }), (graph, a, b, up) => {
        const tree = mergeTree(graph);
        const n = graph.minima.length;
        const ends: [number, number] = [a % n, b % n];
        const value = Math.max(...ends.map((end) => graph.minima[end]!.value)) + up;
        const more = mergeTree({ ...graph, saddles: [...graph.saddles, { value, minima: ends }] });
        for (const [i, j] of pairsOf(graph)) {
          const direct = barrierBetween(tree, i, j);
          expect(barrierBetween(tree, j, i)).toBe(direct);
          expect(barrierBetween(more, i, j)).toBeLessThanOrEqual(direct);
          for (let k = 0; k < n; k++) {
            if (i === j || j === k || i === k) continue;
            expect(direct).toBeLessThanOrEqual(
              Math.max(barrierBetween(tree, i, k), barrierBetween(tree, k, j)),
            );
          }
        }
      }),
    );
  });

  test("saddles of a minimum with itself change nothing", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const bare = { ...graph, saddles: graph.saddles.filter(({ minima: [a, b] }) => a !== b) };
        expect(mergeTree(bare)).toEqual(mergeTree(graph));
        expect(monotonicBasins(bare)).toEqual(monotonicBasins(graph));
        expect(disconnectivity(bare)).toEqual(disconnectivity(graph));
      }),
    );
  });

  test("values doubled and moved by a constant: the same tree, groups and pairs, twice as high", () => {
    fc.assert(
      fc.property(graphs, fc.integer({ min: -5, max: 5 }), (graph, shift) => {
        const moved = (value: number) => 2 * value + shift;
        const other = {
          minima: graph.minima.map(({ value }) => ({ value: moved(value) })),
          saddles: graph.saddles.map(({ value, minima }) => ({ value: moved(value), minima })),
        };
        expect(shape(mergeTree(other))).toEqual(shape(mergeTree(graph), moved));
        expect(monotonicBasins(other).groups).toEqual(monotonicBasins(graph).groups);
        const lives = (of: EnergyGraph) =>
          persistencePairs(mergeTree(of)).map(({ minimum, into }) => [minimum, into]);
        expect(lives(other)).toEqual(lives(graph));
        const twice = persistencePairs(mergeTree(graph)).map(({ persistence }) => 2 * persistence);
        expect(persistencePairs(mergeTree(other)).map(({ persistence }) => persistence)).toEqual(twice);
      }),
    );
  });

  test("every minimum is led down to one bottom inside its own component; persistence pairs every other minimum once", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const tree = mergeTree(graph);
        const { bottom } = monotonicBasins(graph);
        graph.minima.forEach((_, i) => {
          expect(bottom[i] === i || joined(graph, i, bottom[i]!, Infinity)).toBe(true);
          expect(bottom[bottom[i]!]).toBe(bottom[i]);
        });
        const pairs = persistencePairs(tree);
        expect(pairs.map(({ minimum }) => minimum).sort((a, b) => a - b)).toEqual([...graph.minima.keys()]);
        expect(pairs.filter(({ death }) => death === Infinity).length).toBe(tree.roots.length);
        for (const root of tree.roots) {
          const lowest = Math.min(...minimaBelow(tree, root).map((id) => graph.minima[id]!.value));
          expect(tree.nodes[tree.nodes[root]!.lowest]!.value).toBe(lowest);
        }
      }),
    );
  });
});

/** All stationary points of a quartic, by Newton's method from a dense grid: value and index. */
function allPoints(c: readonly number[]): { x: number; y: number; value: number; index: number }[] {
  const found: { x: number; y: number; value: number; index: number }[] = [];
  const d = (x: number, y: number, a: number, b: number) => quarticDerivative(c, x, y, a, b);
  for (let i = 0; i <= 28; i++) {
    for (let j = 0; j <= 28; j++) {
      let [x, y] = [-4 + (8 * i) / 28, -4 + (8 * j) / 28];
      let size = Infinity;
      for (let step = 0; step < 40 && size > 1e-12 && Math.hypot(x, y) < 30; step++) {
        const [gx, gy, xx, xy, yy] = [
          d(x, y, 1, 0),
          d(x, y, 0, 1),
          d(x, y, 2, 0),
          d(x, y, 1, 1),
          d(x, y, 0, 2),
        ];
        const determinant = xx * yy - xy * xy;
        x -= (yy * gx - xy * gy) / determinant;
        y -= (xx * gy - xy * gx) / determinant;
        size = Math.hypot(d(x, y, 1, 0), d(x, y, 0, 1));
      }
      if (!(size < 1e-9) || found.some((point) => Math.hypot(point.x - x, point.y - y) < 1e-5)) continue;
      const [xx, xy, yy] = [d(x, y, 2, 0), d(x, y, 1, 1), d(x, y, 0, 2)];
      const index = xx * yy - xy * xy < 0 ? 1 : xx + yy > 0 ? 0 : 2;
      found.push({ x, y, value: d(x, y, 0, 0), index });
    }
  }
  return found;
}

test("random quartics in the plane: minima − saddles + maxima = 1, and the explorer finds them all", async () => {
  let many = 0;
  for (let k = 0; k < 8; k++) {
    const draw = random(k, "quartic");
    const c = powers.map(
      ([i, j]) => (i + j === 2 ? -2.5 : 1) * (i + j === 2 ? draw.uniform() : draw.normal()),
    );
    const truth = allPoints(c);
    const of = (index: number) => truth.filter((point) => point.index === index).map(({ value }) => value);
    const [minima, saddles, maxima] = [of(0), of(1), of(2)];
    expect(minima.length - saddles.length + maxima.length).toBe(1);
    const source = {
      module: new URL("./quartic.fixture.ts", import.meta.url).href,
      fn: "quarticFrom",
      input: c,
    };
    const { network } = await explore({
      ...{ source, seed: 1, walkers: 4, hop: { steps: 25, step: 1.5 }, searches: 12, neighbours: 3 },
      searchSize: { least: 0.1, most: 2 },
    });
    const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
    for (const [stored, known] of [
      [network.minima, minima],
      [network.saddles, saddles],
    ] as const) {
      const values = sorted(stored.map(({ value }) => value));
      expect(values.length, `quartic ${k}`).toBe(known.length);
      sorted(known).forEach((value, i) => {
        expect(values[i]!).toBeCloseTo(value, 8);
      });
    }
    if (minima.length > 2) many++;
  }
  expect(many).toBeGreaterThan(2);
});
