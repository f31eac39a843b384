import { assembleReportClaims } from "../claims/report-claims.ts";
import { symbolicLens } from "../lenses/symbolic/lens.ts";
import { bodePlanets, keplerPlanets } from "../physics/famous/measured.ts";
import type { Study, StudyContext, StudyResult } from "./contract.ts";
import { citations } from "./rediscovery/citations.ts";
import { famousSections } from "./rediscovery/famous.ts";
import { fitLorenz } from "./rediscovery/fit-lorenz.ts";
import { lorenzSection } from "./rediscovery/lorenz.ts";
import { params, presets, type RediscoveryOptions } from "./rediscovery/params.ts";
import { strogatzSection } from "./rediscovery/strogatz.ts";

/** Textbook laws found again: Lorenz by sparse regression, Strogatz's systems, Kepler and Bode. */
export const rediscoveryStudy: Study<typeof params> = {
  name: "rediscovery",
  question:
    "Are textbook laws found again: Lorenz from noisy trajectories, seven systems of Strogatz, Kepler's and Bode's laws from a handful of points?",
  params,
  presets,
  estimate: ({ evaluations, trajectories, seeds, nulls }, threads) => ({
    seconds: Math.ceil(
      5 +
        4 * seeds +
        ((trajectories ? 28 : 14) * evaluations * 6e-6 + 0.6 * (nulls + 11)) / Math.max(1, threads),
    ),
    note: "searches end early where nothing is left to explain",
  }),
  run,
};

async function run(options: RediscoveryOptions, context: StudyContext): Promise<StudyResult> {
  const { task, seed, threads } = context;
  const lorenz = lorenzSection(fitLorenz(options, seed, task.part(0, 0.15)));
  const strogatz = await strogatzSection(options, { seed, threads, task: task.part(0.15, 0.7, "Strogatz") });
  const famous = await famousSections(options, { ...context, task: task.part(0.7, 1) });
  const sections = [lorenz, strogatz, ...famous.sections];
  return {
    asked:
      "Laws that everyone knows, asked for again: which terms make the Lorenz system, also where noise reads as signal; are the equations of seven textbook systems found; and what can six planets or eight distances carry?",
    summary: sections.flatMap((section) => section.summary.slice(0, 1)),
    sections,
    claims: assembleReportClaims(famous.claims),
    files: [],
    provenance: [...keplerPlanets.provenance, ...bodePlanets.provenance],
    citations: [...symbolicLens.citations, ...citations],
  };
}
