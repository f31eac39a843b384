import { describe, expect, test } from "vitest";
import { assembleReportClaims } from "../../claims/report-claims.ts";
import { parseParams } from "../../core/params.ts";
import { random } from "../../core/random.ts";
import { quietTask } from "../../core/task.ts";
import { matrix } from "../../linalg/matrix.ts";
import { logits, probabilities } from "../../models/classifier/predict.ts";
import { weightCount } from "../../models/classifier/shape.ts";
import { auc } from "../../stats/auc.ts";
import { classifierAuc, classifierOutputs } from "./classifier-scores.ts";
import { landscapeCase, plantedSubject } from "./conformance-case.ts";
import { bootstrapData } from "./conserved/bootstrap-data.ts";
import { randomCopy } from "./conserved/random-copy.ts";
import { landscapeLens } from "./lens.ts";
import { separation } from "./nulls/weight-null.ts";
import type { LandscapeSubject } from "./subject.ts";

const draw = random(11);
const rowsOf = (rows: number, cols: number) =>
  matrix(
    rows,
    cols,
    Float64Array.from({ length: rows * cols }, () => draw.normal()),
  );

describe.each([2, 3])("the AUC of %i classes", (classes) => {
  const shape = { inputs: 3, hidden: [4, 2], classes };
  const features = rowsOf(60, 3);
  const labels = Int32Array.from({ length: 60 }, (_, i) => i % classes);
  const w = Float64Array.from({ length: weightCount(shape) }, () => draw.normal());

  test("is that of src/stats on the probabilities, one class against the rest", () => {
    const p = probabilities(shape, w, features);
    const of = (c: number) =>
      auc(
        Array.from({ length: 60 }, (_, i) => p.data[i * classes + c]!),
        Array.from(labels, (label) => label === c),
      );
    const expected = classes === 2 ? of(1) : (of(0) + of(1) + of(2)) / 3;
    const score = classifierAuc(shape, { features, labels });
    expect(score(w)).toBeCloseTo(expected, 12);
    expect(score(w)).toBe(score(w.slice()));
  });

  test("and the outputs that are explained have the gradients that differences have", () => {
    const y = logits(shape, w, features);
    for (const [c, output] of classifierOutputs(shape, w).entries()) {
      const value = output.value(features);
      const row = Array.from(y.data.subarray(0, classes));
      const mean = row.reduce((sum, v) => sum + v, 0) / classes;
      expect(value[0]).toBeCloseTo(classes === 2 ? row[1]! - row[0]! : row[c]! - mean, 12);
      const slope = output.gradient(features);
      for (const k of [0, 1, 2]) {
        const [up, down] = [1e-6, -1e-6].map((h) => {
          const moved = matrix(60, 3, features.data.slice());
          moved.data[k]! += h;
          return output.value(moved)[0]!;
        });
        expect(slope.data[k]).toBeCloseTo((up! - down!) / 2e-6, 7);
      }
    }
  });

  test("a random symmetric copy is the same function with other weights", () => {
    const copy = randomCopy(shape, w, random(3));
    const [a, b] = [logits(shape, w, features), logits(shape, copy, features)];
    expect(Array.from(copy)).not.toEqual(Array.from(w));
    a.data.forEach((v, i) => {
      expect(b.data[i]).toBeCloseTo(v, 12);
    });
  });
});

const look = (subject: LandscapeSubject, options: Record<string, unknown>) =>
  landscapeLens.look(subject, parseParams(landscapeLens.params, options), {
    task: quietTask,
    random: random(1),
  });

describe("a landscape that is no classifier's", () => {
  const subject: LandscapeSubject = {
    ...{ id: "mb", title: "Müller–Brown", energy: { label: "V", unit: "" } },
    about: { model: "no model", data: "no data", seeds: [] },
    source: {
      module: new URL("../../physics/surfaces/named.ts", import.meta.url).href,
      fn: "surfaceFrom",
      input: { name: "muller-brown" },
    },
    known: { minima: 3, reference: "Müller & Brown 1979" },
  };

  test("Müller–Brown: the published minima, saddles, persistence and basins", async () => {
    const findings = await look(subject, { walkers: 4, steps: 10, temperature: 100, modes: 2 });
    const { metrics } = findings;
    expect(metrics["mb.minima"]).toBe(3);
    expect(metrics["mb.saddles"]).toBe(2);
    expect(metrics["mb.lowest"]).toBeCloseTo(-146.699517209954, 9);
    expect(metrics["mb.persistence.largest"]).toBeCloseTo(67.501881, 5);
    expect(metrics["mb.group.size"]).toBe(1);
    expect(findings.figures.map(({ name }) => name)).toContain("mb-disconnectivity");
    const [count] = assembleReportClaims(findings.claims!);
    expect(count!.claim).toMatchObject({ kind: "count", value: 3, uncertainty: { low: 3 } });
    expect(count!.verdict.word).not.toBe("not supported");
  });
});

