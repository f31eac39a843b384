import { expect, test } from "vitest";
import { random } from "../core/random.ts";
import { matrix } from "./matrix.ts";
import { applyQTransposed, qr, solveUpper } from "./qr.ts";

test("RᵀR is the Gram matrix and Qᵀ keeps lengths", () => {
  // Oracle: AᵀA = RᵀR, computed entry by entry.
  const draw = random(1);
  for (const [m, n] of [
    [1, 1],
    [5, 5],
    [9, 4],
    [40, 7],
  ] as const) {
    const a = matrix(
      m,
      n,
      Array.from({ length: m * n }, () => draw.normal()),
    );
    const factors = qr(a);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let gram = 0;
        let product = 0;
        for (let k = 0; k < m; k++) gram += a.data[k * n + i]! * a.data[k * n + j]!;
        for (let k = 0; k < n; k++) product += factors.r.data[k * n + i]! * factors.r.data[k * n + j]!;
        expect(product).toBeCloseTo(gram, 11);
      }
    }
    const b = Array.from({ length: m }, () => draw.normal());
    const norm = (x: ArrayLike<number>) => Math.hypot(...Array.from(x));
    expect(norm(applyQTransposed(factors, b))).toBeCloseTo(norm(b), 11);
  }
});

test("a square system is solved", () => {
  const a = matrix(3, 3, [2, 1, 0, -1, 3, 4, 0, 5, -2]);
  const x = [1.5, -2, 0.25];
  const b = [0, 1, 2].map((i) => x.reduce((sum, value, j) => sum + a.data[i * 3 + j]! * value, 0));
  const factors = qr(a);
  solveUpper(factors.r, applyQTransposed(factors, b)).forEach((value, i) => {
    expect(value).toBeCloseTo(x[i]!, 12);
  });
});

test("bad input is refused by name", () => {
  expect(() => qr(matrix(2, 3))).toThrow("2 rows for 3 columns");
  expect(() => qr(matrix(2, 2, [1, 2, Number.NaN, 4]))).toThrow("row 1, column 0 is NaN");
  expect(() => solveUpper(matrix(2, 2, [1, 2, 0, 0]), [1, 1])).toThrow("singular");
  expect(() => applyQTransposed(qr(matrix(2, 1, [1, 1])), [1])).toThrow("1 values for 2 rows");
});
