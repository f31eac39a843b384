import { type EvidenceCard, notRun, type Stability, type Truth } from "../../../claims/card.ts";
import { classicalBaseline, randomBaseline } from "../../../claims/evidence/baselines.ts";
import { twinLeak } from "../../../claims/evidence/leak.ts";
import { stabilityFrom } from "../../../claims/evidence/stability.ts";
import type { Relevance } from "../../../claims/kinds/relevance.ts";
import type { ClaimWithCard } from "../../../claims/report-claims.ts";
import type { Random } from "../../../core/random.ts";
import { matrix } from "../../../linalg/matrix.ts";
import { variance } from "../../../stats/describe.ts";
import type { LandscapeAnalysis } from "../analysis.ts";
import { type AttributionMethod, attributionMethods, attributionNames } from "../attribution/attributions.ts";
import type { GroupLook } from "../conserved/look-at-group.ts";
import { rankCorrelation } from "../nulls/weight-null.ts";
import type { ClassifierPart, LandscapeSubject } from "../subject.ts";

/** Draws of the random claim. */
const randomRounds = 199;
const measure = "rank correlation of the feature scores";

/** The share of the features that carry the label which stand among as many of the highest scores. */
export function featureRecall(scores: ArrayLike<number>, relevant: readonly number[]): number {
  const order = Array.from({ length: scores.length }, (_, k) => k).sort(
    (a, b) => scores[b]! - scores[a]! || a - b,
  );
  const top = new Set(order.slice(0, relevant.length));
  return relevant.filter((k) => top.has(k)).length / relevant.length;
}

/** Which features the group's conserved weights speak of, with everything that stands behind it. */
export function relevanceClaim(
  subject: LandscapeSubject,
  analysis: LandscapeAnalysis,
  { random }: { random: Random },
): ClaimWithCard {
  const classifier = subject.classifier!;
  const look = analysis.look!;
  const { names, relevant } = classifier;
  const order = Array.from(names.keys()).sort((a, b) => look.scores[b]! - look.scores[a]! || a - b);
  const named = order.slice(0, relevant?.length ?? Math.ceil(names.length / 2)).map((k) => names[k]!);
  const claim = relevanceOf(subject, `${subject.id}.relevance`, look.scores, {
    title: `Features that the conserved weights of ${subject.title} speak of`,
    statement: `Over ${look.group.minima.length} minima of the ${look.group.name} the weights of ${list(named)} are conserved most.`,
    uncertainty: spreads(look.overMinima.versions),
  });
  const card: EvidenceCard = {
    null:
      analysis.nulls.length > 0
        ? analysis.nulls
        : notRun("Neither random weights nor shuffled labels were drawn."),
    baselines: baselines(subject, look, claim, random),
    stability: stability(subject, look),
    faithfulness: faithfulness(look),
    truth: truthOf(look, relevant),
    outOfDistribution: notRun(
      "The feature scores speak of the weights of all minima at once, and a network for the inner fifths of a feature needs an exploration of its own.",
    ),
    multiplicity: {
      configurations: 1,
      what: "one grouping and one number of conserved weights, fixed beforehand",
      tests: null,
      adjustedP: null,
    },
    leakage: twinLeak(trainingRows(classifier), classifier.test.features, {
      split: "held-out rows drawn apart from the training rows",
    }),
  };
  return { claim, card };
}

function relevanceOf(
  subject: LandscapeSubject,
  id: string,
  values: ArrayLike<number>,
  more: Pick<Relevance, "title" | "statement"> & Partial<Pick<Relevance, "uncertainty">>,
): Relevance {
  return {
    ...{ kind: "relevance", id, ...more, unit: "", subject: subject.about, of: "the class" },
    variables: [...subject.classifier!.names],
    values: fromZero(values),
    signed: false,
    uncertainty: more.uncertainty ?? null,
  };
}

/** Sizes from 0: chance takes permutation importance below it, and all are raised alike so that their order stays. */
function fromZero(values: ArrayLike<number>): number[] {
  const least = Math.min(0, ...Array.from(values));
  return Array.from(values, (x) => Number((x - least).toPrecision(7)));
}

