import { expect, test } from "vitest";
import { formatNumber, formatWithUncertainty } from "./number-format.ts";

test.each([
  [0, 4, "0"],
  [-0, 4, "0"],
  [-5, 4, "−5"],
  [3352, 4, "3,352"],
  [30021642, 4, "30,021,642"],
  [1234.5678, 4, "1,235"],
  [-0.012345, 3, "−0.0123"],
  [1.5, 6, "1.5"],
  [99.9999, 3, "100"],
  [2.5e-7, 3, "2.5 × 10⁻⁷"],
  [1e-9, 4, "10⁻⁹"],
  [-1e-9, 4, "−10⁻⁹"],
  [6.02214076e23, 4, "6.022 × 10²³"],
  [1234567.25, 3, "1.23 × 10⁶"],
  [Number.NaN, 4, "–"],
  [Number.POSITIVE_INFINITY, 4, "∞"],
  [Number.NEGATIVE_INFINITY, 4, "−∞"],
])("%d with %d digits reads %s", (value, digits, text) => {
  expect(formatNumber(value, digits)).toBe(text);
});

// The oracle is the metrologist's rule: two significant digits of the uncertainty, the value to the same place.
test.each([
  [15.4196, 0.02, "15.420 ± 0.020"],
  [0.698813, 0.0014, "0.6988 ± 0.0014"],
  [-57.9792, 2.5, "−58.0 ± 2.5"],
  [1234.567, 34.56, "1,235 ± 35"],
  [5, 0.0996, "5.00 ± 0.10"],
])("writes %f ± %f as %s", (value, uncertainty, text) => {
  expect(formatWithUncertainty(value, uncertainty)).toBe(text);
});
