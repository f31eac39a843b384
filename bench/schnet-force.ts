import { random } from "../src/core/random.ts";
import { spec } from "../src/program/dtype.ts";
import * as np from "../src/program/ops/index.ts";
import { type Layout, layout } from "../src/program/parameters.ts";
import { compile } from "../src/program/session.ts";
import { trace } from "../src/program/trace.ts";
import { grad } from "../src/program/transform/index.ts";
import { median, peer, timed } from "./peer.ts";

const nodes = 125;
const [basis, blocks, cutoff] = [25, 3, 5];

/** A periodic-looking cloud: the pairs of a jittered 5×5×5 lattice that are near, both ways, and where they lie. */
export function cloud(edges = 1102) {
  const rng = random(1, "cloud");
  const positions: number[] = [];
  for (let i = 0; i < nodes; i++) {
    for (const c of [i % 5, Math.floor(i / 5) % 5, Math.floor(i / 25)])
      positions.push(2 * c + 0.2 * rng.normal());
  }
  const pairs: { i: number; j: number; d: number }[] = [];
  const at = (i: number) => positions.slice(3 * i, 3 * i + 3);
  for (let i = 0; i < nodes; i++) {
    for (let j = 0; j < i; j++) pairs.push({ i, j, d: Math.hypot(...at(i).map((x, k) => x - at(j)[k]!)) });
  }
  const near = pairs.sort((a, b) => a.d - b.d).slice(0, edges / 2);
  const source = near.flatMap(({ i, j }) => [i, j]);
  const target = near.flatMap(({ i, j }) => [j, i]);
  return { positions, source, target };
}

/** Gradient of the force-matching loss of a SchNet-like network by all its weights. Edges are inputs. */
export function schnetGradient(width: number, edges: number) {
  const shapes: Record<string, number[]> = { embedding: [1, width] };
  for (let b = 0; b < blocks; b++) {
    Object.assign(shapes, {
      [`${b}.w1`]: [basis, width],
      [`${b}.b1`]: [width],
      [`${b}.w2`]: [width, width],
      [`${b}.b2`]: [width],
      [`${b}.in`]: [width, width],
      [`${b}.w3`]: [width, width],
      [`${b}.b3`]: [width],
      [`${b}.w4`]: [width, width],
      [`${b}.b4`]: [width],
    });
  }
  Object.assign(shapes, { "head.w": [width, width >> 1], "head.b": [width >> 1], "head.o": [width >> 1, 1] });
  const weights: Layout<typeof shapes> = layout(shapes);
  const spacing = cutoff / (basis - 1);
  const centres = Float32Array.from({ length: basis }, (_, i) => i * spacing);
  const gamma = 0.5 / (cutoff / basis) ** 2;
  const energy = (r: np.Value, flat: np.Value, source: np.Value, target: np.Value) => {
    const p = weights.views(flat) as Record<string, np.Value>;
    const linear = (x: np.Value, w: string, b: string) => np.add(np.matmul(x, p[w]!), p[b]!);
    const d = np.norm(np.sub(np.take(r, source), np.take(r, target)), { axis: 1, keepdims: true });
    const rbf = np.exp(np.mul(np.square(np.sub(d, np.constant(centres))), -gamma));
    const cut = np.mul(np.add(np.cos(np.mul(d, Math.PI / cutoff)), 1), 0.5);
    let x = np.broadcastTo(p["embedding"]!, [nodes, width]);
    for (let b = 0; b < blocks; b++) {
      const filters = np.mul(
        linear(np.shiftedSoftplus(linear(rbf, `${b}.w1`, `${b}.b1`)), `${b}.w2`, `${b}.b2`),
        cut,
      );
      const messages = np.mul(np.take(np.matmul(x, p[`${b}.in`]!), source), filters);
      const pooled = np.segmentSum(messages, target, nodes);
      x = np.add(x, linear(np.shiftedSoftplus(linear(pooled, `${b}.w3`, `${b}.b3`)), `${b}.w4`, `${b}.b4`));
    }
    return np.sum(np.matmul(np.shiftedSoftplus(linear(x, "head.w", "head.b")), p["head.o"]!));
  };
  const loss = (flat: np.Value, r: np.Value, wanted: np.Value, source: np.Value, target: np.Value) => {
    const slope = grad(energy)(r, flat, source, target);
    return np.mean(np.square(np.add(slope, wanted)));
  };
  const specs = [
    spec([weights.size]),
    spec([nodes, 3]),
    spec([nodes, 3]),
    spec([edges], "int32"),
    spec([edges], "int32"),
  ];
  const program = trace(grad(loss), specs, {
    name: "schnet",
    names: ["weights", "positions", "forces", "source", "target"],
  });
  return { program, size: weights.size };
}

/** Seconds per gradient: ours and PyTorch's, each at the better of one and two threads. */
export async function schnetRatio(
  width: number,
): Promise<{ ours: number; torch: number; threads: [number, number] }> {
  const { positions, source, target } = cloud();
  const rng = random(2, "weights");
  const { program, size } = schnetGradient(width, source.length);
  const inputs = [
    Float32Array.from({ length: size }, () => rng.normal() / Math.sqrt(width)),
    Float32Array.from(positions),
    new Float32Array(3 * nodes),
    Int32Array.from(source),
    Int32Array.from(target),
  ];
  const plan = { warmup: 5, rounds: 5, steps: 10 };
  const results: { ours: [number, number][]; torch: [number, number][] } = { ours: [], torch: [] };
  for (const threads of [1, 2]) {
    const session = await compile(program, { threads });
    results.ours.push([median(await timed(() => session.run(inputs), plan)), threads]);
    await session.release();
    const config = {
      ...plan,
      threads,
      width,
      nodes,
      edges: source.length,
      basis,
      blocks,
      cutoff,
      positions,
      source,
      target,
    };
    results.torch.push([median(peer("schnet_force.py", config)), threads]);
  }
  const best = (rows: [number, number][]) => rows.reduce((a, b) => (b[0] < a[0] ? b : a));
  const [ours, torch] = [best(results.ours), best(results.torch)];
  return { ours: ours[0], torch: torch[0], threads: [ours[1], torch[1]] };
}
