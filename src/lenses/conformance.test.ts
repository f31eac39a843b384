import { describe, expect, it } from "vitest";
import type { Params } from "../core/params.ts";
import { type ConformanceCase, conformanceChecks } from "./conformance.ts";
import { curvatureCase } from "./curvature/conformance-case.ts";
import { embeddingCase } from "./embedding/conformance-case.ts";
import { featuresCase } from "./features/conformance-case.ts";
import { landscapeCase } from "./landscape/conformance-case.ts";
import { relevanceCase } from "./relevance/conformance-case.ts";
import { symbolicCase } from "./symbolic/conformance-case.ts";

const cases = [
  embeddingCase,
  featuresCase,
  curvatureCase,
  relevanceCase,
  landscapeCase,
  symbolicCase,
] as readonly unknown[] as readonly ConformanceCase<unknown, Params>[];

describe.each(cases)("lens $lens.name", (trial) => {
  it.each(Object.entries(conformanceChecks))("%s", async (_, check) => {
    expect(await check(trial)).toEqual([]);
  });
});

describe("the suite itself", () => {
  const [good] = cases as [ConformanceCase<unknown, Params>];

  it("complains of a lens that is anonymous, random, deaf, credulous and takes anything", async () => {
    let calls = 0;
    const bad: ConformanceCase<unknown, Params> = {
      ...good,
      claims: () => true,
      lens: {
        ...good.lens,
        name: "Bad Lens",
        question: "Hm.",
        citations: [],
        look: async () => ({
          metrics: { calls: ++calls },
          figures: [],
          tables: [],
          formulas: [],
          diagnostics: [],
          summary: [],
        }),
      },
    };
    expect(await conformanceChecks.described(bad)).toHaveLength(3);
    expect(await conformanceChecks.deterministic(bad)).toEqual(["Bad Lens: one seed gave two findings"]);
    expect(await conformanceChecks.cancellable(bad)).toHaveLength(3);
    expect(await conformanceChecks.honest(bad)).toEqual([
      "Bad Lens: claims a finding in 8 of 8 random controls",
    ]);
    const subjects = bad.bad.filter(({ options }) => options === undefined);
    expect((await conformanceChecks["refuses bad input by name"](bad)).length).toBeGreaterThanOrEqual(
      subjects.length,
    );
    expect((await conformanceChecks.honest({ ...bad, claims: () => false })).length).toBe(8);
  });
});
