import { describe, expect, test } from "vitest";
import { type Random, random } from "../../core/random.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { basinHopping } from "./basin-hopping.ts";
import { certify } from "./certify.ts";
import { elasticBand } from "./elastic-band.ts";
import { slideFrom, troughFrom, wells } from "./fixtures.fixture.ts";
import { followEigenvector } from "./follow-eigenvector.ts";
import type { AsyncLandscape, Landscape } from "./landscape.ts";
import { lowestMode } from "./lowest-mode.ts";
import { quench } from "./quench.ts";
import { differencedHessian, runSearch, type Search, solve } from "./search.ts";
import { modeSpectrum } from "./spectrum.ts";
import { findTransitionState } from "./transition-state.ts";

/** V = ½xᵀAx with a given spectrum, in random axes. */
function quadratic(
  spectrum: readonly number[],
  draw: Random,
): Landscape & { a: Matrix; axes: Float64Array[] } {
  const n = spectrum.length;
  const axes: Float64Array[] = [];
  for (let i = 0; i < n; i++) {
    const v = Float64Array.from({ length: n }, () => draw.normal());
    for (let pass = 0; pass < 2; pass++) {
      for (const u of axes) {
        const along = u.reduce((sum, value, k) => sum + value * v[k]!, 0);
        for (let k = 0; k < n; k++) v[k]! -= along * u[k]!;
      }
    }
    const length = Math.hypot(...v);
    axes.push(v.map((value) => value / length));
  }
  const a = matrix(n, n);
  for (let m = 0; m < n; m++) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) a.data[i * n + j]! += spectrum[m]! * axes[m]![i]! * axes[m]![j]!;
    }
  }
  return {
    ...{ name: "quadratic", n, a, axes },
    valueAndGradient(x, g) {
      let value = 0;
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += a.data[i * n + j]! * x[j]!;
        g[i] = sum;
        value += (sum * x[i]!) / 2;
      }
      return value;
    },
    start: (random) => Float64Array.from({ length: n }, () => random.normal()),
  };
}

describe("quench", () => {
  test("a quadratic function of condition 10⁴ ends at its centre; no step is longer than it may be", () => {
    const land = quadratic([1e-2, 0.1, 1, 10, 100], random(1, "quench"));
    let last: Float64Array | undefined;
    let longest = 0;
    const watched: Landscape = {
      ...land,
      valueAndGradient(x, g) {
        if (last) longest = Math.max(longest, Math.hypot(...x.map((v, i) => v - last![i]!)));
        last = x.slice();
        return land.valueAndGradient(x, g);
      },
    };
    const start = land.start(random(2, "quench"));
    const given = start.slice();
    const down = runSearch(watched, quench(start, { rms: 1e-9, maxStep: 0.05 }));
    expect(start).toEqual(given);
    expect(down.converged).toBe(true);
    expect(Math.hypot(...down.x)).toBeLessThan(1e-6);
    expect(longest).toBeLessThanOrEqual(0.05 * (1 + 1e-12));
    expect(down.evaluations).toBeGreaterThan(down.iterations);
  });

  test("the end is in the basin of the start: small steps from either side of a ridge", () => {
    for (const [x, side] of [
      [0.05, 1],
      [-0.05, -1],
    ] as const) {
      expect(runSearch(wells(), quench(Float64Array.of(x, 0.3))).x[0]).toBeCloseTo(side, 6);
    }
  });

  test("no lower bound, values that are not finite and bad options are refused by name", () => {
    const start = Float64Array.of(0, 1);
    expect(() => runSearch(slideFrom(), quench(start, { floor: -50, maxIterations: 1e4 }))).toThrow(
      /no lower bound/,
    );
    expect(runSearch(slideFrom(), quench(start)).stopped).toBe("iterations used up");
    expect(() => runSearch(wells(), quench(Float64Array.of(Number.NaN, 0)))).toThrow(/value NaN/);
    for (const options of [{ rms: 0 }, { maxStep: -1 }, { rms: Number.NaN }]) {
      expect(() => runSearch(wells(), quench(start, options))).toThrow(/expected/);
    }
  });
});

