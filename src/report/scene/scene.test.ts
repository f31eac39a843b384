import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { exampleScene } from "../../../test/report/example.ts";
import { unbalanced } from "../../../test/report/markup.ts";
import { UserError } from "../../core/errors.ts";
import { renderScene } from "../render-scene.ts";
import { sceneMarkup } from "./markup.ts";
import { firstView, sceneModel } from "./model.ts";
import { viewerScript } from "./viewer.ts";

const circles = (markup: string) =>
  [...markup.matchAll(/<circle cx="([\d.-]+)" cy="([\d.-]+)" r="([\d.]+)".*?data-i="(\d+)"/g)].map(
    ([, x, y, r, i]) => ({ x: Number(x), y: Number(y), r: Number(r), i: Number(i) }),
  );

/** Oracle: the view as a product of two rotation matrices, about z by the turn and about x by the tilt. */
function rotated(at: readonly number[], turn: number, tilt: number): number[] {
  const [a, b] = [(turn * Math.PI) / 180, (tilt * Math.PI) / 180];
  const aboutZ = [
    [Math.cos(a), -Math.sin(a), 0],
    [Math.sin(a), Math.cos(a), 0],
    [0, 0, 1],
  ];
  const aboutX = [
    [1, 0, 0],
    [0, Math.cos(b), -Math.sin(b)],
    [0, Math.sin(b), Math.cos(b)],
  ];
  const times = (m: number[][], v: readonly number[]) =>
    m.map((row) => row.reduce((sum, entry, k) => sum + entry * v[k]!, 0));
  return times(aboutX, times(aboutZ, at));
}

test.each([
  [0, 0],
  [32, 22],
  [-140, 60],
  [271, -35],
])(
  "at turn %d and tilt %d points stand where rotation puts them, the far ones first and smaller",
  (turn, tilt) => {
    const scene = sceneModel(exampleScene("helix"));
    const drawn = circles(sceneMarkup(scene, { turn, tilt }));
    expect(drawn).toHaveLength(24);
    const turned = scene.points.map((point) => rotated(point.at, turn, tilt));
    const origin = drawn[0]!;
    const start = turned[origin.i]!;
    const size = 0.57 * 470;
    for (const circle of drawn) {
      const [right = 0, , up = 0] = turned[circle.i]!;
      expect(circle.x - origin.x).toBeCloseTo(size * (right - start[0]!), 0);
      expect(circle.y - origin.y).toBeCloseTo(-size * (up - start[2]!), 0);
    }
    const depths = drawn.map((circle) => turned[circle.i]![1]!);
    expect(depths).toEqual([...depths].sort((a, b) => b - a));
    expect(drawn.at(-1)!.r).toBeGreaterThan(drawn[0]!.r);
  },
);

test("the whole picture is well-formed, deterministic, and names axes, ends of the colours and some points", () => {
  const svg = renderScene(exampleScene("helix"));
  expect(unbalanced(svg)).toBe("");
  expect(renderScene(exampleScene("helix"))).toBe(svg);
  for (const said of ["PC 1", "PC 2", "PC 3", ">N<", ">0<", ">23<", ">N0<", 'data-stage=""']) {
    expect(svg).toContain(said);
  }
});

test("axis titles stay inside the picture from every side", () => {
  const figure = exampleScene("helix");
  figure.axes = ["first component (31 % of variance)", "second component (18 %)", "third component (12 %)"];
  const scene = sceneModel(figure);
  for (let turn = 0; turn < 360; turn += 15) {
    for (const tilt of [-85, -30, 0, 30, 85]) {
      const markup = sceneMarkup(scene, { turn, tilt });
      const titles = [...markup.matchAll(/<text x="([\d.-]+)" y="([\d.-]+)"[^>]*font-weight="600"/g)];
      expect(titles).toHaveLength(3);
      for (const [, x, y] of titles) {
        expect(Number(x)).toBeGreaterThanOrEqual(10);
        expect(Number(x)).toBeLessThanOrEqual(630);
        expect(Number(y)).toBeLessThanOrEqual(470);
      }
    }
  }
});

