import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { usageError } from "../../core/errors.ts";
import type { Task } from "../../core/task.ts";
import { type Configurations, frameOf, selectFrames } from "../../data/configurations.ts";
import { numberColumn, textColumn } from "../../data/table.ts";
import { note, warning } from "../../lenses/diagnostic.ts";
import { nature } from "../../lenses/relevance/about.ts";
import { analyseRelevance } from "../../lenses/relevance/analyse.ts";
import { bodyRelevances } from "../../lenses/relevance/bodies.ts";
import { networkSubsets } from "../../lenses/relevance/expansion/subset-energy.ts";
import { vacuumExpansion } from "../../lenses/relevance/expansion/vacuum.ts";
import { relevanceFindings } from "../../lenses/relevance/findings.ts";
import { networkWalks } from "../../lenses/relevance/network-walks.ts";
import { rulesOf } from "../../lenses/relevance/options.ts";
import { configurationOf, prepareNetwork, type RelevanceSubject } from "../../lenses/relevance/subject.ts";
import type { PotentialConfig } from "../../models/potentials/traced-model.ts";
import { namedWeights } from "../../models/potentials/traced-weights.ts";
import type { PotentialTraining, TrainedPotential } from "../../models/potentials/train-potential.ts";
import { alanineBeads, alanineSet, alanineTemperature } from "../../physics/fluids/alanine.ts";
import { chainTopology, fitPrior } from "../../physics/fluids/fit-prior.ts";
import { neighbourGraph } from "../../physics/fluids/graph.ts";
import { type PriorTerm, priorEnergy, withoutPrior } from "../../physics/fluids/prior.ts";
import type { Section, StudyContext } from "../contract.ts";
import { lensOptions } from "./lens-options.ts";
import { neighbourNoise } from "./neighbour-noise.ts";
import type { FluidsOptions } from "./params.ts";
import { lossFigure } from "./report-training.ts";
import type { TrainJob } from "./train-job.ts";
import { framesInWorkers, inWorkers } from "./workers.ts";

const config: PotentialConfig = {
  architecture: "schnet",
  features: 32,
  layers: 3,
  radialBasis: 24,
  cutoff: 10,
  species: [...alanineBeads],
};

const training: PotentialTraining = {
  epochs: 30,
  learningRate: 2e-3,
  schedule: "cosine",
  warmup: 0.02,
  weightDecay: 1e-3,
  batch: 64,
  dtype: "float32",
  points: 15,
};

/** Share of the frames that training never sees: the last ones. */
const held = 0.2;
/** Frames whose orders are compared with the prior's. */
const compared = 200;

/**
 * Alanine dipeptide: a network on what a prior leaves of the mapped forces, its error against an estimate of the noise
 * of the mapping, and its relevance by order beside the prior's exact terms.
 */
