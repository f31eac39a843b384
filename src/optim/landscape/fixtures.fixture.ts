import { spec } from "../../program/dtype.ts";
import * as ops from "../../program/ops/index.ts";
import type { AsyncLandscape, Landscape } from "./landscape.ts";
import { tracedLandscape } from "./traced-landscape.ts";

/** V = (x² − 1)² + κy²/2 with the exact path y = 0 between its minima (±1, 0) over (0, 0). */
export function wells(kappa = 4): Landscape {
  return {
    name: "wells",
    n: 2,
    valueAndGradient(x, g) {
      g[0] = 4 * x[0]! * (x[0]! ** 2 - 1);
      g[1] = kappa * x[1]!;
      return (x[0]! ** 2 - 1) ** 2 + (kappa * x[1]! ** 2) / 2;
    },
    start: (random) => Float64Array.of(4 * random.uniform() - 2, 4 * random.uniform() - 2),
  };
}

/** For worker threads. */
export function wellsFrom(): Landscape {
  return wells();
}

/** The same, awaited. */
export function asyncWellsFrom(): AsyncLandscape {
  const { name, n, valueAndGradient, start } = wells();
  return {
    ...{ name, n, start, asynchronous: true },
    valueAndGradient: (x, g) => Promise.resolve(valueAndGradient(x, g)),
  };
}

/** The same, traced: κ is data. */
export function tracedWellsFrom(): Promise<AsyncLandscape> {
  const { name, n, start } = wells();
  return tracedLandscape({
    ...{ name, n, start, specs: [spec([], "float64")], data: [Float64Array.of(4)] },
    loss(v, kappa) {
      const [x, y] = [ops.slice(v, 0), ops.slice(v, 1)];
      const well = ops.square(ops.sub(ops.square(x), 1));
      return ops.add(well, ops.mul(ops.mul(kappa!, 0.5), ops.square(y)));
    },
  });
}

/** A traced function that is no scalar. */
export function tracedFloatFrom(): Promise<AsyncLandscape> {
  const { start } = wells();
  return tracedLandscape({ name: "pair", n: 2, start, loss: (v) => ops.square(v) });
}

/** Too large to certify. */
export function hugeFrom(): Landscape {
  return { ...wells(), name: "huge", n: 5000 };
}

/**
 * XOR by a network of H tanh units with two softmax outputs: mean cross-entropy plus λ|w|², biases included. Weights in
 * the order input to hidden, hidden to output, hidden biases, output biases. Permutations and flips of units are left to
 * a comparison by value.
 */
export function xorFrom(input: unknown): Landscape {
  const { hidden, lambda } = input as { hidden: number; lambda: number };
  const [toOutput, bias] = [2 * hidden, 4 * hidden];
  const last = 5 * hidden;
  const n = last + 2;
  const h = new Float64Array(hidden);
  const share = new Float64Array(2);
  return {
    ...{ name: `XOR, ${hidden} hidden, λ = ${lambda}`, n },
    valueAndGradient(w, g) {
      let value = 0;
      for (let i = 0; i < n; i++) {
        value += lambda * w[i]! * w[i]!;
        g[i] = 2 * lambda * w[i]!;
      }
      for (let item = 0; item < 4; item++) {
        const x = [item >> 1, item & 1] as const;
        const truth = x[0] ^ x[1];
        for (let j = 0; j < hidden; j++) {
          h[j] = Math.tanh(w[bias + j]! + w[2 * j]! * x[0] + w[2 * j + 1]! * x[1]);
        }
        const y = [0, 1].map((o) =>
          h.reduce((sum, v, j) => sum + v * w[toOutput + o * hidden + j]!, w[last + o]!),
        );
        const top = Math.max(...y);
        const log = top + Math.log(y.reduce((sum, v) => sum + Math.exp(v - top), 0));
        value += (log - y[truth]!) / 4;
        for (const o of [0, 1]) {
          share[o] = (Math.exp(y[o]! - log) - (o === truth ? 1 : 0)) / 4;
          g[last + o]! += share[o]!;
        }
        for (let j = 0; j < hidden; j++) {
          let back = 0;
          for (const o of [0, 1]) {
            g[toOutput + o * hidden + j]! += share[o]! * h[j]!;
            back += share[o]! * w[toOutput + o * hidden + j]!;
          }
          back *= 1 - h[j]! ** 2;
          g[bias + j]! += back;
          g[2 * j]! += back * x[0];
          g[2 * j + 1]! += back * x[1];
        }
      }
      return value;
    },
    start(random) {
      const scale = 10 ** (1.7 * random.uniform() - 1);
      return Float64Array.from({ length: n }, () => scale * random.normal());
    },
  };
}

/** Falls for ever along x. */
export function slideFrom(): Landscape {
  return {
    name: "slide",
    n: 2,
    valueAndGradient(x, g) {
      g[0] = -1;
      g[1] = x[1]!;
      return -x[0]! + x[1]! ** 2 / 2;
    },
    start: (random) => Float64Array.of(random.normal(), random.normal()),
  };
}

/** A trough: flat along x. */
export function troughFrom(): Landscape {
  return {
    name: "trough",
    n: 2,
    valueAndGradient(x, g) {
      g[0] = 0;
      g[1] = x[1]!;
      return x[1]! ** 2 / 2;
    },
    start: (random) => Float64Array.of(random.normal(), random.normal()),
  };
}

/** Not a landscape. */
export function nothingFrom(): unknown {
  return { value: 3 };
}
