import { type EvidenceCard, notRun } from "../../../claims/card.ts";
import { stabilityFrom } from "../../../claims/evidence/stability.ts";
import type { ClaimWithCard } from "../../../claims/report-claims.ts";
import type { LandscapeAnalysis } from "../analysis.ts";
import type { LandscapeSubject } from "../subject.ts";

/** How many minima there are, as a lower bound: those that were certified, with what capture–recapture adds. */
export function countClaim(subject: LandscapeSubject, analysis: LandscapeAnalysis): ClaimWithCard {
  const { network, completeness: reach } = analysis;
  const value = network.minima.length;
  const chao = reach ? Math.ceil(reach.interval[1]) : value;
  const high = Math.max(value, chao);
  const known = subject.known?.minima;
  const card: EvidenceCard = {
    null: notRun("Every minimum is certified by its spectrum: there is no chance that one is none."),
    baselines: notRun("Nothing cheaper counts minima."),
    stability: halves(analysis),
    faithfulness: notRun("A count names nothing that could be taken away."),
    truth:
      known === undefined
        ? notRun("Nobody knows how many minima there are.")
        : [
            {
              truth: `${known} minima (${subject.known!.reference})`,
              measure: "share of them found",
              score: Math.min(1, value / known),
              threshold: 1,
            },
          ],
    outOfDistribution: notRun("A count has no control parameter."),
    multiplicity: {
      configurations: 1,
      what: "one search, whose growth was fixed beforehand",
      tests: null,
      adjustedP: null,
    },
    leakage: notRun("Nothing is held out when minima are counted."),
  };
  return {
    claim: {
      kind: "count",
      id: `${subject.id}.minima`,
      title: `Minima of ${subject.title}`,
      statement: `There ${value === 1 ? "is at least 1 minimum" : `are at least ${value} minima`}${reach && reach.estimate > value ? `; capture–recapture puts those within the walkers' reach at ${Math.ceil(reach.estimate)} or more` : ""}.`,
      unit: "",
      subject: subject.about,
      of: "minima, up to symmetry",
      value,
      range: { low: 1, high: Math.max(high, known ?? 0, 2 * value) },
      uncertainty: { low: value, high },
    },
    card,
  };
}

/** The minima that each half of the walkers met, over those that all met. */
function halves({ network }: LandscapeAnalysis): EvidenceCard["stability"] {
  const { walkers, minima } = network;
  const met = (some: readonly string[]) =>
    minima.filter(({ seen }) => seen.some(({ walker }) => some.includes(walker))).length;
  const all = met(walkers);
  if (walkers.length < 4 || all === 0) return notRun("Fewer than four walkers.");
  const half = Math.floor(walkers.length / 2);
  const shares = [walkers.slice(0, half), walkers.slice(half)].map((some) => met(some) / all);
  return [stabilityFrom(shares, { over: "halves of the walkers", measure: "share of the minima met" })];
}
