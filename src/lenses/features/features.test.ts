import { describe, expect, it } from "vitest";
import { assembleReportClaims } from "../../claims/report-claims.ts";
import { defaults } from "../../core/params.ts";
import { random } from "../../core/random.ts";
import { quietTask } from "../../core/task.ts";
import { matrix } from "../../linalg/matrix.ts";
import { pca, reconstruct } from "../../linalg/pca.ts";
import { rowOf } from "../../linalg/rows.ts";
import { pearson } from "../../stats/correlation.ts";
import { rms } from "../../stats/describe.ts";
import { leastSquares } from "../../stats/least-squares.ts";
import { analyseFeatures } from "./analyse.ts";
import { chartField, dotsOfRows, fieldLength } from "./chart-field.ts";
import { band, featuresCase, plantedFeatures } from "./conformance-case.ts";
import { cumulativeError, fallOverThree } from "./cumulative-error.ts";
import { decompose } from "./decompose.ts";
import { featuresLens } from "./lens.ts";
import { matchTerms, strongest } from "./match.ts";
import { matchClaim } from "./match-claim.ts";
import { matchNulls, overAllTerms } from "./match-nulls.ts";
import { nuclearTerms } from "./nuclear-terms.ts";
import type { CandidateTerm, FeatureSubject } from "./subject.ts";

const subject = featuresCase.planted(random(1));
const samples = subject.rows.rows;
const context = () => ({ task: quietTask, random: random(2) });
const options = { ...defaults(featuresLens.params), components: 6, nulls: 99 };

/** Oracle: the readout by its definition. */
function readOut({ readout, rows }: FeatureSubject, data = rows): Float64Array {
  return Float64Array.from({ length: data.rows }, (_, i) => {
    let sum = readout.bias;
    for (let j = 0; j < data.cols; j++) sum += data.data[i * data.cols + j]! * readout.weights[j]!;
    return readout.offset + readout.scale * sum;
  });
}

/** Oracle: residuals of the QR least squares on a constant and the given columns. */
function residuals(y: ArrayLike<number>, columns: readonly ArrayLike<number>[]): Float64Array {
  const all = [new Float64Array(y.length).fill(1), ...columns];
  const design = matrix(y.length, all.length);
  all.forEach((column, j) => {
    for (let i = 0; i < y.length; i++) design.data[i * all.length + j] = column[i]!;
  });
  return leastSquares(design, y).residuals;
}

describe("decompose", () => {
  it("adds up to the model's output, all components kept (oracle: the readout by its definition)", () => {
    const { base, contributions, output } = decompose(subject, 10);
    const direct = readOut(subject);
    for (let i = 0; i < samples; i++) {
      let sum = base;
      for (let c = 0; c < 10; c++) sum += contributions.data[c * samples + i]!;
      expect(sum).toBeCloseTo(direct[i]!, 9);
      expect(output[i]).toBeCloseTo(direct[i]!, 12);
    }
  });

  it("does not depend on the sign of a component: mirrored activations and weights give the same", () => {
    const mirrored = {
      ...subject,
      rows: matrix(
        samples,
        10,
        subject.rows.data.map((value) => -value),
      ),
      readout: { ...subject.readout, weights: Array.from(subject.readout.weights, (w) => -w) },
    };
    const [a, b] = [decompose(subject, 4), decompose(mirrored, 4)];
    a.contributions.data.forEach((value, k) => {
      expect(b.contributions.data[k]).toBeCloseTo(value, 9);
    });
  });
});

