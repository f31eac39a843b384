import { z } from "zod";

/** Which model, trained on which data with which seeds, a claim speaks of. */
export const subjectSchema = z.strictObject({
  model: z.string().min(1).describe("The model, in a few words: 'token regressor, width 64, depth 2'."),
  data: z.string().min(1).describe("The data it was trained on or asked about."),
  seeds: z
    .array(z.int().nonnegative())
    .describe("Seeds of the models that take part; none for a claim on data."),
});

/** What every claim carries, whatever its kind. */
export const head = {
  id: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9._-]*$/, "expected letters, digits, '.', '_' and '-', a letter first")
    .describe("Unique in a report, dotted like a metric: 'helix.N'."),
  title: z.string().min(1).describe("A few words."),
  statement: z
    .string()
    .regex(/[.!?]$/, "expected one sentence that ends in '.', '!' or '?'")
    .describe("The claim in one sentence."),
  unit: z.string().describe("Unit of the values as printed; '' for a pure number."),
  subject: subjectSchema,
};

/** Distinct names of variables, points or items. */
export const names = z.array(z.string().min(1)).min(1);

/** One standard deviation of each value. */
export const spread = z.array(z.number().nonnegative()).nullable();

/** A check across the fields of a claim: complaints are added with the field's name. */
export type Complain = (field: string, message: string) => void;

/** Lets a schema check fields against each other; the check is not part of the JSON Schema. */
export function across<T>(check: (value: T, complain: Complain) => void) {
  return (
    value: T,
    context: { addIssue(issue: { code: "custom"; message: string; path: string[] }): void },
  ) => check(value, (field, message) => context.addIssue({ code: "custom", message, path: [field] }));
}

/** Complains unless `values` (where there are any) is as long as `keys`, and unless the keys are distinct. */
export function parallel(
  complain: Complain,
  keys: { field: string; of: readonly string[] },
  lists: Readonly<Record<string, readonly unknown[] | null | undefined>>,
): void {
  const seen = new Set<string>();
  const twice = keys.of.find((name) => seen.size === seen.add(name).size);
  if (twice !== undefined) complain(keys.field, `'${twice}' stands there twice; names must differ`);
  for (const [field, list] of Object.entries(lists)) {
    if (list && list.length !== keys.of.length) {
      complain(
        field,
        `has ${list.length} entries; expected ${keys.of.length}, one for each of ${keys.field}`,
      );
    }
  }
}
