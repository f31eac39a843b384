import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sharedPath } from "../../../test/shared.ts";
import { random } from "../../core/random.ts";
import { createTask } from "../../core/task.ts";
import { selectRows } from "../../data/select.ts";
import { numbers, type Table } from "../../data/table.ts";
import { matrix } from "../../linalg/matrix.ts";
import { leastSquares } from "../../stats/least-squares.ts";
import { additiveBaseline, additiveEquations } from "./additive-baseline.ts";
import { bindingData } from "./baselines.ts";
import { type BindingData, fitMassFormula, formulaDesign, rmsError } from "./fits.ts";
import { fittedBaseline } from "./formula-baseline.ts";
import { gaussianProcessBaseline } from "./gaussian-process-baseline.ts";
import { holdOutNuclei, takeNuclei } from "./hold-out.ts";
import { bw2, formulaBinding, semf } from "./liquid-drop.ts";
import { readLiveChart } from "./livechart.ts";
import { massBaselines, massBaselinesNamed } from "./mass-baselines.ts";
import { npmMasses } from "./npm-masses.ts";
import { nuclideKey } from "./nuclides.ts";
import { refereeScores, refereeTable, summariseScores } from "./referee-table.ts";
import { dataCuts } from "./regions.ts";

const above8 = (table: Table): BindingData =>
  bindingData(selectRows(table, dataCuts.find((cut) => cut.name === "above 8")!.rows(table)));
const data = above8(npmMasses());
const keys = ({ z, n }: BindingData) => Array.from(z, (value, i) => nuclideKey(value, n[i]!));

/** A liquid drop and what is added to it, on a small chart. */
function madeUp(extra: (z: number, n: number) => number): BindingData {
  const z: number[] = [];
  const n: number[] = [];
  for (let p = 20; p < 40; p++) {
    for (let q = p; q < p + 14; q++) {
      z.push(p);
      n.push(q);
    }
  }
  return { z, n, binding: formulaBinding(semf, { z, n }).map((value, i) => value + extra(z[i]!, n[i]!)) };
}

describe("nuclei held out", () => {
  test("train and test share none, and every test nucleus has a Z and an N that train", () => {
    for (const fraction of [0.1, 0.9]) {
      const { train, test: held } = holdOutNuclei(data, { kind: "nuclei", fraction, random: random(1) });
      const trained = new Set(keys(train));
      expect(keys(held).some((key) => trained.has(key))).toBe(false);
      expect(train.z.length).toBe(Math.round(fraction * data.z.length));
      for (let i = 0; i < held.z.length; i++) {
        expect(Array.from(train.z).includes(held.z[i]!) && Array.from(train.n).includes(held.n[i]!)).toBe(
          true,
        );
      }
      const whole = holdOutNuclei(data, { kind: "nuclei", fraction, random: random(1), seen: false });
      expect(whole.test.z.length).toBe(data.z.length - train.z.length);
      if (fraction === 0.1) expect(whole.test.z.length).toBeGreaterThan(held.z.length);
    }
  });

  test("extrapolation tests on the ends of the chains", () => {
    const { train, test: held } = holdOutNuclei(data, { kind: "extrapolate", edge: 2, random: random(1) });
    for (let i = 0; i < held.z.length; i++) {
      const chain = Array.from(data.n).filter((_, k) => data.z[k] === held.z[i]);
      const from = Math.min(held.n[i]! - Math.min(...chain), Math.max(...chain) - held.n[i]!);
      expect(from).toBeLessThan(2);
    }
    expect(train.z.length + held.z.length).toBe(data.z.length);
  });

  test("a binding energy that is not a number is refused", () => {
    const bad = { z: [20, 20], n: [20, 21], binding: [1, Number.NaN] };
    expect(() => holdOutNuclei(bad, { kind: "nuclei", fraction: 0.5, random: random(1) })).toThrow(
      "Z = 20, N = 21 has binding energy NaN",
    );
  });
});

