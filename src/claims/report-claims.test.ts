import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { bareCard, exampleCard, exampleClaims, exampleNull } from "../../test/support/claims.ts";
import { UserError } from "../core/errors.ts";
import { numbers } from "../data/table.ts";
import { type EvidenceCard, headings, notRun, skipped } from "./card.ts";
import type { Claim } from "./claim.ts";
import { claimP } from "./claim-p.ts";
import { claimsJson, claimsJsonSchema, readClaims } from "./claims-file.ts";
import { assembleReportClaims } from "./report-claims.ts";
import { claimsTable } from "./table.ts";

const all = Object.values(exampleClaims) as Claim[];
const claimNamed = (id: string): Claim => ({ ...exampleClaims.count, id });
const schemaFile = new URL("../../schemas/claims.schema.json", import.meta.url);

test("multiplicity: Benjamini–Hochberg by hand over the claims that have a p, configurations multiplied in", () => {
  const entries = [
    { claim: claimNamed("a"), card: exampleCard({ null: [exampleNull(9)] }) }, // p 0.01
    { claim: claimNamed("b"), card: exampleCard({ null: [exampleNull(29)] }) }, // p 0.03
    {
      claim: claimNamed("c"),
      card: exampleCard({
        null: [exampleNull(1)], // p 0.002, chosen among 20
        multiplicity: { configurations: 20, what: "twenty widths", tests: null, adjustedP: null },
      }),
    },
    { claim: claimNamed("d"), card: bareCard() },
  ];
  const found = assembleReportClaims(entries);
  const adjusted = found.map(({ card }) => ("notRun" in card.multiplicity ? null : card.multiplicity));
  expect(adjusted.map((entry) => entry?.tests)).toEqual([3, 3, 3, undefined]);
  // Sorted 0.01, 0.03, 0.04: 3·0.01/1 = 0.03, 3·0.03/2 = 0.045 → 0.04 by the step up, 0.04.
  expect(adjusted[0]!.adjustedP).toBeCloseTo(0.03, 12);
  expect(adjusted[1]!.adjustedP).toBeCloseTo(0.04, 12);
  expect(adjusted[2]!.adjustedP).toBeCloseTo(0.04, 12);
  expect(found.map(({ verdict }) => verdict.word)).toEqual(["supported", "supported", "supported", "mixed"]);
});

test("a coarse test that was passed changes no p, its own claim's or another's; one that was not passed decides", () => {
  const fine = [exampleNull(9), exampleNull(29), exampleNull(0)]; // 0.01, 0.03, 0.001 of 999 draws
  const entries = (reruns: number | undefined) =>
    fine.map((test, i) => ({
      claim: claimNamed(`claim${i}`),
      card: exampleCard({
        null: [test, ...(reruns === undefined ? [] : [exampleNull(i === 1 ? reruns : 0, 19)])],
      }),
    }));
  const adjusted = (reruns: number | undefined) =>
    assembleReportClaims(entries(reruns)).map(({ card, verdict }) => ({
      p: claimP(card)!.p,
      adjusted: "notRun" in card.multiplicity ? null : card.multiplicity.adjustedP,
      word: verdict.word,
    }));
  expect(adjusted(0)).toEqual(adjusted(undefined));
  expect(adjusted(0).map(({ p }) => p)).toEqual([0.01, 0.03, 0.001]);
  const one = adjusted(1);
  expect(one[1]).toMatchObject({ p: 0.1, word: "not supported" });
  // Of 3: 0.001, 0.01, 0.1 sorted; 3·0.01/2 by hand.
  expect(one[0]!.adjusted).toBeCloseTo(0.015, 12);
});

test("many claims from noise take a lone small p with them", () => {
  const entries = Array.from({ length: 20 }, (_, i) => ({
    claim: claimNamed(`claim${i}`),
    card: exampleCard({ null: [exampleNull(i === 0 ? 9 : 40)] }),
  }));
  const [first] = assembleReportClaims(entries);
  expect(first!.card.multiplicity).toMatchObject({ tests: 20, adjustedP: 0.041 });
  const worse = entries.map((entry, i) =>
    i === 0 ? entry : { ...entry, card: exampleCard({ null: [exampleNull(600)] }) },
  );
  expect(assembleReportClaims(worse)[0]!.verdict.word).toBe("mixed");
});

