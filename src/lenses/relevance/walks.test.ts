import { describe, expect, test } from "vitest";
import { type Random, random } from "../../core/random.ts";
import type { NeighbourGraph } from "../../physics/fluids/graph.ts";
import { connectedSets, countWalks } from "./adjacency.ts";
import { bodiesByEnumeration, bodyRelevances } from "./bodies.ts";
import { subsetSums, totalRelevance } from "./subsets.ts";
import { topWalks } from "./top-walks.ts";
import type { WalkLayer, WalkModel } from "./walk-model.ts";
import { enumerateWalks, walkRelevances } from "./walks.ts";

/** A graph of both directions from an edge predicate; no geometry. */
function graphOf(beads: number, joined: (i: number, j: number) => boolean): NeighbourGraph {
  const [receiver, sender]: number[][] = [[], []];
  const starts = new Int32Array(beads + 1);
  for (let i = 0; i < beads; i++) {
    for (let j = 0; j < beads; j++) {
      if (i === j || !joined(Math.min(i, j), Math.max(i, j))) continue;
      receiver!.push(i);
      sender!.push(j);
    }
    starts[i + 1] = receiver!.length;
  }
  const edges = receiver!.length;
  return {
    beads,
    edges,
    receiver: Int32Array.from(receiver!),
    sender: Int32Array.from(sender!),
    vectors: new Float64Array(3 * edges),
    distances: new Float64Array(edges),
    starts,
  };
}

type Block = number[][];

const width = 3;

/** A random linear model with its blocks J_t[i, j] kept as plain matrices for the oracle. */
function randomModel(graph: NeighbourGraph, layers: number, source: Random) {
  const block = (rows: number, cols: number): Block =>
    Array.from({ length: rows }, () => Array.from({ length: cols }, () => source.normal()));
  const times = (a: Block, b: Block): Block =>
    a.map((row) => b[0]!.map((_, j) => row.reduce((sum, v, k) => sum + v * b[k]![j]!, 0)));
  const map = (of: Block[], rows: number, cols: number) => ({
    apply: (beads: Int32Array, x: Float64Array) => {
      const out = new Float64Array(beads.length * rows);
      beads.forEach((i, r) => {
        for (let a = 0; a < rows; a++)
          for (let b = 0; b < cols; b++) out[r * rows + a]! += of[i]![a]![b]! * x[r * cols + b]!;
      });
      return out;
    },
    transpose: (beads: Int32Array, g: Float64Array) => {
      const out = new Float64Array(beads.length * cols);
      beads.forEach((i, r) => {
        for (let a = 0; a < rows; a++)
          for (let b = 0; b < cols; b++) out[r * cols + b]! += of[i]![a]![b]! * g[r * rows + a]!;
      });
      return out;
    },
  });
  const jacobians: Map<string, Block>[] = [];
  const made = Array.from({ length: layers }, (_, t): WalkLayer => {
    const [sent, received] = t % 2 === 0 ? [width, 4] : [2, 5];
    const send = Array.from({ length: graph.beads }, () => block(sent, width));
    const receive = Array.from({ length: graph.beads }, () => block(width, received));
    const keep = Array.from({ length: graph.beads }, () => block(width, width));
    const along = Array.from({ length: graph.edges }, () => block(received, sent));
    const blocks = new Map<string, Block>();
    const identity = [0, 1, 2].map((a) => [0, 1, 2].map((b) => (a === b ? 1 : 0)));
    for (let i = 0; i < graph.beads; i++) blocks.set(`${i} ${i}`, t === 0 ? keep[i]! : identity);
    for (let e = 0; e < graph.edges; e++) {
      const [i, j] = [graph.receiver[e]!, graph.sender[e]!];
      const inner = t % 2 === 0 ? along[e]! : times(along[e]!, send[j]!);
      blocks.set(`${i} ${j}`, times(receive[i]!, inner));
    }
    jacobians.push(blocks);
    return {
      sent,
      received,
      ...(t % 2 === 0 ? {} : { send: map(send, sent, width) }),
      receive: map(receive, width, received),
      ...(t === 0 ? { keep: map(keep, width, width) } : {}),
      edge: {
        apply(e, x, xAt, out, outAt) {
          along[e]!.forEach((row, a) => {
            row.forEach((v, b) => {
              out[outAt + a]! += v * x[xAt + b]!;
            });
          });
        },
        transpose(e, g, gAt, out, outAt) {
          along[e]!.forEach((row, a) => {
            row.forEach((v, b) => {
              out[outAt + b]! += v * g[gAt + a]!;
            });
          });
        },
      },
    };
  });
  const rows = () => Float64Array.from({ length: graph.beads * width }, () => source.normal());
  const model: WalkModel = {
    graph,
    width,
    start: rows(),
    readout: rows(),
    layers: made,
    energy: 0,
    constant: 0,
  };
  return { model, jacobians };
}

