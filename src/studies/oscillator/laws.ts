import type { ClaimWithCard } from "../../claims/report-claims.ts";
import { defaults } from "../../core/params.ts";
import { type NumberColumn, numbers } from "../../data/table.ts";
import { symbolicLens } from "../../lenses/symbolic/lens.ts";
import type { SymbolicSubject } from "../../lenses/symbolic/subject.ts";
import type { Section, StudyContext } from "../contract.ts";
import { searchRunner } from "../symbolic/search-runner.ts";
import { tableFor } from "./cell-job.ts";
import type { OscillatorOptions } from "./params.ts";
import { type LawId, lawIds, operatorsOf, truthOf, variants } from "./variants.ts";

/** The symbolic lens on one table of each law at the noise of `evidence`. */
export async function lawSections(
  options: OscillatorOptions,
  context: StudyContext,
): Promise<{ sections: Section[]; claims: ClaimWithCard[] }> {
  const sections: Section[] = [];
  const claims: ClaimWithCard[] = [];
  for (const [k, id] of lawIds.entries()) {
    const { title, task: asked, evaluations } = variants[id];
    const findings = await symbolicLens.look(
      subjectOf(id, options.evidence, context),
      {
        ...defaults(symbolicLens.params),
        operators: [...operatorsOf(id).keys()].join(","),
        evaluations: Math.max(1000, Math.round(evaluations * options.budget)),
        maxComplexity: 15,
        nulls: options.nulls,
        seeds: options.reruns,
        bootstraps: options.reruns,
      },
      {
        task: context.task.part(k / lawIds.length, (k + 1) / lawIds.length, title),
        random: context.random.fork("lens", id),
      },
    );
    sections.push({
      ...findings,
      title: `${title}, in full`,
      asked: `What stands behind the formula for ${asked}, on one table with noise ${options.evidence}?`,
    });
    claims.push(...(findings.claims ?? []));
  }
  return { sections, claims };
}

function subjectOf(id: LawId, noise: number, context: StudyContext): SymbolicSubject {
  const table = tableFor(id, noise, context.seed);
  const { inputs, target, title, truth } = variants[id];
  const column = (name: string) => {
    const { values, unit, uncertainty }: NumberColumn = numbers(table, name);
    return { name, values, ...(id === "a" ? { unit } : {}), ...(uncertainty ? { uncertainty } : {}) };
  };
  return {
    columns: inputs.map(column),
    target: column(target),
    data: `${title.toLowerCase()}, ${table.rows} rows, noise ${noise}`,
    truth: { law: truthOf(id), source: `the simulated law ${target} = ${truth}` },
    id,
    provenance: table.provenance,
    run: searchRunner(context, id),
  };
}
