import { assembleReportClaims, type ClaimWithCard } from "../claims/report-claims.ts";
import { usageError } from "../core/errors.ts";
import type { Provenance } from "../data/table.ts";
import { warning } from "../lenses/diagnostic.ts";
import { nature } from "../lenses/relevance/about.ts";
import { analyseRelevance } from "../lenses/relevance/analyse.ts";
import { relevanceFindings } from "../lenses/relevance/findings.ts";
import type { Section, Study, StudyContext, StudyResult } from "./contract.ts";
import { alanineSections } from "./fluids/alanine.ts";
import { citations } from "./fluids/citations.ts";
import { estimate } from "./fluids/estimate.ts";
import { exportsOf } from "./fluids/exports.ts";
import { type FluidResult, fluidResults } from "./fluids/fluid-study.ts";
import { lookAtFile } from "./fluids/from-file.ts";
import { lensOptions } from "./fluids/lens-options.ts";
import { type FluidsOptions, params, presets } from "./fluids/params.ts";
import type { FluidName } from "./fluids/recipe.ts";
import { dynamicsSection, dynamicsTable } from "./fluids/report-dynamics.ts";
import { trainingSection } from "./fluids/report-training.ts";
import { fluidSubject } from "./fluids/subject.ts";
import { framesInWorkers } from "./fluids/workers.ts";

/** Fluids with a known law: what a graph network has learned of them, body by body. */
export const fluidsStudy: Study<typeof params> = {
  name: "fluids",
  question:
    "A graph network learns the forces of a fluid: which part of its energy is of pairs, triplets and more, and is that the law that made the data?",
  params,
  presets,
  estimate,
  run,
};

/** The networks that each choice of a system trains; the SO3net on methane is the null of water's triplets. */
const networksOf: Readonly<Record<FluidsOptions["system"], readonly FluidName[]>> = {
  lj: ["lj"],
  mw: ["mw", "lj_so3net"],
  both: ["lj", "mw", "lj_so3net"],
  all: ["lj", "mw", "lj_so3net"],
  alanine: [],
};

async function run(options: FluidsOptions, context: StudyContext): Promise<StudyResult> {
  if (options.weights !== "") return lookAtFile(options, context);
  if (options.frames !== "") {
    throw usageError("study 'fluids': option 'frames' goes with 'weights'; give both, or neither");
  }
  if (options.system === "alanine" && options.alanine === "") {
    throw usageError(
      "study 'fluids': system 'alanine' needs option 'alanine', the folder with ala2_coordinates.npy and ala2_forces.npy (cgnet, github.com/coarse-graining/cgnet)",
    );
  }
  const { task } = context;
  const withAlanine = options.alanine !== "" && (options.system === "alanine" || options.system === "all");
  const names = networksOf[options.system];
  const share = names.length === 0 ? 0 : withAlanine ? 0.8 : 1;
  const results =
    names.length === 0 ? [] : await fluidResults(names, options, context, task.part(0, 0.6 * share));
  const sections: Section[] = [];
  const claims: ClaimWithCard[] = [];
  const provenance: Provenance[] = [];
  const shown = results.filter(({ name }) => name !== "lj_so3net");
  for (const [k, result] of shown.entries()) {
    const part = task.part(
      share * (0.6 + (0.4 * k) / shown.length),
      share * (0.6 + (0.4 * (k + 1)) / shown.length),
    );
    sections.push(
      trainingSection(result),
      await lookSection(result, results, options, context, part, claims),
    );
    const moved = dynamicsSection(result);
    if (moved) sections.push(moved);
    provenance.push(...result.held.provenance);
  }
  if (shown.some(({ dynamics }) => Object.keys(dynamics).length > 0)) {
    sections.at(-1)!.tables.push(dynamicsTable(shown));
  }
  if (withAlanine) {
    const alanine = await alanineSections(options, context, task.part(share, 1));
    sections.push(...alanine.sections);
    for (const section of alanine.sections) claims.push(...(section.claims ?? []));
  } else if (options.system === "all") {
    sections[0]!.diagnostics.push(
      warning("Alanine dipeptide was left out: option 'alanine', the folder with its arrays, was not given."),
    );
  }
  return {
    asked:
      "Frames of fluids whose law is known are made, graph networks learn their forces, and the energy of each network is divided into one-, two-, three- and more-body parts: by the relevance of walks through its layers, and exactly, by the many-body expansion of the same network. Do the two agree, and is it the law?",
    summary: sections.flatMap(({ summary }) => summary.slice(0, 2)).slice(0, 8),
    sections,
    claims: assembleReportClaims(claims),
    files: shown.flatMap(exportsOf),
    provenance: unique(provenance),
    citations: [...nature.citations, ...citations],
  };
}

async function lookSection(
  result: FluidResult,
  results: readonly FluidResult[],
  options: FluidsOptions,
  context: StudyContext,
  task: StudyContext["task"],
  claims: ClaimWithCard[],
): Promise<Section> {
  const pairFluid =
    result.system.field.highestOrder > 2 ? results.find(({ name }) => name === "lj_so3net") : undefined;
  const subject = fluidSubject(result, pairFluid, options.lookFrames);
  const how = lensOptions(options);
  const analysis = await analyseRelevance(
    subject,
    how,
    { task, random: context.random.fork("relevance", result.name) },
    { lookAtFrames: framesInWorkers(context.threads) },
  );
  const findings = relevanceFindings(subject, analysis, how);
  claims.push(...(findings.claims ?? []));
  return {
    title: `What the network learned of ${result.system.title}, body by body`,
    asked: nature.question,
    ...findings,
  };
}

function unique(list: readonly Provenance[]): Provenance[] {
  const seen = new Set<string>();
  return list.filter(({ name, source }) => {
    const key = `${name} ${source}`;
    return seen.has(key) ? false : seen.add(key);
  });
}
