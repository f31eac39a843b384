import { expect, test } from "vitest";
import { keplersLaw, orbits } from "../../docs/examples/formula.ts";
import { expressions } from "../../src/index.ts";

test("the example of a formula: the front holds Kepler's third law with the constant of Sun, year and AU", async () => {
  const front = await keplersLaw();
  // Oracle: 2π √(AU³/GM☉) is a year of 365.257 days.
  const law = expressions.parse("365.257*a*sqrt(a/M)", { names: ["a", "M"] });
  const { a, M } = orbits();
  const worst = front.map(({ expression }) => {
    const errors = Array.from(a, (_, i) => {
      const at = [a[i]!, M[i]!];
      const [found, true_] = [expression, law].map((e) =>
        expressions.evaluate(e, at, expressions.standardOperators),
      );
      return Math.abs(found! / true_! - 1);
    });
    return Math.max(...errors);
  });
  expect(Math.min(...worst)).toBeLessThan(2e-3);
  const best = front[worst.indexOf(Math.min(...worst))]!;
  expect(best.complexity).toBeLessThanOrEqual(10);
});
