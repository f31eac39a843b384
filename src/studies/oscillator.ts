import { assembleReportClaims } from "../claims/report-claims.ts";
import { mapInWorkers } from "../core/workers.ts";
import { symbolicLens } from "../lenses/symbolic/lens.ts";
import type { Study, StudyContext, StudyResult } from "./contract.ts";
import { tableFor } from "./oscillator/cell-job.ts";
import { citations } from "./oscillator/citations.ts";
import { invariantClaim } from "./oscillator/invariant-claim.ts";
import type { ShuffledOrbits } from "./oscillator/invariant-job.ts";
import { invariantSection } from "./oscillator/invariant-section.ts";
import { cellJobs, searchCells } from "./oscillator/jobs.ts";
import { lawSections } from "./oscillator/laws.ts";
import { nullSection } from "./oscillator/nulls.ts";
import { noisesOf, type OscillatorOptions, params, presets } from "./oscillator/params.ts";
import { recoverySection } from "./oscillator/recovery.ts";
import { variantIds, variants } from "./oscillator/variants.ts";

/** Four graded laws of oscillators, over seeds and noise: are they found, and is noise refused? */
export const oscillatorStudy: Study<typeof params> = {
  name: "oscillator",
  question:
    "Does a search find the laws of oscillators again, from a law at rest to an invariant of noisy orbits, and does it refuse to believe pure noise?",
  params,
  presets,
  estimate,
  run,
};

/** Seconds of processor time for a search at the default budget. */
const cost = { a: 1, b: 1.5, c: 2, d: 2 };

function estimate(options: OscillatorOptions, threads: number) {
  const { seeds, nullTables, nulls, budget, reruns } = options;
  const perSeed = variantIds.reduce((sum, id) => sum + cost[id], 0);
  const cells = seeds * noisesOf(options).length * perSeed;
  const full = (nulls + 2 * reruns + 3) * (cost.a + cost.b + cost.c) + nulls * cost.d;
  const seconds = budget * (cells + 2 * nullTables + full);
  return {
    seconds: Math.ceil(5 + seconds / Math.max(1, threads)),
    note: `${seeds * noisesOf(options).length * 4} searches, ${nullTables} tables of noise, and one table of each law in full`,
  };
}

async function run(options: OscillatorOptions, context: StudyContext): Promise<StudyResult> {
  const { task, seed, threads, random } = context;
  const noises = noisesOf(options);
  const cells = await searchCells(cellJobs(options, seed), {
    ...context,
    task: task.part(0, 0.5, "recovery"),
  });
  const noiseTables =
    options.nullTables === 0
      ? []
      : [await nullSection(options, { seed, threads, task: task.part(0.5, 0.65, "pure noise") })];
  const laws = await lawSections(options, { ...context, task: task.part(0.65, 0.9) });
  const noise = noises.includes(options.evidence) ? options.evidence : noises[0]!;
  const springs = cells.filter((cell) => cell.variant === "d" && cell.noise === noise);
  const shuffled = await mapInWorkers<ShuffledOrbits, number>({
    module: new URL(
      `./oscillator/invariant-job${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`,
      import.meta.url,
    ),
    fn: "searchShuffledOrbits",
    inputs: Array.from({ length: options.nulls }, (_, round) => ({
      ...{ noise, round },
      seed: springs[0]!.seed,
      evaluations: Math.max(1000, Math.round(options.budget * variants.d.evaluations)),
    })),
    threads,
    task: task.part(0.9, 1, "shuffled orbits"),
  });
  const invariant = invariantClaim(springs, shuffled, random.fork("invariant"));
  const sections = [
    recoverySection(cells),
    ...noiseTables,
    ...laws.sections,
    invariantSection(springs[0]!, invariant),
  ];
  return {
    asked:
      "Four graded tasks with one right answer each: the law of a spring at rest, a trajectory, a damped law, and the invariant of noisy orbits. A search of fixed budget and a fixed rule of choice are judged by machine: how often is the law found, over seeds and noise, and what would the same procedure believe of pure noise?",
    summary: sections.flatMap((section) => section.summary.slice(0, 1)),
    sections,
    claims: assembleReportClaims([...laws.claims, invariant]),
    files: [],
    provenance: variantIds.map((id) => tableFor(id, 0, 0).provenance[0]!),
    citations: [...symbolicLens.citations, ...citations],
  };
}