describe("cumulativeError", () => {
  const { truncation, leastSquares: refit, full } = cumulativeError(decompose(subject, 6), subject.target);

  it("is the error of activations rebuilt from k components (oracle: inverse PCA and readout, one k at a time)", () => {
    const fitted = pca(subject.rows);
    for (const k of [1, 2, 3, 6]) {
      const scores = matrix(samples, k);
      for (let i = 0; i < samples; i++) scores.data.set(rowOf(fitted.scores, i).subarray(0, k), i * k);
      const out = readOut(subject, reconstruct(fitted, scores));
      expect(truncation[k]).toBeCloseTo(rms(out.map((value, i) => value - subject.target[i]!)), 9);
    }
    expect(full).toBeCloseTo(rms(readOut(subject).map((value, i) => value - subject.target[i]!)), 9);
  });

  it("refitted, is the residual of least squares on a constant and k scores (oracle: QR), and never rises", () => {
    const { scores } = pca(subject.rows);
    const column = (c: number) => Array.from({ length: samples }, (_, i) => rowOf(scores, i)[c]!);
    for (const k of [0, 1, 3, 5]) {
      expect(refit[k]).toBeCloseTo(
        rms(residuals(subject.target, [0, 1, 2, 3, 4].slice(0, k).map(column))),
        9,
      );
    }
    for (let k = 1; k < refit.length; k++) expect(refit[k]! <= refit[k - 1]! * (1 + 1e-12)).toBe(true);
  });

  it("falls over three components as counted by hand", () => {
    expect(fallOverThree([500, 12, 10, 2, 1])).toEqual({ fall: 6, drop: 5, fromConstant: 250 });
    // The published series of Kitouni et al., Fig. 4 (keV): k = 1, 2, 3 after a constant.
    const { fall, drop } = fallOverThree([508_000, 12446.5, 10064.7, 1198.5]);
    expect(fall).toBeCloseTo(10.385, 3);
    expect(drop).toBeCloseTo(8.398, 3);
  });
});

describe("matchTerms", () => {
  const { contributions } = decompose(subject, 6);
  const matches = matchTerms(subject.terms, contributions);
  const smooth = subject.terms.filter((term) => term.smooth);

  it("raw: Pearson's correlation; cosine: the same without taking the mean off (oracle: both written out)", () => {
    for (const { term, raw, cosine } of matches) {
      for (let c = 0; c < 6; c++) {
        const own = rowOf(contributions, c);
        expect(raw.rho[c]).toBeCloseTo(pearson(own, term.values), 10);
        const along = own.reduce((sum, value, i) => sum + value * term.values[i]!, 0);
        const norms = rms(own) * rms(term.values) * samples;
        expect(cosine[c]).toBeCloseTo(along / norms, 10);
      }
    }
  });

  it("detrended: the correlation of least-squares residuals, a smooth term never its own trend (oracle: QR)", () => {
    for (const { term, detrended, explainedByTrends } of matches) {
      const trends = smooth.filter((other) => other !== term).map(({ values }) => values);
      const left = residuals(term.values, trends);
      for (let c = 0; c < 6; c++) {
        expect(detrended!.rho[c]).toBeCloseTo(pearson(residuals(rowOf(contributions, c), trends), left), 5);
      }
      const all = residuals(term.values, []);
      expect(explainedByTrends).toBeCloseTo(1 - (rms(left) / rms(all)) ** 2, 8);
    }
  });

  it("finds each planted term in its component, with the sign that it was planted with", () => {
    const found = (name: string) => matches.find(({ term }) => term.name === name)!;
    expect(strongest(found("volume").raw.rho)).toBe(0);
    expect(found("volume").raw.rho[0]).toBeGreaterThan(0.99);
    expect(strongest(found("shell").detrended!.rho)).toBe(2);
    expect(found("shell").detrended!.rho[2]).toBeGreaterThan(0.8);
    expect(strongest(found("pairing").detrended!.rho)).toBe(3);
    expect(found("pairing").detrended!.rho[3]).toBeGreaterThan(0.9);
  });

  it("says when nothing is left of a term: a sum of other smooth terms", () => {
    const [volume, surface] = subject.terms as [CandidateTerm, CandidateTerm];
    const sum = Array.from(volume.values, (value, i) => 2 * value - surface.values[i]! + 4);
    const copy: CandidateTerm = { name: "sum", unit: "MeV", smooth: false, values: sum };
    const [match] = matchTerms([copy, volume, surface], contributions);
    expect(match!.detrended).toBeUndefined();
    expect(match!.explainedByTrends).toBeCloseTo(1, 10);
  });
});

describe("dotsOfRows", () => {
  it.each([0, 1, 2, 3, 4, 5, 11])("adds each of %i sums in order (oracle: one after another)", (count) => {
    const stream = random(count);
    const [x, y] = [40, 40].map((n) => Float64Array.from({ length: n }, () => stream.normal()));
    const from = Int32Array.from({ length: count }, () => stream.int(30));
    const to = Int32Array.from({ length: count }, () => stream.int(30));
    const expected = Array.from(from, (a, i) => {
      let sum = 0;
      for (let k = 0; k < 9; k++) sum += x![a + k]! * y![to[i]! + k]!;
      return sum;
    });
    expect([...dotsOfRows(x!, y!, { from, to }, 9)]).toEqual(expected);
  });
});

