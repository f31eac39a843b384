import { notRun } from "../../claims/card.ts";
import { randomBaseline } from "../../claims/evidence/baselines.ts";
import type { Concept } from "../../claims/kinds/concept.ts";
import type { ClaimWithCard } from "../../claims/report-claims.ts";
import type { Random } from "../../core/random.ts";
import type { MatchedTerm } from "./analyse.ts";
import { type FeatureSubject, labelOf } from "./subject.ts";

/** |ρ| from which a match counts as right, where the reproduction asks for another than the usual 0.6. */
const thresholds: Readonly<Record<string, number>> = { volume: 0.99, surface: 0.99, shell: 0.3 };
const usualThreshold = 0.6;

/** Below this |ρ| a component is not said to follow a term: it explains less than a tenth of it. */
const faint = 0.3;

/** How many random claims stand beside a match. */
const randomClaims = 99;

/** A match as a concept over the samples: the component's share of the output, in standard deviations. */
export function matchConcept(
  subject: FeatureSubject,
  { term, decisive, detrended }: MatchedTerm,
  about: Concept["subject"],
): Concept {
  const { comparison, component, rho } = decisive;
  const label = labelOf(term);
  const width = comparison.components.cols;
  const own = comparison.components.data.subarray(component * width, (component + 1) * width);
  return {
    kind: "concept",
    id: `match.${term.name}`,
    title: `Match with the ${label} term`,
    statement: `Component ${component + 1} of the last layer ${Math.abs(rho) < faint ? "comes nearest to" : "follows"} the ${label} term (ρ = ${rho.toFixed(2)}${projected(decisive === detrended)}).`,
    unit: "",
    subject: about,
    inputs: [subject.y, subject.x].map(({ name }) => ({ name, unit: "", scale: 1 })),
    points: Array.from(
      { length: width },
      (_, i) => `${subject.y.name}=${subject.y.values[i]} ${subject.x.name}=${subject.x.values[i]}`,
    ),
    values: standardised(own),
    gradients: null,
    uncertainty: null,
  };
}

/**
 * The claim "this component of the last layer is that term": {@link matchConcept}, with smooth trends projected out
 * where the match was judged so. The card holds both null tests, random concepts, the component's ablation and the term
 * itself as the known truth; what takes more than one network (stability, out of distribution, leakage) is left to the
 * study.
 * @param about which model, data and seeds the claim speaks of.
 */
export function matchClaim(
  subject: FeatureSubject,
  match: MatchedTerm,
  about: Concept["subject"],
  random: Random,
): ClaimWithCard {
  const { term, decisive, detrended, ablation } = match;
  const { comparison, rho, permutation, field } = decisive;
  const label = labelOf(term);
  const how = projected(decisive === detrended);
  const claim = matchConcept(subject, match, about);
  const one = "needs more than one network; the study fills it";
  return {
    claim,
    card: {
      null: [field, permutation],
      baselines: [
        randomBaseline(
          claim,
          { ...claim, values: standardised(comparison.term) },
          {
            against: `the ${label} term`,
            rounds: randomClaims,
            random: random.fork("random claims", term.name),
          },
        ),
      ],
      stability: notRun(one),
      faithfulness: [ablation],
      truth: [
        {
          truth: `the ${label} term of the theory`,
          measure: `|Pearson correlation|${how}`,
          score: Math.abs(rho),
          threshold: thresholds[term.name] ?? usualThreshold,
        },
      ],
      outOfDistribution: notRun(one),
      multiplicity: {
        configurations: 1,
        what: "the best of all components, chosen anew in every null draw",
        tests: null,
        adjustedP: null,
      },
      leakage: notRun("the match uses no held-out values"),
    },
  };
}

/** Values of length one and mean zero in standard deviations, to six digits. */
function standardised(values: Float64Array): number[] {
  return Array.from(values, (value) => Number((value * Math.sqrt(values.length)).toPrecision(6)));
}

function projected(detrended: boolean): string {
  return detrended ? ", smooth trends projected out of both" : "";
}
