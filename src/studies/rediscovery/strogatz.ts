import { mapInWorkers } from "../../core/workers.ts";
import { numberColumn, textColumn } from "../../data/table.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note } from "../../lenses/diagnostic.ts";
import { strogatzSystems } from "../../physics/dynamics/strogatz.ts";
import type { Section, StudyContext } from "../contract.ts";
import type { RediscoveryOptions } from "./params.ts";
import type { StrogatzJob, StrogatzResult } from "./strogatz-job.ts";

/** The part of the report on the seven systems. */
export async function strogatzSection(
  { evaluations, trajectories }: RediscoveryOptions,
  { seed, threads, task }: Pick<StudyContext, "seed" | "threads" | "task">,
): Promise<Section> {
  const sources = trajectories ? (["box", "trajectories"] as const) : (["box"] as const);
  const inputs = sources.flatMap((from) =>
    strogatzSystems.flatMap(({ name, variables }) =>
      variables.map((_, equation): StrogatzJob => ({ system: name, equation, from, seed, evaluations })),
    ),
  );
  const results = await mapInWorkers<StrogatzJob, StrogatzResult>({
    module: new URL(`./strogatz-job${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url),
    fn: "searchStrogatz",
    ...{ inputs, threads, task },
  });
  const findings = emptyFindings();
  for (const from of sources) {
    const own = results.filter((result) => result.from === from);
    const stem = from === "box" ? "strogatz" : "strogatz.trajectories";
    findings.metrics[`${stem}.recovered`] = own.filter(({ recovered }) => recovered).length;
    findings.metrics[`${stem}.equations`] = own.length;
    findings.metrics[`${stem}.sparse_recovered`] = own.filter(({ sparse }) => sparse).length;
    for (const { system, target, recovered } of own) {
      findings.metrics[`${stem}.${system}.${target.slice(1, 2)}`] = recovered ? 1 : 0;
    }
    findings.summary.push(
      `Of the ${own.length} Strogatz equations ${own.filter(({ recovered }) => recovered).length} are found from ${from === "box" ? "states drawn in a box" : "trajectories"} by the search and ${own.filter(({ sparse }) => sparse).length} by sparse regression.`,
    );
  }
  const text = (name: string, of: (result: StrogatzResult) => string) => textColumn(name, results.map(of));
  const yes = (value: boolean) => (value ? "yes" : "no");
  findings.tables.push({
    name: "strogatz",
    title: "Strogatz systems: recovery of each equation",
    rows: results.length,
    provenance: [],
    columns: [
      text("system", ({ system }) => system),
      text("rate", ({ target }) => target),
      text("sampled", ({ from }) => from),
      text("law", ({ truth }) => truth),
      text("chosen", ({ found }) => found),
      text("recovered", ({ recovered }) => yes(recovered)),
      text("on the front", ({ onFront }) => yes(onFront)),
      numberColumn(
        "evaluations",
        "",
        results.map(({ spent }) => spent),
      ),
      text("sparse regression", ({ sparse, sparseText }) => (sparse ? sparseText : "no")),
    ],
  });
  findings.diagnostics.push(
    note(
      "Rates are exact. Trajectories crowd on attractors and on one another, where different formulas nearly agree, so that a law can be harder to find there than in states drawn from a box.",
    ),
  );
  return {
    ...findings,
    title: "Seven systems of Strogatz",
    asked: "Are the right-hand sides of seven textbook systems found from states and rates?",
  };
}
