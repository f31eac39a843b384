import { z } from "zod";
import { type Comparison, demandSame } from "../comparison.ts";
import { across, head } from "./common.ts";

/** The value of a control parameter at which something changes; its unit is the claim's. */
export const criticalValueSchema = z
  .strictObject({
    kind: z.literal("critical value"),
    ...head,
    parameter: z.string().min(1).describe("The control parameter."),
    value: z.number(),
    grid: z
      .strictObject({ low: z.number(), high: z.number(), step: z.number().positive() })
      .describe("The values that were scanned."),
    uncertainty: z.number().nonnegative().nullable().describe("One standard deviation."),
  })
  .superRefine(
    across(({ value, grid }, complain) => {
      if (!(grid.low < grid.high)) complain("grid", `low ${grid.low} is not below high ${grid.high}`);
      else if (value < grid.low || value > grid.high) {
        complain("value", `${value} is outside the scanned ${grid.low} to ${grid.high}`);
      }
    }),
  );

export type CriticalValue = z.infer<typeof criticalValueSchema>;

/**
 * `distance` in the claim's unit and `steps`, the same in steps of the coarser of the two grids. Values within one step
 * cannot be told apart: agreement is 1 there, and 1/steps beyond.
 */
export function compareCriticalValue(a: CriticalValue, b: CriticalValue): Comparison {
  demandSame("the parameter", { id: a.id, of: a.parameter }, { id: b.id, of: b.parameter });
  demandSame("the unit", { id: a.id, of: a.unit }, { id: b.id, of: b.unit });
  const distance = Math.abs(a.value - b.value);
  const steps = distance / Math.max(a.grid.step, b.grid.step);
  const agreement = steps <= 1 ? 1 : 1 / steps;
  return {
    kind: "critical value",
    agreement,
    measure: "closeness",
    measures: { distance, steps, closeness: agreement },
    notes: [],
  };
}