describe("spectra", () => {
  test("zero modes that are given are taken out, whatever their curvature; the rest stay", () => {
    const spectrum = [-3, 0, 0.5, 2, 7];
    const land = quadratic(spectrum, random(3, "spectrum"));
    const without = [1, 3];
    const zero = matrix(2, 5, [...land.axes[1]!, ...land.axes[3]!]);
    const { values, zeroModes } = modeSpectrum(land.a, zero);
    expect(zeroModes).toBe(2);
    expect([...values].map((v) => v.toFixed(9))).toEqual(
      spectrum.filter((_, i) => !without.includes(i)).map((v) => v.toFixed(9)),
    );
  });

  test("the Hessian by differences is that of the matrix", () => {
    const land = quadratic([-3, 1, 5], random(4, "differences"));
    const h = runSearch(land, differencedHessian(Float64Array.of(0.3, -2, 1)));
    h.data.forEach((value, i) => {
      expect(Math.abs(value - land.a.data[i]!)).toBeLessThan(1e-9);
    });
  });

  test("the Hessian from products is the matrix, called and awaited", async () => {
    const land = quadratic([-3, 1, 5], random(4, "products"));
    const hvp = (_: Float64Array, v: Float64Array, out: Float64Array) => {
      for (let i = 0; i < 3; i++) {
        out[i] = [0, 1, 2].reduce((sum, j) => sum + land.a.data[3 * i + j]! * v[j]!, 0);
      }
    };
    function* ask(): Search<Matrix> {
      return (yield { hessianAt: new Float64Array(3) }).hessian!;
    }
    const { name, n, start } = land;
    const awaited: AsyncLandscape = {
      ...{ name, n, start, asynchronous: true },
      valueAndGradient: async () => 0,
      hvp: async (x, v, out) => hvp(x, v, out),
    };
    for (const h of [runSearch({ ...land, hvp }, ask()), await solve(awaited, ask())]) {
      h.data.forEach((value, i) => {
        expect(Math.abs(value - land.a.data[i]!)).toBeLessThan(1e-15 * 10);
      });
    }
  });

  test("the lowest mode by Rayleigh and Ritz is that of the full spectrum", () => {
    const spectrum = [-1.5, -0.2, ...Array.from({ length: 10 }, (_, i) => 1 + i)];
    const draw = random(5, "lowest");
    const land = quadratic(spectrum, draw);
    const x = land.start(draw);
    const guess = land.start(draw);
    const found = runSearch(land, lowestMode(x, guess, { exactUpTo: 0, rms: 1e-7, maxIterations: 500 }));
    expect(found.value).toBeCloseTo(-1.5, 8);
    const overlap = found.vector.reduce((sum, v, i) => sum + v * land.axes[0]![i]!, 0);
    expect(Math.abs(overlap)).toBeCloseTo(1, 6);
  });
});

describe("certificates", () => {
  test("Newton's steps reach machine accuracy, and a wrong index is told with where it was found", () => {
    const land = wells();
    const found = runSearch(land, certify(Float64Array.of(1.01, 0.01), { index: 0, rms: 1e-13 }));
    if (!found.ok) throw new Error(found.detail);
    expect(Math.abs(found.point.x[0]! - 1)).toBeLessThan(1e-13);
    expect(found.point.lowest).toBeCloseTo(4, 6);
    expect(found.point.logProduct).toBeCloseTo(Math.log(4) + Math.log(8), 8);
    expect(runSearch(land, certify(Float64Array.of(0.01, 0), { index: 0 }))).toMatchObject({
      reason: "wrong index",
      detail: "index 1, expected 0",
    });
  });

  test("flat directions are named, points far from stationary refused", () => {
    expect(runSearch(troughFrom(), certify(Float64Array.of(3, 0), { index: 0 }))).toMatchObject({
      reason: "flat",
      detail: expect.stringMatching(/1.00 of coordinate 0.*regularisation/) as string,
    });
    expect(runSearch(wells(), certify(Float64Array.of(1.5, 1), { index: 0 }))).toMatchObject({
      reason: "not stationary",
    });
  });
});

