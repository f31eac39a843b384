import { type EvidenceCard, type NullTest, notRun, type Truth } from "../../../claims/card.ts";
import { stabilityOf } from "../../../claims/evidence/stability.ts";
import type { Count } from "../../../claims/kinds/count.ts";
import { nullTest } from "../../../claims/nulls/null-test.ts";
import type { ClaimWithCard } from "../../../claims/report-claims.ts";
import type { RelevanceAnalysis } from "../analysis.ts";
import type { NetworkLook, OrderTotals } from "../network-look.ts";
import type { RelevanceSubject } from "../subject.ts";
import { type ClaimContext, leakOf, noSearch } from "./common.ts";

/** |total| of orders 2, 3 and above as shares of their sum; single beads are a matter of gauge and left out. */
export function orderShares({ value }: OrderTotals): [number, number, number] {
  const sizes = value.slice(1).map(Math.abs);
  const sum = sizes.reduce((total, size) => total + size, 0) || 1;
  return sizes.map((size) => size / sum) as [number, number, number];
}

/** The largest order whose share is significant; 4 stands for all above three. */
export function bodyOrder(totals: OrderTotals, significant: number): number {
  const shares = orderShares(totals);
  for (let k = 2; k >= 0; k--) if (shares[k]! > significant) return k + 2;
  return 2;
}

/** "The network's interaction is n-body", by the relevance of its walks. */
export function orderClaim(
  subject: RelevanceSubject,
  analysis: RelevanceAnalysis,
  { options, random }: ClaimContext,
): ClaimWithCard {
  const { main, others, pairwise, elsewhere } = analysis;
  const { significant } = options;
  const seen = (look: NetworkLook) => bodyOrder(look.totals.relevance, significant);
  const value = seen(main);
  const shares = orderShares(main.totals.relevance);
  const draws = Array.from({ length: 200 }, () => {
    const { value: means, error } = main.totals.relevance;
    return bodyOrder(
      { value: means.map((m, k) => m + (error[k]! || 0) * random.normal()), error },
      significant,
    );
  });
  const make = (n: number, id = `${subject.id}.order`): Count => ({
    kind: "count",
    id,
    title: `Body order of ${subject.title}`,
    statement: `By relevance the interaction of ${subject.title} is ${words(n)}: two, three and more bodies carry ${shares.map(percent).join(", ")} of it.`,
    unit: "",
    subject: subject.about,
    of: "bodies that interact at once",
    value: n,
    range: { low: 2, high: 4 },
    uncertainty: null,
  });
  const claim: Count = {
    ...make(value),
    uncertainty: { low: Math.min(value, ...draws), high: Math.max(value, ...draws) },
  };
  const exact = bodyOrder(main.totals.vacuum, significant);
  const closeness = (n: number) => 1 / (1 + Math.abs(n - value));
  const measure = "closeness of the count";
  const law = subject.law?.field;
  const truth: Truth[] = [
    {
      truth: `the exact expansion of the same network in vacuum (${words(exact)})`,
      measure,
      score: closeness(exact),
      threshold: 1,
    },
    ...(law
      ? [
          {
            truth: `the known law, ${subject.law!.name}`,
            measure,
            score: closeness(Math.min(4, law.highestOrder)),
            threshold: 1,
          },
        ]
      : []),
  ];
  const above = (look: NetworkLook) => {
    const [two, three, more] = orderShares(look.totals.relevance);
    return value > 2 ? three + more : two;
  };
  const statistic =
    value > 2
      ? "share of the interaction relevance of three and more bodies"
      : "share of the interaction relevance of pairs";
  const tests: NullTest[] = [];
  if (analysis.random.length > 0) {
    tests.push(
      nullTest(above(analysis.oneFrame), Float64Array.from(analysis.random, above), {
        name: "random weights",
        statistic,
        cost: `${analysis.random.length} networks with random weights, one frame each`,
        reference: "docs/nulls/random-weights.md",
      }),
    );
  }
  if (value > 2 && pairwise.length > 0) {
    tests.push(
      nullTest(above(main), Float64Array.from(pairwise, above), {
        name: "trained on pairs alone",
        statistic,
        cost: `${pairwise.length} networks trained by the same recipe on ${subject.pairwise!.title}`,
        reference: "docs/relevance.md",
      }),
    );
  }
  const versions = [
    claim,
    ...others.map(({ look, seed }) => make(seen(look), `${subject.id}.order.seed${seed}`)),
  ];
  const card: EvidenceCard = {
    null: tests.length > 0 ? tests : notRun("No networks with random weights were looked at."),
    baselines: notRun("A cheaper method gives curves, not a count; see the claims on curves."),
    stability:
      versions.length > 1
        ? [stabilityOf(versions, "seeds of the network")]
        : notRun("A single network was looked at."),
    faithfulness: notRun("An order cannot be cut from a graph; pairs and corners are, in the other claims."),
    truth,
    outOfDistribution: elsewhere
      ? [
          {
            parameter: subject.elsewhere!.parameter,
            heldOut: subject.elsewhere!.what,
            by: "agreement",
            measure,
            unit: "",
            inside: 1,
            outside: closeness(seen(elsewhere)),
          },
          ...(subject.errors?.outside === undefined
            ? []
            : [
                {
                  parameter: subject.elsewhere!.parameter,
                  heldOut: subject.elsewhere!.what,
                  by: "error" as const,
                  measure: "RMS force error over the spread of the forces",
                  unit: "",
                  inside: subject.errors.inside,
                  outside: subject.errors.outside,
                },
              ]),
        ]
      : notRun("No frames of another state were given."),
    multiplicity: noSearch,
    leakage: leakOf(subject),
  };
  return { claim, card };
}

function words(n: number): string {
  return n === 2 ? "two-body" : n === 3 ? "three-body" : "more than three-body";
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
