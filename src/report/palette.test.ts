import * as d3 from "d3";
import { expect, test } from "vitest";
import { diverging, okabeIto, sequential } from "./palette.ts";

test("the categories are the eight colours Okabe and Ito published, each once", () => {
  const published = [
    [0, 0, 0],
    [230, 159, 0],
    [86, 180, 233],
    [0, 158, 115],
    [240, 228, 66],
    [0, 114, 178],
    [213, 94, 0],
    [204, 121, 167],
  ];
  const ours = okabeIto.map((colour) => Object.values(d3.rgb(colour)).slice(0, 3).join());
  expect(new Set(ours)).toEqual(new Set(published.map((colour) => colour.join())));
});

test("viridis runs from its published dark to its bright end and gets lighter all the way", () => {
  expect([sequential(0), sequential(1)]).toEqual(["#440154", "#fde725"]);
  const lightness = d3.range(0, 1.001, 0.02).map((t) => d3.lab(sequential(t)).l);
  expect(d3.pairs(lightness).every(([a, b]) => b > a)).toBe(true);
});

test("the signed map is grey at zero, blue below, red above, and as dark on one side as on the other", () => {
  const zero = d3.lab(diverging(0.5));
  expect(Math.hypot(zero.a, zero.b)).toBeLessThan(1);
  expect(zero.l).toBeLessThan(93);
  for (const t of [0.05, 0.1, 0.2, 0.3, 0.4, 0.45]) {
    expect(d3.lab(diverging(t)).b).toBeLessThan(0);
    expect(d3.lab(diverging(1 - t)).a).toBeGreaterThan(0);
    expect(Math.abs(d3.lab(diverging(t)).l - d3.lab(diverging(1 - t)).l)).toBeLessThan(12);
  }
});
