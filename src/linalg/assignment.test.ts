import { expect, test } from "vitest";
import { random } from "../core/random.ts";
import { assignment } from "./assignment.ts";
import { matrix } from "./matrix.ts";

/** The least total over all permutations. */
function byBruteForce(cost: Float64Array, n: number): number {
  const visit = (row: number, used: number): number => {
    if (row === n) return 0;
    let best = Infinity;
    for (let j = 0; j < n; j++) {
      if (used & (1 << j)) continue;
      best = Math.min(best, cost[row * n + j]! + visit(row + 1, used | (1 << j)));
    }
    return best;
  };
  return visit(0, 0);
}

test.each([1, 2, 3, 5, 7])("the cheapest assignment of %i rows is that of all permutations", (n) => {
  const draw = random(4, "assignment", n);
  for (let k = 0; k < 40; k++) {
    // Whole numbers make ties, and some costs are below zero.
    const data = Float64Array.from({ length: n * n }, () => (k % 2 ? draw.int(7) - 3 : draw.normal()));
    const { columns, total } = assignment(matrix(n, n, data));
    expect([...columns].sort()).toEqual(Array.from({ length: n }, (_, i) => i));
    expect(total).toBeCloseTo(byBruteForce(data, n), 10);
  }
});

test("costs that are not square or not finite are refused", () => {
  expect(() => assignment(matrix(2, 3))).toThrow(/2×3/);
  expect(() => assignment(matrix(2, 2, [1, 2, Number.NaN, 4]))).toThrow(/\(1, 0\) is NaN/);
});
