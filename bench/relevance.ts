import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random } from "../src/core/random.ts";
import { writeSafetensors } from "../src/data/safetensors.ts";
import { connectedSets, countWalks } from "../src/lenses/relevance/adjacency.ts";
import { bodyRelevances } from "../src/lenses/relevance/bodies.ts";
import { conservative } from "../src/lenses/relevance/rules.ts";
import { so3netWalks } from "../src/lenses/relevance/so3net-walks.ts";
import { subsetSums } from "../src/lenses/relevance/subsets.ts";
import { enumerateWalks, walkRelevances } from "../src/lenses/relevance/walks.ts";
import { initialWeights } from "../src/models/potentials/shapes.ts";
import { so3net } from "../src/models/potentials/so3net.ts";
import { runSo3net } from "../src/models/potentials/so3net-forward.ts";
import type { NamedWeights } from "../src/models/potentials/weights.ts";
import { type Cell, cell, cubicCell } from "../src/physics/fluids/cell.ts";
import { neighbourGraph } from "../src/physics/fluids/graph.ts";
import { methane, methaneIsThere } from "../test/methane.ts";
import { median, peer } from "./peer.ts";

interface Frame {
  name: string;
  weights: NamedWeights;
  positions: Float64Array;
  cell: Cell;
  species: Int32Array;
}

/** The published methane network and frame; without the reference data, a network and a frame of that size. */
export function benchFrame(): Frame {
  if (methaneIsThere) return { name: "published methane network and frame", ...methane() };
  const source = random(1, "bench");
  const positions = Float64Array.from({ length: 375 }, (_, k) => {
    const i = Math.floor(k / 3);
    return 3.94 * [i % 5, Math.floor(i / 5) % 5, Math.floor(i / 25)][k % 3]! + 0.5 * source.normal();
  });
  const sizes = { features: 128, layers: 3, radialBasis: 20, cutoff: 5, species: 1 } as const;
  return {
    name: "a random network and frame of the size of the published ones",
    weights: initialWeights({ ...sizes, architecture: "so3net" }, source),
    positions,
    cell: cubicCell(19.7),
    species: new Int32Array(125),
  };
}

function prepared({ weights, positions, cell: box, species }: Frame) {
  const net = so3net(weights);
  const graph = neighbourGraph(positions, box, net.cutoff);
  return { net, graph, model: () => so3netWalks(net, runSo3net(net, graph, species), conservative) };
}

function seconds<T>(work: () => T): [number, T] {
  const start = performance.now();
  const result = work();
  return [(performance.now() - start) / 1000, result];
}

/** Seconds for all pairs and triplets of the frame, forward pass included: the better of two, one thread. */
export function pairsAndTriplets(frame: Frame): { seconds: number; sets: number } {
  const { model } = prepared(frame);
  const runs = [0, 1].map(() => seconds(() => bodyRelevances(model(), { largest: 3 })));
  const sets = runs[0]![1].orders.reduce((sum, { relevance }) => sum + relevance.length, 0);
  return { seconds: Math.min(...runs.map(([s]) => s)), sets };
}

/** Seconds for every walk of the frame, and for one walk at a time (a sample), extrapolated to all. */
export function allWalks(frame: Frame): { shared: number; oneByOne: number; walks: number; sample: number } {
  const { model, graph } = prepared(frame);
  const ready = model();
  const list: number[] = [];
  const [shared] = seconds(() => {
    enumerateWalks(ready, (walk, _relevance) => {
      list.push(...walk);
    });
  });
  const walks = countWalks(graph, 3);
  const sample = 256;
  const chosen = Array.from({ length: sample }, (_, k) => Math.floor((k * walks) / sample)).flatMap((k) =>
    list.slice(4 * k, 4 * k + 4),
  );
  const [spent] = seconds(() => {
    for (let k = 0; k < sample; k++) walkRelevances(ready, chosen.slice(4 * k, 4 * k + 4));
  });
  return { shared, oneByOne: (spent / sample) * walks, walks, sample };
}

