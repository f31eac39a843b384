import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sharedPath } from "../../../test/shared.ts";
import { random } from "../../core/random.ts";
import { filterRows } from "../../data/select.ts";
import { numbers, type TextColumn } from "../../data/table.ts";
import { bindingData } from "./baselines.ts";
import {
  equation5Binding,
  equation5Published,
  equation5Refitted,
  fitEquation5,
  publishedEquation5,
} from "./equation-5.ts";
import { equation5Data, equation5Table } from "./equation-5-table.ts";
import { fitMassFormula, rmsError } from "./fits.ts";
import { semf } from "./liquid-drop.ts";
import { readLiveChart } from "./livechart.ts";
import { npmMasses } from "./npm-masses.ts";

const npm = npmMasses();
const [z, n] = [numbers(npm, "z").values, numbers(npm, "n").values];
const measured = bindingData(
  filterRows(npm, (i) => z[i]! > 9 && n[i]! > 9 && numbers(npm, "measured").values[i] === 1),
);

test("equation 5 at one nucleus is the formula by hand", () => {
  // ⁵⁶Fe: Z = 26, N = 30, with the published coefficients.
  const wave = Math.sin(-3.9 + 5.2 + 0.25);
  const expected = -88062.52 * (676e-6 - 0.09) * (56 + 2.5 * wave) - 171331.53 * 0.97 ** 30 + 95815.44;
  expect(equation5Binding({ z: [26], n: [30] })[0]).toBeCloseTo(expected, 6);
});

test("a fit to equation 5's own energies gives its coefficients back", () => {
  const { coefficients, fit } = fitEquation5({ ...measured, binding: equation5Binding(measured) });
  expect(coefficients.a1).toBeCloseTo(publishedEquation5.a1, 4);
  expect(coefficients.a2).toBeCloseTo(publishedEquation5.a2, 3);
  expect(coefficients.b).toBeCloseTo(publishedEquation5.b, 3);
  expect(fit.rms).toBeLessThan(1e-4);
});

test("on the masses of AME2012 it is better than the textbook's liquid drop and worse than a fitted one", () => {
  const table = equation5Table(measured);
  const formulas = (table.columns[0] as TextColumn).values;
  expect(formulas).toEqual([
    "BW2, fitted",
    "BW2, textbook",
    "SEMF, fitted",
    "equation 5, refitted",
    "equation 5, published",
    "SEMF, textbook",
  ]);
});

test("as baselines: published without uncertainty, refitted with the scatter's", async () => {
  const options = { train: measured, nuclei: measured, random: random(1) };
  const published = await equation5Published.predict(options);
  const refitted = await equation5Refitted.predict(options);
  expect(published.sigma.every(Number.isNaN)).toBe(true);
  const rms = rmsError(refitted.binding, measured.binding);
  expect(rms).toBeLessThan(rmsError(published.binding, measured.binding));
  for (const sigma of refitted.sigma) expect(Math.abs(sigma / rms - 1)).toBeLessThan(0.02);
});

const chart = sharedPath("data/nuclear/ground_states.csv");
describe.skipIf(!chart)("LiveChart", () => {
  test.each([
    [false, 2352, -88059.9, -171380.76, 95849.84, 4625.8],
    [true, 2351, -88062.53, -171331.59, 95815.38, 4621.6],
  ])(
    "the coefficients and error of the specification, section 9 (anchor's nuclei: %s)",
    (anchor, count, a1, a2, b, rms) => {
      const data = equation5Data(readLiveChart(readFileSync(chart!)), { anchor });
      expect(data.z.length).toBe(count);
      const { coefficients, fit } = fitEquation5(data);
      expect(Math.abs(coefficients.a1 - a1)).toBeLessThan(0.1);
      expect(Math.abs(coefficients.a2 - a2)).toBeLessThan(0.1);
      expect(Math.abs(coefficients.b - b)).toBeLessThan(0.1);
      expect(Math.abs(fit.rms - rms)).toBeLessThan(0.1);
      expect(Math.abs(rmsError(equation5Binding(data), data.binding) - rms)).toBeLessThan(1);
      expect(Math.abs(fitMassFormula(semf, data).rms - 2907)).toBeLessThan(1);
    },
  );
});
