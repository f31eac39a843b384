import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { quietTask } from "../../core/task.ts";
import { evaluate } from "../../expressions/evaluate.ts";
import { nodes } from "../../expressions/expression.ts";
import { print } from "../../expressions/print.ts";
import { standardOperators } from "../../expressions/standard-operators.ts";
import { searchJob } from "../../lenses/symbolic/runner.ts";
import { readRules } from "./read-rules.ts";

const folder = mkdtempSync(join(tmpdir(), "physlens-rules-"));
afterAll(() => rmSync(folder, { recursive: true }));
const names = ["x", "t"];
function rules(content: unknown): string {
  const path = join(folder, "rules.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const x = Float64Array.from({ length: 40 }, (_, i) => 0.2 + i / 15);
const t = Float64Array.from({ length: 40 }, (_, i) => ((i * 7) % 40) / 20 - 1);
const target = x.map((v, i) => v * Math.exp(-0.7 * t[i]!));
const settings = {
  operators: ["add", "sub", "mul", "div", "exp", "neg"],
  ...{ islands: 2, population: 32, maxComplexity: 11, evaluations: 8000, stopAt: 1e-14 },
};
const search = (more: ReturnType<typeof readRules>) =>
  searchJob(
    {
      name: "rules",
      problem: { columns: [x, t], names, target },
      settings: { ...settings, ...more },
      seed: 3,
    },
    quietTask,
  );

it("a template's form holds for every formula of the front, and its parts keep to their columns", async () => {
  const read = readRules(rules({ template: { form: "x*part", parts: { part: ["t"] } } }), names);
  const { front } = await search(read);
  expect(front.length).toBeGreaterThan(1);
  for (const { expression } of front) {
    expect(evaluate(expression, [0, 0.4], standardOperators)).toBeCloseTo(0, 12);
    // The part does not hold x: twice x is twice the value.
    expect(evaluate(expression, [2, 0.4], standardOperators)).toBeCloseTo(
      2 * evaluate(expression, [1, 0.4], standardOperators),
      9,
    );
  }
  expect(front.at(-1)!.loss).toBeLessThan(1e-10);
});

it("nesting and behaviour hold for every formula of the front", async () => {
  const read = readRules(
    rules({
      nesting: { exp: { exp: 0, div: 0 } },
      behaviour: [
        { kind: "monotonic", column: "x", direction: "rising" },
        { kind: "bound", least: 0 },
      ],
    }),
    names,
  );
  const { front } = await search(read);
  for (const { expression } of front) {
    for (const node of nodes(expression)) {
      if (node.kind !== "call" || node.operator !== "exp") continue;
      for (const below of nodes(node.args[0]!)) {
        expect(below.kind === "call" && ["exp", "div"].includes(below.operator), print(expression)).toBe(
          false,
        );
      }
    }
    t.forEach((at, i) => {
      const here = evaluate(expression, [x[i]!, at], standardOperators);
      expect(here).toBeGreaterThanOrEqual(0);
      expect(evaluate(expression, [x[i]! + 1e-4, at], standardOperators)).toBeGreaterThanOrEqual(here - 1e-9);
    });
  }
});

it.each([
  ["{", "not JSON"],
  [{ nestin: {} }, "nestin"],
  [{ nesting: { sn: { sin: 0 } } }, "no operator 'sn'"],
  [{ argumentSizes: { pow: [1.5] } }, "argumentSizes.pow.0"],
  [{ behaviour: [{ kind: "monotonic", column: "y", direction: "rising" }] }, "no column 'y'"],
  [{ behaviour: [{ kind: "monotonic", column: "x", direction: "up" }] }, "behaviour.0.direction"],
  [{ behaviour: [{ kind: "convex", column: "x" }] }, "behaviour.0"],
  [{ template: { form: "x*", parts: {} } }, "template.form"],
  [{ template: { form: "x*f", parts: { f: ["z"] } } }, "template.parts.f: no column 'z'"],
  [{ template: { form: "x*f", parts: { f: "all", g: "all" } } }, "does not use 'g'"],
  [{ template: { form: "x", parts: { t: "all" } } }, "'t' is a column"],
])("%j is refused by file and field", (content, message) => {
  const file = rules(content);
  expect(() => readRules(file, names)).toThrow(message);
  expect(() => readRules(file, names)).toThrow("rules.json");
});

it("a file that is not there is named", () => {
  expect(() => readRules(join(folder, "none.json"), names)).toThrow("option 'rules': no file");
});
