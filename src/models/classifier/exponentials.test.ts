import { expect, test } from "vitest";
import { random } from "../../core/random.ts";
import { expOfNegative, tanhInPlace } from "./exponentials.ts";

const arguments_ = (() => {
  const draw = random(1, "tanh");
  const out = [0, 1e-300, 1e-8, 0.1732, 0.1733, 0.3466, 19.9, 25, 1e4, 1e300, Infinity];
  for (let i = 0; i < 20_000; i++) out.push(10 ** (4 * draw.uniform() - 2.5));
  return out;
})();

/** The runtime's functions are wrong by less than one unit in the last place. */
test("tanh is that of the runtime to four units in the last place, and odd to the last bit", () => {
  const values = Float64Array.from(arguments_);
  const negative = values.map((x) => -x);
  tanhInPlace(values, 0, values.length);
  tanhInPlace(negative, 0, values.length);
  values.forEach((value, i) => {
    const expected = Math.tanh(arguments_[i]!);
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(4 * 2 ** -52 * expected);
    expect(negative[i]! + value).toBe(0);
  });
});

test("exp of numbers that are not positive, to four units in the last place", () => {
  for (const x of arguments_) {
    const expected = Math.exp(-Math.min(x, 700));
    expect(Math.abs(expOfNegative(-x) - expected)).toBeLessThanOrEqual(4 * 2 ** -52 * expected);
  }
  expect(expOfNegative(0)).toBe(1);
  expect(expOfNegative(-Infinity)).toBeLessThan(1e-300);
});

test("what is no number stays none", () => {
  const values = Float64Array.of(Number.NaN, 1);
  tanhInPlace(values, 0, 2);
  expect(values[0]).toBeNaN();
});
