import { z } from "zod";
import type { Comparison } from "../comparison.ts";
import { rankAgreement } from "../ranked.ts";
import { across, head, names, parallel, spread } from "./common.ts";

/** How much each training point moves a prediction (or an error). */
export const influenceSchema = z
  .strictObject({
    kind: z.literal("influence"),
    ...head,
    on: z.string().min(1).describe("What is moved: 'error on Sn-132'."),
    points: names.describe("Names of the training points."),
    values: z
      .array(z.number())
      .describe("Change of that quantity with the point's weight, one for each point."),
    uncertainty: spread,
  })
  .superRefine(
    across(({ points, values, uncertainty }, complain) =>
      parallel(complain, { field: "points", of: points }, { values, uncertainty }),
    ),
  );

export type Influence = z.infer<typeof influenceSchema>;

/** Agreement is Spearman's correlation over the training points. */
export function compareInfluence(a: Influence, b: Influence): Comparison {
  const { rho } = rankAgreement(
    { id: a.id, names: a.points, values: a.values },
    { id: b.id, names: b.points, values: b.values },
    "training points",
  );
  return { kind: "influence", agreement: rho, measure: "spearman", measures: { spearman: rho }, notes: [] };
}
