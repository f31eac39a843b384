import { z } from "zod";
import { type Comparison, demandSame } from "../comparison.ts";
import { rankAgreement } from "../ranked.ts";
import { across, head, names, parallel, spread } from "./common.ts";

/** How far each prediction can be trusted. */
export const reliabilitySchema = z
  .strictObject({
    kind: z.literal("reliability"),
    ...head,
    gives: z
      .enum(["expected error", "confidence"])
      .describe("An expected error is large where trust is small."),
    points: names.describe("Names of the test points."),
    values: z.array(z.number()).describe("One for each point."),
    uncertainty: spread,
  })
  .superRefine(
    across(({ points, values, uncertainty }, complain) =>
      parallel(complain, { field: "points", of: points }, { values, uncertainty }),
    ),
  );

export type Reliability = z.infer<typeof reliabilitySchema>;

/** Agreement is Spearman's correlation over the test points; both must give errors, or both confidences. */
export function compareReliability(a: Reliability, b: Reliability): Comparison {
  demandSame("what is given", { id: a.id, of: a.gives }, { id: b.id, of: b.gives });
  const { rho } = rankAgreement(
    { id: a.id, names: a.points, values: a.values },
    { id: b.id, names: b.points, values: b.values },
    "test points",
  );
  return { kind: "reliability", agreement: rho, measure: "spearman", measures: { spearman: rho }, notes: [] };
}
