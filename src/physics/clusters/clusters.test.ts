import { describe, expect, test } from "vitest";
import { type Random, random } from "../../core/random.ts";
import { runSearch } from "../../optim/landscape/search.ts";
import { modeSpectrum } from "../../optim/landscape/spectrum.ts";
import { findMinimum } from "../../optim/landscape/transition-state.ts";
import { alignCluster } from "./align.ts";
import { centred, distanceBetween, reordered, rotated } from "./centre.ts";
import { congruentCopy, pointGroupOrder } from "./congruence.ts";
import { lennardJones } from "./lennard-jones.ts";
import { clusterStart, clusterStep, containerRadius } from "./moves.ts";
import { bestRotation, rotationOf } from "./rotate.ts";
import { clusterZeroModes } from "./zero-modes.ts";

/** A cluster without close atoms. */
function loose(atoms: number, draw: Random): Float64Array {
  for (;;) {
    const x = clusterStart(atoms, draw);
    let least = Infinity;
    for (let i = 0; i < x.length; i += 3) {
      for (let j = 0; j < i; j += 3) {
        least = Math.min(least, Math.hypot(x[i]! - x[j]!, x[i + 1]! - x[j + 1]!, x[i + 2]! - x[j + 2]!));
      }
    }
    if (least > 0.85) return x;
  }
}

function randomTurn(draw: Random): Float64Array {
  const q = [draw.normal(), draw.normal(), draw.normal(), draw.normal()];
  const length = Math.hypot(...q);
  return rotationOf(q[0]! / length, q[1]! / length, q[2]! / length, q[3]! / length);
}

/** Atoms relabelled, turned, shifted and, for hand −1, inverted. */
function disguised(x: Float64Array, draw: Random, hand: number): Float64Array {
  const turned = rotated(reordered(x, draw.permutation(x.length / 3)), randomTurn(draw));
  const shift = [draw.normal(), draw.normal(), draw.normal()];
  return turned.map((value, i) => hand * value + shift[i % 3]!);
}

test.each([3, 5, 8, 13])("LJ%i: gradient and Hessian against central differences", (atoms) => {
  const land = lennardJones(atoms);
  const n = land.n;
  const draw = random(1, "derivatives", atoms);
  const x = loose(atoms, draw);
  const g = new Float64Array(n);
  const [up, down] = [new Float64Array(n), new Float64Array(n)];
  land.valueAndGradient(x, g);
  const h = land.hessian!(x);
  const step = 1e-5;
  const scale = Math.max(...h.data.map(Math.abs));
  for (let i = 0; i < n; i++) {
    const y = x.slice();
    y[i] = x[i]! + step;
    const above = land.valueAndGradient(y, up);
    y[i] = x[i]! - step;
    const below = land.valueAndGradient(y, down);
    expect(Math.abs(g[i]! - (above - below) / (2 * step))).toBeLessThan(1e-7 * scale);
    for (let j = 0; j < n; j++) {
      expect(Math.abs(h.data[i * n + j]! - (up[j]! - down[j]!) / (2 * step))).toBeLessThan(1e-7 * scale);
      expect(h.data[i * n + j]).toBe(h.data[j * n + i]);
    }
  }
});

test("two atoms at r_e of three far apart have energy −1 and no force", () => {
  const land = lennardJones(3);
  const g = new Float64Array(9);
  const r = 2 ** (1 / 6);
  const value = land.valueAndGradient(Float64Array.of(0, 0, 0, r, 0, 0, 0, 1e4, 0), g);
  expect(value).toBeCloseTo(-1, 12);
  for (const component of g) expect(Math.abs(component)).toBeLessThan(1e-12);
});