describe("chartField", () => {
  const chart = { x: [] as number[], y: [] as number[] };
  for (let i = 0; i < 40; i++)
    for (let j = 0; j < 30; j++)
      if ((i + j) % 7 !== 3) {
        chart.x.push(i + 5);
        chart.y.push(j);
      }

  it("has mean zero and covariance exp(−d²/2ℓ²) (oracle: averages over 4000 draws)", () => {
    const draw = chartField(chart, 3);
    const stream = random(3);
    const at = (x: number, y: number) => chart.x.findIndex((v, i) => v === x && chart.y[i] === y);
    const pairs = [
      [at(20, 10), at(20, 10), 0],
      [at(20, 10), at(22, 10), 4],
      [at(20, 10), at(20, 13), 9],
      [at(20, 10), at(23, 12), 13],
    ] as const;
    const sums = pairs.map(() => 0);
    for (let b = 0; b < 4000; b++) {
      const field = draw(stream);
      pairs.forEach(([i, j], k) => {
        sums[k]! += field[i]! * field[j]!;
      });
    }
    pairs.forEach(([, , square], k) => {
      expect(Math.abs(sums[k]! / 4000 - Math.exp(-square / 18))).toBeLessThan(0.07);
    });
  });

  it("fieldLength recovers the length of drawn fields on average; white noise has less than half a step", () => {
    for (const length of [1.5, 3, 5]) {
      const stream = random(4, length);
      const draw = chartField(chart, length);
      const found = Array.from({ length: 40 }, () => fieldLength(chart, draw(stream)));
      const middle = found.reduce((a, b) => a + b, 0) / 40;
      expect(middle / length).toBeGreaterThan(0.85);
      expect(middle / length).toBeLessThan(1.1);
    }
    const white = chartField(chart, 0)(random(5));
    expect(fieldLength(chart, white)).toBeGreaterThan(0.3);
    expect(fieldLength(chart, white)).toBeLessThan(0.5);
  });

  it("fieldLength of a straight trend is beyond the chart's half, of a checkerboard below one step", () => {
    expect(fieldLength(chart, chart.x)).toBeGreaterThan(10);
    expect(
      fieldLength(
        chart,
        chart.x.map((v, i) => (-1) ** (v + chart.y[i]!)),
      ),
    ).toBeLessThan(0.3);
  });
});

describe("null models", () => {
  it("between unrelated smooth maps shuffling finds matches everywhere, fields of equal smoothness do not", async () => {
    const nuclei = band();
    const lattice = { x: nuclei.n, y: nuclei.z };
    const draw = chartField(lattice, 4);
    const p = { permutation: [] as number[], field: [] as number[] };
    for (let trial = 0; trial < 60; trial++) {
      const stream = random(6, trial);
      const components = matrix(2, nuclei.z.length, Float64Array.from([...draw(stream), ...draw(stream)]));
      const term: CandidateTerm = { name: "map", unit: "", smooth: false, values: draw(stream) };
      const [{ raw }] = matchTerms([term], components) as [ReturnType<typeof matchTerms>[number]];
      const nulls = await matchNulls([raw], lattice, { rounds: 99 }, { task: quietTask, random: stream });
      const observed = Math.max(...raw.rho.map(Math.abs));
      for (const model of ["permutation", "field"] as const) {
        const reached = nulls[model][0]!.values.filter((value) => value >= observed).length;
        p[model].push((1 + reached) / 100);
      }
    }
    const below = (values: number[], level: number) => values.filter((value) => value <= level).length / 60;
    expect(below(p.permutation, 0.05)).toBeGreaterThan(0.75);
    expect(below(p.field, 0.05)).toBeLessThan(0.15);
    expect(below(p.field, 0.5)).toBeGreaterThan(0.3);
    expect(below(p.field, 0.5)).toBeLessThan(0.7);
  });

  it("over all terms: with one term the plain p, with more never less, with copies of one term no dearer", () => {
    const stream = random(7);
    const draws = () => ({
      values: Float64Array.from({ length: 199 }, () => 0.3 * stream.uniform()),
      length: 0,
    });
    const [a, b] = [draws(), draws()];
    const plain = (1 + a.values.filter((value) => value >= 0.27).length) / 200;
    expect(overAllTerms([0.27], [a])[0]).toBe(plain);
    expect(overAllTerms([0.27, 0.1], [a, b])[0]).toBeGreaterThanOrEqual(plain);
    expect(overAllTerms([0.27, 0.27], [a, a])).toEqual([plain, plain]);
  });
});

