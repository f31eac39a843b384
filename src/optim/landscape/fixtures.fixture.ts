import type { AsyncLandscape, Landscape } from "./landscape.ts";

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
