import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { random } from "../core/random.ts";
import type { Landscape } from "../optim/landscape/landscape.ts";
import {
  addMinimum,
  addTriple,
  emptyNetwork,
  recordAttempt,
  recordSightings,
} from "../optim/landscape/network.ts";
import { readMinData, readTsData, writeMinData, writeTsData } from "./min-data.ts";
import { type NewickTree, readNewick, writeNewick } from "./newick.ts";
import { loadNetwork, saveNetwork } from "./stationary-points.ts";

const folder = mkdtempSync(path.join(tmpdir(), "physlens-landscape-"));
afterAll(() => rmSync(folder, { recursive: true }));

const land: Landscape = {
  name: "made up",
  n: 2,
  valueAndGradient: () => 0,
  start: () => new Float64Array(2),
};

const point = (value: number, index: number) => ({
  ...{ x: Float64Array.of(value, Math.PI * value), value, rms: 1e-12, index },
  ...{ lowest: index === 1 ? -2 : 0.1 + value ** 2, logProduct: Math.E * value, zeroModes: 0 },
});

function grown(count: number) {
  const network = emptyNetwork(land);
  for (let i = 0; i < count; i++) {
    recordSightings(network, addMinimum(network, land, point(i / 3, 0)), `1/${i % 2}`, i + 1);
  }
  for (let i = 1; i < count; i++) {
    const sides: [ReturnType<typeof point>, ReturnType<typeof point>] = [
      point(i / 3, 0),
      point((i - 1) / 3, 0),
    ];
    addTriple(network, land, { saddle: point(10 + i / 7, 1), vector: Float64Array.of(0.6, -0.8), sides });
    recordAttempt(network, i, 0);
  }
  network.walkers.push("1/0", "1/1");
  network.searches[0] = 20;
  network.modes[1 % count] = 2;
  return network;
}

describe("SQLite", () => {
  test("what is written is read bit for bit, and the same network makes the same bytes", () => {
    const files = ["a", "b"].map((name) => path.join(folder, `${name}.sqlite`));
    for (const file of files) saveNetwork(file, grown(5));
    expect(loadNetwork(files[0]!)).toEqual(grown(5));
    expect(readFileSync(files[0]!).equals(readFileSync(files[1]!))).toBe(true);
  });

  test("a file grows and never shrinks", () => {
    const file = path.join(folder, "grows.sqlite");
    saveNetwork(file, grown(2));
    saveNetwork(file, grown(6));
    saveNetwork(file, grown(6));
    expect(loadNetwork(file)).toEqual(grown(6));
    expect(() => saveNetwork(file, grown(3))).toThrow(
      /minima 3 of value 1 is not in this network.*mergeNetworks/,
    );
    expect(loadNetwork(file)).toEqual(grown(6));
  });

  test("another landscape, no network, no database and no file are refused by name", () => {
    const file = path.join(folder, "other.sqlite");
    saveNetwork(file, grown(2));
    const other = { ...grown(2), landscape: "LJ7" };
    expect(() => saveNetwork(file, other)).toThrow(/other.sqlite holds made up.*not LJ7/);
    const text = path.join(folder, "text.sqlite");
    writeFileSync(text, "not a database, but long enough to be looked at as one by its header ".repeat(20));
    expect(() => loadNetwork(text)).toThrow(/text.sqlite: .*SQLite/);
    expect(() => loadNetwork(path.join(folder, "absent.sqlite"))).toThrow(/absent.sqlite/);
    const blank = path.join(folder, "blank.sqlite");
    writeFileSync(blank, "");
    expect(() => loadNetwork(blank)).toThrow(/no network/);
  });
});

describe("min.data and ts.data", () => {
  test("numbers come back exactly, minima counted from 1 in the file", () => {
    const draw = random(1, "min.data");
    const rows = Array.from({ length: 30 }, (_, i) => ({
      ...{ value: -100 * draw.uniform(), logProduct: 50 * draw.normal(), order: 1 + draw.int(48) },
      ...{ inertia: [draw.uniform(), i, 1] as [number, number, number] },
      minima: [draw.int(30), draw.int(30)] as [number, number],
    }));
    const ts = writeTsData(rows);
    expect(readTsData(ts, "ts.data", 30)).toEqual(rows);
    expect(ts.split("\n")[0]!.trim().split(/\s+/).slice(3, 5).map(Number)).toEqual(
      rows[0]!.minima.map((i) => i + 1),
    );
    const minima = rows.map(({ minima: _, ...rest }) => rest);
    expect(readMinData(writeMinData(minima), "min.data")).toEqual(minima);
  });

  test("a line as PATHSAMPLE writes it", () => {
    const text = "   -173.9284265906       538.668902794        48   1.0D0   2.5D+01  1.0\n";
    expect(readMinData(text, "min.data")).toEqual([
      { value: -173.9284265906, logProduct: 538.668902794, order: 48, inertia: [1, 25, 1] },
    ]);
  });

  test.each([
    ["1 2 1 1 1", /min.data, line 1: .*expected 6 numbers/],
    ["1 2 1 1 1 1\n1 x 1 1 1 1", /min.data, line 2/],
    ["1 2 0 1 1 1", /line 1: order 0/],
    ["1 2 1.5 1 1 1", /line 1: order 1.5/],
  ])("'%s' is refused", (text, message) => {
    expect(() => readMinData(text, "min.data")).toThrow(message);
  });

  test.each([
    ["1 2 1 0 1 1 1 1", /line 1: minimum 0/],
    ["1 2 1 1 3 1 1 1", /line 1: minimum 3; expected a whole number from 1 to 2/],
    ["1 2 1 1 2 1 1", /expected 8 numbers/],
  ])("transition state '%s' is refused", (text, message) => {
    expect(() => readTsData(text, "ts.data", 2)).toThrow(message);
  });
});

describe("Newick", () => {
  test("random trees come back as they were", () => {
    for (let k = 0; k < 50; k++) {
      const draw = random(k, "newick");
      const make = (depth: number): NewickTree => ({
        name: ["", "A", "it's", "a b", "x_1.5", "(,):;[]"][draw.int(6)]!,
        ...(draw.uniform() < 0.7 && { length: draw.normal() * 10 ** (draw.int(20) - 10) }),
        children: depth === 0 ? [] : Array.from({ length: draw.int(4) }, () => make(depth - 1)),
      });
      const tree = make(4);
      expect(readNewick(writeNewick(tree), "test")).toEqual(tree);
    }
  });

  test("the textbook form, with comments and line breaks", () => {
    const leaf = (name: string, length: number) => ({ name, length, children: [] });
    expect(readNewick("(A:0.1,[a comment]\n B:2e-1,(C:.3,D:0.4)E:0.5)F;\n", "test")).toEqual({
      name: "F",
      children: [
        leaf("A", 0.1),
        leaf("B", 0.2),
        { name: "E", length: 0.5, children: [leaf("C", 0.3), leaf("D", 0.4)] },
      ],
    });
  });

  test.each([
    ["(A,B)", /expected ';'/],
    ["(A,B;", /expected ',' or '\)'/],
    ["(A:x);", /character 4: 'x\);'; expected a number/],
    ["('A,B);", /name that ends/],
    ["(A[B);", /comment that ends/],
    ["A; B;", /nothing after/],
    ["", /the end/],
  ])("'%s' is refused", (text, message) => {
    expect(() => readNewick(text, "test")).toThrow(message);
  });
});
