import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { assembleReportClaims } from "../../claims/report-claims.ts";
import { demand, UserError, usageError } from "../../core/errors.ts";
import { type Configurations, frameOf, joinFrames } from "../../data/configurations.ts";
import { readExtendedXyz } from "../../data/extended-xyz.ts";
import { readSafetensors } from "../../data/safetensors.ts";
import { sha256 } from "../../data/sha256.ts";
import type { Provenance } from "../../data/table.ts";
import { nature } from "../../lenses/relevance/about.ts";
import { analyseRelevance } from "../../lenses/relevance/analyse.ts";
import { relevanceFindings } from "../../lenses/relevance/findings.ts";
import { checkSubject, configurationOf, type RelevanceSubject } from "../../lenses/relevance/subject.ts";
import { networkForces } from "../../models/potentials/potential.ts";
import { neighbourGraph } from "../../physics/fluids/graph.ts";
import type { StudyContext, StudyResult } from "../contract.ts";
import { citations } from "./citations.ts";
import { lensOptions } from "./lens-options.ts";
import type { FluidsOptions } from "./params.ts";
import { framesInWorkers } from "./workers.ts";

/**
 * Opens a network trained elsewhere on frames of the reader's. @throws UserError for files that are not there, weights
 * that fit no architecture, units that are nowhere named, and whatever `checkSubject` refuses.
 */
export async function lookAtFile(options: FluidsOptions, context: StudyContext): Promise<StudyResult> {
  const { task, random, threads } = context;
  const provenance: Provenance[] = [];
  const { weights, metadata } = readWeights(options, provenance);
  const frames = readFrames(options, provenance);
  const subject: RelevanceSubject = {
    id: "given",
    title: `the network of ${basename(options.weights)}`,
    about: {
      model: `weights of ${basename(options.weights)}`,
      data: `frames of ${basename(options.frames)}`,
      seeds: [],
    },
    weights,
    tables: options.tables,
    species: speciesRows(options, metadata, frames),
    frames,
    ...(options.temperature > 0 ? { temperature: options.temperature } : {}),
    provenance,
  };
  const { network, kinds } = checkSubject(subject);
  const how = lensOptions({ ...options, lookFrames: Math.min(options.lookFrames, frames.frames) });
  const analysis = await analyseRelevance(
    subject,
    how,
    { task, random: random.fork("relevance", "given") },
    { lookAtFrames: framesInWorkers(threads) },
  );
  const findings = relevanceFindings(subject, analysis, how);
  const first = configurationOf(frames, 0);
  const graph = neighbourGraph(first.positions, first.cell, network.cutoff);
  const { energy, forces } = networkForces(network, graph, kinds);
  const reference = frameOf(frames, 0).forces;
  const rms = (values: Float64Array) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
  findings.metrics["given.energy"] = energy;
  findings.metrics["given.rms_force"] = rms(forces);
  if (reference) {
    const error = rms(forces.map((f, k) => f - reference[k]!));
    findings.metrics["given.force_error"] = error;
    findings.metrics["given.force_error.relative"] = error / rms(reference);
  }
  return {
    asked: `${nature.question} A network trained elsewhere (${basename(options.weights)}: ${network.architecture}, ${network.features} features, cutoff ${network.cutoff} Å) is asked about ${frames.frames} frame${frames.frames === 1 ? "" : "s"} of ${frames.beads} beads.`,
    summary: findings.summary,
    sections: [{ title: "What the given network has learned", asked: nature.question, ...findings }],
    claims: assembleReportClaims(findings.claims ?? []),
    files: [],
    provenance,
    citations: [...nature.citations, ...citations],
  };
}

function readWeights(options: FluidsOptions, provenance: Provenance[]) {
  const bytes = readInput(options.weights, "weights", provenance);
  const { tensors, metadata } = readSafetensors(bytes, basename(options.weights));
  return { weights: tensors, metadata };
}

function readFrames(options: FluidsOptions, provenance: Provenance[]): Configurations {
  if (options.frames === "") {
    throw usageError(
      "study 'fluids': option 'weights' needs frames to look at; for example --weights net.safetensors --frames frames.extxyz",
    );
  }
  const bytes = readInput(options.frames, "frames", provenance);
  const source = basename(options.frames);
  const { lengthUnit, energyUnit } = options;
  const units = {
    ...(lengthUnit === "" ? {} : { length: lengthUnit }),
    ...(energyUnit === "" ? {} : { energy: energyUnit }),
  };
  try {
    return joinFrames(readExtendedXyz(bytes, { source, units }), { name: source, provenance });
  } catch (cause) {
    if (cause instanceof UserError && /^.*the unit of/.test(cause.message)) {
      throw new UserError(`${cause.message}. On the command line: --length-unit and --energy-unit`, {
        cause,
      });
    }
    throw cause;
  }
}

/** Rows of the embedding: from the option, else as the weights name them. */
function speciesRows(
  options: FluidsOptions,
  metadata: Readonly<Record<string, string>>,
  frames: Configurations,
): Record<string, number> {
  if (options.species !== "") {
    return Object.fromEntries(
      options.species.split(",").map((part) => {
        const [word = "", row = ""] = part.split("=").map((text) => text.trim());
        demand(
          word !== "" && /^\d+$/.test(row),
          () => `option 'species': '${part}'; expected a word and a row of the embedding, such as C=6`,
        );
        return [word, Number(row)];
      }),
    );
  }
  if (metadata["species"] !== undefined) {
    const words = JSON.parse(metadata["species"]) as string[];
    return Object.fromEntries(words.map((word, row) => [word, row]));
  }
  const words = [...new Set(frames.species)];
  throw usageError(
    `study 'fluids': ${basename(options.weights)} does not say which species is which row of its embedding; say it for ${words.join(", ")}, such as --species ${words[0]}=6 (rows by atomic number)`,
  );
}

function readInput(path: string, option: string, provenance: Provenance[]): Uint8Array {
  if (!existsSync(path)) throw usageError(`option '${option}': no file '${path}'`);
  const bytes = readFileSync(path);
  const name = basename(path);
  provenance.push({
    name,
    source: name,
    sha256: sha256(bytes),
    citation: `${name}, a file given to this run`,
  });
  return bytes;
}