test("labels are escaped", () => {
  const figure = exampleScene("evil");
  figure.points[0]!.label = `<script>"'&`;
  expect(unbalanced(renderScene(figure))).toBe("");
  expect(renderScene(figure)).not.toContain("<script");
});

test("the page's script turns the scene by key, drag and Home, and needs nothing from outside", () => {
  const scene = sceneModel(exampleScene("helix"));
  const json = JSON.stringify({ scene, view: firstView });
  const { document, Event } = parseHTML(
    `<html><body><svg id="scene-helix"><g data-stage=""></g></svg><script type="application/json" data-scene="helix">${json}</script></body></html>`,
  );
  const script = viewerScript();
  expect(script).not.toMatch(/import|require|fetch|XMLHttp|http(?!:\/\/www\.w3\.org\/2000\/svg)/);
  new Function("document", script)(document);
  const stage = document.querySelector("[data-stage]")!;
  const svg = document.querySelector("svg")!;
  Object.assign(svg, { setPointerCapture() {} });
  const send = (type: string, more: object) => svg.dispatchEvent(Object.assign(new Event(type), more));
  const shown = () => circles(stage.innerHTML.replace(/<circle ([^>]*)>/g, (_, all) => ordered(all)));
  const wanted = (turn: number, tilt: number) => circles(sceneMarkup(scene, { turn, tilt }));
  const { turn, tilt } = firstView;
  expect(shown()).toEqual(wanted(turn, tilt));
  send("keydown", { key: "ArrowRight" });
  expect(shown()).toEqual(wanted(turn + 5, tilt));
  send("pointerdown", { clientX: 0, clientY: 0, pointerId: 1 });
  send("pointermove", { clientX: 20, clientY: -10 });
  send("pointerup", {});
  expect(shown()).toEqual(wanted(turn + 15, tilt - 5));
  send("keydown", { key: "Home" });
  expect(shown()).toEqual(wanted(turn, tilt));
});

/** A circle with its attributes in the order sceneMarkup writes them; the DOM of the test keeps no order. */
function ordered(attributes: string): string {
  const value = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";
  return `<circle cx="${value("cx")}" cy="${value("cy")}" r="${value("r")}" data-i="${value("data-i")}">`;
}

test("no points and numbers that are not finite are refused by name", () => {
  expect(() => sceneModel({ ...exampleScene("none"), points: [] })).toThrow(/scene 'none': expected points/);
  for (const key of ["x", "y", "z", "value"] as const) {
    const figure = exampleScene("bad");
    figure.points[3]![key] = Number.NaN;
    expect(() => sceneModel(figure)).toThrow(UserError);
    expect(() => sceneModel(figure)).toThrow(`point 'N3' has ${key} = NaN`);
  }
});

test("links are drawn in their group's colour between the places of their points, and named in the legend", () => {
  const figure = {
    ...exampleScene("linked"),
    line: false,
    links: [
      { members: [0, 5] as const, group: "near pair" },
      { members: [3, 7, 9] as const, group: "triplet" },
    ],
  };
  const svg = renderScene(figure);
  expect(unbalanced(svg)).toBe("");
  expect(svg).toContain("near pair");
  const markup = sceneMarkup(sceneModel(figure), firstView);
  const at = new Map(circles(markup).map((circle) => [circle.i, `${circle.x},${circle.y}`]));
  expect(markup).toContain(`<path d="M${at.get(0)}L${at.get(5)}" fill="none" stroke="#0072b2"`);
  expect(markup).toContain(`<path d="M${at.get(3)}L${at.get(7)}L${at.get(9)}Z" fill="#d55e00"`);
  expect(() => sceneModel({ ...figure, links: [{ members: [0, 99], group: "x" }] })).toThrow(
    /joins \[0, 99\]/,
  );
});

test("axes of one scale keep the shape of what is drawn", () => {
  const figure = { ...exampleScene("cube"), sameScale: true as const };
  const { points } = sceneModel(figure);
  const length = (k: number) => Math.hypot(...points[k]!.at.map((x, i) => x - points[0]!.at[i]!));
  const real = (k: number) => {
    const [a, b] = [figure.points[k]!, figure.points[0]!];
    return Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z);
  };
  for (const k of [1, 7, 20]) expect(length(k) / length(12)).toBeCloseTo(real(k) / real(12), 2);
});
