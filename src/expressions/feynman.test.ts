import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sharedPath } from "../../test/shared.ts";
import { canonical, canonicalKey } from "./canonical.ts";
import { equivalent } from "./equivalent.ts";
import { parse } from "./parse.ts";
import { print } from "./print.ts";
import { simplify } from "./simplify.ts";

const path = sharedPath("data/feynman/equations.tsv") ?? "";
if (path === "") console.warn("skipped: data/feynman/equations.tsv of the shared data is missing");

/** The formulas of the Feynman problems as published, over their own ranges. */
describe.skipIf(path === "")("the Feynman formulas", () => {
  const rows = path === "" ? [] : readFileSync(path, "utf8").trim().split("\n").slice(1);

  it("are read, keep their values when simplified, and have canonical forms that stay", () => {
    expect(rows.length).toBe(119);
    for (const row of rows) {
      const [id, , formula, , variables] = row.split("\t") as [string, string, string, string, string];
      const found = variables.split(";").map((text) => /^\s*(\S+) \[([-\d.]+),([-\d.]+)\]/.exec(text)!);
      const names = found.map((match) => match[1]!);
      const ranges = found.map((match) => [Number(match[2]), Number(match[3])] as const);
      const tree = parse(formula, { names });
      const normal = canonical(tree);
      expect(equivalent(tree, simplify(tree), { ranges }).numeric, id).toBe(true);
      expect(equivalent(tree, normal, { ranges }), id).toMatchObject({ symbolic: true, numeric: true });
      expect(canonicalKey(parse(print(normal, { names }), { names })), id).toBe(canonicalKey(tree));
    }
  });
});
