import { expect, test } from "vitest";
import { unbalanced } from "../../test/report/markup.ts";
import { UserError } from "../core/errors.ts";
import { toMathml } from "./math.ts";

const formulas = [
  String.raw`B(A,Z) = a_V A - a_S A^{2/3} - a_C \frac{Z(Z-1)}{A^{1/3}} - a_A \frac{(A-2Z)^2}{A} + \delta(A,Z)`,
  String.raw`\mathrm{RMS} = \sqrt{\tfrac{1}{n}\sum_{i<n} (\hat B_i - B_i)^2}`,
  String.raw`a \& b < c`,
];

test.each(formulas)("%s becomes well-formed MathML that keeps its TeX", (tex) => {
  const markup = toMathml(tex);
  expect(unbalanced(markup)).toBe("");
  expect(markup).toMatch(/^<math .*<\/math>$/s);
  expect(markup).not.toContain("<span");
  expect(markup).toContain("annotation");
});

test("an inline formula is not a block", () => {
  expect(toMathml("x")).toContain('display="block"');
  expect(toMathml("x", { display: false })).not.toContain('display="block"');
});

test.each([String.raw`\frac{1`, String.raw`\nosuchthing`, "a^b^c", "}"])("%s is refused by name", (tex) => {
  expect(() => toMathml(tex)).toThrow(UserError);
  expect(() => toMathml(tex)).toThrow(JSON.stringify(tex));
});