/** Oracle: every walk by nested loops over explicit blocks. */
function bruteWalks(model: WalkModel, jacobians: Map<string, Block>[]): Map<string, number> {
  const out = new Map<string, number>();
  const { beads } = model.graph;
  const go = (walk: number[], state: number[]) => {
    const t = walk.length - 1;
    const at = walk[t]!;
    if (t === jacobians.length) {
      out.set(
        walk.join(" "),
        state.reduce((sum, v, f) => sum + v * model.readout[at * width + f]!, 0),
      );
      return;
    }
    for (let i = 0; i < beads; i++) {
      const block = jacobians[t]!.get(`${i} ${at}`);
      if (block)
        go(
          [...walk, i],
          block.map((row) => row.reduce((sum, v, b) => sum + v * state[b]!, 0)),
        );
    }
  };
  for (let i = 0; i < beads; i++) go([i], [...model.start.subarray(i * width, (i + 1) * width)]);
  return out;
}

describe.each([1, 2, 3, 4])("%i layers on random graphs", (layers) => {
  test.each([1, 2, 3])("walks, subset sums and Möbius inversion against nested loops, graph %i", (seed) => {
    const source = random(seed, layers);
    const beads = 4 + source.int(4);
    const joined = Array.from({ length: 64 }, () => source.uniform() < 0.5);
    const graph = graphOf(beads, (i, j) => joined[8 * i + j]!);
    const { model, jacobians } = randomModel(graph, layers, source);
    const brute = bruteWalks(model, jacobians);
    const scale = Math.max(...[...brute.values()].map(Math.abs));
    const near = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThan(1e-11 * scale * brute.size);
    expect(countWalks(graph, layers)).toBe(brute.size);

    const seen = new Map<string, number>();
    enumerateWalks(model, (walk, relevance) => {
      seen.set(walk.join(" "), relevance);
    });
    expect(seen.size).toBe(brute.size);
    for (const [walk, relevance] of seen) near(relevance, brute.get(walk)!);

    const list = [...brute.keys()].flatMap((walk) => walk.split(" ").map(Number));
    const chains = walkRelevances(model, list);
    [...brute.values()].forEach((relevance, w) => {
      near(chains[w]!, relevance);
    });
    near(
      totalRelevance(model),
      [...brute.values()].reduce((a, b) => a + b, 0),
    );

    const pooled = new Map<string, number>();
    for (const [walk, relevance] of brute) {
      const set = [...new Set(walk.split(" ").map(Number))].sort((a, b) => a - b).join(" ");
      pooled.set(set, (pooled.get(set) ?? 0) + relevance);
    }
    const sums = subsetSums(model);
    for (let mask = 1; mask < 2 ** beads; mask++) {
      const set = Array.from({ length: beads }, (_, i) => i).filter((i) => mask & (1 << i));
      let inside = 0;
      for (const [walk, relevance] of brute) {
        if (walk.split(" ").every((i) => set.includes(Number(i)))) inside += relevance;
      }
      near(sums.of(set), inside);
    }
    for (const found of [bodyRelevances(model, { largest: layers + 1 }), bodiesByEnumeration(model)]) {
      near(found.remainder, 0);
      for (const { size, sets, relevance } of found.orders) {
        relevance.forEach((value, k) => {
          near(value, pooled.get(sets.subarray(k * size, (k + 1) * size).join(" ")) ?? 0);
        });
      }
    }
    const best = topWalks(model, 5);
    const sorted = [...brute.values()].map(Math.abs).sort((a, b) => b - a);
    best.forEach(({ relevance }, k) => {
      near(Math.abs(relevance), sorted[k]!);
    });
  });
});