describe("zero modes", () => {
  test("a bulky cluster has six, a line five; the energy does not change along them to second order", () => {
    const draw = random(5, "zero");
    const line = Float64Array.of(0, 0, 0, 1, 2, 3, 2, 4, 6, -1, -2, -3);
    for (const [x, k] of [
      [loose(6, draw), 6],
      [Float64Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0), 6],
      [line, 5],
    ] as const) {
      const z = clusterZeroModes(x);
      expect(z.rows).toBe(k);
      for (let a = 0; a < k; a++) {
        for (let b = 0; b < k; b++) {
          let dot = 0;
          for (let i = 0; i < z.cols; i++) dot += z.data[a * z.cols + i]! * z.data[b * z.cols + i]!;
          expect(Math.abs(dot - (a === b ? 1 : 0))).toBeLessThan(1e-12);
        }
      }
    }
  });

  test("at a minimum the six eigenvalues that are taken out are those that vanish", () => {
    const land = lennardJones(7);
    const found = runSearch(land, findMinimum(loose(7, random(2, "min")), { zeroModes: clusterZeroModes }));
    if (!found.ok) throw new Error(found.reason);
    const h = land.hessian!(found.point.x);
    const whole = modeSpectrum(h).values;
    const kept = modeSpectrum(h, clusterZeroModes(found.point.x)).values;
    expect(kept.length).toBe(15);
    for (let i = 0; i < 6; i++) expect(Math.abs(whole[i]!)).toBeLessThan(1e-9);
    for (let i = 0; i < 15; i++) expect(Math.abs(kept[i]! - whole[i + 6]!)).toBeLessThan(1e-9);
  });
});

describe("alignment", () => {
  test.each([4, 7, 13, 30])("a cluster of %i atoms in disguise is laid on itself exactly", (atoms) => {
    const draw = random(6, "disguise", atoms);
    for (let k = 0; k < 6; k++) {
      const x = loose(Math.min(atoms, 13), draw);
      const copy = disguised(x, draw, k % 2 ? -1 : 1);
      const { x: placed, distance } = alignCluster(x, copy);
      expect(distance).toBeLessThan(1e-12 * 100);
      expect(distanceBetween(x, placed)).toBeCloseTo(distance, 12);
    }
  });

  /** The least distance over every permutation and both hands, each with its best rotation. */
  function byBruteForce(a: Float64Array, b: Float64Array): number {
    const [target, own] = [centred(a), centred(b)];
    const atoms = a.length / 3;
    let best = Infinity;
    const visit = (order: number[]): void => {
      if (order.length === atoms) {
        for (const hand of [1, -1]) {
          const y = reordered(own, Int32Array.from(order)).map((value) => hand * value);
          best = Math.min(best, distanceBetween(target, rotated(y, bestRotation(target, y))));
        }
        return;
      }
      for (let l = 0; l < atoms; l++) if (!order.includes(l)) visit([...order, l]);
    };
    visit([]);
    return best;
  }

  test("two different clusters of five atoms: never below the least distance over all permutations, mostly equal", () => {
    const draw = random(7, "pairs");
    let equal = 0;
    for (let k = 0; k < 12; k++) {
      const [a, b] = [loose(5, draw), loose(5, draw)];
      const { x, distance } = alignCluster(a, b);
      const least = byBruteForce(a, b);
      expect(distance).toBeGreaterThan(least - 1e-9);
      expect(distanceBetween(a, x)).toBeCloseTo(distance, 10);
      if (distance < least + 1e-9) equal++;
    }
    expect(equal).toBeGreaterThanOrEqual(11);
  });

  test("the best rotation is not beaten by turning a little further, and finds a known one", () => {
    const draw = random(8, "rotation");
    const a = centred(loose(6, draw));
    const turn = randomTurn(draw);
    expect(distanceBetween(a, rotated(rotated(a, turn), bestRotation(a, rotated(a, turn))))).toBeLessThan(
      1e-12,
    );
    const b = centred(loose(6, draw));
    const best = rotated(b, bestRotation(a, b));
    for (let k = 0; k < 30; k++) {
      const axis = [draw.normal(), draw.normal(), draw.normal()];
      const length = Math.hypot(...axis) / 0.02;
      const q = [1, axis[0]! / length, axis[1]! / length, axis[2]! / length];
      const size = Math.hypot(...q);
      const nudge = rotationOf(q[0]! / size, q[1]! / size, q[2]! / size, q[3]! / size);
      expect(distanceBetween(a, rotated(best, nudge))).toBeGreaterThan(distanceBetween(a, best));
    }
  });

  test("mirror images are one; clusters that differ are not laid on each other", () => {
    const draw = random(9, "chiral");
    const x = loose(6, draw);
    expect(
      congruentCopy(
        x,
        x.map((value) => -value),
      )!.distance,
    ).toBeLessThan(1e-10);
    const other = x.slice();
    other[0]! += 0.1;
    expect(congruentCopy(x, other)).toBeUndefined();
  });
});

