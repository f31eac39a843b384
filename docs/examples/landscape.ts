/**
 * The landscape of a loss of one's own: a sine fitted to a signal has a minimum for every frequency that happens to beat
 * with it. In a package of yours the imports are from "physlens".
 */
import { landscapes, minimaAndSaddles, ops, random, spec } from "../../src/index.ts";

const samples = 40;
const time = Float64Array.from({ length: samples }, (_, i) => i / 4);

/** A signal of angular frequency 2 with noise. */
export function signal(seed: number) {
  const draw = random(seed, "signal");
  return time.map((t) => Math.sin(2 * t + 0.3) + 0.2 * draw.normal());
}

/**
 * Mean squared error of a·cos ωt + b·sin ωt with a little regularisation, traced once and differentiated by the engine.
 * Threads make their own from this function's name.
 */
export function sineFit({ seed }: { seed: number }) {
  return landscapes.tracedLandscape({
    name: "sine fit",
    n: 3,
    specs: [spec([samples], "float64"), spec([samples], "float64")],
    data: [time, signal(seed)],
    start: (draw) => Float64Array.of(draw.normal(), draw.normal(), 4 * draw.uniform()),
    loss(x, t, y) {
      const [a, b, omega] = [ops.slice(x, 0), ops.slice(x, 1), ops.slice(x, 2)];
      const angle = ops.mul(omega, t!);
      const wave = ops.add(ops.mul(a, ops.cos(angle)), ops.mul(b, ops.sin(angle)));
      return ops.add(ops.mean(ops.square(ops.sub(wave, y!))), ops.mul(1e-3, ops.sum(ops.square(x))));
    },
  });
}

/** Its minima and transition states, and how high one has to climb between fits. */
export async function fitsOfSine(seed = 0) {
  const source = { module: import.meta.url, fn: "sineFit", input: { seed } };
  const effort = { walkers: 1, hop: { steps: 12 }, searches: 1, rounds: 2, cycles: 2 };
  const { network } = await landscapes.explore({ source, seed, ...effort });
  const tree = minimaAndSaddles.mergeTree(network);
  return {
    network,
    persistence: minimaAndSaddles.persistencePairs(tree),
    frequencies: network.minima.map(({ x, value }) => ({ omega: Math.abs(x[2]!), loss: value })),
  };
}
