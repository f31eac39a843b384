import { describe, expect, it } from "vitest";
import { random } from "../core/random.ts";
import { Cancelled, createTask } from "../core/task.ts";
import { eigenSymmetric } from "./eigen-symmetric.ts";
import { lanczos } from "./lanczos.ts";
import { type Matrix, matrix } from "./matrix.ts";
import { product } from "./products.ts";
import { operatorOf, type SymmetricOperator } from "./symmetric-operator.ts";

/** A matrix of the given spectrum in a random orthonormal basis. */
async function withSpectrum(values: readonly number[], seed: number): Promise<Matrix> {
  const n = values.length;
  const draw = random(seed, "basis");
  const g = matrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const v = draw.normal();
      g.data[i * n + j] = v;
      g.data[j * n + i] = v;
    }
  }
  const { vectors } = eigenSymmetric(g);
  const scaled = matrix(
    n,
    n,
    vectors.data.map((v, k) => v * values[Math.floor(k / n)]!),
  );
  const a = await product(scaled, vectors, { transposeA: true });
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a.data[j * n + i] = a.data[i * n + j]!;
  return a;
}

const spread = (n: number) =>
  Array.from({ length: n }, (_, i) => 60 / (1 + i) ** 2 - (i > n - 4 ? 0.2 * (i - n + 5) : 0));

describe("lanczos", () => {
  it.each(["top", "bottom", "both", "magnitude"] as const)(
    "%s of a 300 × 300 matrix as the dense solver has them",
    async (which) => {
      const a = await withSpectrum(spread(300), 1);
      const dense = eigenSymmetric(a);
      const found = await lanczos(operatorOf(a), { count: 4, which, random: random(2) });
      const all = [...dense.values];
      const expected = {
        top: all.slice(0, 4),
        bottom: all.slice(-4),
        both: [...all.slice(0, 4), ...all.slice(-4)],
        magnitude: [...all]
          .sort((x, y) => Math.abs(y) - Math.abs(x))
          .slice(0, 4)
          .sort((x, y) => y - x),
      }[which];
      expect(found.values.length).toBe(expected.length);
      found.values.forEach((value, i) => {
        expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-9 * 60);
      });
      expect(Math.max(...found.residuals)).toBeLessThan(1e-10 * 60);
      const gramOf = await product(found.vectors, found.vectors, { transposeB: true });
      gramOf.data.forEach((value, k) => {
        const identity = Math.floor(k / gramOf.rows) === k % gramOf.rows ? 1 : 0;
        expect(Math.abs(value - identity)).toBeLessThan(1e-12);
      });
    },
  );

  it("finds a threefold eigenvalue three times, and the identity's", async () => {
    const a = await withSpectrum([5, 5, 5, 3, ...new Array<number>(60).fill(0.1)], 3);
    const found = await lanczos(operatorOf(a), { count: 4, which: "top", random: random(4) });
    [5, 5, 5, 3].forEach((value, i) => {
      expect(found.values[i]).toBeCloseTo(value, 10);
    });
    const same: SymmetricOperator = {
      size: 50,
      multiply: async (rows) => matrix(rows.rows, 50, rows.data.slice()),
    };
    const ones = await lanczos(same, { count: 6, which: "top", random: random(4), block: 2 });
    ones.values.forEach((value) => {
      expect(value).toBeCloseTo(1, 12);
    });
    const zero: SymmetricOperator = { size: 9, multiply: async (rows) => matrix(rows.rows, 9) };
    expect([...(await lanczos(zero, { count: 2, which: "both", random: random(4) })).values]).toEqual([
      0, 0, 0, 0,
    ]);
  });

  it("restarts in a small basis: the Laplacian of a chain, 2 − 2cos(kπ/(n+1))", async () => {
    const n = 2000;
    const laplacian: SymmetricOperator = {
      size: n,
      async multiply(rows) {
        const out = matrix(rows.rows, n);
        for (let r = 0; r < rows.rows; r++) {
          for (let i = 0; i < n; i++) {
            const at = r * n + i;
            const scale = i < 5 ? 1 + (5 - i) : 1;
            out.data[at] =
              2 * scale * rows.data[at]! -
              (i > 0 ? rows.data[at - 1]! : 0) -
              (i < n - 1 ? rows.data[at + 1]! : 0);
          }
        }
        return out;
      },
    };
    const found = await lanczos(laplacian, {
      count: 3,
      which: "top",
      random: random(5),
      maxBasis: 24,
      block: 2,
    });
    // Oracle: the states bound to the first sites decay, so the leading 60 × 60 block has the same eigenvalues.
    const small = matrix(60, 60);
    for (let i = 0; i < 60; i++) {
      small.data[i * 61] = 2 * (i < 5 ? 6 - i : 1);
      if (i > 0) small.data[i * 60 + i - 1] = -1;
      if (i > 0) small.data[(i - 1) * 60 + i] = -1;
    }
    const dense = eigenSymmetric(small).values;
    for (let i = 0; i < 3; i++) expect(found.values[i]).toBeCloseTo(dense[i]!, 9);
  });

  it("gives the same bytes for the same seed", async () => {
    const a = operatorOf(await withSpectrum(spread(120), 6));
    const run = () => lanczos(a, { count: 3, which: "both", random: random(7) });
    expect(await run()).toEqual(await run());
  });

  it("says what is wrong", async () => {
    const a = operatorOf(await withSpectrum(spread(300), 6));
    const ask = (options: object, op = a) =>
      lanczos(op, { count: 2, which: "bottom", random: random(1), ...options });
    for (const count of [0, 301, 1.5]) {
      await expect(ask({ count })).rejects.toThrow(`${count} eigenpairs of 300`);
    }
    await expect(ask({ maxBasis: 6 })).rejects.toThrow("maxBasis 6 is too small");
    await expect(ask({ count: 40, maxBasis: 60, maxProducts: 60, tolerance: 1e-13 })).rejects.toThrow(
      /residual .* after \d+ products/,
    );
    const broken: SymmetricOperator = {
      size: 300,
      multiply: async (rows) => matrix(rows.rows, 300, new Float64Array(rows.data.length).fill(Number.NaN)),
    };
    await expect(ask({}, broken)).rejects.toThrow("gave NaN");
    const stop = new AbortController();
    stop.abort();
    await expect(ask({ task: createTask({ signal: stop.signal }) })).rejects.toThrow(Cancelled);
  });
});
