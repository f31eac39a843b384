import { type EvidenceCard, type NullTest, notRun } from "../../../claims/card.ts";
import { nullTest } from "../../../claims/nulls/null-test.ts";
import type { ClaimWithCard } from "../../../claims/report-claims.ts";
import type { RelevanceAnalysis } from "../analysis.ts";
import type { NetworkLook } from "../network-look.ts";
import type { RelevanceSubject } from "../subject.ts";
import {
  type ClaimContext,
  curveBaselines,
  curveConcept,
  curveTruths,
  leakOf,
  noSearch,
  randomNull,
  referenceOf,
  rightFrom,
  rounded,
} from "./common.ts";
import { orderShares } from "./order-claim.ts";
import { outsideOf, stabilityOfCurves, withTruth } from "./pair-claim.ts";

const input = { name: "theta", unit: "degrees", scale: 10, digits: 3 } as const;

/**
 * The three-body angular term that relevance shows, as a concept over the angle at a bead. None where no bead has two
 * neighbours, where relevance sees no triplets, and where what it sees is negligible although no law has three-body
 * terms: a claim on the shape of nothing would say nothing.
 */
export function angleClaim(
  subject: RelevanceSubject,
  analysis: RelevanceAnalysis,
  { random, options }: ClaimContext,
): ClaimWithCard[] {
  const { main, cuts, classical, elsewhere, pairwise } = analysis;
  const curve = main.angle?.relevance;
  if (!main.angle || !curve || curve.at.length < 4 || curve.value.every((v) => v === 0)) return [];
  const expected = subject.law !== undefined && subject.law.field.highestOrder > 2;
  if (!expected && isNegligible(analysis, options.significant)) return [];
  const [least, most] = [Math.min(...curve.value), Math.max(...curve.value)];
  const at = (value: number) => curve.at[curve.value.indexOf(value)]!.toFixed(0);
  const number = (value: number) => value.toPrecision(2).replace("-", "−");
  const claim = curveConcept(
    {
      id: `${subject.id}.angle`,
      title: `Three-body angular term of ${subject.title}`,
      statement: `The relevance of triplets, in the mean over corners within ${analysis.shell.toFixed(2)} Å, runs from ${number(least)} kcal/mol at ${at(least)}° to ${number(most)} kcal/mol at ${at(most)}°.`,
      subject: subject.about,
    },
    input,
    curve,
  );
  const reference = referenceOf(analysis, "angle")!;
  const flat = reference.curve.value.every((v) => v === reference.curve.value[0]);
  const tests: NullTest[] = [];
  const test = flat ? undefined : randomNull(subject, analysis, "angle");
  if (test) tests.push(test);
  if (pairwise.length > 0) {
    const span = (look: NetworkLook) => {
      const values = look.angle?.relevance.value ?? new Float64Array(1);
      return Math.max(...values) - Math.min(...values);
    };
    tests.push(
      nullTest(span(main), Float64Array.from(pairwise, span), {
        name: "trained on pairs alone",
        statistic: "largest less smallest mean relevance over the angle, kcal/mol",
        cost: `${pairwise.length} networks trained by the same recipe on ${subject.pairwise!.title}`,
        reference: "docs/relevance.md",
      }),
    );
  }
  const context = main.correlations["R3_context"];
  const { corners } = cuts;
  const card: EvidenceCard = {
    null: tests.length > 0 ? tests : notRun("The known law has no three-body part to be like."),
    baselines: flat
      ? notRun("The known law has no three-body part that a baseline could be like.")
      : curveBaselines(
          claim,
          { ...reference, curve: rounded(reference.curve, input.digits) },
          input,
          [
            {
              name: "−kT ln(p(θ)/sin θ)",
              curve: classical.angle && rounded(classical.angle, input.digits),
            },
          ],
          random.fork("random angle curves"),
        ),
    stability: stabilityOfCurves(analysis, "angle"),
    faithfulness: corners
      ? [
          {
            what: `at ${corners.count} corners of the triplets of largest relevance both pairs were cut from the graph, and each alone`,
            quantity: "what cutting both does beyond the sum of cutting each",
            unit: "kcal/mol",
            change: corners.change,
            control: `${corners.count} random corners`,
            controls: corners.controls,
          },
        ]
      : notRun("No bead has two neighbours within the shell."),
    truth: [
      ...(context
        ? [
            {
              truth: `the network's exact triplet term among the other beads, for ${context.count} triplets`,
              measure: "Pearson correlation over triplets",
              score: context.value,
              threshold: rightFrom,
            },
          ]
        : []),
      ...curveTruths(claim, main.angle.vacuum, input, "the network's exact expansion in vacuum"),
      ...(main.angle.truth && !flat
        ? curveTruths(claim, main.angle.truth, input, `the known law, ${subject.law!.name}`)
        : []),
      ...(flat && main.ratios.truth === 0
        ? [
            {
              truth: `the known law, ${subject.law!.name}, which has no three-body part`,
              measure: "1 − |three-body|/|two-body| relevance",
              score: 1 - main.ratios.relevance,
              threshold: rightFrom,
            },
          ]
        : []),
    ],
    outOfDistribution: elsewhere
      ? outsideOf(subject, analysis, "angle")
      : notRun("No frames of another state were given."),
    multiplicity: noSearch,
    leakage: leakOf(subject),
  };
  return [{ claim, card: withTruth(card) }];
}

/** Do triplets carry less than a significant share of the relevance, in total and one by one? */
export function isNegligible({ main }: Pick<RelevanceAnalysis, "main">, significant: number): boolean {
  const [, three, more] = orderShares(main.totals.relevance);
  return three + more < significant && main.ratios.relevance < significant;
}
