import { expect, test } from "vitest";
import { random } from "../../core/random.ts";
import { quietTask } from "../../core/task.ts";
import { type Exploration, explore } from "../../optim/landscape/explore.ts";
import { loadLandscape } from "../../optim/landscape/job.ts";
import { differencedHessian, runSearch } from "../../optim/landscape/search.ts";
import { surfaceFrom, surfaces } from "./named.ts";
import type { Surface } from "./surface.ts";

const source = (name: string) => ({
  module: new URL("./named.ts", import.meta.url).href,
  fn: "surfaceFrom",
  input: { name },
});

const names = Object.keys(surfaces);

test.each(names)("%s: derivatives against central differences", (name) => {
  const land = surfaceFrom({ name });
  const draw = random(3, name);
  for (let k = 0; k < 20; k++) {
    const x = land.start(draw);
    const g = new Float64Array(2);
    const scratch = new Float64Array(2);
    land.valueAndGradient(x, g);
    for (let i = 0; i < 2; i++) {
      const values = [1, -1].map((sign) => {
        const y = x.slice();
        y[i]! += sign * 1e-5;
        return land.valueAndGradient(y, scratch);
      });
      const slope = (values[0]! - values[1]!) / 2e-5;
      expect(Math.abs(g[i]! - slope)).toBeLessThan(2e-7 * (1 + Math.abs(slope) + Math.abs(values[0]!)));
    }
    const exact = land.hessian!(x);
    const close = runSearch(land, differencedHessian(x));
    for (let i = 0; i < 4; i++) {
      expect(Math.abs(exact.data[i]! - close.data[i]!)).toBeLessThan(1e-5 * (1 + Math.abs(exact.data[i]!)));
    }
  }
});

function explored(name: string, threads = 0): Promise<Exploration> {
  return explore({
    source: source(name),
    seed: 1,
    threads,
    walkers: 6,
    searches: 30,
    neighbours: 3,
    hop: { step: 1, steps: 40 },
    task: quietTask,
  });
}

/** All stationary points by Newton's method from a dense grid: values by index. */
function byGrid({ at, region }: Surface): number[][] {
  const found: { x: number; y: number; value: number; index: number }[] = [];
  const cells = 60;
  for (let i = -cells / 4; i <= cells * 1.25; i++) {
    for (let j = -cells / 4; j <= cells * 1.25; j++) {
      let x = region.x[0] + ((region.x[1] - region.x[0]) * i) / cells;
      let y = region.y[0] + ((region.y[1] - region.y[0]) * j) / cells;
      for (let step = 0; step < 60; step++) {
        const p = at(x, y);
        const det = p.xx * p.yy - p.xy * p.xy;
        const [sx, sy] = [(p.yy * p.x - p.xy * p.y) / det, (p.xx * p.y - p.xy * p.x) / det];
        const cut = Math.min(1, 0.1 / Math.hypot(sx, sy));
        x -= cut * sx;
        y -= cut * sy;
      }
      const p = at(x, y);
      if (!(Math.hypot(p.x, p.y) < 1e-9)) continue;
      if (found.some((q) => Math.hypot(q.x - x, q.y - y) < 1e-6)) continue;
      const det = p.xx * p.yy - p.xy * p.xy;
      found.push({ x, y, value: p.value, index: det < 0 ? 1 : p.xx > 0 ? 0 : 2 });
    }
  }
  return [0, 1, 2].map((index) =>
    found
      .filter((p) => p.index === index)
      .map((p) => p.value)
      .sort((a, b) => a - b),
  );
}

test.each(names)("%s: minima and transition states are those of Newton's method on a grid", async (name) => {
  const [minima, saddles, maxima] = byGrid(surfaces[name]!) as [number[], number[], number[]];
  // Euler's relation of a function that grows in all directions: nothing is missing from the oracle itself.
  expect(minima.length - saddles.length + maxima.length).toBe(1);
  const { network } = await explored(name);
  const values = (points: readonly { value: number }[]) => points.map((p) => p.value).sort((a, b) => a - b);
  const [ours, theirs] = [values(network.minima), values(network.saddles)];
  expect(ours.length).toBe(minima.length);
  expect(theirs.length).toBe(saddles.length);
  ours.forEach((value, i) => {
    expect(value).toBeCloseTo(minima[i]!, 8);
  });
  theirs.forEach((value, i) => {
    expect(value).toBeCloseTo(saddles[i]!, 8);
  });
});

test("Müller–Brown: positions, values and curvatures to the printed digits", async () => {
  const { network } = await explored("muller-brown");
  const land = await loadLandscape(source("muller-brown"));
  expect(land.name).toBe("Müller–Brown");
  const printed = {
    minima: [
      [-0.558223634633, 1.441725841805, -146.699517209954, 410.531135, 4068.198955],
      [0.623499404931, 0.028037758529, -108.166724116852, 543.836189, 3005.395865],
      [-0.050010822998, 0.466694104872, -80.767818129659, 221.037473, 1479.197022],
    ],
    saddles: [
      [0.212486582001, 0.292988325107, -72.248940112325, -735.247262, 510.886565],
      [-0.822001558733, 0.624312802815, -40.664843508657, -750.862663, 490.240708],
    ],
  };
  for (const kind of ["minima", "saddles"] as const) {
    const points = [...network[kind]].sort((a, b) => a.value - b.value);
    expect(points.length).toBe(printed[kind].length);
    points.forEach((p, i) => {
      const [x, y, value, low, high] = printed[kind][i]! as [number, number, number, number, number];
      expect(Math.abs(p.x[0]! - x)).toBeLessThan(1e-11);
      expect(Math.abs(p.x[1]! - y)).toBeLessThan(1e-11);
      expect(Math.abs(p.value - value)).toBeLessThan(1e-11);
      expect(Math.abs(p.lowest - low)).toBeLessThan(1e-5);
      const sum = kind === "minima" ? Math.log(low) + Math.log(high) : Math.log(high);
      expect(Math.abs(p.logProduct - sum)).toBeLessThan(1e-7);
      expect(p.rms).toBeLessThan(1e-9);
    });
  }
  const number = (value: number) => network.minima.findIndex((m) => Math.abs(m.value - value) < 1e-6);
  const [a, b, c] = printed.minima.map((row) => number(row[2]!)) as [number, number, number];
  const joins = [...network.saddles].sort((p, q) => p.value - q.value).map((s) => new Set(s.minima));
  expect(joins).toEqual([new Set([b, c]), new Set([a, c])]);
});

test("an unknown surface is refused with what it may have meant", () => {
  expect(() => surfaceFrom({ name: "muller-brwn" })).toThrow(/muller-brwn.*muller-brown/);
});
