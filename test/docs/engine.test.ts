import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import * as physlens from "../../src/index.ts";
import { repositoryRoot } from "../shared.ts";

const page = readFileSync(path.join(repositoryRoot, "docs/engine.md"), "utf8");
const block = (language: string) => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page)![1]!;

test("the example of docs/engine.md prints what the page says", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "physlens-docs-"));
  try {
    const library = pathToFileURL(path.join(repositoryRoot, "src/index.ts")).href;
    const file = path.join(folder, "example.ts");
    writeFileSync(file, block("ts").replace('from "physlens"', `from "${library}"`));
    const printed = execFileSync(process.execPath, [file], { encoding: "utf8" });
    expect(printed).toBe(block("text"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("every function and file that the page names exists", () => {
  const names = new Set<string>([...Object.keys(physlens), ...Object.keys(physlens.ops)]);
  const called = [...page.matchAll(/`(?:ops\.)?([a-z]\w+)\(/g)].map((match) => match[1]!);
  expect(called.length).toBeGreaterThan(12);
  expect(called.filter((name) => !names.has(name) && name !== "model")).toEqual([]);
  for (const [, file] of page.matchAll(/`((?:src|docs)\/[\w./-]+)`/g)) {
    expect(existsSync(path.join(repositoryRoot, file!)), file).toBe(true);
  }
});
