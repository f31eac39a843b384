import { expect, test } from "vitest";
import { denseHamiltonian } from "../../../test/support/chain-by-strings.ts";
import { chainBasis } from "./basis.ts";
import { chainRing, type RingOptions } from "./model.ts";
import { applySector, chainSector, unfold } from "./sector.ts";
import { applySymmetry, ringSymmetries } from "./symmetry.ts";

const rings: [string, RingOptions, number, number][] = [
  ["no field", { L: 8 }, 16, 32],
  ["CDW-I pin", { L: 8, h1: 0.3 }, 8, 16],
  ["bond alternation", { L: 8, dJ: 0.1 }, 8, 16],
  ["CDW-II pin", { L: 8, h2: 0.3 }, 4, 8],
  ["published CDW-II pin", { L: 8, h2: 0.3, pattern: [1, 0, -1, 0] }, 4, 8],
  ["CDW-I and CDW-II pins", { L: 8, h1: 0.1, h2: 0.3 }, 2, 4],
  ["three particles", { L: 8, N: 3, h1: 0.3 }, 8, 8],
  ["one odd site", { L: 8, h2: 0.3, pattern: [1, 0, 0, 0, 0, 0, 0, 0] }, 2, 2],
];

test.each(rings)(
  "%s: every symmetry leaves the dense matrix as it is, and no other operation does",
  (_, options, plain, all) => {
    const ring = chainRing(options);
    const { h, states } = denseHamiltonian({ ...options, V1: 0.7, V2: 0.3 });
    const n = states.length;
    const numbers = states.map((text) => Number.parseInt(text, 2));
    const found = ringSymmetries(ring);
    let invariant = 0;
    for (const exchange of 2 * ring.N === 8 ? [false, true] : [false]) {
      for (const reflect of [false, true]) {
        for (let shift = 0; shift < 8; shift++) {
          const to = numbers.map((s) => numbers.indexOf(applySymmetry({ shift, reflect, exchange }, s, 8)));
          let holds = true;
          for (let a = 0; a < n; a++) {
            for (let b = 0; b < n; b++) {
              if (Math.abs(h.data[a * n + b]! - h.data[to[a]! * n + to[b]!]!) > 1e-12) holds = false;
            }
          }
          if (holds) invariant++;
          const listed = found.some(
            (g) => g.shift === shift && g.reflect === reflect && g.exchange === exchange,
          );
          expect(listed).toBe(holds);
        }
      }
    }
    expect(found).toHaveLength(invariant);
    expect(ringSymmetries(ring, { exchange: false })).toHaveLength(plain);
    expect(found).toHaveLength(all);
  },
);

test("H in a sector is H over all states, and the sectors' sizes add up", () => {
  const ring = chainRing({ L: 8 });
  const basis = chainBasis(8);
  const { h } = denseHamiltonian({ L: 8, V1: 0.7, V2: 0.3 });
  const group = ringSymmetries(ring, { exchange: false }).filter((g) => !g.reflect);
  for (const shift of [1, -1] as const) {
    const sector = chainSector(ring, basis, group, { shift });
    const diagonal = sector.diagonal.first.map((a, k) => 0.7 * a + 0.3 * sector.diagonal.second[k]!);
    const x = Float64Array.from({ length: sector.size }, (_, k) => Math.sin(k + 1));
    const folded = unfold(sector, applySector(sector, diagonal, x));
    const full = unfold(sector, x);
    for (let a = 0; a < basis.count; a++) {
      let sum = 0;
      for (let b = 0; b < basis.count; b++) sum += h.data[a * basis.count + b]! * full[b]!;
      expect(folded[a]).toBeCloseTo(sum, 12);
    }
  }
  const sizes = [1, -1].flatMap((reflect) =>
    [1, -1].map((exchange) => {
      const whole = ringSymmetries(ring).filter((g) => g.shift === 0);
      return chainSector(ring, basis, whole, { reflect: reflect as 1, exchange: exchange as 1 }).size;
    }),
  );
  expect(sizes.reduce((a, b) => a + b, 0)).toBe(70);
});

test("momentum π on an odd ring is refused", () => {
  const ring = chainRing({ L: 7, N: 3 });
  expect(() => chainSector(ring, chainBasis(7, 3), ringSymmetries(ring), { shift: -1 })).toThrow(/L = 7/);
});
