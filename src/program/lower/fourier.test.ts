import { numpy as np } from "@jax-js/jax";
import { describe, expect, it } from "vitest";
import { runCompiled } from "../../../test/support/compiled.ts";
import { random } from "../../core/random.ts";
import { spec } from "../dtype.ts";
import type { Value } from "../ops/index.ts";
import { trace } from "../trace.ts";

const rng = random(5, "fourier");

/** Σ x_j e^{∓2πijk/n} as written, the inverse divided by n, for rows of length n. */
function direct(re: ArrayLike<number>, im: ArrayLike<number>, n: number, inverse: boolean) {
  const rows = re.length / n;
  const real = new Float64Array(re.length);
  const imaginary = new Float64Array(re.length);
  const sign = inverse ? 1 : -1;
  for (let r = 0; r < rows; r++)
    for (let k = 0; k < n; k++)
      for (let j = 0; j < n; j++) {
        const angle = (sign * 2 * Math.PI * ((j * k) % n)) / n;
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        const at = r * n + j;
        const scale = inverse ? 1 / n : 1;
        real[r * n + k]! += scale * (re[at]! * c - im[at]! * s);
        imaginary[r * n + k]! += scale * (re[at]! * s + im[at]! * c);
      }
  return [real, imaginary];
}

const transform = (inverse: boolean) => (re: Value, im: Value) => {
  const { real, imag } = (inverse ? np.fft.ifft : np.fft.fft)({ real: re.ref, imag: im.ref });
  return [real, imag];
};

describe("the discrete Fourier transform agrees with its direct sum", () => {
  for (const n of [1, 2, 3, 5, 6, 7, 8, 12, 17, 30, 64, 100]) {
    it(`of length ${n}, forward and inverse, in both precisions`, async () => {
      const [re, im] = [0, 1].map(() => Float64Array.from({ length: 3 * n }, () => rng.normal()));
      for (const inverse of [false, true]) {
        const want = direct(re!, im!, n, inverse);
        const scale = Math.max(...want.flatMap((part) => Array.from(part, Math.abs)));
        const shapes = [
          [3, n],
          [3, n],
        ];
        const double = await runCompiled(transform(inverse), [re!, im!], shapes);
        const narrow = [re!, im!].map((part) => Float32Array.from(part));
        const single = await runCompiled(transform(inverse), narrow, shapes);
        want.forEach((part, i) => {
          part.forEach((w, k) => {
            expect(Math.abs(double[i]![k]! - w)).toBeLessThan(1e-14 * n * (1 + scale));
            expect(Math.abs(single[i]![k]! - w)).toBeLessThan(1e-6 * (1 + scale));
          });
        });
      }
    });
  }

  it("refuses long lengths that are no power of two, and says what to do", () => {
    expect(() => trace(transform(false), [spec([1, 3001]), spec([1, 3001])])).toThrow(
      /fft: length 3001 does not run; use a power of two, or at most 2048/,
    );
  });
});