describe("transition states", () => {
  test.each([300, 0])("eigenvector-following from far off, exact spectrum up to %i", (exactUpTo) => {
    const land = wells();
    const guess = Float64Array.of(1, 0.2);
    const followed = runSearch(land, followEigenvector(Float64Array.of(-0.7, 0.4), guess, { exactUpTo }));
    expect(followed.status).toBe("converged");
    expect(Math.hypot(...followed.x)).toBeLessThan(1e-5);
    expect(followed.curvature).toBeCloseTo(-4, 4);
    const found = runSearch(
      land,
      findTransitionState(Float64Array.of(-0.7, 0.4), guess, { follow: { exactUpTo } }),
    );
    if (!found.ok) throw new Error(found.reason);
    expect(found.triple.saddle.value).toBeCloseTo(1, 12);
    expect(found.triple.sides.map((side) => Math.round(side.x[0]!)).sort()).toEqual([-1, 1]);
    for (const side of found.triple.sides) expect(side.value).toBeCloseTo(0, 12);
  });

  test("where there is none the search says how it ended", () => {
    const land = quadratic([1, 2, 3], random(6, "bowl"));
    const options = { follow: { maxCycles: 30 } };
    const found = runSearch(
      land,
      findTransitionState(Float64Array.of(0.1, 0, 0), Float64Array.of(1, 0, 0), options),
    );
    expect(found).toMatchObject({ ok: false, reason: "cycles used up" });
    const near = { follow: { maxDistance: 1 } };
    expect(
      runSearch(land, findTransitionState(Float64Array.of(0.1, 0, 0), Float64Array.of(1, 0, 0), near)),
    ).toMatchObject({ reason: "left the region" });
  });
});

describe("doubly nudged elastic band", () => {
  const gaps = (images: readonly Float64Array[]) =>
    images.slice(1).map((x, j) => Math.hypot(...x.map((v, i) => v - images[j]![i]!)));
  const ends = [Float64Array.of(-1, 0), Float64Array.of(1, 0)] as const;

  test.each(["opposed", "always"] as const)(
    "a straight band on the exact path stays, evenly spaced (%s)",
    (secondNudge) => {
      const band = runSearch(wells(), elasticBand(...ends, { images: 9, rms: 1e-4, secondNudge }));
      expect(band.converged).toBe(true);
      for (const x of band.images) expect(Math.abs(x[1]!)).toBeLessThan(1e-12);
      for (const gap of gaps(band.images)) expect(Math.abs(gap / 0.2 - 1)).toBeLessThan(0.01);
      expect(band.maxima).toEqual([5]);
      expect(band.values[5]).toBeCloseTo(1, 6);
      expect(Math.abs(band.tangents[5]![0]!)).toBeCloseTo(1, 12);
    },
  );

  test("a curved valley: the band follows it, and its maximum is next to the transition state", () => {
    // Wells joined by the parabola y = 1 − x².
    const curved: Landscape = {
      ...wells(),
      valueAndGradient(x, g) {
        const off = x[1]! - 1 + x[0]! ** 2;
        g[0] = 4 * x[0]! * (x[0]! ** 2 - 1) + 40 * off * x[0]!;
        g[1] = 20 * off;
        return (x[0]! ** 2 - 1) ** 2 + 10 * off * off;
      },
    };
    const band = runSearch(curved, elasticBand(...ends, { images: 21, rms: 1e-3, maxIterations: 3000 }));
    expect(band.converged).toBe(true);
    for (const x of band.images) expect(Math.abs(x[1]! - 1 + x[0]! ** 2)).toBeLessThan(0.05);
    expect(band.maxima.length).toBe(1);
    const top = band.images[band.maxima[0]!]!;
    expect(Math.hypot(top[0]!, top[1]! - 1)).toBeLessThan(0.1);
    const spaces = gaps(band.images);
    expect(Math.max(...spaces) / Math.min(...spaces)).toBeLessThan(1.05);
  });

  test("ends that do not fit and no images are refused", () => {
    expect(() => runSearch(wells(), elasticBand(ends[0], Float64Array.of(1)))).toThrow(/2 and 1 coordinates/);
    expect(() => runSearch(wells(), elasticBand(...ends, { images: 0 }))).toThrow(/0 images/);
  });
});

