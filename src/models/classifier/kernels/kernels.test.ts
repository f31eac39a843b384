import { describe, expect, test } from "vitest";
import { random } from "../../../core/random.ts";
import { kernelsOver } from "./module.ts";

const memory = new WebAssembly.Memory({ initial: 16 });
const kernels = kernelsOver(memory);
const numbers = new Float64Array(memory.buffer);
const rows = 4096;
const stride = 8 * rows;

/** Positive numbers of all sizes that matter. */
const sizes = (() => {
  const draw = random(1, "sizes");
  const out = [0, 1e-300, 1e-8, 0.1732, 0.1733, 0.3466, 19.9, 20, 25, 1e4, 1e300, Infinity];
  while (out.length < rows) out.push(10 ** (4 * draw.uniform() - 2.5));
  return out;
})();
const fourUnits = 4 * 2 ** -52;

describe("tanh and exp, against those of the runtime, which are wrong by less than one unit in the last place", () => {
  test("tanh is within four units, and odd to the last bit", () => {
    numbers.set(sizes, 0);
    kernels.tanh(0, stride);
    const positive = numbers.slice(0, rows);
    numbers.set(
      sizes.map((x) => -x),
      0,
    );
    kernels.tanh(0, stride);
    for (let i = 0; i < rows; i++) {
      const expected = Math.tanh(sizes[i]!);
      expect(Math.abs(positive[i]! - expected)).toBeLessThanOrEqual(fourUnits * expected);
      expect(numbers[i]! + positive[i]!).toBe(0);
    }
  });

  test.each(["softmax", "softmaxOfTwo"] as const)("%s of two logits: probabilities, Z and gap", (name) => {
    const [truth, delta, share, totals, gaps] = [2, 4, 6, 7, 8].map((column) => column * rows) as [
      number,
      number,
      number,
      number,
      number,
    ];
    const finite = sizes.map((x) => Math.min(x, 1e4));
    numbers.fill(0);
    numbers.set(
      finite.map((x) => 3 - x),
      rows,
    );
    numbers.fill(3, 0, rows);
    numbers.fill(1, truth + rows, truth + 2 * rows);
    numbers.fill(0.5, share, share + rows - 1);
    const places = [0, truth, delta, share, totals, gaps].map((at) => 8 * at);
    if (name === "softmax") kernels.softmax(...places, 2, stride, stride);
    else kernels.softmaxOfTwo(...places, stride, stride);
    for (let i = 0; i < rows; i++) {
      // The argument of exp is the difference of two rounded logits.
      const below = 3 - finite[i]! - 3;
      const e = Math.exp(Math.max(below, -700));
      const p = e / (1 + e);
      expect(Math.abs(numbers[rows + i]! - p)).toBeLessThanOrEqual(2 * fourUnits * p);
      expect(Math.abs(numbers[totals + i]! - (1 + e))).toBeLessThanOrEqual(fourUnits);
      expect(numbers[gaps + i]!).toBe(3 - (3 - finite[i]!));
      const part = i < rows - 1 ? 0.5 : 0;
      expect(numbers[delta + rows + i]!).toBe((numbers[rows + i]! - 1) * part);
      expect(numbers[delta + i]!).toBe(numbers[i]! * part);
    }
  });

  test("what is no number stays none", () => {
    numbers.fill(Number.NaN, 0, 8);
    kernels.tanh(0, 64);
    expect([...numbers.subarray(0, 8)]).toEqual(Array(8).fill(Number.NaN));
  });
});

test("sums and dots against plain loops", () => {
  const draw = random(2, "sums");
  const small = 16;
  const bytes = 8 * small;
  for (let i = 0; i < 200; i++) numbers[i] = draw.normal();
  // Columns at 0, 16 and 32; weights at 64, 66 and 68; the start at 80.
  const before = numbers.slice();
  kernels.sum(8 * 96, 8 * 80, 8 * 64, 16, 3, 0, bytes, bytes);
  for (let d = 0; d < small; d++) {
    const sum = [0, 1, 2].reduce(
      (total, k) => total + before[64 + 2 * k]! * before[small * k + d]!,
      before[80]!,
    );
    expect(numbers[96 + d]!).toBeCloseTo(sum, 14);
  }
  kernels.addSum(8 * 96, 0, 8 * 64, 16, 3, 0, bytes, bytes);
  for (let d = 0; d < small; d++) {
    const sum = [0, 1, 2].reduce((total, k) => total + before[64 + 2 * k]! * before[small * k + d]!, 0);
    expect(numbers[96 + d]!).toBeCloseTo(2 * sum + before[80]!, 14);
  }
  kernels.dots(8 * 120, 8 * 16, 0, 3, bytes, bytes);
  for (let k = 0; k < 3; k++) {
    let sum = before[120 + k]!;
    for (let d = 0; d < small; d++) sum += before[16 + d]! * before[small * k + d]!;
    expect(numbers[120 + k]!).toBeCloseTo(sum, 13);
  }
});
