import { describe, expect, it } from "vitest";
import { assembleReportClaims, notRun, skipped } from "../../claims/index.ts";
import { random } from "../../core/random.ts";
import { quietTask } from "../../core/task.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { circleAgreement } from "./circle-agreement.ts";
import { ablateTokenComponent } from "./component-ablation.ts";
import { componentClaim, strongestComponent } from "./component-claim.ts";
import { helixClaim, type StudyEvidence } from "./helix-claim.ts";
import { plantedHelix } from "./planted-helix.ts";
import { orderingStructure, parityStructure } from "./structures.ts";
import type { PerturbationProbe } from "./subject.ts";
import type { TablePair } from "./table-pair.ts";
import { untrainedRows } from "./untrained.ts";

const first = 20;
const count = 60;
const width = 12;
const tokens = Array.from({ length: count }, (_, i) => first + i);
const context = (seed: number) => ({ task: quietTask, random: random(seed, "claims") });

function pairOf(n: Matrix): TablePair {
  const table = (name: "Z" | "N", rows: Matrix) => ({ name, tokens, rows, trained: tokens.map(() => true) });
  return { Z: table("Z", plantedHelix(count, width, { turns: 2 }, random(9, "Z"))), N: table("N", n) };
}

/** A model that adds up the first of `directions`' coordinates of both vectors of a pair. */
function probeAlong(direction: Float64Array): PerturbationProbe {
  return {
    z: tokens,
    n: tokens,
    quantity: "sum",
    unit: "MeV",
    at: { z: first, n: first },
    predict: async ({ N }) =>
      Float64Array.from(tokens, (_, i) =>
        direction.reduce((sum, value, j) => sum + value * N.data[i * width + j]!, 0),
      ),
  };
}

const study: StudyEvidence = {
  about: { model: "planted", data: "made up", seeds: [0] },
  multiplicity: { configurations: 1, what: "one", tests: null, adjustedP: null },
  leakage: notRun("nothing is split"),
};
const flat = probeAlong(new Float64Array(width).fill(1));

describe("circleAgreement", () => {
  const t = Float64Array.from({ length: 80 }, (_, i) => i / 80);
  const wave = (turns: number, phase: number, sign = 1) => ({
    second: t.map((at) => Math.cos(2 * Math.PI * turns * at + phase)),
    third: t.map((at) => sign * Math.sin(2 * Math.PI * turns * at + phase)),
  });

  it("is 1 for the same circle at any phase, direction and orientation, but for the trend that is taken off", () => {
    for (const phase of [0, 0.7, 2, 4]) {
      for (const sign of [1, -1]) {
        const { second, third } = wave(3, phase, sign);
        expect(circleAgreement(wave(3, 0), { second, third }, t)).toBeGreaterThan(0.97);
        expect(circleAgreement(wave(3, 0), { second: third, third: second }, t)).toBeGreaterThan(0.97);
      }
    }
    expect(circleAgreement(wave(3, 1), wave(3, 1), t)).toBeCloseTo(1, 12);
  });

  it("of circles half a turn apart is |sinc(1/2)| = 2/π, of a turn apart near 0 (closed form of the integral)", () => {
    const many = Float64Array.from({ length: 4000 }, (_, i) => i / 4000);
    const fine = (turns: number) => ({
      second: many.map((at) => Math.cos(2 * Math.PI * turns * at)),
      third: many.map((at) => Math.sin(2 * Math.PI * turns * at)),
    });
    expect(circleAgreement(fine(40), fine(40.5), many)).toBeCloseTo(2 / Math.PI, 2);
    expect(circleAgreement(fine(40), fine(41), many)).toBeLessThan(0.01);
    expect(
      circleAgreement({ second: many.map(() => 1), third: many.map(() => 1) }, fine(3), many),
    ).toBeCloseTo(0, 10);
  });
});

