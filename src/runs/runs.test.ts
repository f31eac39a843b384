import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { UserError } from "../core/errors.ts";
import type { Store } from "../core/store.ts";
import { quoted, stableJson } from "./config.ts";
import { durationText } from "./duration.ts";
import { folderStore, storedKeys } from "./folder-store.ts";
import { physlensHome } from "./home.ts";
import { openIndex } from "./index-db.ts";
import { isLocked, lockFolder } from "./lock.ts";
import { memoryStore } from "./memory-store.ts";
import { inspectFolder, layout, moveIntoPlace, readRun } from "./run-folder.ts";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "physlens-runs-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const stores: [string, () => Store][] = [
  ["folder", () => folderStore(path.join(folder, "store"))],
  ["memory", memoryStore],
];
test.each(stores)("the %s store keeps bytes under any key, each key apart", (_, make) => {
  const store = make();
  const keys = ["a", "a/b", "../a", "a b", "é%2F", ".", "x".repeat(150)];
  keys.forEach((key, i) => void store.write(key, Uint8Array.of(i, 255)));
  store.write("a", Uint8Array.of(9));
  store.remove("a/b");
  store.remove("never written");
  const expected = keys.map((key, i) => (key === "a" ? [9] : key === "a/b" ? undefined : [i, 255]));
  expect(keys.map((key) => store.read(key) && [...store.read(key)!])).toEqual(expected);
  expect(store.read("b")).toBeUndefined();
});

test("a folder store is read by another one on the same folder and leaves nothing beside it", () => {
  const store = folderStore(path.join(folder, "store"));
  store.write("../seed0", Uint8Array.of(1));
  expect(folderStore(store.path!).read("../seed0")).toEqual(Uint8Array.of(1));
  expect(storedKeys(store.path!)).toEqual(["../seed0"]);
  expect(fs.readdirSync(folder)).toEqual(["store"]);
  expect(() => folderStore("/dev/null/store")).toThrow(UserError);
  expect(() => store.write("x".repeat(400), Uint8Array.of(1))).toThrow(/the name is too long/);
});

test("a lock holds until it is released", () => {
  expect(isLocked(folder)).toBe(false);
  const lock = lockFolder(folder);
  expect(isLocked(folder)).toBe(true);
  expect(() => lockFolder(folder, 0)).toThrow(/another process works on this run \(process \d+ on/);
  lock.release();
  lock.release();
  expect(isLocked(folder)).toBe(false);
  lockFolder(folder, 0).release();
});

test("the lock of a killed process is free at once", () => {
  const module = new URL("./lock.ts", import.meta.url).href;
  const code = `const { lockFolder } = await import(${JSON.stringify(module)});
    lockFolder(${JSON.stringify(folder)}); process.kill(process.pid, "SIGKILL");`;
  expect(() => execFileSync(process.execPath, ["--input-type=module", "-e", code])).toThrow(/SIGKILL|failed/);
  expect(fs.existsSync(path.join(folder, "owner.json"))).toBe(true);
  lockFolder(folder, 0).release();
});

test("the index replaces a run by its id, keeps when it was made, and lists the latest first", () => {
  const index = openIndex(folder);
  const run = { study: "s", preset: "quick", seed: 2 ** 40, path: "/p", metrics: {} };
  index.put({ ...run, id: "a", status: "running", created: "2024-01-01" });
  index.put({ ...run, id: "b", status: "failed", created: "2024-01-02" });
  index.put({ ...run, id: "a", status: "done", created: "2025-01-01", metrics: { "x.y": 0.1 } });
  expect(index.all().map(({ id }) => id)).toEqual(["b", "a"]);
  index.remove("b");
  index.close();
  const again = openIndex(folder);
  expect(again.all()).toEqual([
    { ...run, id: "a", status: "done", created: "2024-01-01", metrics: { "x.y": 0.1 } },
  ]);
  expect(again.get("b")).toBeUndefined();
  again.close();
  fs.writeFileSync(path.join(folder, "index.sqlite"), "this is no database".repeat(100));
  expect(() => openIndex(folder)).toThrow(/index\.sqlite: .*not a database/);
});

/** A run whose files lie in its assembly, with an earlier half-moved attempt beside it. */
function assembled(): void {
  const at = layout(folder);
  const inAssembly = layout(at.assembly);
  fs.mkdirSync(path.dirname(inAssembly.summary), { recursive: true });
  fs.writeFileSync(inAssembly.summary, "One line.\n");
  fs.writeFileSync(inAssembly.config, "{}");
  fs.writeFileSync(inAssembly.metrics, '{ "a": 1 }');
  fs.writeFileSync(inAssembly.report, "<html>");
  fs.writeFileSync(at.plan, '{ "study": "s" }');
  fs.mkdirSync(path.join(folder, "data"));
  fs.writeFileSync(path.join(folder, "data", "stale.csv"), "");
}

test("moving into place replaces a half-moved attempt, and until the report is there the run is unfinished", () => {
  assembled();
  expect(inspectFolder(folder).kind).toBe("unfinished");
  expect(() => readRun(folder)).toThrow(/not finished; run it again with --resume/);
  moveIntoPlace(folder);
  expect(fs.readdirSync(path.join(folder, "data"))).toEqual(["summary.txt"]);
  expect(readRun(folder)).toMatchObject({ metrics: { a: 1 }, summary: ["One line."] });
  fs.writeFileSync(layout(folder).metrics, '{ "a": ');
  expect(() => readRun(folder)).toThrow(/metrics\.json: not valid JSON/);
});

test("a quoted word is what a shell reads back", () => {
  for (const word of ["plain", "a b", "it's", '"x"', "$HOME", "a;b", "new\nline", "*", "", "ü"]) {
    expect(execFileSync("sh", ["-c", `printf %s ${quoted(word)}`], { encoding: "utf8" })).toBe(word);
  }
});

test("stable JSON does not depend on the order of keys and keeps every digit", () => {
  const text = stableJson({ b: [2, { d: 0.1 + 0.2, c: null }], a: 1 });
  expect(text).toBe(stableJson({ a: 1, b: [2, { c: null, d: 0.1 + 0.2 }] }));
  expect(JSON.parse(text)).toEqual({ a: 1, b: [2, { c: null, d: 0.30000000000000004 }] });
});

test("durations and the home folder", () => {
  expect([0.04, 0.4, 12, 59.6, 200, 3599, 7500].map(durationText)).toEqual([
    "0.0 s",
    "0.4 s",
    "12 s",
    "1 min 0 s",
    "3 min 20 s",
    "59 min 59 s",
    "2 h 5 min",
  ]);
  expect(physlensHome({ PHYSLENS_HOME: "/x/y" })).toBe("/x/y");
  expect(physlensHome({ PHYSLENS_HOME: "" })).toBe(path.join(os.homedir(), ".physlens"));
});