describe("a classifier", () => {
  test("groups that are too small are refused in words, with all else shown", async () => {
    const findings = await look(plantedSubject(random(2), "rule"), { ...landscapeCase.options, least: 50 });
    const said = findings.diagnostics.map(({ message }) => message).join("\n");
    expect(said).toMatch(/a group of \d+ minima; expected at least 50: explore further/);
    expect(findings.metrics["planted.auc.base"]).toBeUndefined();
    expect(findings.metrics["planted.minima"]).toBeGreaterThan(2);
    expect(findings.claims!.map(({ claim }) => claim.kind)).toEqual(["count"]);
  });

  test("a relevance claim has every heading filled or a reason, and survives the report", async () => {
    const findings = await look(plantedSubject(random(4), "rule"), {
      ...landscapeCase.options,
      ...{ labelNulls: 1, walkers: 2, steps: 2, growths: 0, modes: 0, neighbours: 0, cycles: 0 },
    });
    const [relevance] = assembleReportClaims(findings.claims!);
    expect(relevance!.claim.kind).toBe("relevance");
    const { card } = relevance!;
    expect(card.null).toHaveLength(2);
    expect(card.baselines).toHaveLength(8);
    expect(card.stability).toHaveLength(2);
    expect(card.truth).toMatchObject([{ score: 1, threshold: 1 }]);
    expect(findings.metrics["planted.attribution.efficiency"]).toBeLessThan(1e-9);
    expect(findings.metrics["planted.copy_distance"]).toBeLessThan(1e-12);
  });

  test("a column of zeros scores zero, and columns that change places take their scores along", async () => {
    const subject = plantedSubject(random(5), "rule");
    const { problem } = subject.classifier!;
    const members = subject.network!.minima.slice(0, 3).map(({ x }) => x);
    const scores = async (
      turn: (row: number[]) => number[],
      unit: (w: number[]) => number[],
      inputs: number,
    ) => {
      const rows = Array.from({ length: problem.data.rows }, (_, i) =>
        turn(Array.from(problem.data.features.slice(4 * i, 4 * i + 4))),
      );
      const moved = members.map((w) => {
        const first = [0, 1, 2, 3].flatMap((j) => unit(Array.from(w.slice(4 * j, 4 * j + 4))));
        return Float64Array.from([...first, ...w.slice(16)]);
      });
      const { versions } = await bootstrapData(
        {
          ...problem,
          shape: { ...problem.shape, inputs },
          data: { ...problem.data, features: Float64Array.from(rows.flat()) },
        },
        moved,
        { rounds: 1, least: 2, rms: 1e-9, random: random(6) },
      );
      return versions[0]!;
    };
    const plain = await scores(
      (x) => x,
      (w) => w,
      4,
    );
    const swap = ([a, b, c, d]: number[]) => [d!, b!, a!, c!];
    const swapped = await scores(swap, swap, 4);
    [3, 1, 0, 2].forEach((from, k) => {
      expect(swapped[k]).toBeCloseTo(plain[from]!, 4);
    });
    const widened = await scores(
      (x) => [...x, 0],
      (w) => [...w, 0.3],
      5,
    );
    expect(widened[4]).toBeLessThan(1e-4);
    for (const k of [0, 1, 2, 3]) expect(widened[k]).toBeCloseTo(plain[k]!, 3);
  });
});

test("separation is 0 for scores that know nothing, and the logarithm of the ratio of the halves' means", () => {
  expect(separation([1, 1, 1, 1], [0.3, 0.1, -0.2, 0])).toBeCloseTo(0, 9);
  expect(separation([8, 4, 2, 1], [0.3, 0.1, 0, -0.2])).toBeCloseTo(Math.log(6 / 1.5), 9);
  expect(separation([1, 2, 8, 4], [-0.2, 0, 0.3, 0.1])).toBeCloseTo(Math.log(6 / 1.5), 9);
});
