import { z } from "zod";
import { type Comparison, demandSame } from "../comparison.ts";
import { across, head } from "./common.ts";

/** A whole number: of conserved quantities, of relevant components, of turns. */
export const countSchema = z
  .strictObject({
    kind: z.literal("count"),
    ...head,
    of: z.string().min(1).describe("What is counted."),
    value: z.int(),
    range: z.strictObject({ low: z.int(), high: z.int() }).describe("The values that were possible."),
    uncertainty: z
      .strictObject({ low: z.int(), high: z.int() })
      .nullable()
      .describe("The values that cannot be excluded."),
  })
  .superRefine(
    across(({ value, range, uncertainty }, complain) => {
      if (value < range.low || value > range.high) {
        complain("value", `${value} is outside the possible ${range.low} to ${range.high}`);
      }
      if (uncertainty && (value < uncertainty.low || value > uncertainty.high)) {
        complain("uncertainty", `${uncertainty.low} to ${uncertainty.high} does not hold the value ${value}`);
      }
    }),
  );

export type Count = z.infer<typeof countSchema>;

/** `exact` is 1 for the same number, `distance` their difference; agreement is 1/(1 + distance). */
export function compareCount(a: Count, b: Count): Comparison {
  demandSame("what is counted", { id: a.id, of: a.of }, { id: b.id, of: b.of });
  const distance = Math.abs(a.value - b.value);
  const agreement = 1 / (1 + distance);
  const measures = { exact: distance === 0 ? 1 : 0, distance, closeness: agreement };
  return { kind: "count", agreement, measure: "closeness", measures, notes: [] };
}