describe("fitted formula", () => {
  test("predicts as the fit does, its uncertainty that of a prediction in least squares", async () => {
    const train = takeNuclei(
      data,
      [...Array(200).keys()].map((k) => 9 * k),
    );
    const nuclei = { z: [50], n: [70] };
    const { binding, sigma } = await fittedBaseline(semf).predict({ train, nuclei, random: random(1) });
    const { coefficients } = fitMassFormula(semf, train);
    expect(binding).toEqual(formulaBinding(semf, nuclei, coefficients));
    // Oracle: the closed form with the covariance of leastSquares on MeV.
    const fit = leastSquares(
      formulaDesign(semf, train),
      Float64Array.from(train.binding, (keV) => keV / 1000),
    );
    const x = formulaDesign(semf, nuclei).data;
    let variance = fit.variance;
    for (let a = 0; a < 5; a++)
      for (let b = 0; b < 5; b++) variance += x[a]! * fit.covariance.data[5 * a + b]! * x[b]!;
    expect(sigma[0]).toBeCloseTo(1000 * Math.sqrt(variance), 6);
  });
});

describe("additive corrections", () => {
  test("find the constants they are made of, and no less than least squares with a row a penalty", async () => {
    const made = madeUp((z, n) => 3000 * Math.sin(z) + 2000 * Math.cos(2 * n));
    const { train, test: held } = holdOutNuclei(made, { kind: "nuclei", fraction: 0.7, random: random(2) });
    const { binding } = await additiveBaseline(semf).predict({ train, nuclei: held, random: random(1) });
    const plain = await fittedBaseline(semf).predict({ train, nuclei: held, random: random(1) });
    expect(rmsError(binding, held.binding)).toBeLessThan(20);
    expect(rmsError(plain.binding, held.binding)).toBeGreaterThan(1000);

    const ridge = 0.5;
    const zs = [...new Set(Array.from(train.z))];
    const ns = [...new Set(Array.from(train.n))];
    const cols = 5 + zs.length + ns.length;
    const rows = train.z.length + cols - 5;
    const design = matrix(rows, cols);
    const terms = formulaDesign(semf, train);
    for (let i = 0; i < train.z.length; i++) {
      design.data.set(terms.data.subarray(5 * i, 5 * i + 5), i * cols);
      design.data[i * cols + 5 + zs.indexOf(train.z[i]!)] = 1;
      design.data[i * cols + 5 + zs.length + ns.indexOf(train.n[i]!)] = 1;
    }
    for (let j = 5; j < cols; j++) design.data[(train.z.length + j - 5) * cols + j] = Math.sqrt(ridge);
    const target = new Float64Array(rows);
    target.set(Float64Array.from(train.binding));
    const oracle = leastSquares(design, target);
    const fitted = additiveEquations(semf, train).fit(ridge).mean(train);
    for (let i = 0; i < train.z.length; i++) {
      expect(fitted[i]! - (train.binding[i]! - oracle.residuals[i]!)).toBeCloseTo(0, 3);
    }
  });

  test("a Z or N that did not train has no constant, and a ridge of zero is refused", async () => {
    const train = madeUp((z) => 500 * Math.sin(z));
    const fit = additiveEquations(semf, train).fit(1);
    expect(fit.mean({ z: [60], n: [80] })[0]).toBeGreaterThan(0);
    expect(() => additiveEquations(semf, train).fit(0)).toThrow("ridge 0; expected a positive number");
    expect(() => additiveBaseline(semf, { ridges: [] })).toThrow("no ridge strength");
  });
});

describe("Gaussian process", () => {
  test("learns a smooth correction that the formula lacks, and knows where it does not know", async () => {
    const made = madeUp((z, n) => 2000 * Math.sin(z / 4) * Math.cos(n / 5));
    const { train, test: held } = holdOutNuclei(made, { kind: "nuclei", fraction: 0.6, random: random(3) });
    const far = { z: [...Array.from(held.z), 90], n: [...Array.from(held.n), 150] };
    const { binding, sigma, chosen } = await gaussianProcessBaseline(semf).predict({
      train,
      nuclei: far,
      random: random(1),
    });
    const plain = await fittedBaseline(semf).predict({ train, nuclei: held, random: random(1) });
    const error = rmsError(binding.slice(0, -1), held.binding);
    expect(error).toBeLessThan(0.1 * rmsError(plain.binding, held.binding));
    expect([3.5, 5]).toContain(chosen["length"]);
    expect(sigma.at(-1)).toBeGreaterThan(5 * Math.max(...sigma.slice(0, 20)));
  });

  test("nothing to choose is nothing chosen; it stops when told", async () => {
    const train = madeUp(() => 0);
    const one = gaussianProcessBaseline(semf, { lengths: [2], noises: [0.1] });
    const { chosen } = await one.predict({ train, nuclei: train, random: random(1) });
    expect(chosen).toEqual({ length: 2, noise: 0.1 });
    expect(() => gaussianProcessBaseline(semf, { noises: [] })).toThrow("no length or no noise");
    const abort = new AbortController();
    abort.abort();
    const task = createTask({ signal: abort.signal });
    const stopped = one.predict({ train, nuclei: train, random: random(1), task });
    await expect(stopped).rejects.toThrow("cancelled");
  });
});

