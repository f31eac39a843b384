import { expect, test } from "vitest";
import { bareCard, exampleClaims } from "../../../test/support/claims.ts";
import { UserError } from "../../core/errors.ts";
import { type Random, random } from "../../core/random.ts";
import { matrix } from "../../linalg/matrix.ts";
import { spearman } from "../../stats/correlation.ts";
import { type Claim, checkClaim } from "../claim.ts";
import { compare } from "../compare.ts";
import type { Relevance } from "../kinds/relevance.ts";
import { rerunNull } from "../nulls/rerun-null.ts";
import { assembleReportClaims } from "../report-claims.ts";
import { againstTruth, classicalBaseline, randomBaseline } from "./baselines.ts";
import { leakage, twinLeak } from "./leak.ts";
import { randomClaim } from "./random-claim.ts";
import { stabilityFrom, stabilityOf } from "./stability.ts";

const all = Object.values(exampleClaims) as Claim[];

test.each(all)("a random $kind is whole, of the same shape, another one for another seed", (claim) => {
  const drawn = Array.from({ length: 20 }, (_, i) => randomClaim(claim, random(i)));
  for (const one of drawn) {
    expect(checkClaim(one)).toEqual(one);
    expect(Number.isFinite(compare(one, claim).agreement)).toBe(true);
  }
  expect(new Set(drawn.map((one) => JSON.stringify(one))).size).toBeGreaterThan(1);
  expect(randomClaim(claim, random(3))).toEqual(randomClaim(claim, random(3)));
  expect(claim).toEqual(exampleClaims[claim.kind]);
});

test("random claims keep what they deal out: values, symmetry, lengths of gradients", () => {
  const sizes = (list: readonly number[]) => list.map(Math.abs).sort((a, b) => a - b);
  const { relevance, coupling, concept } = exampleClaims;
  expect(sizes(randomClaim(relevance, random(1)).values)).toEqual(sizes(relevance.values));
  const { values } = randomClaim(coupling, random(1));
  expect(sizes(values.flat())).toEqual(sizes(coupling.values.flat()));
  const length = ([z = 0, n = 0]: number[]) => Math.hypot(z * 1, n * 2);
  randomClaim(concept, random(1)).gradients!.forEach((row, i) => {
    expect(length(row)).toBeCloseTo(length(concept.gradients![i]!), 12);
  });
});

