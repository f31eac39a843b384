import { z } from "zod";
import { mean, rms } from "../../stats/describe.ts";
import { type Comparison, demandSame, matchNames } from "../comparison.ts";
import { across, head, names, parallel, spread } from "./common.ts";

/** A formula for one output, as text and as its values at named sample points. */
export const equationSchema = z
  .strictObject({
    kind: z.literal("equation"),
    ...head,
    output: z.string().min(1).describe("What the formula gives; its unit is the claim's."),
    inputs: z.array(z.strictObject({ name: z.string().min(1), unit: z.string() })).min(1),
    tex: z.string().min(1).describe("For print."),
    text: z.string().min(1).describe("For reading and copying: 'a*A - b*A^(2/3)'."),
    canonical: z
      .string()
      .min(1)
      .nullable()
      .describe("A normal form: two formulas with the same one are the same formula. Null if none was made."),
    constants: z.array(
      z.strictObject({
        name: z.string().min(1),
        value: z.number(),
        unit: z.string(),
        uncertainty: z.number().nonnegative().nullable(),
      }),
    ),
    points: names.describe("Names of the sample points."),
    values: z.array(z.number()).describe("The formula's value at each point."),
    uncertainty: spread,
  })
  .superRefine(
    across(({ points, values, uncertainty }, complain) =>
      parallel(complain, { field: "points", of: points }, { values, uncertainty }),
    ),
  );

export type Equation = z.infer<typeof equationSchema>;

/** Up to this relative RMS two formulas are called numerically equivalent. */
const sameWithin = 1e-6;

/**
 * `relativeRms` is the RMS of a − b over the points, in units of the spread of b about its mean (of its size, with a
 * note, where b is constant and not zero). `numeric` is 1 where that is at most 1e-6; `symbolic` is 1 or 0 where both
 * have a canonical form. Agreement is the coefficient of determination, 1 − relativeRms², and 1 for the same canonical
 * form.
 */
export function compareEquation(a: Equation, b: Equation): Comparison {
  demandSame("the unit", { id: a.id, of: a.unit }, { id: b.id, of: b.unit });
  const at = matchNames(a.points, b.points, { a: a.id, b: b.id, what: "sample points" });
  const reference = at.map((i) => b.values[i]!);
  const notes: string[] = [];
  const centre = mean(reference);
  let scale = rms(reference.map((value) => value - centre));
  if (scale === 0) {
    scale = rms(reference) || 1;
    notes.push(`'${b.id}' is constant over the points: differences are relative to its size.`);
  }
  const relativeRms = rms(a.values.map((value, i) => value - reference[i]!)) / scale;
  const measures: Record<string, number> = { relativeRms, numeric: relativeRms <= sameWithin ? 1 : 0 };
  const known = a.canonical !== null && b.canonical !== null;
  const symbolic = known && a.canonical === b.canonical;
  if (known) measures["symbolic"] = symbolic ? 1 : 0;
  else notes.push("Not compared symbolically: a canonical form is missing.");
  const agreement = symbolic ? 1 : 1 - relativeRms ** 2;
  return {
    kind: "equation",
    agreement,
    measure: symbolic ? "symbolic" : "determination",
    measures: { ...measures, determination: 1 - relativeRms ** 2 },
    notes,
  };
}