export async function alanineSections(
  options: FluidsOptions,
  context: StudyContext,
  task: Task,
): Promise<{ sections: Section[] }> {
  const { random, threads } = context;
  const read = (name: string) => {
    const path = join(options.alanine, name);
    if (!existsSync(path)) throw usageError(`option 'alanine': no file '${path}'`);
    return readFileSync(path);
  };
  const set = alanineSet({ coordinates: read("ala2_coordinates.npy"), forces: read("ala2_forces.npy") });
  const prior = fitPrior(set, chainTopology(set.beads), { temperature: alanineTemperature });
  const left = withoutPrior(set, prior);
  const first = Math.floor((1 - held) * set.frames);
  const all = Int32Array.from({ length: set.frames }, (_, f) => f);
  task.report(0, "noise of the mapped forces");
  const noise = neighbourNoise(left, { queries: 1500, random: random.fork("alanine noise") });
  const epochs = options.epochs || training.epochs;
  const checkpoints = context.checkpoints.path;
  const [trained] = await inWorkers<TrainJob, TrainedPotential>(
    "train-job",
    "trainFluid",
    [
      {
        name: "alanine",
        seed: random.fork("alanine").int(2 ** 30),
        config,
        training: { ...training, epochs },
        set: { ...left, provenance: [] },
        train: all.slice(0, first),
        validation: all.slice(first),
        ...(checkpoints === undefined ? {} : { checkpoints }),
      },
    ],
    { threads, task: task.part(0.05, 0.7) },
  );
  const network = trained!;
  const frames = selectFrames(left, all.subarray(first));
  const subject: RelevanceSubject = {
    id: "alanine",
    title: "alanine dipeptide",
    about: {
      model: `schnet, ${config.layers} layers of ${config.features} features, beside a prior`,
      data: `${first} mapped frames of alanine dipeptide`,
      seeds: [0],
    },
    weights: namedWeights(network.config, network.parameters),
    species: Object.fromEntries(alanineBeads.map((word, row) => [word, row])),
    frames,
    provenance: set.provenance,
  };
  const how = { ...lensOptions(options), orders: 4, inContext: 0 };
  const analysis = await analyseRelevance(
    subject,
    how,
    { task: task.part(0.7, 0.95), random: random.fork("relevance", "alanine") },
    { lookAtFrames: framesInWorkers(threads) },
  );
  const findings = relevanceFindings(subject, analysis, how);
  const orders = byOrder(subject, frames, prior, how);
  const { match } = network;
  const rms = (values: Float64Array) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
  const learning: Section = {
    title: "Learning alanine dipeptide beside a prior",
    asked: "How far above the noise of the mapped forces is the network, and what does the prior do alone?",
    metrics: {
      "alanine.force_rms": rms(set.forces),
      "alanine.force_rms.less_prior": rms(left.forces),
      "alanine.force_error": match.validation,
      "alanine.force_error.relative": match.relative,
      "alanine.noise_floor.estimate": noise,
      "alanine.force_error.over_floor": match.validation / noise,
    },
    figures: [
      lossFigure("alanine", "alanine dipeptide", [
        { label: "network beside the prior", trained: { ...network, match: { ...match, floor: noise } } },
      ]),
    ],
    tables: [],
    formulas: [],
    diagnostics: [
      note(
        `Mapped forces scatter about their mean at one conformation. The scatter is estimated from pairs of frames of nearest conformation (½⟨|F − F′|²⟩ in the molecule's own axes): ${noise.toFixed(2)} kcal/mol/Å a component. Neighbours differ a little in conformation too, so that the floor may lie somewhat lower; a loss close to it is not a failure of the network.`,
      ),
    ],
    summary: [
      `On alanine dipeptide the prior takes the RMS force from ${rms(set.forces).toFixed(2)} to ${rms(left.forces).toFixed(2)} kcal/mol/Å, the network to ${match.validation.toFixed(2)}; the noise of the mapping is about ${noise.toFixed(2)}.`,
    ],
  };
  const look: Section = {
    ...findings,
    title: "Alanine dipeptide by order: network and prior",
    asked: nature.question,
    tables: [orders.table, ...findings.tables],
    metrics: { ...findings.metrics, ...orders.metrics },
    diagnostics: [
      ...findings.diagnostics,
      warning(
        "Five beads of one molecule are never apart: pairs and triplets alone in vacuum are far outside of what the network was trained on, so that its exact expansion alternates between large terms. The spreads over conformations tell more than the means.",
      ),
    ],
  };
  return { sections: [learning, look] };
}

/** Mean and spread over conformations of every order: relevance, exact expansion, and the prior's exact terms. */
function byOrder(
  subject: RelevanceSubject,
  frames: Configurations,
  prior: readonly PriorTerm[],
  how: ReturnType<typeof lensOptions>,
) {
  const { network, kinds } = prepareNetwork(subject, frames, subject.id);
  const most = frames.beads;
  const rows = { relevance: blank(most), exact: blank(most), prior: blank(most) };
  const count = Math.min(compared, frames.frames);
  for (let k = 0; k < count; k++) {
    const f = Math.floor(((k + 0.5) * frames.frames) / count);
    const { positions, cell } = configurationOf(frames, f);
    const graph = neighbourGraph(positions, cell, network.cutoff);
    const relevance = bodyRelevances(networkWalks(network, graph, kinds, rulesOf(how)), { largest: 4 });
    const exact = vacuumExpansion(networkSubsets(network, graph, kinds), graph, { largest: most });
    const priors = priorEnergy(prior, frameOf(frames, f).positions).byOrder;
    for (let n = 1; n <= most; n++) {
      rows.relevance[n - 1]!.push(n <= 4 ? (relevance.orders[n - 1]?.total ?? 0) : relevance.remainder);
      rows.exact[n - 1]!.push(exact.orders[n - 1]?.total ?? 0);
      rows.prior[n - 1]!.push(n === 2 || n === 3 || n === 4 ? priors[n] : 0);
    }
  }
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const spread = (values: readonly number[]) => {
    const middle = mean(values);
    return Math.sqrt(mean(values.map((v) => (v - middle) ** 2)));
  };
  const metrics: Record<string, number> = {};
  for (const [name, orders] of Object.entries(rows)) {
    orders.forEach((values, k) => {
      metrics[`alanine.order${k + 1}.${name}.spread`] = spread(values);
    });
  }
  return {
    metrics,
    table: {
      name: "alanine-prior-by-order",
      title: `Energy by order over ${count} conformations, the prior's exact terms beside the network's`,
      rows: most,
      columns: [
        textColumn(
          "bodies",
          Array.from({ length: most }, (_, k) => String(k + 1)),
        ),
        ...Object.entries(rows).flatMap(([name, orders]) => [
          numberColumn(`${name}, mean`, "kcal/mol", orders.map(mean)),
          numberColumn(`${name}, spread`, "kcal/mol", orders.map(spread), {
            help: "standard deviation over conformations: free of the gauge",
          }),
        ]),
      ],
      provenance: [...frames.provenance],
    },
  };
}

function blank(most: number): number[][] {
  return Array.from({ length: most }, () => []);
}
