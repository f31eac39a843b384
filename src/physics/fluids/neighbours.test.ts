import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sharedPath } from "../../../test/shared.ts";
import { type Random, random } from "../../core/random.ts";
import { readExtendedXyz } from "../../data/extended-xyz.ts";
import { type Cell, cell, cubicCell, minimumImage, openCell, wrap } from "./cell.ts";
import { neighbourGraph } from "./graph.ts";
import { pairList } from "./pair-list.ts";
import { verletList } from "./verlet-list.ts";

/** Cells of every kind: cubic, slabs, strongly skewed, thin, left-handed, open in some directions. */
const cells: [string, Cell][] = [
  ["cubic", cubicCell(12)],
  ["orthorhombic", cell([20.768, 0, 0, 0, 20.41, 0, 0, 0, 17.969])],
  ["triclinic", cell([14, 0, 0, 5, 13, 0, -4, 6, 15])],
  ["strongly skewed", cell([30, 0, 0, 29, 11, 0, 21, 40, 13])],
  ["left-handed", cell([0, 0, 13, 0, 14, 2, 15, 1, 0])],
  ["a slab", cell([14, 0, 0, 5, 13, 0, 0, 0, 9], [true, true, false])],
  ["a wire", cell([0, 0, 0, 3, 11, 0, 0, 0, 0], [false, true, false])],
  ["vacuum", openCell()],
];

function scatter(within: Cell, beads: number, random: Random): Float64Array {
  const out = new Float64Array(3 * beads);
  for (let i = 0; i < beads; i++) {
    // Beads also lie outside of the cell: up to two images away.
    const s = [0, 1, 2].map((k) =>
      within.periodic[k] ? 4 * random.uniform() - 2 : (12 * random.uniform()) / within.heights[k]!,
    );
    for (let k = 0; k < 3; k++) {
      out[3 * i + k] =
        s[0]! * within.vectors[k]! + s[1]! * within.vectors[3 + k]! + s[2]! * within.vectors[6 + k]!;
    }
  }
  return out;
}

/** Oracle: the squared lengths of all images up to seven cells away. */
function bruteImages(within: Cell, d: ArrayLike<number>): Float64Array {
  const reach = [0, 1, 2].map((k) => (within.periodic[k] ? 7 : 0));
  const v = within.vectors;
  const out = new Float64Array(reach.reduce((product, n) => product * (2 * n + 1), 1));
  let at = 0;
  for (let a = -reach[0]!; a <= reach[0]!; a++) {
    for (let b = -reach[1]!; b <= reach[1]!; b++) {
      for (let c = -reach[2]!; c <= reach[2]!; c++) {
        const x = d[0]! + a * v[0]! + b * v[3]! + c * v[6]!;
        const y = d[1]! + a * v[1]! + b * v[4]! + c * v[7]!;
        const z = d[2]! + a * v[2]! + b * v[5]! + c * v[8]!;
        out[at++] = x * x + y * y + z * z;
      }
    }
  }
  return out;
}

describe.each(cells)("%s", (name, within) => {
  const source = random(5, name);
  const positions = scatter(within, 60, source);
  const difference = (i: number, j: number) =>
    [0, 1, 2].map((k) => positions[3 * j + k]! - positions[3 * i + k]!);
  const reach = Math.min(5.9, ...within.heights.map((h, k) => (within.periodic[k] ? h / 2 : 5.9)));

  test("the minimum image is the shortest of all images", () => {
    for (let i = 0; i < 20; i++) {
      const d = difference(i, i + 20);
      const shortest = Math.sqrt(bruteImages(within, d).reduce((a, b) => Math.min(a, b)));
      expect(Math.hypot(...minimumImage(within, d))).toBeCloseTo(shortest, 9);
    }
  });

  test.each([0.95, 0.5, 0.2])(
    "pairs within %f of the largest cutoff are those of the brute force",
    (share) => {
      const radius = share * reach;
      const found = pairList(positions, within, radius, { floor: 0 });
      const got = new Map<string, number>();
      for (let p = 0; p < found.count; p++) {
        const [i, j] = [found.first[p]!, found.second[p]!];
        const r = Math.hypot(...difference(i, j).map((x, k) => x + found.offsets[3 * p + k]!));
        const key = `${Math.min(i, j)} ${Math.max(i, j)}`;
        expect(got.has(key)).toBe(false);
        got.set(key, r);
      }
      let expected = 0;
      for (let i = 0; i < 60; i++) {
        for (let j = i + 1; j < 60; j++) {
          for (const square of bruteImages(within, difference(i, j))) {
            if (square >= radius * radius) continue;
            expected++;
            expect(got.get(`${i} ${j}`)).toBeCloseTo(Math.sqrt(square), 9);
          }
        }
      }
      expect(got.size).toBe(expected);
      if (share > 0.9) expect(expected).toBeGreaterThan(4);
    },
  );

  test("wrapping moves beads by whole lattice vectors into the cell", () => {
    const wrapped = wrap(within, positions);
    for (let i = 0; i < 60; i++) {
      for (let k = 0; k < 3; k++) {
        const s = (at: Float64Array) =>
          [0, 1, 2].reduce((sum, a) => sum + at[3 * i + a]! * within.inverse[3 * a + k]!, 0);
        const shift = s(wrapped) - s(positions);
        expect(Math.abs(shift - (within.periodic[k] ? Math.round(shift) : 0))).toBeLessThan(1e-9);
        if (within.periodic[k]) expect(Math.abs(s(wrapped) - 0.5)).toBeLessThan(0.5 + 1e-12);
      }
    }
  });

  test("the graph has each pair in both directions, sorted by receiver", () => {
    const graph = neighbourGraph(positions, within, 0.9 * reach, { floor: 0 });
    expect(graph.edges).toBe(2 * pairList(positions, within, 0.9 * reach, { floor: 0 }).count);
    expect(graph.starts[60]).toBe(graph.edges);
    const back = new Map(
      Array.from({ length: graph.edges }, (_, e) => [`${graph.sender[e]} ${graph.receiver[e]}`, e] as const),
    );
    for (let e = 0; e < graph.edges; e++) {
      const i = graph.receiver[e]!;
      expect(e >= graph.starts[i]! && e < graph.starts[i + 1]!).toBe(true);
      if (e > graph.starts[i]!) expect(graph.sender[e]!).toBeGreaterThan(graph.sender[e - 1]!);
      const other = back.get(`${i} ${graph.sender[e]}`)!;
      for (let k = 0; k < 3; k++) expect(graph.vectors[3 * other + k]).toBe(-graph.vectors[3 * e + k]!);
      expect(Math.hypot(...graph.vectors.subarray(3 * e, 3 * e + 3))).toBeCloseTo(graph.distances[e]!, 12);
    }
  });
});

