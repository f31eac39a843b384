import { type EvidenceCard, notRun } from "../../../claims/card.ts";
import { stabilityFrom } from "../../../claims/evidence/stability.ts";
import type { ClaimWithCard } from "../../../claims/report-claims.ts";
import type { RelevanceAnalysis } from "../analysis.ts";
import { curveCorrelation } from "../curves.ts";
import type { RelevanceSubject } from "../subject.ts";
import {
  type ClaimContext,
  curveBaselines,
  curveConcept,
  curveTruths,
  leakOf,
  noSearch,
  type Part,
  randomNull,
  referenceOf,
  rightFrom,
  rounded,
} from "./common.ts";

const input = { name: "r", unit: "Å", scale: 1, digits: 4 } as const;

/** The pair potential that relevance shows, as a concept over the distance. None where there are too few bins. */
export function pairClaim(
  subject: RelevanceSubject,
  analysis: RelevanceAnalysis,
  { random }: ClaimContext,
): ClaimWithCard[] {
  const { main, cuts, classical, elsewhere } = analysis;
  const curve = main.pair.relevance;
  if (curve.at.length < 4) return [];
  const low = Array.from(curve.value).reduce((best, v, k) => (v < curve.value[best]! ? k : best), 0);
  const claim = curveConcept(
    {
      id: `${subject.id}.pair`,
      title: `Pair potential of ${subject.title}`,
      statement: `The relevance of pairs, in the mean over pairs at one distance, is lowest at ${curve.at[low]!.toFixed(2)} Å with ${curve.value[low]!.toPrecision(3).replace("-", "−")} kcal/mol.`,
      subject: subject.about,
    },
    input,
    curve,
  );
  const reference = referenceOf(analysis, "pair")!;
  const test = randomNull(subject, analysis, "pair");
  const context = main.correlations["R2_context"];
  const card: EvidenceCard = {
    null: test ? [test] : notRun("No networks with random weights were looked at."),
    baselines: curveBaselines(
      claim,
      { ...reference, curve: rounded(reference.curve, input.digits) },
      input,
      [
        { name: "−kT ln g(r)", curve: classical.boltzmann && rounded(classical.boltzmann, input.digits) },
        {
          name: "linear force matching with pairs",
          curve: classical.forceMatch && rounded(classical.forceMatch, input.digits),
        },
      ],
      random.fork("random pair curves"),
    ),
    stability: stabilityOfCurves(analysis, "pair"),
    faithfulness: [
      {
        what: `the ${cuts.pairs.count} pairs of largest relevance were cut from the graph`,
        quantity: "the energy of the frame",
        unit: "kcal/mol",
        change: cuts.pairs.change,
        control: `${cuts.pairs.count} random pairs`,
        controls: cuts.pairs.controls,
      },
    ],
    truth: [
      ...(context
        ? [
            {
              truth: `the network's exact pair term among the other beads, for ${context.count} pairs`,
              measure: "Pearson correlation over pairs",
              score: context.value,
              threshold: rightFrom,
            },
          ]
        : curveTruths(claim, main.pair.vacuum, input, "the network's exact expansion in vacuum")),
      ...(main.pair.truth
        ? curveTruths(claim, main.pair.truth, input, `the known law, ${subject.law!.name}`)
        : []),
    ],
    outOfDistribution: elsewhere
      ? outsideOf(subject, analysis, "pair")
      : notRun("No frames of another state were given."),
    multiplicity: noSearch,
    leakage: leakOf(subject),
  };
  return [{ claim, card: withTruth(card) }];
}

/** A card whose truth is empty says so. */
export function withTruth(card: EvidenceCard): EvidenceCard {
  return Array.isArray(card.truth) && card.truth.length === 0
    ? { ...card, truth: notRun("Neither an exact term nor a law was at hand.") }
    : card;
}

/** Agreement of curves over seeds, over frames and over values of γ. */
export function stabilityOfCurves(analysis: RelevanceAnalysis, part: Part): EvidenceCard["stability"] {
  const { main, others, sensitivity } = analysis;
  const own = main[part]!.relevance;
  const measure = "Pearson correlation of the curves";
  const entries = [];
  const seeds = others.flatMap(({ look }) => {
    const curve = look[part]?.relevance;
    const value = curve ? curveCorrelation(curve, own).value : Number.NaN;
    return Number.isFinite(value) ? [value] : [];
  });
  if (seeds.length > 0) entries.push(stabilityFrom(seeds, { over: "seeds of the network", measure }));
  const gammas = sensitivity.map((one) => one[part]).filter(Number.isFinite);
  if (gammas.length > 0) entries.push(stabilityFrom(gammas, { over: "values of γ", measure }));
  return entries.length > 0 ? entries : notRun("One network, one γ.");
}

/** The curve made anew on frames of another state. */
export function outsideOf(
  subject: RelevanceSubject,
  { main, others, elsewhere, oneFrame }: RelevanceAnalysis,
  part: Part,
): EvidenceCard["outOfDistribution"] {
  const own = main[part]!.relevance;
  const outside = elsewhere?.[part]?.relevance;
  const value = outside ? curveCorrelation(outside, own).value : Number.NaN;
  if (!Number.isFinite(value)) return notRun("The other state has no such curve.");
  const inside = [others[0]?.look, oneFrame].flatMap((look) => {
    const curve = look?.[part]?.relevance;
    const agreement = curve ? curveCorrelation(curve, own).value : Number.NaN;
    return Number.isFinite(agreement) ? [agreement] : [];
  });
  return [
    {
      parameter: subject.elsewhere!.parameter,
      heldOut: subject.elsewhere!.what,
      by: "agreement",
      measure: "Pearson correlation of the curves",
      unit: "",
      inside: inside[0] ?? 1,
      outside: value,
    },
  ];
}