/** Seconds and edges for all pairs of the frame repeated 1, 2 and 4 times. */
export function pairScaling(frame: Frame): { edges: number; seconds: number }[] {
  return [1, 2, 4].map((times) => {
    const { vectors } = frame.cell;
    const wide = vectors.map((v, k) => (k < 3 ? v * times : v));
    const positions = new Float64Array(times * frame.positions.length);
    for (let c = 0; c < times; c++) {
      frame.positions.forEach((x, k) => {
        positions[c * frame.positions.length + k] = x + c * vectors[k % 3]!;
      });
    }
    const species = Int32Array.from({ length: positions.length / 3 }, () => frame.species[0]!);
    const { model, graph } = prepared({ ...frame, positions, cell: cell(wide), species });
    const runs = [0, 1, 2].map(() => seconds(() => bodyRelevances(model(), { largest: 2 }))[0]);
    return { edges: graph.edges, seconds: median(runs) };
  });
}

/** One way of PyTorch over all sets of one to three beads. Sums of its first sets are compared with ours. */
export function torchSets(
  frame: Frame,
  way: "one" | "batch" | "inside",
  options: { batch: number; limit: number; threads: number },
): { seconds: number; sample: number; difference: number } {
  const { net, graph, model } = prepared(frame);
  const folder = mkdtempSync(join(tmpdir(), "physlens-bench-"));
  try {
    const weights = join(folder, "weights.safetensors");
    writeFileSync(weights, writeSafetensors(frame.weights as Map<string, never>));
    const groups = [1, 2, 3].map((size) => {
      const flat = connectedSets(graph, size);
      // Sets from all over the frame come first, so that a sample is a fair one.
      const order = random(2, size).permutation(flat.length / size);
      return Array.from(order, (k) => [...flat.subarray(k * size, (k + 1) * size)]);
    });
    const { couplings, prefactors } = net;
    const { beads, receiver, sender, vectors } = graph;
    const table = [couplings.first, couplings.second, couplings.third, couplings.value];
    const data = {
      weights,
      beads,
      receiver: [...receiver],
      sender: [...sender],
      vectors: [...vectors],
      couplings: table.map((row) => [...row]),
      prefactors,
      species: [...frame.species],
      sets: groups,
    };
    const path = join(folder, "case.json");
    writeFileSync(path, JSON.stringify(data));
    const rows = 4;
    const [spent, ...sums] = peer("relevance.py", { case: path, way, rows, ...options });
    const ours = subsetSums(model());
    const expected = groups.flatMap((group) => group.slice(0, rows).map((set) => ours.of(set)));
    const difference = Math.max(...expected.map((value, k) => Math.abs(value - sums[k]!)));
    const sample = groups.reduce((sum, group) => sum + Math.min(group.length, options.limit), 0);
    return { seconds: spent!, sample, difference };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const ways = [
  { way: "one", name: "one set at a time", target: 0.1, batch: 1, limit: 4 },
  { way: "batch", name: "sets in batches", target: 1, batch: 8, limit: 8 },
  { way: "inside", name: "sets in batches, on their beads alone", target: 1, batch: 64, limit: 512 },
] as const;

/** Prints what the relevance of all pairs and triplets of 125 beads costs, here and in PyTorch where it is there. */
export function reportRelevance(withTorch: boolean): void {
  const frame = benchFrame();
  const { seconds: ours, sets } = pairsAndTriplets(frame);
  console.log(`relevance, ${frame.name}, float64, conservative rules`);
  console.log(
    `${sets} sets of one to three beads: ${ours.toFixed(2)} s on one core  target < 10 s on two ${ours < 10 ? "met" : "NOT MET"}`,
  );
  const { shared, oneByOne, walks, sample } = allWalks(frame);
  console.log(
    `all ${walks} walks: ${shared.toFixed(2)} s together, ${oneByOne.toFixed(0)} s one by one (extrapolated from ${sample})`,
  );
  for (const { edges, seconds: spent } of pairScaling(frame)) {
    console.log(
      `all pairs of ${edges} edges: ${spent.toFixed(2)} s, ${((1e3 * spent) / edges).toFixed(2)} ms an edge`,
    );
  }
  if (!withTorch) return;
  for (const { way, name, target, batch, limit } of ways) {
    const runs = [1, 2].map((threads) => ({ threads, ...torchSets(frame, way, { batch, limit, threads }) }));
    const best = runs.reduce((a, b) => (b.seconds < a.seconds ? b : a));
    const ratio = ours / best.seconds;
    const told = best.sample < sets ? ` extrapolated from ${best.sample}` : "";
    console.log(
      `PyTorch, ${name}: ${best.seconds.toFixed(1)} s (${best.threads})${told}, sums ${best.difference.toExponential(0)} apart  ratio ${ratio.toFixed(3)}  target ≤ ${target} ${ratio <= target ? "met" : "NOT MET"}`,
    );
  }
}