describe("the features lens", () => {
  it("finds what was planted, says whether the error falls fivefold, and fills evidence", async () => {
    const analysis = await analyseFeatures(subject, options, context());
    const { metrics, summary, figures } = await featuresLens.look(subject, options, context());
    expect(metrics["match.pairing.component"]).toBe(4);
    expect(metrics["match.pairing.p"]).toBe(0.01);
    expect(metrics["match.pairing.p.family"]).toBe(0.01);
    expect(metrics["match.shell.detrended.component"]).toBe(3);
    expect(metrics["match.volume.rho"]).toBeGreaterThan(0.99);
    expect(metrics["penultimate.fall3"]).toBeCloseTo(
      metrics["penultimate.truncation.k1_MeV"]! / metrics["penultimate.truncation.k3_MeV"]!,
      12,
    );
    expect(summary[0]).toMatch(/it falls \d|it does not fall 5-fold/);
    const pairing = analysis.terms.find(({ term }) => term.name === "pairing")!;
    expect(pairing.decisive).toBe(pairing.detrended);
    const { field, permutation } = pairing.decisive;
    for (const test of [field, permutation]) {
      expect(test.p).toBe((1 + test.exceedances) / (test.rounds + 1));
      expect(test.floor).toBe(0.01);
      expect(test.rounds).toBe(99);
      expect(test.statistic).toContain("pairing term over 6 components, smooth trends projected out of both");
    }
    const { change, controls } = pairing.ablation;
    // Removing the component leaves its own contribution as the error (oracle: its size, 0.3 · 3 MeV).
    expect(change).toBeGreaterThan(0.8);
    expect(change).toBeLessThan(1);
    expect(controls).toHaveLength(99);
    expect(figures.map(({ name }) => name)).toEqual([
      "penultimate-error",
      "feature-map",
      "match-wigner-chart",
      "match-pairing-chart",
      "match-shell-chart",
      "match-semfPerNucleon-chart",
      "match-bw2PerNucleon-chart",
    ]);
  });

  it("ends in claims with whole cards: supported where planted, not supported on random components", async () => {
    const about = { model: "planted", data: "a band of nuclei", seeds: [0] };
    const verdicts = async (of: FeatureSubject) => {
      const { terms } = await analyseFeatures(of, options, context());
      const chosen = terms.filter(({ term }) => ["volume", "pairing", "shell"].includes(term.name));
      return assembleReportClaims(chosen.map((match) => matchClaim(of, match, about, random(9))));
    };
    const claims = await verdicts(subject);
    expect(claims.map(({ claim }) => claim.id)).toEqual(["match.volume", "match.pairing", "match.shell"]);
    expect(claims.map(({ verdict }) => verdict.word).slice(1)).toEqual(["supported", "supported"]);
    const { claim } = claims[1]!;
    if (claim.kind !== "concept") throw new Error("expected a concept");
    expect(claim.points[0]).toBe("Z=10 N=6");
    expect(rms(claim.values)).toBeCloseTo(1, 5);
    const none = await verdicts(featuresCase.control(random(10)));
    expect(none.map(({ verdict }) => verdict.word)).toEqual([
      "not supported",
      "not supported",
      "not supported",
    ]);
  });

  it("judges a steep fall and its absence by error(1)/error(3)", async () => {
    const nuclei = band();
    const terms = nuclearTerms(nuclei);
    const of = (name: string) => Float64Array.from(terms.find((term) => term.name === name)!.values);
    const sizes = (third: number) => [
      { values: of("volume"), size: 10 },
      { values: of("asymmetry"), size: 3 },
      { values: of("shell"), size: third },
    ];
    for (const [third, words] of [
      [2, /it falls \d+(\.\d+)?-fold/],
      [0, /it does not fall 5-fold/],
    ] as const) {
      const planted = plantedFeatures(nuclei, third ? sizes(third) : sizes(1).slice(0, 1), random(8));
      const { summary } = await featuresLens.look(planted, options, context());
      expect(summary[0]).toMatch(words);
    }
  });
});
