import { assembleReportClaims } from "../claims/report-claims.ts";
import { usageError } from "../core/errors.ts";
import { nature } from "../lenses/landscape/about.ts";
import { analyseLandscape } from "../lenses/landscape/analyse.ts";
import { landscapeFindings } from "../lenses/landscape/findings.ts";
import type { LandscapeSubject } from "../lenses/landscape/subject.ts";
import { loadLandscape } from "../optim/landscape/job.ts";
import type { Study, StudyContext, StudyResult } from "./contract.ts";
import { archetypesSections } from "./landscape/archetypes.ts";
import { classifierResults } from "./landscape/classifier-study.ts";
import { estimate } from "./landscape/estimate.ts";
import { checkpointedExplorer, earlierNetwork } from "./landscape/explore-checkpointed.ts";
import { exportsOf } from "./landscape/exports.ts";
import { params, presets, type StudyOptions } from "./landscape/params.ts";
import { overSeedsSection, seedSections } from "./landscape/sections.ts";
import { superpositionSection } from "./landscape/superposition.ts";
import { lensOptions, ownSystem, type PlainSystem, plainSystem } from "./landscape/systems.ts";

/** Landscapes: of a small classifier's loss on data that are made or given, of clusters, and of test surfaces. */
export const landscapeStudy: Study<typeof params> = {
  name: "landscape",
  question:
    "The loss of a small classifier explored like a molecule's energy landscape: which minima belong together, and which input features do the weights speak of that all of them share?",
  params,
  presets,
  estimate,
  run,
};

async function run(options: StudyOptions, context: StudyContext): Promise<StudyResult> {
  if ((options.data === "") !== (options.target === "")) {
    throw usageError(
      "study 'landscape': options 'data' and 'target' go together: --data my.csv --target label",
    );
  }
  if (options.module !== "" && options.data !== "") {
    throw usageError("study 'landscape': give a module of your own or data, not both");
  }
  if (options.module !== "") return explorePlain(ownSystem(options), options, context);
  const plain = options.data === "" ? plainSystem(options.system) : undefined;
  return plain ? explorePlain(plain, options, context) : exploreClassifier(options, context);
}

async function exploreClassifier(options: StudyOptions, context: StudyContext): Promise<StudyResult> {
  const { task, random } = context;
  const lens = lensOptions(options);
  const share = options.archetypes ? 0.7 : 0.95;
  const results = await classifierResults(options, lens, context, task.part(0, share));
  const [first] = results as [(typeof results)[number]];
  const over = overSeedsSection(results, options, context);
  const seeds = seedSections(results);
  const together = options.superposition
    ? superpositionSection(first, random.fork("superposition"))
    : undefined;
  if (first.data.standardised) {
    over.diagnostics.push({
      level: "note",
      message:
        "Every feature was standardised: less the mean of the training rows, over their standard deviation. Scores of features compare only on one scale.",
    });
  }
  const archetypes = options.archetypes
    ? await archetypesSections(first, lens, context, task.part(0.7, 1))
    : [];
  const sections = [over, ...seeds, ...(together ? [together] : []), ...archetypes];
  return {
    asked: `The loss of a small tanh classifier on ${first.data.name} is explored like the energy landscape of a molecule: minima, the transition states between them, and the groups of minima that belong together. Weights that hardly vary over a group are conserved; do they drive the decisions, and which features do they speak of?`,
    summary: sections.flatMap(({ summary }) => summary).slice(0, 6),
    sections,
    claims: assembleReportClaims(sections.flatMap(({ claims = [] }) => claims)),
    files: results.flatMap(({ seed, analysis }) => exportsOf(`landscape-seed${seed}`, analysis)),
    provenance: first.data.provenance,
    citations: nature.citations,
  };
}

async function explorePlain(
  { subject: system, effort }: PlainSystem,
  options: StudyOptions,
  context: StudyContext,
): Promise<StudyResult> {
  const { task, random } = context;
  // A cluster's landscape is judged whole: there are no weights whose group would have to grow.
  const lens = { ...lensOptions(options, effort), growths: 0, least: 2 };
  const landscape = await loadLandscape(system.source);
  const earlier = earlierNetwork(options.network, landscape.name);
  await landscape.release?.();
  const explore = checkpointedExplorer(lens, context);
  const found = await explore(
    system.source,
    { seed: random.fork("exploration").int(2 ** 30), label: system.id, task: task.part(0, 0.8) },
    earlier,
  );
  const subject: LandscapeSubject = {
    ...system,
    network: found.network,
    about: { model: "no model", data: system.title, seeds: [context.seed] },
  };
  const analysis = await analyseLandscape(subject, lens, {
    task: task.part(0.8, 1),
    random: random.fork("look"),
  });
  const findings = landscapeFindings(subject, analysis, lens, { random: random.fork("claims") });
  return {
    asked: `The landscape of ${system.title}: its minima, the transition states between them, and which minima belong together.`,
    summary: findings.summary,
    sections: [{ title: `The landscape of ${system.title}`, asked: nature.question, ...findings }],
    claims: assembleReportClaims(findings.claims ?? []),
    files: exportsOf(system.id.replaceAll(".", "-"), analysis),
    provenance: [],
    citations: nature.citations,
  };
}