describe("helixClaim", () => {
  const claimFor = (tables: readonly Matrix[], rounds = 99) =>
    helixClaim(
      {
        name: "N",
        networks: tables.map(pairOf),
        shown: 0,
        probe: flat,
        rounds,
        smoothLength: 10,
        study,
        nulls: random(4, "lens"),
      },
      context(1),
    );

  it("a planted helix: every null beaten, the same in every network, more than a cubic describes", async () => {
    const tables = [1, 2, 3].map((seed) => plantedHelix(count, width, { turns: 2 }, random(seed, "N")));
    const made = await claimFor(tables);
    const [report] = assembleReportClaims([made]);
    const { card } = report!;
    expect(card.null).toMatchObject([
      { name: "random walk", exceedances: 0 },
      { name: "smooth paths" },
      { name: "untrained embeddings", exceedances: 0 },
    ]);
    expect(card.stability).toMatchObject([{ over: "3 networks" }]);
    expect((card.stability as { median: number }[])[0]!.median).toBeGreaterThan(0.9);
    const baselines = card.baselines as { role: string; own: number; score: number }[];
    expect(baselines.map(({ role }) => role)).toEqual(["random claim", "classical", "classical"]);
    for (const { own, score } of baselines) expect(own).toBeGreaterThan(score);
    expect(skipped(card).map(({ heading }) => heading)).toEqual(["truth", "outOfDistribution", "leakage"]);
    expect(made.claim).toMatchObject({ id: "helix.N", points: tokens.map((token) => `N=${token}`) });
    expect(await claimFor(tables)).toEqual(made);
  });

  it("untrained embeddings are not supported", async () => {
    const tables = [1, 2].map((seed) => untrainedRows(count, width, random(seed, "none")));
    const [report] = assembleReportClaims([await claimFor(tables)]);
    expect(report!.verdict.word).toBe("not supported");
  });

  it("one network: stability says why it was not run", async () => {
    const { card } = await claimFor([plantedHelix(count, width, { turns: 2 }, random(1, "N"))], 19);
    expect(card.stability).toEqual({ notRun: expect.stringMatching(/One network/) });
  });
});

describe("order and parity", () => {
  const classical = { name: "the number", values: (of: readonly number[]) => [...of] };
  const alternating = {
    name: "alternation",
    values: (of: readonly number[]) => of.map((token) => (token % 2 === 0 ? 1 : -1)),
  };

  /** Order along one coordinate, parity along another, noise on all. */
  function planted(seed: number): Matrix {
    const stream = random(seed, "planted");
    const out = matrix(count, width);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < width; j++) out.data[i * width + j] = 0.05 * stream.normal();
      out.data[i * width]! += 0.2 * i;
      out.data[i * width + 1]! += i % 2 === 0 ? 1 : -1;
    }
    return out;
  }

  it("planted order and parity beat permuted and untrained tokens and agree over networks", async () => {
    const networks = [1, 2, 3].map((seed) => pairOf(planted(seed)));
    for (const structure of [orderingStructure("N", classical), parityStructure("N", alternating)]) {
      const made = await componentClaim(
        { table: "N", structure, networks, shown: 1, probe: flat, rounds: 99, study },
        context(2),
      );
      const [report] = assembleReportClaims([made]);
      const { card, claim } = report!;
      expect(claim.id).toBe(`${structure.name}.N`);
      expect(card.null).toMatchObject([{ exceedances: 0 }, { exceedances: 0 }]);
      expect((card.stability as { median: number }[])[0]!.median).toBeGreaterThan(0.6);
      expect((card.truth as { score: number; threshold: number }[])[0]!.score).toBeGreaterThan(0.85);
      expect(skipped(card).map(({ heading }) => heading)).toEqual(["outOfDistribution", "leakage"]);
    }
  });

  it("the best component is the one that a loop over all finds", () => {
    const scores = matrix(4, 2, [1, 1, 2, -1, 3, 1, 4, -1]);
    const parity = parityStructure("N", alternating);
    expect(strongestComponent(scores, [2, 3, 4, 5], parity)).toEqual({ component: 1, strength: 1 });
    expect(orderingStructure("N", classical).strength(Float64Array.of(1, 2, 3, 4), [2, 3, 4, 5])).toBe(1);
  });

  it("taking out a component that the model reads beats random directions; the change is its own spread", async () => {
    const along = new Float64Array(width);
    along[0] = 1;
    const pair = pairOf(planted(1));
    const found = await ablateTokenComponent(
      pair,
      probeAlong(along),
      { name: "N", component: 0, controls: 9 },
      context(3),
    );
    // A uniform ladder of steps 0.2 over 60 tokens has a root mean square of 0.2·√((60² − 1)/12).
    expect(found.change).toBeCloseTo(0.2 * Math.sqrt((count ** 2 - 1) / 12), 0);
    expect(found.change).toBeGreaterThan(Math.max(...found.controls));
  });
});