test("point groups of solids and planar clusters have their textbook orders, however they are turned", () => {
  const golden = (1 + Math.sqrt(5)) / 2;
  const signs = [1, -1];
  const icosahedron = signs.flatMap((s) =>
    signs.flatMap((t) => [
      [0, s, t * golden],
      [s, t * golden, 0],
      [t * golden, 0, s],
    ]),
  );
  const shapes: [string, number[][], number][] = [
    [
      "triangle D3h",
      [
        [1, 0, 0],
        [-0.5, Math.sqrt(0.75), 0],
        [-0.5, -Math.sqrt(0.75), 0],
      ],
      12,
    ],
    [
      "tetrahedron Td",
      [
        [1, 1, 1],
        [1, -1, -1],
        [-1, 1, -1],
        [-1, -1, 1],
      ],
      24,
    ],
    [
      "octahedron Oh",
      signs.flatMap((s) => [
        [s, 0, 0],
        [0, s, 0],
        [0, 0, s],
      ]),
      48,
    ],
    ["icosahedron Ih", icosahedron, 120],
    ["centred icosahedron Ih", [...icosahedron, [0, 0, 0]], 120],
    [
      "square D4h",
      [
        [1, 0, 0],
        [0, 1, 0],
        [-1, 0, 0],
        [0, -1, 0],
      ],
      16,
    ],
    [
      "pyramid C4v",
      [
        [1, 0, 0],
        [0, 1, 0],
        [-1, 0, 0],
        [0, -1, 0],
        [0, 0, 1.3],
      ],
      8,
    ],
    [
      "scalene Cs",
      [
        [0, 0, 0],
        [1, 0, 0],
        [0.2, 1.4, 0],
      ],
      2,
    ],
    [
      "general C1",
      [
        [0, 0, 0],
        [1, 0, 0],
        [0.2, 1.4, 0],
        [0.3, 0.4, 1.1],
      ],
      1,
    ],
    [
      "line with a centre",
      [
        [-1, 0, 0],
        [0, 0, 0],
        [1, 0, 0],
      ],
      2,
    ],
    [
      "line without",
      [
        [-1, 0, 0],
        [0, 0, 0],
        [1.5, 0, 0],
      ],
      1,
    ],
  ];
  const draw = random(10, "solids");
  for (const [name, atoms, order] of shapes) {
    const x = disguised(Float64Array.from(atoms.flat()), draw, 1);
    expect([name, pointGroupOrder(x)]).toEqual([name, order]);
  }
});

test("starts and steps stay in their ball", () => {
  const draw = random(11, "moves");
  const radius = containerRadius(13);
  for (let k = 0; k < 20; k++) {
    for (const x of [clusterStart(13, draw), clusterStep(clusterStart(13, draw), draw, 3)]) {
      for (let i = 0; i < x.length; i += 3) {
        expect(Math.hypot(x[i]!, x[i + 1]!, x[i + 2]!)).toBeLessThan(radius * (1 + 1e-12));
      }
    }
  }
});

test.each([2, 0, -1, 4.5, Number.NaN])("%s atoms are refused", (atoms) => {
  expect(() => lennardJones(atoms)).toThrow(`${atoms} atoms`);
});