describe("basin-hopping", () => {
  test("rejections leave the walker's place as it was, bit for bit", () => {
    // From the lower of two tilted wells nothing is accepted when it is cold.
    const tilted: Landscape = {
      ...wells(),
      valueAndGradient(x, g) {
        const value = wells().valueAndGradient(x, g);
        g[0]! += 0.3;
        return value + 0.3 * x[0]!;
      },
    };
    const places: Float64Array[] = [];
    const options = {
      ...{ steps: 60, step: 2.5, temperature: 1e-12, adaptEvery: 0 },
      start: Float64Array.of(-1, 0),
      onQuench: ({ accepted, markov, value }: { accepted: boolean; markov: Float64Array; value: number }) => {
        if (!accepted && value > 0) places.push(markov.slice());
      },
    };
    const result = runSearch(tilted, basinHopping(tilted, random(1, "trap"), options));
    expect(places.length).toBeGreaterThan(10);
    const lower = Math.min(...result.minima.map((m) => m.point.value));
    expect(lower).toBeCloseTo(-0.3 - 0.3 ** 2 / 16, 2);
    for (const place of places) {
      expect(Math.abs(place[0]! + 1)).toBeLessThan(0.1);
      expect(tilted.valueAndGradient(place, new Float64Array(2))).toBeLessThan(-0.2);
    }
  });

  test("the step adapts towards the share of quenches that leave the basin", () => {
    const options = { steps: 1500, step: 0.01, adaptEvery: 25, targetMoved: 0.4, distanceTolerance: 0.05 };
    const tilted = {
      ...wells(),
      valueAndGradient: (x: Float64Array, g: Float64Array) => {
        const value = wells().valueAndGradient(x, g);
        g[0]! += 0.1;
        return value + 0.1 * x[0]!;
      },
    };
    expect(runSearch(tilted, basinHopping(tilted, random(2, "adapt"), options)).step).toBeGreaterThan(0.5);
  });

  test("the same stream gives the same walk; another one another", () => {
    const walk = (seed: number) => {
      const values: number[] = [];
      const onQuench = ({ markov }: { markov: Float64Array }) => void values.push(markov[0]!);
      runSearch(wells(), basinHopping(wells(), random(seed, "walk"), { steps: 30, step: 2, onQuench }));
      return values;
    };
    expect(walk(1)).toEqual(walk(1));
    expect(walk(1)).not.toEqual(walk(2));
  });

  test("minima that cannot be certified are counted with the reason", () => {
    const { minima, refused } = runSearch(
      troughFrom(),
      basinHopping(troughFrom(), random(3, "flat"), { steps: 5 }),
    );
    expect(minima).toEqual([]);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]!.reason).toMatch(/flat: eigenvalue/);
  });

  test.each([{ steps: -1 }, { steps: 1.5 }, { steps: 3, temperature: 0 }])(
    "options %j are refused",
    (options) => {
      expect(() => runSearch(wells(), basinHopping(wells(), random(1), options))).toThrow(/basinHopping/);
    },
  );
});
