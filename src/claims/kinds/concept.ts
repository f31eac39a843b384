import { z } from "zod";
import { UserError } from "../../core/errors.ts";
import { type Comparison, demandSame, matchNames } from "../comparison.ts";
import { rankAgreement } from "../ranked.ts";
import { across, head, names, parallel, spread } from "./common.ts";

/** A scalar field over the inputs, known at named sample points: an order parameter, a principal component, a term. */
export const conceptSchema = z
  .strictObject({
    kind: z.literal("concept"),
    ...head,
    inputs: z
      .array(
        z.strictObject({
          name: z.string().min(1),
          unit: z.string(),
          scale: z
            .number()
            .positive()
            .describe("Step of this input that counts as one: gradients are multiplied by it."),
        }),
      )
      .min(1),
    points: names.describe("Names of the sample points: 'Z=50 N=70'."),
    values: z.array(z.number()).describe("One for each point."),
    gradients: z
      .array(z.array(z.number()))
      .nullable()
      .describe("For each point the derivative by each input, in unit per input unit; null where unknown."),
    uncertainty: spread,
  })
  .superRefine(
    across(({ inputs, points, values, gradients, uncertainty }, complain) => {
      parallel(complain, { field: "points", of: points }, { values, gradients, uncertainty });
      const bad = gradients?.findIndex((row) => row.length !== inputs.length) ?? -1;
      if (bad >= 0) {
        complain(
          "gradients",
          `point ${bad} has ${gradients![bad]!.length}; expected ${inputs.length}, one an input`,
        );
      }
    }),
  );

export type Concept = z.infer<typeof conceptSchema>;

/**
 * Two fields are the same concept if one is a monotone function of the other; their gradients are then parallel.
 * Where both carry gradients and there is more than one input, agreement is the mean over points of |cos(∇a, ∇b)|,
 * with each input measured in its scale; `chance` is what random directions give, E|cos| in so many dimensions.
 * Otherwise it is |Spearman| of the values. Points where a gradient vanishes are left out of the mean, with a note.
 */
export function compareConcept(a: Concept, b: Concept): Comparison {
  const { rho, ordered } = rankAgreement(
    { id: a.id, names: a.points, values: a.values },
    { id: b.id, names: b.points, values: b.values },
    "sample points",
  );
  const measures: Record<string, number> = { spearman: rho };
  const base = { kind: "concept", measures } as const;
  const gradients = a.gradients && b.gradients;
  if (!gradients || a.inputs.length < 2) {
    const why = gradients
      ? "with one input all gradients are parallel"
      : "gradients are not known on both sides";
    return { ...base, agreement: Math.abs(rho), measure: "spearman", notes: [`Compared by rank: ${why}.`] };
  }
  const inputAt = matchNames(
    a.inputs.map(({ name }) => name),
    b.inputs.map(({ name }) => name),
    { a: a.id, b: b.id, what: "inputs" },
  );
  const scales = a.inputs.map(({ name, scale, unit }, j) => {
    const other = b.inputs[inputAt[j]!]!;
    demandSame(`the unit of input '${name}'`, { id: a.id, of: unit }, { id: b.id, of: other.unit });
    demandSame(`the scale of input '${name}'`, { id: a.id, of: scale }, { id: b.id, of: other.scale });
    return scale;
  });
  const pointAt = matchNames(a.points, b.points, { a: a.id, b: b.id, what: "sample points" });
  let sum = 0;
  let counted = 0;
  for (const [i, row] of a.gradients!.entries()) {
    const other = b.gradients![pointAt[i]!]!;
    const cosine = cosineOf(
      row.map((g, j) => g * scales[j]!),
      scales.map((scale, j) => other[inputAt[j]!]! * scale),
    );
    if (Number.isNaN(cosine)) continue;
    sum += Math.abs(cosine);
    counted++;
  }
  if (counted === 0) {
    throw new UserError(`compare: at every point the gradient of '${a.id}' or of '${b.id}' is zero`);
  }
  const alignment = sum / counted;
  Object.assign(measures, { alignment, chance: chanceAlignment(scales.length) });
  const left = ordered.length - counted;
  const notes =
    left > 0 ? [`${left} of ${ordered.length} points have a zero gradient and are left out.`] : [];
  return { ...base, agreement: alignment, measure: "alignment", notes };
}

/** E|cos| between random directions in d dimensions, Γ(d/2)/(√π·Γ((d+1)/2)): 1, 2/π, 1/2, 4/(3π) … */
export function chanceAlignment(d: number): number {
  let value = d % 2 === 1 ? 1 : 2 / Math.PI;
  for (let k = d % 2 === 1 ? 1 : 2; k < d; k += 2) value *= k / (k + 1);
  return value;
}

function cosineOf(x: readonly number[], y: readonly number[]): number {
  const lengths = Math.hypot(...x) * Math.hypot(...y);
  return lengths === 0 ? Number.NaN : x.reduce((sum, value, j) => sum + value * y[j]!, 0) / lengths;
}
