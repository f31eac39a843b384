import { type EvidenceCard, type NullTest, notRun, type Truth } from "../../../claims/card.ts";
import { compare } from "../../../claims/compare.ts";
import { classicalBaseline, randomBaseline } from "../../../claims/evidence/baselines.ts";
import { leakage } from "../../../claims/evidence/leak.ts";
import type { Concept } from "../../../claims/kinds/concept.ts";
import { nullTest } from "../../../claims/nulls/null-test.ts";
import type { Random } from "../../../core/random.ts";
import type { RelevanceAnalysis } from "../analysis.ts";
import type { PlainCurve } from "../classical.ts";
import { type Curve, curveCorrelation } from "../curves.ts";
import type { NetworkLook } from "../network-look.ts";
import type { RelevanceOptions } from "../options.ts";
import type { RelevanceSubject } from "../subject.ts";

/** What claims are made with. */
export interface ClaimContext {
  random: Random;
  options: RelevanceOptions;
}

/** Agreement from which a curve counts as right; fixed beforehand. */
export const rightFrom = 0.9;

/** A curve as a concept over one input. */
export function curveConcept(
  head: Pick<Concept, "id" | "title" | "statement" | "subject">,
  input: { name: string; unit: string; scale: number; digits: number },
  curve: Pick<Curve, "at" | "value"> & Partial<Pick<Curve, "error">>,
): Concept {
  const { digits, ...rest } = input;
  const errors = curve.error;
  return {
    kind: "concept",
    ...head,
    unit: "kcal/mol",
    inputs: [rest],
    points: Array.from(curve.at, (x) => `${input.name}=${x.toFixed(digits)}`),
    values: Array.from(curve.value, (value) => Number(value.toPrecision(7))),
    gradients: null,
    uncertainty: errors?.every(Number.isFinite) ? Array.from(errors, (e) => Number(e.toPrecision(4))) : null,
  };
}

/** A curve at given places only. */
export function restricted<C extends Pick<Curve, "at" | "value">>(curve: C, places: readonly number[]): C {
  const wanted = new Set(places.map((x) => x.toFixed(9)));
  const kept = Array.from(curve.at.keys()).filter((k) => wanted.has(curve.at[k]!.toFixed(9)));
  const part = (values: Float64Array) => Float64Array.from(kept, (k) => values[k]!);
  const out = { ...curve, at: part(curve.at), value: part(curve.value) };
  return "error" in curve ? { ...out, error: part(curve.error as Float64Array) } : out;
}

/** Which curve of a look a claim speaks of. */
export type Part = "pair" | "angle";

/** The relevance curve of a look, if it has one. */
export function curveOf(look: NetworkLook, part: Part): Curve | undefined {
  return look[part]?.relevance;
}

/** What a claim's curve is held against: the known law, or the exact expansion where no law is known. */
export function referenceOf(
  { main }: Pick<RelevanceAnalysis, "main">,
  part: Part,
): { curve: Curve; words: string } | undefined {
  const curves = main[part];
  if (!curves) return undefined;
  return curves.truth
    ? { curve: curves.truth, words: "the known law" }
    : { curve: curves.vacuum, words: "the exact expansion" };
}

/** Do networks with random weights have a curve like the reference's? */
export function randomNull(
  subject: RelevanceSubject,
  analysis: RelevanceAnalysis,
  part: Part,
): NullTest | undefined {
  const reference = referenceOf(analysis, part);
  const own = curveOf(analysis.oneFrame, part);
  if (!reference || !own || analysis.random.length === 0) return undefined;
  const statistic = (look: NetworkLook) => {
    const curve = curveOf(look, part);
    const value = curve ? curveCorrelation(curve, reference.curve).value : -1;
    return Number.isFinite(value) ? value : -1;
  };
  return nullTest(statistic(analysis.oneFrame), Float64Array.from(analysis.random, statistic), {
    name: "random weights",
    statistic: `Pearson correlation of the relevance curve of one frame with ${reference.words}`,
    cost: `${analysis.random.length} networks of ${subject.about.model} with random weights, one frame each`,
    reference: "docs/nulls/random-weights.md",
  });
}

/** Random curves with the same values, and classical ones, against the reference. */
export function curveBaselines(
  claim: Concept,
  reference: { curve: Curve; words: string },
  input: Parameters<typeof curveConcept>[1],
  classical: readonly { name: string; curve: PlainCurve | undefined }[],
  random: Random,
): EvidenceCard["baselines"] {
  const as = (curve: Pick<Curve, "at" | "value">, id: string) => curveConcept({ ...claim, id }, input, curve);
  const places = curveCorrelation(toCurve(claim), reference.curve).shared;
  if (places.length < 3) return notRun("The curve and what it is held against have too few bins in common.");
  const own = as(restricted(toCurve(claim), places), claim.id);
  const truth = as(restricted(reference.curve, places), "reference");
  const list = [randomBaseline(own, truth, { against: reference.words, rounds: 199, random })];
  for (const { name, curve } of classical) {
    if (!curve) continue;
    const common = curveCorrelation(restricted(curve, places), reference.curve).shared;
    if (common.length < 3) continue;
    list.push(
      classicalBaseline(
        as(restricted(toCurve(claim), common), claim.id),
        as(restricted(curve, common), "classical"),
        as(restricted(reference.curve, common), "reference"),
        { name, against: reference.words },
      ),
    );
  }
  return list;
}

/** Places and values of a concept, back as a curve. */
export function toCurve(claim: Concept): Pick<Curve, "at" | "value"> {
  return {
    at: Float64Array.from(claim.points, (point) => Number(point.split("=")[1])),
    value: Float64Array.from(claim.values),
  };
}

/** A curve beside another: rank order, and shape by Pearson's correlation. */
export function curveTruths(
  claim: Concept,
  other: Pick<Curve, "at" | "value">,
  input: Parameters<typeof curveConcept>[1],
  truth: string,
): Truth[] {
  const own = toCurve(claim);
  const { value, shared } = curveCorrelation(own, rounded(other, input.digits));
  if (shared.length < 3 || !Number.isFinite(value)) return [];
  const as = (curve: Pick<Curve, "at" | "value">) => curveConcept(claim, input, restricted(curve, shared));
  const { agreement } = compare(as(own), as(rounded(other, input.digits)));
  return [
    { truth, measure: "|rank correlation| over the bins", score: agreement, threshold: rightFrom },
    { truth, measure: "Pearson correlation over the bins", score: value, threshold: rightFrom },
  ];
}

/** Places as their printed names have them. */
export function rounded<C extends Pick<Curve, "at" | "value">>(curve: C, digits: number): C {
  return { ...curve, at: curve.at.map((x) => Number(x.toFixed(digits))) };
}

/** The card's entry on the split of the frames. */
export function leakOf({ leak }: RelevanceSubject): EvidenceCard["leakage"] {
  return leak
    ? leakage({
        split: leak.split,
        measure: "frames looked at that are within one correlation time of a training frame",
        share: leak.share,
      })
    : notRun("It is not known which frames the network was trained on.");
}

/** One set of rules, no search. */
export const noSearch: EvidenceCard["multiplicity"] = {
  configurations: 1,
  what: "one set of rules and one γ, no search",
  tests: null,
  adjustedP: null,
};
