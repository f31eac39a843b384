import * as Plot from "@observablehq/plot";
import * as d3 from "d3";
import { expect, test } from "vitest";
import { exampleDots } from "../../test/report/example.ts";
import { unbalanced } from "../../test/report/markup.ts";
import { okabeIto } from "./palette.ts";
import { renderPlot } from "./render-plot.ts";
import { textWidth } from "./text-width.ts";

const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]);

test("the same figure gives the same bytes, whatever was drawn between", () => {
  const before = renderPlot(exampleDots("same"));
  renderPlot(exampleDots("other"));
  expect(renderPlot(exampleDots("same"))).toBe(before);
});

test("it is a whole SVG document on white, without styles or references to a page", () => {
  const svg = renderPlot(exampleDots("whole"));
  expect(unbalanced(svg)).toBe("");
  expect(svg).toContain('xmlns="http://www.w3.org/2000/svg"');
  expect(svg).toContain('<rect width="640"');
  expect(svg).toContain('fill="#ffffff"');
  expect(svg).toContain('role="img" aria-label="Dots of whole. Sixteen dots."');
  expect(svg).not.toMatch(/<style|var\(|<foreignObject|NaN|undefined/);
  expect(svg).not.toMatch(/\d\.\d{3,}/);
});

test("ids start with the figure's name and every reference finds its id", () => {
  const svg = renderPlot(exampleDots("own-ids"));
  const ids = [...svg.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]!);
  const used = [...svg.matchAll(/url\(#([^)]+)\)/g)].map((match) => match[1]!);
  expect(used.length).toBeGreaterThan(1);
  expect(ids.every((id) => id.startsWith("own-ids-"))).toBe(true);
  expect(used.filter((id) => !ids.includes(id))).toEqual([]);
});

test("the legend's ends are the data's extremes, its name the scale's, and axes carry their units", () => {
  const said = texts(renderPlot(exampleDots("legend")));
  for (const expected of ["value (MeV)", "−3", "12", "energy (keV)", "step"])
    expect(said).toContain(expected);
});

test("a signed scale is symmetric about zero and says where it is clamped", () => {
  const color = { type: "diverging", domain: [-8, 8], clamp: true, label: "residual (keV)" } as const;
  const said = texts(renderPlot(exampleDots("signed", { color })));
  for (const expected of ["≤ −8", "0", "≥ 8"]) expect(said).toContain(expected);
});

test("without a legend asked for there is none", () => {
  expect(texts(renderPlot(exampleDots("bare", { color: { legend: false } })))).not.toContain("value (MeV)");
});

test("words are coloured by Okabe and Ito and named in the legend", () => {
  const marks = [Plot.dot(["b", "a", "c"], { x: (d) => d, y: 1, fill: (d) => d })];
  const svg = renderPlot(exampleDots("words", { marks, x: { label: null } }));
  const fills = [...svg.matchAll(/<circle[^>]*fill="(#\w+)"/g)].map((match) => match[1]);
  expect(new Set(fills)).toEqual(new Set(okabeIto.slice(0, 3)));
  expect([...svg.matchAll(/rx="2" fill="(#\w+)"/g)].map((match) => match[1])).toEqual(okabeIto.slice(0, 3));
});

test("numbers are coloured by viridis: oracle d3", () => {
  const svg = renderPlot(exampleDots("numbers"));
  const fills = [...svg.matchAll(/<circle[^>]*?fill="(#\w+)"/g)].map((match) => match[1]);
  expect(fills).toEqual(d3.range(16).map((i) => d3.color(d3.interpolateViridis(i / 15))!.formatHex()));
});

test("long tick labels stay inside the picture and clear of the axis title", () => {
  const names = ["a rather long name of a model, fitted", "short"];
  const marks = [Plot.dot(names, { y: (d) => d, x: 1 })];
  const svg = renderPlot(exampleDots("margins", { marks, y: { label: null } }));
  const at = Number(/aria-label="y-axis tick label".*?<text[^>]*translate\(([\d.]+),/s.exec(svg)?.[1]);
  expect(at - 9).toBeGreaterThan(textWidth(names[0]!, 12));
});

test("in facets, too, tick labels keep their room", () => {
  const marks = [Plot.dot([1, 2], { fx: (d) => d, x: (d) => d, y: (d) => 1e6 * d })];
  const svg = renderPlot(exampleDots("facets", { marks }));
  const labels = /aria-label="y-axis tick label".*?<text[^>]*translate\(([\d.]+),/s.exec(svg);
  expect(Number(labels?.[1]) - 9 - 12).toBeGreaterThan(textWidth("2,000,000", 12));
});

test("a log axis reads in round steps without k or M, unless its options say otherwise", () => {
  const marks = [Plot.dot([1, 300], { x: () => 0, y: (d) => 100 * d })];
  const own = { y: { type: "log", label: "error (keV)" } } as const;
  const said = texts(renderPlot(exampleDots("log", { marks, ...own })));
  for (const tick of ["100", "300", "1,000", "10,000", "30,000"]) expect(said).toContain(tick);
  expect(said).not.toContain("200");
  expect(said.some((text) => text?.endsWith("k"))).toBe(false);
  const chosen = { y: { ...own.y, ticks: [200] } };
  expect(texts(renderPlot(exampleDots("log", { marks, ...chosen })))).not.toContain("300");
});

test("a mark that needs a canvas is refused by the figure's name, with what to use instead", () => {
  const marks = [Plot.raster([{ x: 0, y: 0, v: 1 }], { x: "x", y: "y", fill: "v" })];
  expect(() => renderPlot(exampleDots("raster", { marks }))).toThrow(
    /figure 'raster'.*Plot\.rect or Plot\.contour/,
  );
});