test("a random count and critical value are uniform over what was possible", () => {
  const stream = random(2);
  const counts = Array<number>(7).fill(0);
  for (let k = 0; k < 7000; k++) counts[randomClaim(exampleClaims.count, stream).value]!++;
  // Seven equal bins: chi-squared with 6 degrees of freedom, 99.9 % below 22.5.
  expect(counts.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(22.5);
  const seen = new Set<string>();
  for (let k = 0; k < 2000; k++)
    seen.add(randomClaim(exampleClaims["critical value"], stream).value.toFixed(6));
  expect(seen.size).toBe(31);
});

test("stability compares every pair, by hand", () => {
  const { count } = exampleClaims;
  const versions = [2, 2, 3].map((value) => ({ ...count, value, uncertainty: null }));
  expect(stabilityOf(versions, "seeds")).toEqual({
    over: "seeds",
    measure: "closeness",
    agreements: [1, 0.5, 0.5],
    median: 0.5,
    least: 0.5,
  });
});

test("a split that leaks is flagged, its leak-free twin is not", () => {
  const stream = random(4);
  const items = Array.from({ length: 200 }, () => [stream.int(1000), stream.int(1000)]);
  // Every item was measured twice: a split of rows puts one of the two on each side, a split of items does not.
  const rows = items.flatMap((item) => [item, item]);
  const pick = (keep: (i: number) => boolean) => {
    const chosen = rows.filter((_, i) => keep(i));
    return matrix(chosen.length, 2, chosen.flat());
  };
  const byRow = stream.permutation(400);
  const byItem = stream.permutation(200);
  const leaky = twinLeak(
    pick((i) => byRow[i]! < 320),
    pick((i) => byRow[i]! >= 320),
    { split: "rows" },
  );
  const clean = twinLeak(
    pick((i) => byItem[i >> 1]! < 160),
    pick((i) => byItem[i >> 1]! >= 160),
    { split: "items" },
  );
  // The other half of a held-out row is in training with chance 320/399.
  expect(Math.abs(leaky.share - 320 / 399)).toBeLessThan(0.15);
  expect(leaky.leaking).toBe(true);
  expect(clean).toMatchObject({ share: 0, leaking: false });
  const claim = exampleClaims.count;
  const [report] = assembleReportClaims([{ claim, card: bareCard({ leakage: leaky }) }]);
  expect(report!.verdict.word).toBe("mixed");
  expect(report!.verdict.reasons.join(" ")).toMatch(/The split 'rows' leaks/);
});

const weights = [4, 2.5, 1, -1, -2.5, -4];

/** A whole small study: rank correlation of six inputs with a target, as a relevance claim with its evidence. */
async function study(target: (x: number[], stream: Random) => number, seed: number) {
  const stream = random(seed, "study");
  const variables = ["a", "b", "c", "d", "e", "f"];
  const sample = (n: number, own: Random) => {
    const inputs = Array.from({ length: n }, () => variables.map(() => own.normal()));
    return { inputs, targets: inputs.map((x) => target(x, own)) };
  };
  const { inputs, targets } = sample(150, stream);
  const column = (rows: number[][], j: number) => rows.map((x) => x[j]!);
  const relevanceOf = (rows: number[][], y: ArrayLike<number>) =>
    variables.map((_, j) => spearman(column(rows, j), y));
  const claimOf = (values: number[]): Relevance => ({
    ...exampleClaims.relevance,
    id: `study${seed}`,
    variables,
    values,
    uncertainty: null,
  });
  const claim = claimOf(relevanceOf(inputs, targets));
  const { test: rerun } = await rerunNull({
    pipeline: async (y) => Math.max(...relevanceOf(inputs, y).map(Math.abs)),
    targets,
    statistic: "largest |rank correlation|",
    rounds: 199,
    seed,
    random: stream.fork("rerun"),
    cost: { each: "six rank correlations" },
  });
  const truth = claimOf(weights);
  const bootstrap = Array.from({ length: 5 }, (_, b) => {
    const own = stream.fork("bootstrap", b);
    const rows = inputs.map(() => own.int(150));
    return claimOf(
      relevanceOf(
        rows.map((i) => inputs[i]!),
        rows.map((i) => targets[i]!),
      ),
    );
  });
  return assembleReportClaims([
    {
      claim,
      card: bareCard({
        null: [rerun],
        baselines: [
          randomBaseline(claim, truth, { against: "the planted weights", rounds: 99, random: stream }),
        ],
        stability: [stabilityOf(bootstrap, "bootstrap of the rows")],
        truth: [againstTruth(claim, truth, { truth: "the planted weights", threshold: 0.8 })],
      }),
    },
  ])[0]!;
}

test("a planted effect is found and supported; pure noise is not supported", async () => {
  const planted = (x: number[], own: Random) =>
    x.reduce((sum, v, j) => sum + v * weights[j]!, 0) + 0.3 * own.normal();
  const words = await Promise.all(
    [1, 2, 3, 4].map(async (seed) => (await study(planted, seed)).verdict.word),
  );
  expect(words).toEqual(["supported", "supported", "supported", "supported"]);
  const noise = await Promise.all([1, 2, 3, 4].map((seed) => study((_, own) => own.normal(), seed)));
  for (const { verdict } of noise) expect(verdict.word).toBe("not supported");
});

test("the classical baseline and the random one are judged by the claim's own measure", () => {
  const { relevance } = exampleClaims;
  const flipped = { ...relevance, values: [1, 3, 2, 0.5] };
  const classical = classicalBaseline(relevance, flipped, relevance, {
    name: "correlation",
    against: "the truth",
  });
  expect(classical).toMatchObject({ own: 1, measure: "rank correlation with the truth", role: "classical" });
  expect(classical.score).toBeCloseTo(compare(flipped, relevance).agreement, 12);
});

test.each<[string, () => unknown]>([
  ["1 version;", () => stabilityOf([exampleClaims.count], "seeds")],
  ["no comparison", () => stabilityFrom([], { over: "seeds", measure: "spearman" })],
  ["a share of 1.5", () => leakage({ split: "s", measure: "m", share: 1.5 })],
  ["a share of NaN", () => leakage({ split: "s", measure: "m", share: Number.NaN })],
  ["as many columns", () => twinLeak(matrix(2, 2), matrix(2, 3), { split: "s" })],
  ["a row held out", () => twinLeak(matrix(2, 2), matrix(0, 2), { split: "s" })],
])("bad input is refused, saying %j", (said, call) => {
  expect(call).toThrow(UserError);
  expect(call).toThrow(said);
});
