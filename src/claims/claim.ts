import { z } from "zod";
import { checked } from "./check.ts";
import { conceptSchema } from "./kinds/concept.ts";
import { countSchema } from "./kinds/count.ts";
import { couplingSchema } from "./kinds/coupling.ts";
import { criticalValueSchema } from "./kinds/critical-value.ts";
import { equationSchema } from "./kinds/equation.ts";
import { influenceSchema } from "./kinds/influence.ts";
import { relevanceSchema } from "./kinds/relevance.ts";
import { reliabilitySchema } from "./kinds/reliability.ts";

/** A claim of any kind, told apart by `kind`. Plain data: what stands in claims.json. */
export const claimSchema = z.discriminatedUnion("kind", [
  relevanceSchema,
  couplingSchema,
  conceptSchema,
  equationSchema,
  countSchema,
  criticalValueSchema,
  influenceSchema,
  reliabilitySchema,
]);

/**
 * What was found, in a form that can be compared with another of its kind. Each carries a statement, a unit, an
 * uncertainty (null where none is stated) and its subject.
 */
export type Claim = z.infer<typeof claimSchema>;
export type ClaimKind = Claim["kind"];
export type ClaimOf<K extends ClaimKind> = Extract<Claim, { kind: K }>;

/**
 * A claim that is whole: lists of matching length, distinct names, finite numbers, values within their ranges.
 * @throws UserError naming the claim and the field.
 */
export function checkClaim<C extends Claim>(claim: C): C {
  return checked(claimSchema, claim, `claim '${claim.id}'`) as C;
}
