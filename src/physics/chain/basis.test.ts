import { expect, test } from "vitest";
import { chainBasis, occupation } from "./basis.ts";

/** All strings of L characters with N ones, as the definition says: site 0 first, largest number first. */
function byCounting(L: number, N: number): string[] {
  return Array.from({ length: 2 ** L }, (_, k) => k.toString(2).padStart(L, "0"))
    .filter((text) => [...text].filter((c) => c === "1").length === N)
    .sort()
    .reverse();
}

test.each([
  [4, 2],
  [6, 1],
  [7, 3],
  [8, 4],
  [9, 8],
  [12, 6],
])("the basis of L = %i, N = %i is that of counting all strings", (L, N) => {
  const basis = chainBasis(L, N);
  const texts = byCounting(L, N);
  expect(basis.count).toBe(texts.length);
  expect(Array.from(basis.states, (s) => s.toString(2).padStart(L, "0"))).toEqual(texts);
  basis.states.forEach((state, index) => {
    expect(basis.indexOf(state)).toBe(index);
  });
  texts.forEach((text, s) => {
    for (let i = 0; i < L; i++) expect(occupation(basis.states[s]!, i, L)).toBe(Number(text[i]));
  });
});

test("the default is half filling, and the first of 924 states is 111111000000", () => {
  const basis = chainBasis(12);
  expect([basis.N, basis.count, basis.states[0]]).toEqual([6, 924, 0b111111000000]);
  expect(occupation(0b100, -3, 3)).toBe(1);
});

test("the largest ring has C(24, 12) states", () => {
  const basis = chainBasis(24);
  expect(basis.count).toBe(2704156);
  for (const index of [0, 1, 1234567, 2704155]) expect(basis.indexOf(basis.states[index]!)).toBe(index);
});

test.each([
  [2, 1, /L = 2/],
  [25, 12, /L = 25/],
  [8.5, 4, /L = 8.5/],
  [Number.NaN, 2, /L = NaN/],
  [8, 0, /N = 0/],
  [8, 8, /N = 8/],
  [9, undefined, /N = 4.5/],
])("a ring of L = %s, N = %s is refused", (L, N, message) => {
  expect(() => chainBasis(L, N)).toThrow(message);
});
