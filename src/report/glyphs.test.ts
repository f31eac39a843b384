import { expect, test } from "vitest";
import { missingGlyphs } from "./glyphs.ts";

test("the font has what labels of physics need", () => {
  const needed = "−±×·≤≥≈→↑∞√∂∑∫°µαβγδεζηθλμνπρσφχψωΓΔΛΣΦΨΩ₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺–—…′";
  expect(missingGlyphs(`<text>${needed}</text>`)).toEqual([]);
});

test("what it lacks is named once, also when it is written as an entity", () => {
  expect(missingGlyphs("<text>a∇b∇</text><text>&#26680;</text>")).toEqual(["∇", "核"]);
  expect(missingGlyphs('<text data-x="核">plain &amp; simple</text>')).toEqual([]);
});
