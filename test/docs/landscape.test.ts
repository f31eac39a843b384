import { expect, test } from "vitest";
import { fitsOfSine, signal } from "../../docs/examples/landscape.ts";

test("the example of a loss of one's own: the best fit has the signal's frequency, others are cut off by barriers", async () => {
  const { network, frequencies, persistence } = await fitsOfSine(1);
  const best = frequencies.reduce((a, b) => (b.loss < a.loss ? b : a));
  expect(Math.abs(best.omega - 2)).toBeLessThan(0.05);
  expect(frequencies.length).toBeGreaterThan(3);
  // Oracle: at a given frequency the amplitudes solve a linear problem; the loss along it is a curve of one variable.
  const y = signal(1);
  const profile = (omega: number) => {
    const [c, s] = [Math.cos, Math.sin].map((f) => y.map((_, i) => f((omega * i) / 4)));
    const dot = (p: Float64Array, q: Float64Array) => p.reduce((sum, v, i) => sum + v * q[i]!, 0) / y.length;
    const [cc, cs, ss] = [dot(c!, c!) + 1e-3, dot(c!, s!), dot(s!, s!) + 1e-3];
    const [cy, sy] = [dot(c!, y), dot(s!, y)];
    const det = cc * ss - cs * cs;
    const [a, b] = [(ss * cy - cs * sy) / det, (cc * sy - cs * cy) / det];
    return dot(y, y) - a * cy - b * sy + 1e-3 * omega ** 2;
  };
  for (const { omega, loss } of frequencies) {
    expect(Math.abs(profile(omega) - loss)).toBeLessThan(1e-9);
    for (const h of [-1e-3, 1e-3]) expect(profile(omega + h)).toBeGreaterThan(loss);
  }
  for (const { value, minima } of network.saddles) {
    for (const end of minima) expect(value).toBeGreaterThan(network.minima[end]!.value);
  }
  expect(persistence.filter(({ death }) => Number.isFinite(death)).length).toBeGreaterThan(0);
});
