import type { Random } from "../../core/random.ts";
import type { NumericArray } from "../../data/array.ts";
import type { Configurations } from "../../data/configurations.ts";
import { graphNetwork } from "../../models/potentials/potential.ts";
import { initialWeights } from "../../models/potentials/shapes.ts";
import type { NamedWeights } from "../../models/potentials/weights.ts";
import { cubicCell } from "../../physics/fluids/cell.ts";
import type { ForceField } from "../../physics/fluids/force-field.ts";
import { randomInsertion } from "../../physics/fluids/start.ts";
import type { ConformanceCase } from "../conformance.ts";
import type { nature } from "./about.ts";
import { fewBody } from "./expansion/curves.ts";
import { relevanceLens } from "./lens.ts";
import { randomisedWeights } from "./randomised.ts";
import type { RelevanceSubject } from "./subject.ts";

const [beads, edge, cutoff] = [20, 9, 4] as const;

/** Frames of beads put at random into a small periodic cube. */
export function randomFrames(random: Random, frames: number): Configurations {
  const cell = cubicCell(edge);
  const positions = new Float64Array(frames * 3 * beads);
  for (let f = 0; f < frames; f++) {
    positions.set(randomInsertion({ beads, cell, floor: 2.2, random }), f * 3 * beads);
  }
  return {
    name: "random frames",
    frames,
    beads,
    species: new Array<string>(beads).fill("C"),
    positions,
    cells: Float64Array.from({ length: 9 * frames }, (_, k) => cell.vectors[k % 9]!),
    periodic: [true, true, true],
    provenance: [],
  };
}

/** A law whose pair term is the exact one of a network. */
function lawOf(weights: NamedWeights): ForceField {
  const exact = fewBody(graphNetwork(weights));
  const known = new Map<number, number>();
  const pairTerm = (r: number) => {
    if (r >= cutoff) return 0;
    const found = known.get(r) ?? exact.pair(r);
    known.set(r, found);
    return found;
  };
  return {
    name: "the planted pair law",
    cutoff,
    highestOrder: 2,
    pairTerm,
    tripletTerm: () => 0,
    accumulate(positions, { count, first, second, offsets }, out) {
      for (let p = 0; p < count; p++) {
        const [i, j] = [3 * first[p]!, 3 * second[p]!];
        const r = Math.hypot(
          ...[0, 1, 2].map((k) => positions[j + k]! - positions[i + k]! + offsets[3 * p + k]!),
        );
        out.pairEnergy += pairTerm(r);
      }
    },
  };
}

/**
 * A network of one layer that is nearly a sum over pairs, with its own exact pair term as the known law; or a network
 * of random weights of the same sizes with that law.
 */
export function plantedSubject(random: Random, what: "pairs" | "random"): RelevanceSubject {
  const weights = new Map<string, NumericArray>(
    initialWeights(
      { architecture: "schnet", features: 8, layers: 2, radialBasis: 8, cutoff, species: 1 },
      random.fork("weights"),
    ),
  );
  // Small updates keep the network close to linear in them, and so close to a sum over pairs.
  for (const [name, tensor] of weights) {
    if (!name.includes("f2out")) continue;
    weights.set(name, { ...tensor, data: Float64Array.from(tensor.data as Float64Array, (w) => 0.1 * w) });
  }
  return {
    id: "planted",
    title: "the planted fluid",
    about: { model: "SchNet, 8 features", data: "random frames", seeds: [1] },
    weights: what === "pairs" ? weights : randomisedWeights(weights, random.fork("control")),
    species: { C: 0 },
    frames: randomFrames(random.fork("frames"), 2),
    law: { field: lawOf(weights), name: "the planted pair law" },
    temperature: 300,
  };
}

function bent(change: (good: RelevanceSubject) => RelevanceSubject) {
  return (random: Random) => change(plantedSubject(random, "pairs"));
}

/** Tries the relevance lens on a planted pair law, on random weights beside it, and on every kind of bad input. */
export const relevanceCase: ConformanceCase<RelevanceSubject, typeof nature.params> = {
  lens: relevanceLens,
  options: {
    nulls: 2,
    inContext: 2,
    forceBeads: 1,
    gammas: "0.3",
    bins: 10,
    angleBins: 8,
    bootstraps: 20,
    cuts: 2,
    frames: 2,
  },
  planted: (random) => plantedSubject(random, "pairs"),
  control: (random) => plantedSubject(random, "random"),
  claims: ({ metrics }) => metrics["planted.R2_truth_corr"]! > 0.8,
  bad: [
    {
      what: "a frame with NaN",
      subject: bent((good) => {
        good.frames.positions[3 * beads + 4] = Number.NaN;
        return good;
      }),
      message: /frame 1, bead 1: positions NaN; expected finite numbers/,
    },
    {
      what: "a cell smaller than twice the cutoff",
      subject: bent((good) => ({
        ...good,
        frames: { ...good.frames, cells: good.frames.cells!.map((x) => 0.8 * x) },
      })),
      message: /frame 0: the cell is 7\.2000 Å across along a, less than twice the cutoff 4 Å/,
    },
    {
      what: "beads closer than the floor",
      subject: bent((good) => {
        good.frames.positions.copyWithin(3, 0, 3);
        good.frames.positions[3]! += 0.1;
        return good;
      }),
      message: /frame 0: .*beads 0 and 1.*0\.1.*0\.5/,
    },
    {
      what: "an unknown species",
      subject: bent((good) => ({
        ...good,
        frames: { ...good.frames, species: good.frames.species.with(7, "Cl") },
      })),
      message: /bead 7 is of species 'Cl', which the network does not know.*it knows C/,
    },
    {
      what: "a row that the embedding has not",
      subject: bent((good) => ({ ...good, species: { C: 6 } })),
      message: /species 'C' is row 6 of the embedding, which has 1 rows: the weights do not fit/,
    },
    {
      what: "weights that do not fit the architecture",
      subject: bent((good) => {
        const weights = new Map(good.weights);
        weights.set("representation.interactions.1.in2f.weight", {
          shape: [8, 4],
          data: new Float64Array(32),
        });
        return { ...good, weights };
      }),
      message: /'representation.interactions.1.in2f.weight' has the shape \[8,4\]; this architecture needs/,
    },
    {
      what: "weights of no architecture",
      subject: bent((good) => ({
        ...good,
        weights: new Map([["layer.weight", { shape: [2], data: new Float64Array(2) }]]),
      })),
      message: /no weights of SchNet .* there are layer.weight/,
    },
    {
      what: "no frames",
      subject: bent((good) => ({ ...good, frames: { ...good.frames, frames: 0 } })),
      message: /random frames: no frames/,
    },
    { what: "a γ that is no number", options: { gammas: "0.1,soft" }, message: /'gammas': 'soft'/ },
    { what: "a negative γ", options: { gamma: -1 }, message: /'gamma': expected a number from 0/ },
    { what: "an unknown mode", options: { mode: "fair" }, message: /'mode': expected one of conservative/ },
    { what: "an unknown option", options: { gama: 1 }, message: /unknown option 'gama'.*gamma/ },
  ],
};