/** Against the truth where it is known, else against permutation importance on held-out rows. */
function baselines(
  subject: LandscapeSubject,
  look: GroupLook,
  claim: Relevance,
  random: Random,
): EvidenceCard["baselines"] {
  const { relevant, names } = subject.classifier!;
  const { scores } = look.attributions;
  const as = (id: string, values: ArrayLike<number>) =>
    relevanceOf(subject, id, values, { title: id, statement: `${id}.` });
  const known = relevant && relevant.length > 0 && relevant.length < names.length;
  const reference = known
    ? as(
        "truth",
        Float64Array.from(names, (_, k) => (relevant.includes(k) ? 1 : 0)),
      )
    : as("permutation", scores.permutation);
  const against = known ? "the features that carry the label" : attributionNames.permutation;
  if (reference.values.every((value) => value === reference.values[0])) {
    return notRun("No feature stands out by the reference: there is nothing to rank against.");
  }
  const comparable = (method: AttributionMethod) =>
    (known || method !== "permutation") && new Set(as(method, scores[method]).values).size > 1;
  return [
    randomBaseline(claim, reference, { against, rounds: randomRounds, random: random.fork("random claim") }),
    ...attributionMethods.filter(comparable).map((method) =>
      classicalBaseline(claim, as(method, scores[method]), reference, {
        name: attributionNames[method],
        against,
      }),
    ),
  ];
}

function stability(subject: LandscapeSubject, look: GroupLook): EvidenceCard["stability"] {
  const out: Stability[] = [];
  const over = (what: string, versions: readonly ArrayLike<number>[]) => {
    if (versions.length === 0) return;
    const agreements = versions.map((version) => rankCorrelation(version, look.scores));
    out.push(stabilityFrom(agreements, { over: what, measure }));
  };
  over(
    "seeds of the data and of the search",
    (subject.others ?? []).map(({ scores }) => scores),
  );
  over("bootstrap of the minima", look.overMinima.versions);
  over("bootstrap of the training rows", look.overData?.versions ?? []);
  return out;
}

function faithfulness({ controls, count, attributions, scores }: GroupLook): EvidenceCard["faithfulness"] {
  const { base } = controls;
  const order = Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b);
  const half = Math.floor(order.length / 2);
  const falls = attributions.scores.permutation;
  return [
    {
      what: `the values of the ${count} most conserved weights were shuffled among themselves`,
      quantity: "the fall of the held-out AUC",
      unit: "",
      change: base - controls.scores.lowcv.shuffled.mean,
      control: `random sets of ${count} weights`,
      controls: Array.from(controls.random.shuffled.means, (mean) => base - mean),
    },
    {
      what: "the columns of the features of the higher half of the scores were shuffled, one at a time",
      quantity: "the mean fall of the held-out AUC",
      unit: "",
      change: order.slice(0, half).reduce((sum, k) => sum + falls[k]! / half, 0),
      control: "each feature of the lower half",
      controls: order.slice(half).map((k) => falls[k]!),
    },
  ];
}

function truthOf(look: GroupLook, relevant: readonly number[] | undefined): EvidenceCard["truth"] {
  if (!relevant || relevant.length === 0) return notRun("Nobody knows which features carry the label.");
  const entry: Truth = {
    truth: `the ${relevant.length} features that the data were made from`,
    measure: "share of them among as many highest scores",
    score: featureRecall(look.scores, relevant),
    threshold: 1,
  };
  return [entry];
}

function trainingRows({ problem: { data, shape } }: ClassifierPart) {
  return matrix(data.rows, shape.inputs, data.features);
}

/** One standard deviation of each feature's score over its versions. */
function spreads(versions: readonly Float64Array[]): number[] {
  return Array.from(versions[0]!, (_, k) =>
    Number(Math.sqrt(variance(versions.map((version) => version[k]!))).toPrecision(4)),
  );
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
