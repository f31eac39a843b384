import { z } from "zod";
import { signAgreement } from "../../stats/sign-agreement.ts";
import { type Comparison, demandSame } from "../comparison.ts";
import { rankAgreement } from "../ranked.ts";
import { across, head, names, parallel, spread } from "./common.ts";

/** How much each of several variables matters for one output. */
export const relevanceSchema = z
  .strictObject({
    kind: z.literal("relevance"),
    ...head,
    of: z.string().min(1).describe("The output whose inputs are weighed."),
    variables: names,
    values: z.array(z.number()).describe("One for each variable."),
    signed: z.boolean().describe("Do signs mean a direction? Otherwise the values are sizes."),
    uncertainty: spread,
  })
  .superRefine(
    across(({ variables, values, uncertainty, signed }, complain) => {
      parallel(complain, { field: "variables", of: variables }, { values, uncertainty });
      if (!signed && values.some((value) => value < 0))
        complain("values", "an unsigned relevance is below zero");
    }),
  );

export type Relevance = z.infer<typeof relevanceSchema>;

/**
 * Agreement is Spearman's correlation of the relevances over the variables; where both are signed, `signs` is the
 * share of variables with the same sign. Both must be signed, or neither.
 */
export function compareRelevance(a: Relevance, b: Relevance): Comparison {
  demandSame("'signed'", { id: a.id, of: a.signed }, { id: b.id, of: b.signed });
  const { rho, ordered } = rankAgreement(
    { id: a.id, names: a.variables, values: a.values },
    { id: b.id, names: b.variables, values: b.values },
    "variables",
  );
  const measures: Record<string, number> = { spearman: rho };
  if (a.signed) measures["signs"] = signAgreement(a.values, ordered);
  return { kind: "relevance", agreement: rho, measure: "spearman", measures, notes: [] };
}
