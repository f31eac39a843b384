import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "./shared.ts";

/** The rooms from the ground up, as in the project's house rules: a room imports from itself and from earlier ones. */
const floors = [
  ["core"],
  ["program"],
  ["linalg", "optim", "stats"],
  ["units", "data"],
  ["physics"],
  ["models"],
  ["expressions"],
  ["claims"],
  ["lenses"],
  ["runs"],
  ["report"],
  ["studies"],
  ["cli"],
];

const source = path.join(repositoryRoot, "src");
const files = globSync("**/*.ts", { cwd: source }).map((file) => file.split(path.sep).join("/"));

/** Every relative module that a text imports: statically, re-exported, type-only or dynamically. */
function importsOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  return [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']+)["']/g)].map((match) => match[1]!);
}

const graph = new Map(
  files.map((file) => {
    const text = readFileSync(path.join(source, file), "utf8");
    return [file, importsOf(text).map((name) => path.posix.join(path.posix.dirname(file), name))];
  }),
);

const floorOf = (file: string) => floors.findIndex((rooms) => rooms.includes(file.split("/")[0]!));
const isTest = (file: string) => file.endsWith(".test.ts");

/** A circle of imports below `start`, as the list of its files; undefined if there is none. */
function findCircle(edges: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const state = new Map<string, "open" | "closed">();
  const trail: string[] = [];
  const visit = (file: string): string[] | undefined => {
    if (state.get(file) === "closed") return undefined;
    if (state.get(file) === "open") return [...trail.slice(trail.indexOf(file)), file];
    state.set(file, "open");
    trail.push(file);
    for (const next of edges.get(file) ?? []) {
      const circle = visit(next);
      if (circle) return circle;
    }
    trail.pop();
    state.set(file, "closed");
    return undefined;
  };
  for (const file of edges.keys()) {
    const circle = visit(file);
    if (circle) return circle;
  }
  return undefined;
}

test("the reader of imports finds each kind and no comment", () => {
  const text = [
    'import { a } from "./a.ts";',
    'import type { B } from "../b.ts";',
    'export * from "./c.ts";',
    'import "./d.ts";',
    'const e = await import("./e.ts");',
    "import {\n  f,\n  g,\n} from './f.ts';",
    '// import "./no.ts"',
    '/** @example import x from "./no.ts" */',
    'import fs from "node:fs";',
  ].join("\n");
  expect(importsOf(text)).toEqual(["./a.ts", "../b.ts", "./c.ts", "./d.ts", "./e.ts", "./f.ts"]);
});

test("the search for circles finds one and clears a tree", () => {
  const edges = (text: string) => new Map(text.split(" ").map((pair) => [pair[0]!, [...pair.slice(1)]]));
  expect(findCircle(edges("abc bd cd d"))).toBeUndefined();
  expect(findCircle(edges("ab bc cb"))).toEqual(["b", "c", "b"]);
  expect(findCircle(edges("aa"))).toEqual(["a", "a"]);
});

test("every file of src is in a room", () => {
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((file) => file !== "index.ts" && floorOf(file) < 0)).toEqual([]);
});

test("no room imports from one above it", () => {
  const offenders = [...graph].flatMap(([file, imports]) =>
    imports
      .filter((to) => file !== "index.ts" && !isTest(file) && !to.startsWith(".."))
      .filter((to) => {
        const sameRoom = file.split("/")[0] === to.split("/")[0];
        return !sameRoom && floorOf(to) > floorOf(file);
      })
      .map((to) => `${file} imports ${to}`),
  );
  expect(offenders).toEqual([]);
});

test("no file of src but a test imports from outside it, and every import exists", () => {
  const offenders = [...graph].flatMap(([file, imports]) =>
    imports
      .filter((to) => !isTest(file) && (to.startsWith("..") || !graph.has(to)))
      .map((to) => `${file} imports ${to}`),
  );
  expect(offenders).toEqual([]);
});

test("there is no circle of imports", () => {
  expect(findCircle(graph)).toBeUndefined();
});

/** Files that are loaded with `start`: its imports and theirs, but for types and those asked for later. */
function loadedWith(start: string): string[] {
  const loaded = new Set<string>();
  const visit = (file: string) => {
    if (loaded.has(file)) return;
    loaded.add(file);
    const code = readFileSync(path.join(source, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
    const statements = code.matchAll(/^(?:import|export)\s+(?!type\b)[^;"']*?from\s+["']([^"']+)["']/gm);
    for (const [statement, name] of statements) {
      // A list of types alone is taken away before the file runs.
      if (/\{[^}]*\}/.test(statement) && !/[{,]\s*(?!type\s)\w/.test(statement.replace(/\s+/g, " ")))
        continue;
      if (name!.startsWith(".")) visit(path.posix.join(path.posix.dirname(file), name!));
      else if (name!.startsWith("node:")) loaded.add(name!);
    }
  };
  visit(start);
  return [...loaded];
}

test.each(["expressions/index.ts", "lenses/symbolic/search/search.ts", "lenses/symbolic/sparse/index.ts"])(
  "%s runs in a browser: nothing of Node is loaded with it",
  (file) => {
    const loaded = loadedWith(file);
    expect(loaded.length).toBeGreaterThan(8);
    expect(loaded.filter((name) => name.startsWith("node:"))).toEqual([]);
    // The reader does find what is there.
    expect(loadedWith("core/threads.ts")).toContain("node:worker_threads");
  },
);
