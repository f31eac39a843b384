import { type EvidenceCard, notRun, type OutOfDistribution } from "../../claims/card.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { rowOf } from "../../linalg/rows.ts";
import { spearman } from "../../stats/correlation.ts";
import { median } from "../../stats/quantile.ts";
import { decisive, matchTerms, strongest, type TermMatch } from "./match.ts";
import type { CandidateTerm } from "./subject.ts";

/** Fewest samples of one end on which two fields are compared: more than the smooth trends that are projected out. */
export const fewestSamples = 40;

/** One end of what was held out: "A below 58", and which samples lie there. */
export interface HeldOutEnd {
  name: string;
  samples: Int32Array;
}

/** The last layer of a network that was trained where a part of the samples was held out. */
export interface HeldOutLayer {
  /** components × `samples`. */
  contributions: Matrix;
  /** Samples that the network can be asked about, held out or not. */
  samples: Int32Array;
  /** Those of them that lie within the range it was trained on. */
  inside: Int32Array;
  ends: readonly HeldOutEnd[];
  /** "A" */
  parameter: string;
  /** "A below 58 and above 207" */
  heldOut: string;
}

/** What a match is worth where the network has not been. */
export interface MatchHeldOut {
  term: string;
  entry: EvidenceCard["outOfDistribution"];
  /** |ρ| of the network's best component with the term within the range. */
  inside: number;
  /** |ρ| of that component in each end. */
  ends: { name: string; samples: number; rho: number }[];
}

/**
 * Matches of components with terms out of distribution. The network that never saw the ends names its component by the
 * samples within the range alone; in each end what this component adds is compared with what the claim's own component
 * adds there, as ranks (smooth trends projected out within that end, where the match is judged so). The worse of the
 * ends stands in the entry, beside the agreement of the claim's network with the others in the same end.
 * @param options.networks each network's contributions (components × samples) and its component of each claimed term
 */
export function matchesHeldOut(options: {
  terms: readonly CandidateTerm[];
  claimed: readonly string[];
  networks: readonly { contributions: Matrix; componentOf(term: string): number }[];
  shownFor(term: string): number;
  without: HeldOutLayer;
}): MatchHeldOut[] {
  const { terms, claimed, networks, without } = options;
  const { parameter, heldOut } = without;
  const at = new Map(Array.from(without.samples, (sample, place) => [sample, place]));
  const placed = (samples: Int32Array) => samples.map((sample) => at.get(sample)!);
  const own = (samples: Int32Array) =>
    matchesOn(terms, samples, picked(without.contributions, placed(samples)));
  const ends = without.ends
    .filter(({ samples }) => samples.length >= fewestSamples)
    .map(({ name, samples }) => ({
      name,
      samples: samples.length,
      own: own(samples),
      networks: networks.map(({ contributions }) =>
        matchesOn(terms, samples, picked(contributions, samples)),
      ),
    }));
  const inside = own(without.inside);
  return claimed.map((term) => {
    const of = (matches: readonly TermMatch[]) =>
      decisive(matches.find((match) => match.term.name === term)!);
    const component = strongest(of(inside).rho);
    const shown = options.shownFor(term);
    const fieldOf = (matches: readonly TermMatch[], c: number) => rowOf(of(matches).components, c);
    const found = ends.map((end) => {
      const fields = networks.map((network, k) => fieldOf(end.networks[k]!, network.componentOf(term)));
      const agreement = (field: Float64Array) => Math.abs(spearman(fields[shown]!, field)) || 0;
      const others = fields.filter((_, k) => k !== shown).map(agreement);
      return {
        name: end.name,
        outside: agreement(fieldOf(end.own, component)),
        inside: others.length > 0 ? median(others) : 1,
      };
    });
    const worst = found.reduce<(typeof found)[number] | undefined>(
      (least, end) => (least && least.outside <= end.outside ? least : end),
      undefined,
    );
    const entry: OutOfDistribution | undefined = worst && {
      parameter,
      heldOut,
      by: "agreement",
      measure: `rank correlation of the component with the claim's at ${worst.name}`,
      unit: "",
      inside: worst.inside,
      outside: worst.outside,
    };
    return {
      term,
      entry: entry
        ? [entry]
        : notRun(`Fewer than ${fewestSamples} nuclei of either end of ${parameter} have tokens that train.`),
      inside: Math.abs(of(inside).rho[component]!),
      ends: ends.map(({ name, samples, own: matches }) => ({
        name,
        samples,
        rho: Math.abs(of(matches).rho[component]!),
      })),
    };
  });
}

function matchesOn(terms: readonly CandidateTerm[], samples: Int32Array, contributions: Matrix): TermMatch[] {
  const own = terms.map((term) => ({
    ...term,
    values: Float64Array.from(samples, (sample) => term.values[sample]!),
  }));
  return matchTerms(own, contributions);
}

/** Columns of components × samples. */
function picked({ rows, cols, data }: Matrix, columns: Int32Array): Matrix {
  const out = matrix(rows, columns.length);
  for (let c = 0; c < rows; c++) {
    columns.forEach((column, i) => {
      out.data[c * columns.length + i] = data[c * cols + column]!;
    });
  }
  return out;
}
