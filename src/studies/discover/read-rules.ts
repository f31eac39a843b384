import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { UserError } from "../../core/errors.ts";
import { didYouMean } from "../../core/suggest.ts";
import { type Expression, variablesOf } from "../../expressions/expression.ts";
import { parse } from "../../expressions/parse.ts";
import { standardOperators } from "../../expressions/standard-operators.ts";
import type { Behaviour, Constraints, Template } from "../../lenses/symbolic/search/contract.ts";

const column = z.string();
const soft = z.number().positive().optional();
const value = z.union([
  z.number(),
  z.enum(["Infinity", "-Infinity"]).transform((text) => (text === "Infinity" ? Infinity : -Infinity)),
]);

const behaviour = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("monotonic"), column, direction: z.enum(["rising", "falling"]), soft }),
  z.strictObject({
    kind: z.literal("bound"),
    least: z.number().optional(),
    most: z.number().optional(),
    soft,
  }),
  z.strictObject({
    kind: z.literal("limit"),
    column,
    at: z.number(),
    value,
    tolerance: z.number().positive().optional(),
    soft,
  }),
  z.strictObject({ kind: z.enum(["even", "odd"]), columns: z.array(column).min(1), soft }),
  z.strictObject({ kind: z.literal("exchange"), columns: z.tuple([column, column]), soft }),
]);

const layout = z.strictObject({
  template: z
    .strictObject({
      form: z.string(),
      parts: z.record(z.string(), z.union([z.literal("all"), z.array(column).min(1)])),
    })
    .optional(),
  nesting: z.record(z.string(), z.record(z.string(), z.int().min(0))).optional(),
  argumentSizes: z.record(z.string(), z.array(z.int().min(-1))).optional(),
  behaviour: z.array(behaviour).optional(),
});

/** What formulas have to keep to, with columns by their numbers. */
export interface Rules {
  constraints?: Constraints;
  template?: Template;
}

/**
 * Reads a file of rules: a template (`form` over columns and parts, and which columns each part may use), nesting,
 * argument sizes, and behaviours whose columns are named.
 * @throws UserError naming the file and the field for anything unknown: a key, a column, an operator, a part.
 */
export function readRules(file: string, names: readonly string[]): Rules {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw new UserError(`option 'rules': no file '${file}'`, { exitCode: 2 });
  }
  const complain = (where: string, what: string) => new UserError(`${file}, ${where}: ${what}`);
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new UserError(`${file}: not JSON: ${(cause as Error).message}`, { cause });
  }
  const read = layout.safeParse(json);
  if (!read.success) {
    const [first] = read.error.issues;
    throw complain(first!.path.join(".") || "the whole", first!.message);
  }
  const { template, nesting, argumentSizes, behaviour: wanted } = read.data;
  const numberOf = (name: string, where: string) => {
    const at = names.indexOf(name);
    if (at < 0) throw complain(where, `no column '${name}'${didYouMean(name, names)}`);
    return at;
  };
  for (const [where, operators] of [
    ["nesting", nesting && [...Object.keys(nesting), ...Object.values(nesting).flatMap(Object.keys)]],
    ["argumentSizes", argumentSizes && Object.keys(argumentSizes)],
  ] as const) {
    for (const name of operators ?? []) {
      if (standardOperators.has(name)) continue;
      throw complain(where, `no operator '${name}'${didYouMean(name, [...standardOperators.keys()])}`);
    }
  }
  const constraints: Constraints = {
    ...(nesting && { nesting }),
    ...(argumentSizes && { argumentSizes }),
    ...(wanted && {
      behaviour: wanted.map((one, k) => {
        const where = `behaviour.${k}`;
        const made = {
          ...one,
          ...("column" in one ? { column: numberOf(one.column, where) } : {}),
          ...("columns" in one ? { columns: one.columns.map((name) => numberOf(name, where)) } : {}),
        };
        return Object.fromEntries(Object.entries(made).filter(([, v]) => v !== undefined)) as Behaviour;
      }),
    }),
  };
  return {
    ...(Object.keys(constraints).length > 0 ? { constraints } : {}),
    ...(template && { template: templateOf(template, names, numberOf, complain) }),
  };
}

function templateOf(
  { form, parts }: { form: string; parts: Record<string, "all" | string[]> },
  names: readonly string[],
  numberOf: (name: string, where: string) => number,
  complain: (where: string, what: string) => UserError,
): Template {
  const partNames = Object.keys(parts);
  const taken = partNames.find((part) => names.includes(part));
  if (taken !== undefined)
    throw complain("template.parts", `'${taken}' is a column; call the part otherwise`);
  let expression: Expression;
  try {
    expression = parse(form, { names: [...names, ...partNames] });
  } catch (cause) {
    if (cause instanceof UserError) throw complain("template.form", cause.message);
    throw cause;
  }
  const used = new Set(variablesOf(expression));
  const idle = partNames.find((_, k) => !used.has(names.length + k));
  if (idle !== undefined) throw complain("template.parts", `the form does not use '${idle}'`);
  return {
    form: expression,
    parts: partNames.map((name) => {
      const columns = parts[name]!;
      return columns === "all"
        ? { name }
        : { name, columns: columns.map((one) => numberOf(one, `template.parts.${name}`)) };
    }),
  };
}