test("walks on complete graphs: n! S₂(4, n) a set for three layers, 10 for an open chain", () => {
  const complete = graphOf(4, () => true);
  const { model } = randomModel(complete, 3, random(1));
  const { walks } = bodiesByEnumeration(model);
  expect(walks.map((n) => [...new Set(n)])).toEqual([[1], [14], [36], [24]]);
  const chain = graphOf(3, (i, j) => j === i + 1);
  expect(bodiesByEnumeration(randomModel(chain, 3, random(2)).model).walks[2]).toEqual(Int32Array.of(10));
});

test("no more bodies than layers and one; strangers share nothing; sums are linear in the readout", () => {
  const graph = graphOf(6, (i, j) => i < 3 === j < 3);
  for (const layers of [1, 2]) {
    const { model } = randomModel(graph, layers, random(5, layers));
    const { orders } = bodiesByEnumeration(model);
    expect(orders.length).toBe(layers + 1);
    expect(bodyRelevances(model, { largest: 4 }).orders.length).toBe(layers + 1);
    const sums = subsetSums(model);
    expect(sums.of([0, 1, 3, 4])).toBeCloseTo(sums.of([0, 1]) + sums.of([3, 4]), 9);
  }
  const { model } = randomModel(graph, 3, random(9));
  const other = { ...model, readout: model.readout.map((v, k) => Math.sin(k) - v) };
  const both = { ...model, readout: model.readout.map((v, k) => v + other.readout[k]!) };
  const [a, b, sum] = [model, other, both].map((m) => bodyRelevances(m));
  sum!.orders.forEach(({ relevance }, n) => {
    relevance.forEach((value, k) => {
      const parts = a!.orders[n]!.relevance[k]! + b!.orders[n]!.relevance[k]!;
      expect(Math.abs(value - parts)).toBeLessThan(1e-9 * (1 + Math.abs(parts)));
    });
  });
});

test("sets that hang together, against all subsets", () => {
  const source = random(12);
  const joined = Array.from({ length: 64 }, () => source.uniform() < 0.35);
  const graph = graphOf(7, (i, j) => joined[8 * i + j]!);
  for (const size of [1, 2, 3, 4]) {
    const found: string[] = [];
    for (let mask = 0; mask < 128; mask++) {
      const set = [0, 1, 2, 3, 4, 5, 6].filter((i) => mask & (1 << i));
      if (set.length !== size) continue;
      const reached = new Set([set[0]!]);
      for (let round = 0; round < size; round++) {
        for (const i of reached) {
          for (const j of set) if (joined[8 * Math.min(i, j) + Math.max(i, j)] && i !== j) reached.add(j);
        }
      }
      if (reached.size === size) found.push(set.join(" "));
    }
    const sets = connectedSets(graph, size);
    const got = Array.from({ length: sets.length / size }, (_, k) =>
      sets.subarray(k * size, (k + 1) * size).join(" "),
    );
    expect(got).toEqual([...got].sort());
    expect([...got].sort()).toEqual(found.sort());
  }
});

test("bad walks and graphs are refused by name", () => {
  const chain = graphOf(4, (i, j) => j === i + 1);
  const { model } = randomModel(chain, 2, random(2));
  const cases: [() => unknown, string][] = [
    [() => walkRelevances(model, [0, 1]), "2 beads; expected 3 a walk"],
    [() => walkRelevances(model, [0, 1, 3]), "from bead 1 to 3, which are no neighbours"],
    [() => walkRelevances(model, [9, 1, 1]), "bead 9; there are 0 to 3"],
    [() => enumerateWalks(model, () => {}, { limit: 10 }), "more than 10; sum over subsets"],
    [() => connectedSets(chain, 0), "size 0"],
    [
      () =>
        subsetSums({ ...model, graph: { ...chain, sender: chain.sender.map((j, e) => (e === 0 ? 3 : j)) } }),
      "but not the other way",
    ],
  ];
  for (const [act, message] of cases) expect(act).toThrow(message);
});