test("skipped lists the headings not run with their reasons, in order", () => {
  expect(skipped(exampleCard())).toEqual([]);
  expect(skipped(bareCard()).map(({ heading }) => heading)).toEqual([...headings]);
  expect(skipped(exampleCard({ truth: notRun("none is known") }))).toEqual([
    { heading: "truth", why: "none is known" },
  ]);
});

test.each(headings)(
  "a card whose heading %s is neither filled nor listed as not run is refused by name",
  (heading) => {
    const { [heading]: _, ...rest } = exampleCard();
    for (const card of [rest, { ...rest, [heading]: [] }, { ...rest, [heading]: notRun("") }]) {
      const attempt = () => assembleReportClaims([{ claim: claimNamed("a"), card: card as EvidenceCard }]);
      expect(attempt).toThrow(UserError);
      expect(attempt).toThrow(heading);
    }
  },
);

test.each<[string, Partial<EvidenceCard>]>([
  ["p is not (1 + exceedances)/(rounds + 1)", { null: [{ ...exampleNull(3), p: 0.001 }] }],
  ["p is not", { null: [{ ...exampleNull(3), floor: 0.01 }] }],
  ["p is not", { null: [exampleNull(1000)] }],
  ["null", { null: [{ ...exampleNull(3), observed: Number.NaN }] }],
  ["leaking", { leakage: { split: "s", measure: "m", share: 0.5, tolerated: 0.01, leaking: false } }],
  ["baselines", { baselines: [{ name: "x" } as never] }],
  ["Unrecognized key", { other: notRun("x") } as never],
])("a card with wrong numbers is refused, saying %j", (said, more) => {
  expect(() => assembleReportClaims([{ claim: claimNamed("a"), card: exampleCard(more) }])).toThrow(said);
});

test("an id used twice is refused", () => {
  const entry = { claim: claimNamed("a"), card: exampleCard() };
  expect(() => assembleReportClaims([entry, entry])).toThrow("'a' is used twice");
});

const report = assembleReportClaims(
  all.map((claim, i) => ({
    claim,
    card: i % 2 === 0 ? exampleCard() : bareCard({ null: [exampleNull(i)] }),
  })),
);

test("claims.json reads back as what was written, and the same claims give the same bytes", () => {
  const text = claimsJson(report);
  expect(readClaims(text, "claims.json")).toEqual(report);
  expect(claimsJson(readClaims(text, "claims.json"))).toBe(text);
  const shuffled = report.map(({ claim, card, verdict }) => ({ verdict, card: { ...card }, claim }));
  expect(claimsJson(shuffled)).toBe(text);
});

test("the published schema is the generated one (write it with: node test/support/write-claims-schema.ts)", () => {
  expect(readFileSync(schemaFile, "utf8")).toBe(claimsJsonSchema());
});

test("the published schema, read as JSON Schema, takes real claims and refuses broken ones", () => {
  const schema = z.fromJSONSchema(JSON.parse(readFileSync(schemaFile, "utf8")));
  const file = JSON.parse(claimsJson(report));
  expect(schema.safeParse(file).error?.issues ?? []).toEqual([]);
  const breaks: ((copy: typeof file) => void)[] = [
    (copy) => delete copy.version,
    (copy) => {
      copy.claims[0].claim.kind = "guess";
    },
    (copy) => delete copy.claims[0].card.truth,
    (copy) => {
      copy.claims[0].verdict.word = "proved";
    },
    (copy) => {
      copy.claims[0].claim.extra = 1;
    },
  ];
  for (const spoil of breaks) {
    const copy = structuredClone(file);
    spoil(copy);
    expect(schema.safeParse(copy).success, String(spoil)).toBe(false);
  }
});

test.each([
  ["not valid JSON", "{"],
  ["version 2", JSON.stringify({ format: "physlens-claims", version: 2, claims: [] })],
  ["format", JSON.stringify({ format: "x", version: 1, claims: [] })],
  ["runs/a/claims.json", "null"],
  ["claims.0.verdict", JSON.stringify({ format: "physlens-claims", version: 1, claims: [{}] })],
])("a file that holds no claims is refused, saying %j", (said, text) => {
  expect(() => readClaims(text, "runs/a/claims.json")).toThrow(UserError);
  expect(() => readClaims(text, "runs/a/claims.json")).toThrow(said);
});

test("the table has a row a claim, with p beside its floor", () => {
  const table = claimsTable(report);
  expect(table.rows).toBe(8);
  expect([...numbers(table, "p").values].slice(0, 2)).toEqual([0.001, 0.002]);
  expect([...numbers(table, "floor").values].every((floor) => floor === 0.001)).toBe(true);
});
