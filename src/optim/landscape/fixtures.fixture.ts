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
