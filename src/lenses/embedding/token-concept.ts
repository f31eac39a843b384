import type { Concept } from "../../claims/kinds/concept.ts";
import { mean, variance } from "../../stats/describe.ts";

/**
 * A value at each token of one table as a concept with one input: rounded to six digits, in standard deviations.
 * @param options.table the table's name, which names the input: "N"
 */
export function tokenConcept(options: {
  id: string;
  title: string;
  statement: string;
  about: Concept["subject"];
  table: string;
  tokens: readonly number[];
  values: ArrayLike<number>;
}): Concept {
  const { id, title, statement, about, table, tokens } = options;
  const values = Array.from(options.values);
  const centre = mean(values);
  const spread = Math.sqrt(variance(values)) || 1;
  return {
    kind: "concept",
    id,
    title,
    statement,
    unit: "",
    subject: about,
    inputs: [{ name: table, unit: "", scale: 1 }],
    points: tokens.map((token) => `${table}=${token}`),
    values: values.map((value) => Number(((value - centre) / spread).toPrecision(6))),
    gradients: null,
    uncertainty: null,
  };
}
