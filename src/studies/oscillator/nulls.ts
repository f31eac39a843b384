import { defaults } from "../../core/params.ts";
import { mapInWorkers } from "../../core/workers.ts";
import { numberColumn, textColumn } from "../../data/table.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note } from "../../lenses/diagnostic.ts";
import {
  falseDiscovery,
  type NoiseTable,
  type NoiseVerdict,
} from "../../lenses/symbolic/evidence/false-discovery.ts";
import { symbolicLens } from "../../lenses/symbolic/lens.ts";
import type { Section, StudyContext } from "../contract.ts";
import type { OscillatorOptions } from "./params.ts";
import { operatorsOf } from "./variants.ts";
import { wilson } from "./wilson.ts";

/** The part of the report on tables of pure noise: what the lens believes where there is nothing to find. */
export async function nullSection(
  options: OscillatorOptions,
  { seed, threads, task }: Pick<StudyContext, "seed" | "threads" | "task">,
): Promise<Section> {
  const { nullTables: tables, nulls, budget, reruns } = options;
  const shape = { rows: 100, variables: 2 };
  const { share, supported, verdicts } = await falseDiscovery({
    ...{ tables, seed, task, ...shape },
    options: {
      ...defaults(symbolicLens.params),
      operators: [...operatorsOf("a").keys()].join(","),
      evaluations: Math.max(1000, Math.round(20_000 * budget)),
      maxComplexity: 15,
      nulls,
      seeds: reruns,
      bootstraps: reruns,
    },
    map: (inputs, part) =>
      mapInWorkers<NoiseTable, NoiseVerdict>({
        module: new URL(
          `../../lenses/symbolic/evidence/false-discovery${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`,
          import.meta.url,
        ),
        fn: "noiseVerdict",
        inputs,
        threads,
        task: part,
      }),
  });
  const findings = emptyFindings();
  const [, high] = wilson(supported, tables);
  findings.metrics["oscillator.null.tables"] = tables;
  findings.metrics["oscillator.null.false_discovery"] = share;
  findings.metrics["oscillator.null.searches"] = verdicts.reduce((sum, { draws }) => sum + 1 + draws, 0);
  findings.tables.push({
    name: "oscillator-nulls",
    title: "Tables of pure noise",
    rows: tables,
    provenance: [],
    columns: [
      numberColumn(
        "table",
        "",
        verdicts.map(({ table }) => table),
      ),
      textColumn(
        "verdict",
        verdicts.map(({ word }) => word),
      ),
      numberColumn(
        "reruns",
        "",
        verdicts.map(({ draws }) => draws),
        { help: "searches on permuted targets until the null test was decided" },
      ),
    ],
  });
  findings.diagnostics.push(
    note(
      `The tables have ${shape.rows} rows, ${shape.variables} columns and a target of normal noise. Reruns on permuted targets search and choose anew with the same budget; p cannot fall below ${(1 / (nulls + 1)).toFixed(3)}, and a table's reruns end where the test can no longer be passed.`,
    ),
  );
  findings.summary.push(
    `Of ${tables} tables of pure noise the card calls ${supported} supported (${(100 * share).toFixed(1)} %; at most ${(100 * high).toFixed(0)} % with 95 % confidence).`,
  );
  return {
    ...findings,
    title: "Pure noise",
    asked: "Does the same procedure refuse to believe a formula where there is nothing to find?",
  };
}
