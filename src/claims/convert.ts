import type { Concept } from "./kinds/concept.ts";
import type { Equation } from "./kinds/equation.ts";

/**
 * An equation as the field it draws over its sample points: values without gradients, so that it can be the known
 * truth of a concept. Inputs get the given scales (default 1), which only matter once gradients are added.
 */
export function equationToConcept(
  equation: Equation,
  options: { scales?: Readonly<Record<string, number>> } = {},
): Concept {
  const { id, title, statement, unit, subject, inputs, points, values, uncertainty } = equation;
  return {
    kind: "concept",
    id,
    title,
    statement,
    unit,
    subject,
    inputs: inputs.map((input) => ({ ...input, scale: options.scales?.[input.name] ?? 1 })),
    points,
    values,
    gradients: null,
    uncertainty,
  };
}
