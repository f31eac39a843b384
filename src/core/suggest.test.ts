import { expect, test } from "vitest";
import { closest, didYouMean, editDistance } from "./suggest.ts";

/** Oracle: shortest chain of single edits, by the recursive definition over prefixes. */
function byDefinition(a: string, b: string): number {
  if (a.length === 0 || b.length === 0) return a.length + b.length;
  const options = [
    byDefinition(a.slice(0, -1), b) + 1,
    byDefinition(a, b.slice(0, -1)) + 1,
    byDefinition(a.slice(0, -1), b.slice(0, -1)) + (a.at(-1) === b.at(-1) ? 0 : 1),
  ];
  if (a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1)) {
    options.push(byDefinition(a.slice(0, -2), b.slice(0, -2)) + 1);
  }
  return Math.min(...options);
}

test("the edit distance agrees with its recursive definition", () => {
  const words = ["", "a", "ab", "ba", "seed", "sede", "preset", "perset", "ca", "abc"];
  for (const a of words) for (const b of words) expect(editDistance(a, b)).toBe(byDefinition(a, b));
});

test("a slip of the finger is recognised and a stranger is not", () => {
  expect(closest("qiuck", ["quick", "full"])).toBe("quick");
  expect(closest("nuclaer", ["nuclear", "embedding"])).toBe("nuclear");
  expect(closest("zebra", ["quick", "full"])).toBeUndefined();
  expect(didYouMean("ful", ["quick", "full"])).toContain("did you mean 'full'?");
  expect(didYouMean("zebra", ["quick", "full"])).toBe("; there are: quick, full");
  expect(didYouMean("zebra", [])).toBe("; there are none");
});