describe("referee table", () => {
  const cheap = massBaselinesNamed(["semf_textbook", "semf_fitted", "bw2_fitted"]);

  test("has a row a baseline and split, the same under the same seed, another under another", async () => {
    const options = { fractions: [0.1, 0.5], splits: 3, edges: [1], baselines: cheap };
    const table = await refereeTable(data, { ...options, random: random(1) });
    expect(table.rows).toBe(9);
    expect(await refereeTable(data, { ...options, random: random(1) })).toEqual(table);
    const other = await refereeTable(data, { ...options, random: random(2) });
    expect(numbers(other, "rms").values[1]).not.toBe(numbers(table, "rms").values[1]);
    // Oracle: the specification's 3.2–3.4 MeV and 1.63–1.71 MeV of fitted formulas, on a table of another vintage.
    const rms = numbers(table, "rms").values;
    for (const row of [1, 4]) expect(Math.abs(rms[row]! - 3250)).toBeLessThan(350);
    for (const row of [2, 5]) expect(Math.abs(rms[row]! - 1670)).toBeLessThan(150);
    expect(numbers(table, "coverage_68").values[0]).toBeNaN();
  });

  test("averages the scores of the splits", async () => {
    const scores = await refereeScores(data, {
      fractions: [0.5],
      splits: 4,
      baselines: cheap,
      random: random(1),
    });
    const table = summariseScores(scores);
    const own = scores.filter((score) => score.baseline.name === "bw2_fitted").map((score) => score.rms);
    const mean = own.reduce((sum, value) => sum + value, 0) / 4;
    const sd = Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3);
    expect(numbers(table, "rms").values[2]).toBeCloseTo(mean, 8);
    expect(numbers(table, "rms").uncertainty![2]).toBeCloseTo(sd, 8);
  });

  test("bad input is refused by name", async () => {
    const base = { random: random(1), baselines: cheap };
    await expect(refereeTable(data, { ...base, splits: 0 })).rejects.toThrow("0 splits");
    await expect(refereeTable(data, { ...base, fractions: [] })).rejects.toThrow("nothing to do");
    await expect(refereeTable(data, { ...base, baselines: [] })).rejects.toThrow("nothing to do");
    await expect(refereeTable(data, { ...base, fractions: [1.5] })).rejects.toThrow("fraction 1.5");
    expect(() => massBaselinesNamed(["ws5"])).toThrow("unknown baseline 'ws5'; known: semf_textbook");
    const few = { z: [20, 21, 22], n: [20, 21, 22], binding: [1, 2, 3] };
    const gp = gaussianProcessBaseline(bw2);
    await expect(gp.predict({ train: few, nuclei: few, random: random(1) })).rejects.toThrow(
      "3 nuclei; expected at least 5",
    );
    expect(new Set(massBaselines.map((baseline) => baseline.name)).size).toBe(10);
  });
});

const chart = sharedPath("data/nuclear/ground_states.csv");
describe.skipIf(!chart)("LiveChart at a tenth of the nuclei", () => {
  test("Gaussian processes and additive corrections err as was found, mean of ten splits", async () => {
    // Oracle: section 5.2 of the specification: 784 and 603 keV, within 1.15 of it; additive 2008 and 1435.
    const live = above8(readLiveChart(readFileSync(chart!)));
    expect(live.z.length).toBe(3245);
    const names = ["semf_gp", "bw2_gp", "semf_additive", "bw2_additive"];
    const table = await refereeTable(live, {
      fractions: [0.1],
      splits: 10,
      baselines: massBaselinesNamed(names),
      random: random(1),
    });
    const limits = [1.15 * 784, 1.15 * 603, 1.15 * 2008, 1.15 * 1435];
    numbers(table, "rms").values.forEach((rms, i) => {
      expect(rms).toBeLessThan(limits[i]!);
      expect(rms).toBeGreaterThan(0.75 * (limits[i]! / 1.15));
    });
    const within = numbers(table, "coverage_68").values;
    for (const share of within) expect(Math.abs(share - 0.68)).toBeLessThan(0.12);
  });
});
