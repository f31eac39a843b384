import { assembleReportClaims, type ClaimWithCard } from "../claims/report-claims.ts";
import { usageError } from "../core/errors.ts";
import type { Provenance } from "../data/table.ts";
import { nature } from "../lenses/curvature/about.ts";
import { chainNet } from "../models/sequential/chain-net.ts";
import { exportWeights } from "../models/sequential/weights.ts";
import { criticalEstimates } from "../physics/chain/indicators.ts";
import type { Section, Study, StudyContext, StudyResult } from "./contract.ts";
import { citations } from "./phases/citations.ts";
import { type CutStudy, cutStudy } from "./phases/cut-study.ts";
import { listOf, sizesOf } from "./phases/data.ts";
import { estimate } from "./phases/estimate.ts";
import { headMetrics } from "./phases/head-metrics.ts";
import { demandFile } from "./phases/networks.ts";
import { type PhasesOptions, params, presets } from "./phases/params.ts";
import { lookAtPlateau } from "./phases/plateau-look.ts";
import { type PlateauSet, plateauJobs, plateauNetworks, plateauSets, plateausOf } from "./phases/plateaus.ts";
import { transitionSection } from "./phases/report-transition.ts";
import { criticalClaim, transitionOf } from "./phases/transition.ts";

/** Phases of a quantum ring: which states taught a network, how sure it is, and where it extrapolates. */
export const phasesStudy: Study<typeof params> = {
  name: "phases",
  question:
    "A network learns the phases of a quantum ring: which states taught it, how sure is it, where does it extrapolate, and did it find the transition?",
  params,
  presets,
  estimate,
  run,
};

async function run(options: PhasesOptions, context: StudyContext): Promise<StudyResult> {
  const { task, random, threads } = context;
  const also = listOf(options.alsoCuts).map((name) => {
    const known = params.cut.choices.find((cut) => cut === name);
    if (!known) {
      throw usageError(
        `option 'alsoCuts': '${name}'; expected ${params.cut.choices.join(", ")}, separated by commas`,
      );
    }
    return known;
  });
  const rings = sizesOf(options.sizes);
  plateausOf(options.plateaus);
  if (options.weights !== "") demandFile(options.weights);
  const plateaued = options.cut === "cdw1" && options.recipe === "minimum" && options.weights === "";
  const provenance: Provenance[] = [];
  const seedOf = (k: number) => random.fork("plateau", k).int(2 ** 31);
  let sets: PlateauSet[] = [];
  const share = 1 / (1 + also.length);
  const main = await cutStudy(options.cut, options, {
    context,
    task: task.part(0, 0.8 * share),
    random: random.fork("cut", options.cut),
    provenance,
    id: "net",
    ...(plateaued
      ? {
          also: async (data, part) => {
            sets = await plateauSets(data, options, { task: part, threads });
            return plateauJobs(sets, options, context, seedOf);
          },
        }
      : {}),
  });
  const sections: Section[] = [...main.sections];
  const claims: ClaimWithCard[] = [...main.claims];
  if (sets.length > 0) {
    const networks = await plateauNetworks(sets, main.others, options.seeds);
    const look = await lookAtPlateau(main.data, networks, options, {
      ...context,
      task: task.part(0.8 * share, 0.95 * share),
      random: random.fork("plateau lens"),
    });
    task.report(0.95 * share, "classical indicators");
    const classical = await criticalEstimates({
      sizes: rings.length > 1 ? rings : [8, 10, 12],
      task: task.part(0.95 * share, share),
    });
    const transition = transitionOf(networks);
    const told = transitionSection(networks, transition, classical, main.data.axis);
    sections.push(told, look.section);
    claims.push(...look.claims);
    if (transition) {
      claims.push(
        await criticalClaim(transition, networks, classical, options, {
          task: task.part(share, share),
          random: random.fork("transition"),
        }),
      );
    }
  }
  const more: CutStudy[] = [];
  for (const [k, cut] of also.entries()) {
    const one = await cutStudy(
      cut,
      { ...options, seeds: 1, shuffles: 0 },
      {
        context,
        task: task.part((k + 1) * share, (k + 2) * share),
        random: random.fork("cut", cut),
        provenance,
        id: cut,
      },
    );
    more.push(one);
    const [, networks, look] = one.sections as [Section, Section, Section];
    sections.push({
      ...look,
      metrics: { ...look.metrics, [`${cut}.accuracy.even`]: networks.metrics["accuracy.even"]! },
      diagnostics: [...networks.diagnostics, ...look.diagnostics],
    });
    claims.push(...one.claims);
  }
  sections[0]!.metrics = { ...sections[0]!.metrics, ...headMetrics(main, options.top) };
  return {
    asked:
      "Exact ground states of a ring of repelling particles are given to a small convolutional network that learns to name their phase. For each test state: which training states drove the prediction, how sure is it, and does it go beyond what was trained on? And did the network find the transition, or was it told?",
    summary: [
      ...main.look.section.summary,
      ...sections.filter((s) => s !== main.look.section).flatMap((s) => s.summary.slice(0, 1)),
    ],
    sections,
    claims: assembleReportClaims(claims),
    files: main.networks.slice(0, 1).map(({ network }) => ({
      name: "network.safetensors",
      bytes: exportWeights(chainNet(main.recipe), network.parameters),
    })),
    provenance,
    citations: [...nature.citations, ...citations],
  };
}
