import { expect, test } from "vitest";
import { chooseDamping } from "./damping.ts";

const asked = { damping: 0, negative: "shift" };

test("a positive definite curvature needs none, and what is asked for is taken", () => {
  expect(chooseDamping({ least: 0.1, most: 9 }, asked)).toMatchObject({ value: 0, replace: false });
  expect(chooseDamping({ least: 0.1, most: 9 }, { ...asked, damping: 0.3 }).value).toBe(0.3);
  expect(chooseDamping({ least: -0.1, most: 9 }, { ...asked, damping: 0.2 }).value).toBe(0.2);
});

test("negative curvature: shifted above, replaced, or refused by its number", () => {
  for (const least of [-0.284, -5, -1e-3, 0]) {
    const { value, why } = chooseDamping({ least, most: 68 }, asked);
    expect(value + least).toBeGreaterThan(0);
    expect(why).toContain(String(Number(least.toPrecision(3))));
  }
  expect(chooseDamping({ least: -0.3, most: 68 }, { ...asked, negative: "ggn" }).replace).toBe(true);
  expect(() => chooseDamping({ least: -0.3, most: 68 }, { damping: 0.2, negative: "refuse" })).toThrow(
    /eigenvalue -0\.3 .*damping of 0\.2 does not outweigh it.*raise 'damping' above 0\.3/,
  );
});