test("cell lists and all pairs give the same list for many beads", () => {
  const within = cell([40, 0, 0, 9, 37, 0, -12, 8, 41]);
  const positions = scatter(within, 700, random(3));
  const found = pairList(positions, within, 5, { floor: 0 });
  let expected = 0;
  for (let i = 0; i < 700; i++) {
    for (let j = i + 1; j < 700; j++) {
      const d = [0, 1, 2].map((k) => positions[3 * j + k]! - positions[3 * i + k]!);
      if (Math.hypot(...minimumImage(within, d)) < 5) expected++;
    }
  }
  expect(found.count).toBe(expected);
  expect(expected).toBeGreaterThan(1500);
});

test("the list with a skin covers all pairs while beads wander, and is kept in between", () => {
  const within = cell([14, 0, 0, 5, 13, 0, -4, 6, 15]);
  const source = random(9);
  const positions = scatter(within, 80, source);
  const list = verletList(within, 4, { skin: 1, floor: 0 });
  for (let step = 0; step < 60; step++) {
    for (let i = 0; i < positions.length; i++) positions[i]! += 0.05 * source.normal();
    const held = list.pairs(positions);
    const near = new Set<string>();
    for (let p = 0; p < held.count; p++) {
      const [i, j] = [held.first[p]!, held.second[p]!];
      const r = Math.hypot(
        ...[0, 1, 2].map((k) => positions[3 * j + k]! - positions[3 * i + k]! + held.offsets[3 * p + k]!),
      );
      if (r < 4) near.add(`${Math.min(i, j)} ${Math.max(i, j)}`);
    }
    expect(near.size).toBe(pairList(positions, within, 4, { floor: 0 }).count);
  }
  expect(list.builds()).toBeGreaterThan(3);
  expect(list.builds()).toBeLessThan(40);
});

const methane = sharedPath("data/methane/frame0.extxyz");
test.skipIf(methane === undefined)(
  "the published methane frame: pairs, triplets and walks of the relevance paper's demo",
  () => {
    const options = { source: "frame0.extxyz", units: { length: "angstrom" } };
    const [frame] = readExtendedXyz(readFileSync(methane!), options);
    const { starts, sender, edges, distances } = neighbourGraph(frame!.positions, cell(frame!.cell!), 5);
    expect(edges / 2).toBe(551);
    expect(Math.min(...distances)).toBeCloseTo(3.2476, 4);
    const near = (i: number) => new Set(sender.subarray(starts[i]!, starts[i + 1]!));
    let [corners, closed] = [0, 0];
    let walks = new Float64Array(125).fill(1);
    for (let i = 0; i < 125; i++) {
      for (const j of near(i)) for (const k of near(i)) if (j < k) corners++;
      for (const j of near(i)) for (const k of near(j)) if (i < j && j < k && near(i).has(k)) closed++;
    }
    for (let hop = 0; hop < 3; hop++)
      walks = walks.map((own, i) => [...near(i)].reduce((sum, j) => sum + walks[j]!, own));
    expect(closed).toBe(476);
    expect(corners - 3 * closed).toBe(3014);
    expect(walks.reduce((a, b) => a + b)).toBe(124_351);
  },
);

test("bad cells and frames are refused by name", () => {
  const two = (r: number) => Float64Array.of(0, 0, 0, r, 0, 0);
  const cases: [() => unknown, string][] = [
    [() => cell([1, 0, 0, 0, 1, 0]), "6 numbers; expected the 9"],
    [() => cell([1, 0, 0, 0, 1, 0, 1, 1, 0]), "lie in a plane"],
    [() => cell([1, 0, 0, 0, Number.NaN, 0, 1, 1, 0]), "expected finite numbers"],
    [() => cell([0, 0, 0, 0, 1, 0, 0, 0, 1]), "vector a is zero, but its direction is periodic"],
    [() => pairList(two(1), cubicCell(9.9), 5), "9.9000 Å across along a, less than twice the cutoff 5 Å"],
    [() => pairList(two(1), cell([10, 0, 0, 9, 10, 0, 0, 0, 10]), 4), "7.4329 Å across along a"],
    [() => pairList(two(0.3), cubicCell(10), 4), "beads 0 and 1 are 0.3000 Å apart, nearer than the floor"],
    [() => pairList(two(9.7), cubicCell(10), 4), "beads 0 and 1 are 0.3000 Å apart"],
    [() => pairList(two(Number.NaN), openCell(), 4), "bead 1: position (NaN, 0, 0)"],
    [() => pairList(two(1).subarray(1), openCell(), 4), "5 numbers; expected three a bead"],
    [() => pairList(two(1), openCell(), 0), "radius 0"],
  ];
  for (const [act, message] of cases) expect(act).toThrow(message);
});
