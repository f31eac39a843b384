import { type EvidenceCard, notRun } from "../../src/claims/card.ts";
import type { ClaimKind, ClaimOf } from "../../src/claims/claim.ts";

const subject = { model: "token regressor, width 64", data: "AME2020", seeds: [0, 1] };
const headOf = (kind: string) => ({
  id: `example.${kind.replace(" ", "-")}`,
  title: `An example of a ${kind}`,
  statement: `This is a ${kind}.`,
  unit: "MeV",
  subject,
});

/** For tests: a small claim of every kind. */
export const exampleClaims: { readonly [K in ClaimKind]: ClaimOf<K> } = {
  relevance: {
    kind: "relevance",
    ...headOf("relevance"),
    of: "binding energy",
    variables: ["Z", "N", "A", "parity"],
    values: [3, -1, 2, 0.5],
    signed: true,
    uncertainty: [0.1, 0.1, 0.1, 0.2],
  },
  coupling: {
    kind: "coupling",
    ...headOf("coupling"),
    variables: ["a", "b", "c", "d"],
    values: [
      [0, 1, 0, 0.5],
      [1, 0, -2, 0],
      [0, -2, 0, 0],
      [0.5, 0, 0, 0],
    ],
    directed: false,
    edgeThreshold: 0,
    uncertainty: null,
  },
  concept: {
    kind: "concept",
    ...headOf("concept"),
    inputs: [
      { name: "Z", unit: "", scale: 1 },
      { name: "N", unit: "", scale: 2 },
    ],
    points: ["p1", "p2", "p3"],
    values: [1, 4, 9],
    gradients: [
      [1, 0],
      [1, 1],
      [0, 2],
    ],
    uncertainty: null,
  },
  equation: {
    kind: "equation",
    ...headOf("equation"),
    output: "B",
    inputs: [{ name: "A", unit: "" }],
    tex: "15.7 A",
    text: "15.7*A",
    canonical: "mul(15.7,A)",
    constants: [{ name: "aV", value: 15.7, unit: "MeV", uncertainty: 0.1 }],
    points: ["A=10", "A=20", "A=30"],
    values: [157, 314, 471],
    uncertainty: null,
  },
  count: {
    kind: "count",
    ...headOf("count"),
    of: "turns",
    value: 2,
    range: { low: 0, high: 6 },
    uncertainty: { low: 2, high: 3 },
  },
  "critical value": {
    kind: "critical value",
    ...headOf("critical value"),
    parameter: "T",
    value: 2.3,
    grid: { low: 1, high: 4, step: 0.1 },
    uncertainty: null,
  },
  influence: {
    kind: "influence",
    ...headOf("influence"),
    on: "error on Sn-132",
    points: ["n1", "n2", "n3", "n4"],
    values: [0.1, -0.4, 0.2, 0],
    uncertainty: null,
  },
  reliability: {
    kind: "reliability",
    ...headOf("reliability"),
    gives: "expected error",
    points: ["n5", "n6", "n7"],
    values: [0.3, 0.2, 0.9],
    uncertainty: null,
  },
};

/** For tests: a null test with so many exceedances. */
export function exampleNull(exceedances: number, rounds = 999, name = "random walk") {
  return {
    name,
    statistic: "q",
    observed: 0.92,
    rounds,
    exceedances,
    p: (1 + exceedances) / (rounds + 1),
    floor: 1 / (rounds + 1),
    median: 0.62,
    high: 0.77,
    cost: `${rounds} draws, each one principal component analysis`,
    reference: "Antognini & Sohl-Dickstein (2018)",
  };
}

/** For tests: a card on which everything was run and everything speaks for the claim, laid over with `more`. */
export function exampleCard(more: Partial<EvidenceCard> = {}): EvidenceCard {
  return {
    null: [exampleNull(0)],
    baselines: [
      {
        name: "random concept",
        role: "random claim",
        measure: "agreement with the known truth",
        unit: "",
        better: "higher",
        own: 0.97,
        score: 0.2,
        draws: 199,
      },
      {
        name: "straight line in A",
        role: "classical",
        measure: "RMS on held-out nuclei",
        unit: "keV",
        better: "lower",
        own: 900,
        score: 2900,
        draws: 1,
      },
    ],
    stability: [
      {
        over: "seeds",
        measure: "rank correlation",
        agreements: [0.95, 0.93, 0.97],
        median: 0.95,
        least: 0.93,
      },
    ],
    faithfulness: [
      {
        what: "components 2 and 3 set to their mean",
        quantity: "RMS of the prediction",
        unit: "keV",
        change: 4000,
        control: "two random directions set to their mean",
        controls: [100, 300, 200],
      },
    ],
    truth: [{ truth: "the fitted pairing term", measure: "rank correlation", score: 0.8, threshold: 0.6 }],
    outOfDistribution: [
      {
        parameter: "A",
        heldOut: "A below 60 and above 205",
        by: "error",
        measure: "RMS",
        unit: "keV",
        inside: 900,
        outside: 2000,
      },
    ],
    multiplicity: { configurations: 1, what: "one preset, no search", tests: null, adjustedP: null },
    leakage: {
      split: "nuclei",
      measure: "held-out energies that follow from training targets",
      share: 0,
      tolerated: 0.01,
      leaking: false,
    },
    ...more,
  };
}

/** For tests: a card on which nothing was run but what is given. */
export function bareCard(more: Partial<EvidenceCard> = {}): EvidenceCard {
  const why = notRun("not part of this example");
  return {
    null: why,
    baselines: why,
    stability: why,
    faithfulness: why,
    truth: why,
    outOfDistribution: why,
    multiplicity: why,
    leakage: why,
    ...more,
  };
}
