import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { refusals, rules } from "../src/program/lower/rules/index.ts";
import { repositoryRoot } from "./shared.ts";
import { type Capability, capabilities, capabilityPage, cases } from "./support/capabilities.ts";

/** The oracle of every cell is jax-js's eager evaluation of the same function on its `cpu` device. */
describe("capabilities of the engine", () => {
  let found: Capability[];

  it("every primitive runs to the numbers of eager evaluation, or is refused in words, in every type", async () => {
    found = await capabilities();
    expect(found.length).toBeGreaterThan(60);
  });

  it("every primitive that jax-js declares has a rule or a refusal, and a case", () => {
    const declarations = readFileSync(
      path.join(repositoryRoot, "node_modules/@jax-js/jax/dist/index.d.ts"),
      "utf8",
    );
    const body = /declare enum Primitive \{([^}]*)\}/.exec(declarations)![1]!;
    const declared = [...body.matchAll(/= "(\w+)"/g)].map((match) => match[1]!).filter((p) => p !== "jit");
    expect(declared.length).toBeGreaterThan(40);
    expect([...Object.keys(rules), ...Object.keys(refusals)].sort()).toEqual(declared.toSorted());
    expect(new Set(cases.map(({ primitive }) => primitive))).toEqual(new Set(declared));
  });

  it("a refusal names the primitive, its equation and what to write instead", () => {
    const refused = found.flatMap(({ test, outcomes }) =>
      Object.values(outcomes).flatMap((o) => (o.kind === "refused" ? [{ test, message: o.message }] : [])),
    );
    expect(new Set(refused.map(({ test }) => test.primitive)).size).toBeGreaterThan(25);
    for (const { test, message } of refused) {
      expect(message).toContain(`the primitive '${test.primitive}' does not run`);
      expect(message).toMatch(new RegExp(`equation \\d+ of \\d+, ${test.primitive} of \\w+\\[`));
      expect(message).toMatch(/; (cast|do|pass|use|factor|solve) /);
    }
    for (const [primitive, advice] of Object.entries(refusals)) {
      const own = refused.filter(({ test }) => test.primitive === primitive);
      expect(own.length, primitive).toBeGreaterThan(0);
      for (const { message } of own) expect(message).toContain(advice);
    }
  });

  it("docs/capabilities.md is what is found here (vitest -u writes it anew)", async () => {
    await expect(capabilityPage(found)).toMatchFileSnapshot("../docs/capabilities.md");
  });
});
