import { z } from "zod";
import { UserError } from "../../core/errors.ts";
import { auc } from "../../stats/auc.ts";
import { pearson } from "../../stats/correlation.ts";
import { type Comparison, defined, demandSame, matchNames } from "../comparison.ts";
import { across, head, names, parallel } from "./common.ts";

const square = z.array(z.array(z.number()));

/** How strongly each variable acts on each other one. */
export const couplingSchema = z
  .strictObject({
    kind: z.literal("coupling"),
    ...head,
    variables: names,
    values: square.describe(
      "Row i, column j: how variable j acts on variable i. The diagonal is not compared.",
    ),
    directed: z.boolean().describe("May values[i][j] differ from values[j][i]?"),
    edgeThreshold: z.number().nonnegative().describe("Pairs with |value| above this are edges."),
    uncertainty: square.nullable(),
  })
  .superRefine(
    across(({ variables, values, uncertainty, directed }, complain) => {
      parallel(complain, { field: "variables", of: variables }, { values, uncertainty });
      for (const [field, rows] of Object.entries({ values, uncertainty })) {
        const bad = rows?.findIndex((row) => row.length !== variables.length) ?? -1;
        if (bad >= 0)
          complain(field, `row ${bad} has ${rows![bad]!.length} entries; expected ${variables.length}`);
      }
      if (!directed && values.some((row, i) => row.some((value, j) => value !== values[j]?.[i]))) {
        complain("values", "the matrix is not symmetric; set 'directed' or make it so");
      }
    }),
  );

export type Coupling = z.infer<typeof couplingSchema>;

/**
 * Agreement is Pearson's correlation over the pairs of different variables (each once if undirected). `edgeAuc` asks
 * whether |a| ranks b's edges above its other pairs; it is left out, with a note, where every pair of b is an edge or
 * none is.
 */
export function compareCoupling(a: Coupling, b: Coupling): Comparison {
  demandSame("'directed'", { id: a.id, of: a.directed }, { id: b.id, of: b.directed });
  const at = matchNames(a.variables, b.variables, { a: a.id, b: b.id, what: "variables" });
  const pairs = pairsOf(at.length, a.directed);
  if (pairs.length < 2)
    throw new UserError(`compare: '${a.id}' has ${pairs.length} pairs; expected at least two`);
  const x = pairs.map(([i, j]) => a.values[i]![j]!);
  const y = pairs.map(([i, j]) => b.values[at[i]!]![at[j]!]!);
  const r = defined(pearson(x, y), new Set(x).size === 1 ? a.id : b.id, "all couplings are equal");
  const measures: Record<string, number> = { pearson: r };
  const notes: string[] = [];
  const edges = y.map((value) => Math.abs(value) > b.edgeThreshold);
  const count = edges.filter(Boolean).length;
  if (count > 0 && count < edges.length) measures["edgeAuc"] = auc(x.map(Math.abs), edges);
  else notes.push(`No edge AUC: ${count} of ${edges.length} pairs of '${b.id}' are edges.`);
  return { kind: "coupling", agreement: r, measure: "pearson", measures, notes };
}

/** The pairs of different indices below `n`; i < j only if undirected. */
export function pairsOf(n: number, directed: boolean): [number, number][] {
  const pairs: [number, number][] = [];
  for (let i = 0; i < n; i++) {
    for (let j = directed ? 0 : i + 1; j < n; j++) if (i !== j) pairs.push([i, j]);
  }
  return pairs;
}
