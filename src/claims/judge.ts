import { median } from "../stats/quantile.ts";
import {
  type Baseline,
  type EvidenceCard,
  type Faithfulness,
  type Heading,
  isNotRun,
  type Leakage,
  type Multiplicity,
  type NotRun,
  type NullTest,
  type OutOfDistribution,
  type Stability,
  type Truth,
} from "./card.ts";
import { claimP, level } from "./claim-p.ts";

/** What one entry of a card says about the claim. */
export interface Judgement {
  heading: Heading;
  says: "for" | "against" | "undecided";
  /** Does an "against" decide alone? */
  decisive: boolean;
  /** In a sentence. */
  reason: string;
}

/** Agreement from which versions of a claim count as the same, and below which they count as different. */
const agrees = 0.9;
const differs = 0.6;
/** Errors outside the range may be this many times those inside. */
const errorRatio = 3;

/** What every entry of a card says, by the rule in docs/how-to-read-a-claim.md. Headings not run say nothing. */
export function judge(card: EvidenceCard): Judgement[] {
  return [
    ...filled(card.null).map(judgeNull),
    ...filled(card.baselines).map(judgeBaseline),
    ...filled(card.stability).map(judgeStability),
    ...filled(card.faithfulness).map(judgeFaithfulness),
    ...filled(card.truth).map(judgeTruth),
    ...filled(card.outOfDistribution).map(judgeOutside),
    ...(isNotRun(card.multiplicity) ? [] : [judgeMultiplicity(card.multiplicity, card)]),
    ...(isNotRun(card.leakage) ? [] : [judgeLeakage(card.leakage)]),
  ];
}

function filled<T>(part: T[] | NotRun): T[] {
  return isNotRun(part) ? [] : part;
}

function judgeNull(test: NullTest): Judgement {
  const { name, p, floor, exceedances, rounds } = test;
  const base = { heading: "null", decisive: true } as const;
  const said = `${exceedances} of ${rounds} draws of the null model '${name}' reach the observed value (p ${exceedances === 0 ? `at its floor of ${short(p)}` : `= ${short(p)}, floor ${short(floor)}`})`;
  if (floor > level && exceedances === 0) {
    return { ...base, says: "undecided", reason: `${said}; so few draws cannot decide at ${level}.` };
  }
  return p <= level
    ? { ...base, says: "for", reason: `${said}.` }
    : { ...base, says: "against", reason: `${said}: chance gives the like.` };
}

function judgeBaseline({ name, role, measure, unit, better, own, score }: Baseline): Judgement {
  const gain = better === "higher" ? own - score : score - own;
  const said = `${capitalised(measure)}: ${short(own)} for the claim, ${short(score)} for the baseline '${name}'${unit && ` (${unit})`}`;
  return {
    heading: "baselines",
    decisive: role === "random claim",
    says: gain > 0 ? "for" : gain === 0 ? "undecided" : "against",
    reason: gain > 0 ? `${said}.` : `${said}, which is ${gain === 0 ? "as good" : "better"}.`,
  };
}

function judgeStability({ over, measure, agreements, median: middle }: Stability): Judgement {
  const said = `over ${over} the claim agrees with itself to ${short(middle)} (${measure}, median of ${agreements.length})`;
  return { heading: "stability", decisive: false, ...graded(middle, said) };
}

function judgeFaithfulness(entry: Faithfulness): Judgement {
  const { what, quantity, unit, change, control, controls } = entry;
  const says =
    change > 0 && change > Math.max(...controls)
      ? "for"
      : change <= 0 || change <= median(controls)
        ? "against"
        : "undecided";
  const suffix = unit && ` ${unit}`;
  const largest = `${short(Math.max(...controls))}${suffix}`;
  const controlsSaid =
    controls.length === 1
      ? largest
      : `median ${short(median(controls))}${suffix}, largest ${largest} of ${controls.length}`;
  return {
    heading: "faithfulness",
    decisive: false,
    says,
    reason: `${capitalised(what)}: ${quantity} changes by ${short(change)}${suffix}; control (${control}): ${controlsSaid}.`,
  };
}

function judgeTruth({ truth, measure, score, threshold }: Truth): Judgement {
  const right = score >= threshold;
  return {
    heading: "truth",
    decisive: true,
    says: right ? "for" : "against",
    reason: `Against ${truth} the ${measure} is ${short(score)}, ${right ? "at least" : "below"} the ${short(threshold)} asked for.`,
  };
}

function judgeOutside(entry: OutOfDistribution): Judgement {
  const { by, measure, unit, inside, outside, heldOut } = entry;
  const base = { heading: "outOfDistribution", decisive: false } as const;
  const said = (aside: string) =>
    `${capitalised(measure)} where ${heldOut} was held out${aside}: ${short(outside)}${unit && ` ${unit}`}`;
  if (by === "agreement") {
    return { ...base, ...graded(outside, said(` (${short(inside)} where nothing was)`)) };
  }
  const both = `${said("")} against ${short(inside)} within`;
  const far = outside > errorRatio * inside;
  return {
    ...base,
    says: far ? "against" : "for",
    reason: `${both}, ${far ? "more" : "no more"} than ${errorRatio} times as large.`,
  };
}

function judgeMultiplicity(entry: Multiplicity, card: EvidenceCard): Judgement {
  const { configurations, tests, adjustedP } = entry;
  const base = { heading: "multiplicity", decisive: false } as const;
  const own = claimP(card);
  if (adjustedP === null || tests === null || !own) {
    return { ...base, says: "undecided", reason: "No p-value to adjust for the number of claims." };
  }
  const among = `${configurations > 1 ? `${configurations} configurations and ` : ""}${tests} claim${tests === 1 ? "" : "s"} with a null test`;
  const said = `Adjusted for ${among}, p = ${short(adjustedP)}`;
  if (adjustedP <= level) return { ...base, says: "for", reason: `${said}.` };
  if (own.p <= own.floor) {
    return {
      ...base,
      says: "undecided",
      reason: `${said}; the test is at its floor of ${short(own.floor)} and could not have given less: more draws would tell.`,
    };
  }
  return { ...base, says: "against", reason: `${said}: not enough for so many.` };
}

function judgeLeakage({ split, measure, share, leaking }: Leakage): Judgement {
  return {
    heading: "leakage",
    decisive: false,
    says: leaking ? "against" : "undecided",
    reason: `The split '${split}' ${leaking ? "leaks" : "does not leak"}: ${short(100 * share)} % (${measure}).`,
  };
}

function graded(value: number, said: string): Pick<Judgement, "says" | "reason"> {
  const sentence = capitalised(said);
  if (value >= agrees) return { says: "for", reason: `${sentence}.` };
  if (value < differs) return { says: "against", reason: `${sentence}, below ${differs}.` };
  return { says: "undecided", reason: `${sentence}, between ${differs} and ${agrees}.` };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function short(value: number): string {
  return String(Number(value.toPrecision(3))).replace(/^-/, "−");
}
