import { expect, test } from "vitest";
import { random } from "../../core/random.ts";
import { eigenSymmetric } from "../../linalg/eigen-symmetric.ts";
import { matrix } from "../../linalg/matrix.ts";
import { lowestPairs } from "./block-lanczos.ts";
import { lowestPositivePair } from "./noda.ts";

/** A random matrix with negative off-diagonal elements, as rows and densely. */
function hoppingMatrix(size: number, seed: number) {
  const draw = random(seed);
  const dense = matrix(size, size);
  for (let i = 0; i < size; i++) {
    dense.data[i * size + i] = 20 * draw.uniform();
    for (let j = 0; j < i; j++) {
      const value = j === i - 1 || draw.uniform() < 0.1 ? -draw.uniform() : 0;
      dense.data[i * size + j] = value;
      dense.data[j * size + i] = value;
    }
  }
  const start = new Int32Array(size + 1);
  const column: number[] = [];
  const value: number[] = [];
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      if (j === i || dense.data[i * size + j] === 0) continue;
      column.push(j);
      value.push(dense.data[i * size + j]!);
    }
    start[i + 1] = column.length;
  }
  const diagonal = Float64Array.from({ length: size }, (_, i) => dense.data[i * size + i]!);
  const rows = { size, diagonal, start, column: Int32Array.from(column), value: Float64Array.from(value) };
  return { dense, rows };
}

test.each([2, 5, 30, 80])("Noda's iteration finds the lowest pair of the dense solver, size %i", (size) => {
  const { dense, rows } = hoppingMatrix(size, size);
  const { values, vectors } = eigenSymmetric(dense);
  const found = lowestPositivePair(rows, new Float64Array(size).fill(1));
  expect(found.value).toBeCloseTo(values[size - 1]!, 11);
  const vector = vectors.data.subarray((size - 1) * size);
  const sign = Math.sign(vector[0]!);
  found.vector.forEach((x, i) => {
    expect(x).toBeGreaterThan(0);
    expect(x).toBeCloseTo(sign * vector[i]!, 10);
  });
  expect(found.steps).toBeLessThan(20);
});

test("two wells joined by 1e-9 and tilted by 1e-8: the mixing angle of the closed form", () => {
  const [tilt, joint] = [1e-8, 1e-9];
  const found = lowestPositivePair(
    {
      size: 2,
      diagonal: Float64Array.of(0, tilt),
      start: Int32Array.of(0, 1, 2),
      column: Int32Array.of(1, 0),
      value: Float64Array.of(-joint, -joint),
    },
    Float64Array.of(1, 1),
  );
  const angle = Math.atan2(2 * joint, tilt) / 2;
  expect(found.vector[0]).toBeCloseTo(Math.cos(angle), 6);
  expect(found.vector[1]).toBeCloseTo(Math.sin(angle), 6);
});

test("block Lanczos finds a triple level and its neighbours", () => {
  const n = 120;
  const values = Float64Array.from({ length: n }, (_, i) => (i < 3 ? -5 + i * 1e-9 : i / 10));
  // A Householder reflection hides the diagonal.
  const v = Float64Array.from({ length: n }, (_, i) => Math.cos(i + 1));
  const norm = v.reduce((sum, x) => sum + x * x, 0);
  const reflect = (x: Float64Array) => {
    const overlap = (2 / norm) * x.reduce((sum, value, i) => sum + value * v[i]!, 0);
    return x.map((value, i) => value - overlap * v[i]!);
  };
  const draw = random(3);
  const found = lowestPairs({
    size: n,
    first: Array.from({ length: 3 }, () => Float64Array.from({ length: n }, () => draw.normal())),
    count: 3,
    apply: (x, y) => y.set(reflect(reflect(x).map((value, i) => value * values[i]!))),
  });
  for (let k = 0; k < 3; k++) {
    expect(found.values[k]).toBeCloseTo(-5 + k * 1e-9, 12);
    expect(found.residuals[k]).toBeLessThan(1e-10);
  }
  expect(found.dimension).toBeLessThan(n);
});

test("block Lanczos says when it has not converged", () => {
  const values = Float64Array.from({ length: 200 }, (_, i) => i * 1e-3);
  const first = [Float64Array.from({ length: 200 }, (_, i) => Math.sin(i + 1))];
  expect(() =>
    lowestPairs({ size: 200, first, most: 10, apply: (x, y) => y.set(x.map((a, i) => a * values[i]!)) }),
  ).toThrow(/after 10 dimensions of 200/);
});
