import { expect, test } from "vitest";
import { bareCard, exampleCard, exampleNull } from "../../test/support/claims.ts";
import { type EvidenceCard, notRun } from "./card.ts";
import { claimP } from "./claim-p.ts";
import { type Verdict, verdict } from "./verdict.ts";

const full = exampleCard();
const baselines = full.baselines as Exclude<EvidenceCard["baselines"], { notRun: string }>;
const stability = full.stability as Exclude<EvidenceCard["stability"], { notRun: string }>;
const faithfulness = full.faithfulness as Exclude<EvidenceCard["faithfulness"], { notRun: string }>;
const outside = full.outOfDistribution as Exclude<EvidenceCard["outOfDistribution"], { notRun: string }>;
const truth = full.truth as Exclude<EvidenceCard["truth"], { notRun: string }>;

const adjusted = (adjustedP: number, exceedances = 3): Partial<EvidenceCard> => ({
  null: [exampleNull(exceedances)],
  multiplicity: { configurations: 1, what: "one preset", tests: 9, adjustedP },
});

test.each<[string, Verdict["word"], EvidenceCard]>([
  ["everything speaks for it", "supported", full],
  [
    "a null test and two parts, nothing else run",
    "supported",
    bareCard({ null: full.null, stability, baselines }),
  ],
  ["a null test and one part", "mixed", bareCard({ null: full.null, stability })],
  ["a null test alone", "mixed", bareCard({ null: full.null })],
  ["nothing was run", "mixed", bareCard()],
  ["everything but a null test", "mixed", exampleCard({ null: notRun("too long") })],
  ["one of two null tests fails", "not supported", exampleCard({ null: [exampleNull(0), exampleNull(80)] })],
  ["p just at the level", "supported", exampleCard({ null: [exampleNull(49)] })],
  ["p just above the level", "not supported", exampleCard({ null: [exampleNull(50)] })],
  [
    "19 reruns, none reaches it: p at its floor of 0.05",
    "supported",
    exampleCard({ null: [exampleNull(0, 19)] }),
  ],
  ["9 reruns cannot decide, and alone do not support", "mixed", exampleCard({ null: [exampleNull(0, 9)] })],
  [
    "9 reruns beside a test that can decide",
    "supported",
    exampleCard({ null: [exampleNull(0), exampleNull(0, 9)] }),
  ],
  [
    "9 reruns of which one reaches it",
    "not supported",
    exampleCard({ null: [exampleNull(0), exampleNull(1, 9)] }),
  ],
  ["adjusted p too large", "mixed", exampleCard(adjusted(0.08))],
  ["adjusted p small enough", "supported", exampleCard(adjusted(0.04))],
  ["adjusted p too large, but the test is at its floor", "supported", exampleCard(adjusted(0.08, 0))],
  [
    "no better than a random claim",
    "not supported",
    exampleCard({ baselines: [{ ...baselines[0]!, own: 0.1 }] }),
  ],
  ["as good as a random claim", "supported", exampleCard({ baselines: [{ ...baselines[0]!, own: 0.2 }] })],
  [
    "a classical method does it better",
    "mixed",
    exampleCard({ baselines: [baselines[0]!, { ...baselines[1]!, own: 3000 }] }),
  ],
  ["seeds disagree", "mixed", exampleCard({ stability: [{ ...stability[0]!, median: 0.59 }] })],
  ["seeds agree somewhat", "supported", exampleCard({ stability: [{ ...stability[0]!, median: 0.7 }] })],
  [
    "ablation does less than the control",
    "mixed",
    exampleCard({ faithfulness: [{ ...faithfulness[0]!, change: 150 }] }),
  ],
  [
    "ablation helps",
    "mixed",
    exampleCard({ faithfulness: [{ ...faithfulness[0]!, change: -1, controls: [-5] }] }),
  ],
  [
    "ablation between the controls",
    "supported",
    exampleCard({ faithfulness: [{ ...faithfulness[0]!, change: 250 }] }),
  ],
  ["it is not true", "not supported", exampleCard({ truth: [{ ...truth[0]!, score: 0.59 }] })],
  [
    "errors outside four times as large",
    "mixed",
    exampleCard({ outOfDistribution: [{ ...outside[0]!, outside: 3600 }] }),
  ],
  [
    "the claim is another one outside",
    "mixed",
    exampleCard({ outOfDistribution: [{ ...outside[0]!, by: "agreement", inside: 0.9, outside: 0.3 }] }),
  ],
  [
    "the split leaks",
    "mixed",
    exampleCard({ leakage: { split: "rows", measure: "twins", share: 0.3, tolerated: 0.01, leaking: true } }),
  ],
])("%s: %s", (_, word, card) => {
  const found = verdict(card);
  expect(found.word).toBe(word);
  expect(found.reasons[0]!.toLowerCase().startsWith(word)).toBe(true);
  for (const reason of found.reasons) expect(reason).toMatch(/^[\s\S]+\.$/);
});

test("no word needs a p below its floor: at the floor of any B that can decide, the best card is supported", () => {
  for (const rounds of [19, 20, 99, 199, 999, 9999]) {
    for (const adjustedP of [1 / (rounds + 1), 0.2, 1]) {
      const card = exampleCard({ ...adjusted(adjustedP), null: [exampleNull(0, rounds)] });
      expect(verdict(card).word).toBe("supported");
    }
  }
});

test("more exceedances never improve the word", () => {
  const order = ["not supported", "mixed", "supported"];
  for (const rounds of [9, 19, 99]) {
    const ranks = Array.from({ length: rounds + 1 }, (_, exceedances) =>
      order.indexOf(verdict(exampleCard({ null: [exampleNull(exceedances, rounds)] })).word),
    );
    expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
  }
});

test("the p of a claim is the largest of the tests that can decide, coarse ones that were passed aside", () => {
  const of = (...tests: ReturnType<typeof exampleNull>[]) => claimP(exampleCard({ null: tests }));
  expect(of(exampleNull(0), exampleNull(29), exampleNull(0, 9))).toMatchObject({ p: 0.03, floor: 0.001 });
  expect(of(exampleNull(0), exampleNull(0, 19), exampleNull(0, 9))).toMatchObject({ p: 0.001, floor: 0.001 });
  expect(of(exampleNull(29), exampleNull(0, 19))).toMatchObject({ p: 0.03, floor: 0.001 });
  expect(of(exampleNull(29), exampleNull(1, 19))).toMatchObject({ p: 0.1, floor: 0.05 });
  expect(of(exampleNull(0, 19))).toMatchObject({ p: 0.05, floor: 0.05 });
  expect(claimP(exampleCard({ null: [exampleNull(0, 9)] }))).toBeUndefined();
  expect(claimP(bareCard())).toBeUndefined();
});
