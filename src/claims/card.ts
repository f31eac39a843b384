import { z } from "zod";

const words = z.string().min(1);
const share = z.number().min(0).max(1);

/** A part of the card that was not filled, and why. */
export const notRunSchema = z.strictObject({
  notRun: words.describe("Why this was not run, in a sentence."),
});
export type NotRun = z.infer<typeof notRunSchema>;

/** One null test: what chance gives for the same statistic. */
export const nullTestSchema = z
  .strictObject({
    name: words.describe("The null model: 'random walk', 'permuted targets'."),
    statistic: words.describe("What was computed, on the model and on every draw."),
    observed: z.number(),
    rounds: z.int().positive().describe("B, the number of draws."),
    exceedances: z.int().nonnegative().describe("Draws that reached the observed value."),
    p: share.describe("(1 + exceedances)/(B + 1)."),
    floor: share.describe("The smallest p that B draws can give, 1/(B + 1)."),
    median: z.number().describe("Median of the statistic over the draws."),
    high: z.number().describe("Its 95 % quantile over the draws."),
    cost: words.describe("What one draw is made of."),
    reference: words,
  })
  .refine(
    (test) =>
      test.exceedances <= test.rounds &&
      close(test.p, (1 + test.exceedances) / (test.rounds + 1)) &&
      close(test.floor, 1 / (test.rounds + 1)),
    "p is not (1 + exceedances)/(rounds + 1), or floor not 1/(rounds + 1)",
  );
export type NullTest = z.infer<typeof nullTestSchema>;

/** Something cheaper than the model, judged by the claim's own measure. */
export const baselineSchema = z.strictObject({
  name: words,
  role: z.enum(["random claim", "classical"]),
  measure: words.describe(
    "What both scores are: 'agreement with the known truth', 'RMS on held-out nuclei'.",
  ),
  unit: z.string(),
  better: z.enum(["higher", "lower"]),
  own: z.number().describe("The claim's score."),
  score: z.number().describe("The baseline's score; of many draws the one that 5 % of them beat."),
  draws: z.int().positive().describe("How many draws the score stands for; 1 for a method without chance."),
});
export type Baseline = z.infer<typeof baselineSchema>;

/** The same claim made again. */
export const stabilitySchema = z.strictObject({
  over: words.describe("'seeds', 'bootstrap of the training nuclei'."),
  measure: words.describe("The measure of agreement."),
  agreements: z.array(z.number()).min(1).describe("One for each comparison."),
  median: z.number(),
  least: z.number(),
});
export type Stability = z.infer<typeof stabilitySchema>;

/** Taking away what the claim names, beside taking away as much of something else. */
export const faithfulnessSchema = z.strictObject({
  what: words.describe("What was ablated or clamped."),
  quantity: words.describe("What should change: 'RMS of the prediction'."),
  unit: z.string(),
  change: z.number().describe("Its change under the ablation; larger is more."),
  control: words.describe("What was ablated instead."),
  controls: z.array(z.number()).min(1).describe("The change under each control ablation."),
});
export type Faithfulness = z.infer<typeof faithfulnessSchema>;

/** The claim beside what is known. */
export const truthSchema = z.strictObject({
  truth: words.describe("What is known, and from where."),
  measure: words,
  score: z.number().describe("Higher is closer to the truth."),
  threshold: z.number().describe("From this score the claim counts as right; fixed before looking."),
});
export type Truth = z.infer<typeof truthSchema>;

/** The claim where the model has not been: the extreme fifths of a control parameter held out. */
export const outOfDistributionSchema = z.strictObject({
  parameter: words.describe("The control parameter whose extreme fifths were held out."),
  heldOut: words.describe("Which part, as numbers: 'A below 60 and above 205'."),
  by: z.enum(["error", "agreement"]),
  measure: words,
  unit: z.string(),
  inside: z
    .number()
    .describe("Error within the range; of agreements, the one that claims have where nothing was held out."),
  outside: z
    .number()
    .describe("Error in the part held out; agreement with the claim of a model that never saw that part."),
});
export type OutOfDistribution = z.infer<typeof outOfDistributionSchema>;

/** How many ways were tried, and what is left of the p-value for it. */
export const multiplicitySchema = z.strictObject({
  configurations: z
    .int()
    .positive()
    .describe(
      "Configurations among which this claim was chosen, unless every null draw chose too; 1 for no choice.",
    ),
  what: words.describe("What these configurations are: 'one preset, no search'."),
  tests: z
    .int()
    .positive()
    .nullable()
    .describe("Claims with a null test in the same report; null before the report is put together."),
  adjustedP: share
    .nullable()
    .describe(
      "Benjamini–Hochberg over them of p times configurations; null before that, or without a null test.",
    ),
});
export type Multiplicity = z.infer<typeof multiplicitySchema>;

/** Could the answer be read off the training data? */
export const leakageSchema = z
  .strictObject({
    split: words,
    measure: words.describe("How the share was found."),
    share: share.describe("Share of the held-out items that the training data give away."),
    tolerated: share,
    leaking: z.boolean(),
  })
  .refine(({ share: measured, tolerated, leaking }) => leaking === measured > tolerated, {
    message: "leaking must be: share > tolerated",
  });
export type Leakage = z.infer<typeof leakageSchema>;

/** Every heading is filled or says why it was not run: there is no third way. */
export const cardSchema = z.strictObject({
  null: z.union([z.array(nullTestSchema).min(1), notRunSchema]),
  baselines: z.union([z.array(baselineSchema).min(1), notRunSchema]),
  stability: z.union([z.array(stabilitySchema).min(1), notRunSchema]),
  faithfulness: z.union([z.array(faithfulnessSchema).min(1), notRunSchema]),
  truth: z.union([z.array(truthSchema).min(1), notRunSchema]),
  outOfDistribution: z.union([z.array(outOfDistributionSchema).min(1), notRunSchema]),
  multiplicity: z.union([multiplicitySchema, notRunSchema]),
  leakage: z.union([leakageSchema, notRunSchema]),
});

/** What stands behind a claim. One definition, filled by every lens. */
export type EvidenceCard = z.infer<typeof cardSchema>;
export type Heading = keyof EvidenceCard;

/** The headings of a card, in the order in which they are read. */
export const headings = Object.keys(cardSchema.shape) as readonly Heading[];

/** The reason for leaving a heading empty. */
export function notRun(why: string): NotRun {
  return { notRun: why };
}

/** Was this heading left empty? */
export function isNotRun<T>(part: T | NotRun): part is NotRun {
  return typeof part === "object" && part !== null && "notRun" in part;
}

/** The headings that were left empty, with the reasons. */
export function skipped(card: EvidenceCard): { heading: Heading; why: string }[] {
  return headings.flatMap((heading) => {
    const part = card[heading];
    return isNotRun(part) ? [{ heading, why: part.notRun }] : [];
  });
}

function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-12;
}
