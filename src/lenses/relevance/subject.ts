import { demand, UserError } from "../../core/errors.ts";
import { didYouMean } from "../../core/suggest.ts";
import { type Configurations, checkConfigurations, frameOf } from "../../data/configurations.ts";
import type { Provenance } from "../../data/table.ts";
import { type GraphNetwork, graphNetwork } from "../../models/potentials/potential.ts";
import type { NamedWeights } from "../../models/potentials/weights.ts";
import { cell, demandRoom, openCell } from "../../physics/fluids/cell.ts";
import type { ForceField } from "../../physics/fluids/force-field.ts";
import { pairList } from "../../physics/fluids/pair-list.ts";
import type { Configuration } from "../../physics/fluids/start.ts";

/** Weights of a graph network with their basis and cutoff, and which bead is which row of the embedding. */
export interface NetworkSource {
  weights: NamedWeights;
  /** Harmonics of an SO3net: exact (default), or with the published rounding. */
  tables?: "exact" | "published";
  /** Row of the embedding for each word of a species. */
  species: Readonly<Record<string, number>>;
}

/** The network of another seed. */
export interface OtherNetwork {
  seed: number;
  weights: NamedWeights;
}

/** What the relevance lens looks at: a network, frames, and the law behind them where it is known. */
export interface RelevanceSubject extends NetworkSource {
  /** Starts every metric and file name: "mw". */
  id: string;
  title: string;
  about: { model: string; data: string; seeds: number[] };
  /** Frames to look at; the network should not have been trained on them. */
  frames: Configurations;
  /** The potential that made the frames. */
  law?: { field: ForceField; name: string };
  /** K of the frames, for −kT ln g(r). */
  temperature?: number;
  /** Networks trained by the same recipe from other seeds. */
  others?: readonly OtherNetwork[];
  /** Networks trained by the same recipe where no three-body part is. */
  pairwise?: { title: string; networks: readonly (NetworkSource & { frames: Configurations })[] };
  /** Frames of another state, on which nothing was trained. */
  elsewhere?: { parameter: string; what: string; frames: Configurations };
  /** RMS force errors relative to the spread of the forces, where they are known. */
  errors?: { inside: number; outside?: number };
  /** Share of `frames` within one correlation time of a training frame; absent where nobody knows. */
  leak?: { split: string; share: number };
  /** Smallest distance that any frame may have, Å; 0.5 by default. */
  floor?: number;
  provenance?: readonly Provenance[];
}

/** A subject with its network ready to run. */
export interface PreparedSubject {
  network: GraphNetwork;
  /** Row of the embedding, one a bead. */
  kinds: Int32Array;
}

/**
 * The network of a source, and the rows of its embedding for the beads of `frames`.
 * @throws UserError for weights that do not fit an architecture and for a species without a row.
 */
export function prepareNetwork(source: NetworkSource, frames: Configurations, id: string): PreparedSubject {
  const network = graphNetwork(source.weights, {
    source: id,
    ...(source.tables ? { tables: source.tables } : {}),
  });
  return { network, kinds: kindRows(source.species, frames.species, network.species, frames.name) };
}

/** Rows of the embedding for words. @throws UserError for a word without one, and for a row that is not there. */
export function kindRows(
  rows: Readonly<Record<string, number>>,
  words: readonly string[],
  count: number,
  where: string,
): Int32Array {
  return Int32Array.from(words, (word, bead) => {
    if (!Object.hasOwn(rows, word)) {
      const known = Object.keys(rows);
      throw new UserError(
        `${where}: bead ${bead} is of species '${word}', which the network does not know${didYouMean(word, known)}; it knows ${known.join(", ")}`,
      );
    }
    const row = rows[word]!;
    demand(
      Number.isInteger(row) && row >= 0 && row < count,
      () =>
        `${where}: species '${word}' is row ${row} of the embedding, which has ${count} rows: the weights do not fit`,
    );
    return row;
  });
}

/** Frame `f` of a set as a configuration; without cells the beads are in vacuum. */
export function configurationOf(set: Configurations, f: number): Configuration {
  const frame = frameOf(set, f);
  return {
    positions: frame.positions,
    cell: frame.cell ? cell(frame.cell, frame.periodic) : openCell(),
  };
}

/**
 * Refuses what cannot be looked at: numbers that are not finite, cells less than twice the cutoff across, beads nearer
 * than the floor, species without a row, weights that do not fit. Every message names frame and bead.
 */
export function checkSubject(subject: RelevanceSubject): PreparedSubject {
  const { id, frames, floor = 0.5 } = subject;
  demand(/^[A-Za-z][A-Za-z0-9_-]*$/.test(id), () => `relevance: id '${id}'; expected letters and digits`);
  demand(frames.frames > 0, () => `${frames.name}: no frames`);
  checkConfigurations(frames);
  const prepared = prepareNetwork(subject, frames, id);
  const { cutoff } = prepared.network;
  for (let f = 0; f < frames.frames; f++) {
    const { positions, cell: within } = configurationOf(frames, f);
    demandRoom(within, cutoff, `${frames.name}: frame ${f}`);
    try {
      pairList(positions, within, cutoff, { floor });
    } catch (cause) {
      if (cause instanceof UserError) {
        throw new UserError(`${frames.name}: frame ${f}: ${cause.message}`, { cause });
      }
      throw cause;
    }
  }
  return prepared;
}
