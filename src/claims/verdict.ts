import { z } from "zod";
import type { EvidenceCard, Heading } from "./card.ts";
import { type Judgement, judge } from "./judge.ts";

export const verdictSchema = z.strictObject({
  word: z.enum(["supported", "mixed", "not supported"]),
  reasons: z
    .array(z.string().min(1))
    .min(1)
    .describe("Sentences: the rule that gave the word, then what each part says."),
});

/** A word that follows from the card's numbers, and why. */
export type Verdict = z.infer<typeof verdictSchema>;

/** The parts that can carry a claim beside its null tests. */
const carrying: readonly Heading[] = ["baselines", "stability", "faithfulness", "truth", "outOfDistribution"];
const needed = 2;

/**
 * The verdict on a claim, by the rule written down in docs/how-to-read-a-claim.md:
 * - *not supported* if a null test, a known truth or the random baseline speaks against it;
 * - *supported* if a null test speaks for it, nothing speaks against it, and at least two of baselines, stability,
 *   faithfulness, truth and out of distribution speak for it (a part does if one of its entries does and none is
 *   against);
 * - *mixed* otherwise.
 * No p-value has to be below its floor for any word: a test with too few draws to decide is undecided, and so is an
 * adjusted p that is too large only because the test is at its floor.
 */
export function verdict(card: EvidenceCard): Verdict {
  const judgements = judge(card);
  const reasons = judgements.map(({ reason }) => reason);
  const decided = judgements.filter(({ says, decisive }) => says === "against" && decisive);
  if (decided.length > 0) {
    const why = list(unique(decided));
    return { word: "not supported", reasons: [`Not supported, because of: ${why}.`, ...reasons] };
  }
  const against = judgements.filter(({ says }) => says === "against");
  const speaks = (heading: Heading) =>
    judgements.some((one) => one.heading === heading && one.says === "for") &&
    !against.some((one) => one.heading === heading);
  const carriers = carrying.filter(speaks);
  if (speaks("null") && against.length === 0 && carriers.length >= needed) {
    const rule = `Supported: the null tests and ${list(carriers.map(word))} speak for it, nothing against it.`;
    return { word: "supported", reasons: [rule, ...reasons] };
  }
  const lacking = [
    against.length > 0 ? `${list(unique(against))} ${verb(unique(against))} against it` : "",
    speaks("null") ? "" : "no null test speaks for it",
    carriers.length >= needed
      ? ""
      : `${carriers.length === 0 ? "nothing" : `only ${list(carriers.map(word))}`} beside the null tests speaks for it, and ${needed} parts are asked for`,
  ];
  const rule = `Mixed: ${lacking.filter((text) => text !== "").join("; ")}.`;
  return { word: "mixed", reasons: [rule, ...reasons] };
}

const printed: Partial<Record<Heading, string>> = {
  null: "null tests",
  truth: "known truth",
  outOfDistribution: "out of distribution",
};

function word(heading: Heading): string {
  return printed[heading] ?? heading;
}

function unique(judgements: readonly Judgement[]): string[] {
  return [...new Set(judgements.map(({ heading }) => word(heading)))];
}

function verb(subjects: readonly string[]): string {
  return subjects.length === 1 && subjects[0] !== "baselines" ? "speaks" : "speak";
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
