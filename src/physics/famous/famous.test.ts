import { expect, test } from "vitest";
import { random } from "../../core/random.ts";
import { numbers } from "../../data/table.ts";
import { matrix } from "../../linalg/matrix.ts";
import { leastSquares } from "../../stats/least-squares.ts";
import { drawLaw } from "./drawn.ts";
import { bodePlanets, keplerPlanets } from "./measured.ts";

test("Kepler's third law holds to 1 % for his six planets, with the year as its constant", () => {
  const [a, p] = [numbers(keplerPlanets, "a").values, numbers(keplerPlanets, "P").values];
  for (let i = 0; i < 6; i++) expect(Math.abs(p[i]! / (365.25 * a[i]! ** 1.5) - 1)).toBeLessThan(0.02);
});

test("the rule of Titius and Bode holds to 5 % for the eight distances", () => {
  const [n, a] = [numbers(bodePlanets, "n").values, numbers(bodePlanets, "a").values];
  for (let i = 0; i < 8; i++) expect(Math.abs(a[i]! / (0.4 + 0.3 * 2 ** n[i]!) - 1)).toBeLessThan(0.06);
});

test("drawn laws: Newton's exponents and the gas constant come back from the noise-free tables; noise is 10 %", () => {
  const newton = drawLaw("newton", { random: random(1), noise: 0, rows: 60 });
  const log = (name: string) => numbers(newton, name).values.map(Math.log);
  const [m1, m2, r, f] = [log("m1"), log("m2"), log("r"), log("F")];
  const design = matrix(60, 4, Array.from(m1, (value, i) => [1, value, m2[i]!, r[i]!]).flat());
  const fit = leastSquares(design, f);
  [Math.log(6.6743e-11), 1, 1, -2].forEach((value, j) => {
    expect(fit.coefficients[j]).toBeCloseTo(value, 8);
  });
  const gas = drawLaw("idealGas", { random: random(1), rows: 3000 });
  const [n, T, V, P] = ["n", "T", "V", "P"].map((name) => numbers(gas, name).values) as Float64Array[];
  const ratio = P!.map((value, i) => (value * V![i]!) / (n![i]! * T![i]!) / 8.314 - 1);
  const rms = Math.sqrt(ratio.reduce((sum, value) => sum + value * value, 0) / ratio.length);
  expect(Math.abs(rms - 0.1)).toBeLessThan(0.01);
  // Wien: at fixed T, ν³/(e^x − 1) is largest at x = hν/kT = 2.82144.
  const planck = drawLaw("planck", { random: random(2), noise: 0, rows: 20_000 });
  const [nu, t, b] = ["nu", "T", "B"].map((name) => numbers(planck, name).values) as Float64Array[];
  let best = 0;
  const scaled = b!.map((value, i) => value / t![i]! ** 3);
  scaled.forEach((value, i) => {
    if (value > scaled[best]!) best = i;
  });
  expect((6.62607015e-34 * nu![best]!) / (1.380649e-23 * t![best]!)).toBeCloseTo(2.82, 1);
});
