import { expect, test } from "vitest";
import { isNotRun } from "../../claims/card.ts";
import { random } from "../../core/random.ts";
import { matrix } from "../../linalg/matrix.ts";
import { pearson } from "../../stats/correlation.ts";
import { type HeldOutLayer, matchesHeldOut } from "./match-held-out.ts";
import type { CandidateTerm } from "./subject.ts";

// 300 samples in a row: 60 below, 180 within, 60 above. Component 0 is noise, component 1 follows the term.
const count = 300;
const stream = random(1, "held out");
const wave = Float64Array.from({ length: count }, (_, i) => Math.sin(i / 3) + 0.01 * stream.normal());
const noise = (seed: number) => {
  const own = random(seed, "noise");
  return Float64Array.from({ length: count }, () => own.normal());
};
const range = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, i) => from + i);
const terms: CandidateTerm[] = [
  { name: "wave", unit: "MeV", values: wave, smooth: false },
  { name: "size", unit: "MeV", values: range(0, count), smooth: true },
];
const layer = (second: ArrayLike<number>, seed: number) =>
  matrix(2, count, Float64Array.from([...noise(seed), ...Array.from(second)]));
const networks = [1, 2, 3].map((seed) => ({
  contributions: layer(
    wave.map((value, i) => value + 0.05 * noise(10 + seed)[i]!),
    seed,
  ),
  componentOf: () => 1,
}));
const held = (second: ArrayLike<number>, change: Partial<HeldOutLayer> = {}): HeldOutLayer => ({
  contributions: layer(second, 7),
  samples: range(0, count),
  inside: range(60, 240),
  ends: [
    { name: "A below 60", samples: range(0, 60) },
    { name: "A above 239", samples: range(240, 300) },
  ],
  parameter: "A",
  heldOut: "A below 60 and above 239",
  ...change,
});
const ask = (without: HeldOutLayer) =>
  matchesHeldOut({ terms, claimed: ["wave"], networks, shownFor: () => 0, without })[0]!;

test("a component that follows the term beyond both ends agrees there, its sign aside", () => {
  const found = ask(held(wave.map((value) => -value)));
  expect(found.entry).toMatchObject([{ by: "agreement", parameter: "A" }]);
  const [entry] = found.entry as { inside: number; outside: number }[];
  expect(entry!.outside).toBeGreaterThan(0.98);
  expect(entry!.inside).toBeGreaterThan(0.98);
  expect(found.inside).toBeGreaterThan(0.99);
  expect(found.ends.map(({ samples }) => samples)).toEqual([60, 60]);
});

test("one that loses it in the upper end is reported with that end, its |ρ| there that of plain Pearson on residuals", () => {
  const lost = wave.map((value, i) => (i < 240 ? value : noise(42)[i]!));
  const found = ask(held(lost));
  const [entry] = found.entry as { measure: string; outside: number }[];
  expect(entry!.measure).toMatch(/at A above 239$/);
  expect(entry!.outside).toBeLessThan(0.4);
  expect(found.ends[0]!.rho).toBeGreaterThan(0.99);
  // Oracle: both sides freed of a straight line in the sample's number, written out.
  const residual = (values: Float64Array) => {
    const t = Array.from({ length: 60 }, (_, i) => i - 29.5);
    const own = Array.from(values.subarray(240));
    const mean = own.reduce((a, b) => a + b) / 60;
    const slope = t.reduce((sum, x, i) => sum + x * own[i]!, 0) / t.reduce((sum, x) => sum + x * x, 0);
    return own.map((value, i) => value - mean - slope * t[i]!);
  };
  expect(found.ends[1]!.rho).toBeCloseTo(Math.abs(pearson(residual(lost), residual(wave))), 9);
});

test("ends with too few samples are left out; with none left the card says so", () => {
  const short = { name: "A above 239", samples: range(240, 270) };
  const one = ask(held(wave, { ends: [{ name: "A below 60", samples: range(0, 60) }, short] }));
  expect(one.ends.map(({ name }) => name)).toEqual(["A below 60"]);
  const none = ask(held(wave, { ends: [short] }));
  expect(isNotRun(none.entry) && none.entry.notRun).toMatch(/^Fewer than 40 nuclei/);
});
