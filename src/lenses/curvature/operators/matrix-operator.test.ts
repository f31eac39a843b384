import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sharedPath } from "../../../../test/shared.ts";
import { readNpy } from "../../../data/npy.ts";
import { eigenSymmetric } from "../../../linalg/eigen-symmetric.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { gram, product } from "../../../linalg/products.ts";
import { addDiagonal } from "../../../linalg/symmetric.ts";
import { chooseSolver } from "./choose-solver.ts";
import { operatorFromMatrix } from "./matrix-operator.ts";
import { largestGap, normalRows } from "./small-objectives.fixture.ts";
import { curvatureSpectrum } from "./spectrum.ts";

async function definite(n: number): Promise<Matrix> {
  return addDiagonal(await gram(normalRows(n, n + 3), "rows"), 0.5);
}

/** Eigenvalues from about −3 to 9. */
async function indefinite(n: number): Promise<Matrix> {
  return addDiagonal(await gram(normalRows(n, n), "rows"), -3);
}

async function residual(a: Matrix, damping: number, x: Matrix, right: Matrix): Promise<number> {
  return largestGap(await product(x, addDiagonal(a, damping)), right);
}

describe("operatorFromMatrix", () => {
  it("solves by Cholesky where it can and by LDLᵀ, with a warning of the inertia, where it cannot", async () => {
    const right = normalRows(3, 30, 2);
    const good = operatorFromMatrix(await definite(30));
    const solver = await good.solver({ damping: 0.1 });
    expect([solver.method, solver.warnings]).toEqual(["cholesky", []]);
    expect(await residual(await definite(30), 0.1, await solver.solve(right), right)).toBeLessThan(1e-9);
    const a = await indefinite(30);
    const negative = eigenSymmetric(a).values.filter((v) => v + 0.2 < 0).length;
    const other = await operatorFromMatrix(a).solver({ damping: 0.2 });
    expect(other.method).toBe("ldl");
    expect(other.warnings[0]).toContain(`${negative} eigenvalues are negative`);
    expect(await residual(a, 0.2, await other.solve(right), right)).toBeLessThan(1e-9);
    await expect(operatorFromMatrix(a, { indefinite: "refuse" }).solver({ damping: 0 })).rejects.toThrow(
      "raise the damping",
    );
  });

  it("offers the pseudo-inverse: the Moore–Penrose conditions on a singular matrix", async () => {
    const a = await gram(normalRows(5, 12), "columns");
    for (let k = 0; k < 12 * 12; k++) a.data[k]! *= -1;
    const operator = operatorFromMatrix(a, { indefinite: "pseudo-inverse", tolerance: 1e-9 });
    const solver = await operator.solver({ damping: 0 });
    expect(solver.method).toBe("pseudo-inverse");
    expect(solver.warnings[0]).toContain("5 of 12 eigenvectors");
    const inverse = await solver.solve(addDiagonal(matrix(12, 12), 1));
    expect(largestGap(await product(await product(a, inverse), a), a)).toBeLessThan(1e-9);
    expect(largestGap(await product(await product(inverse, a), inverse), inverse)).toBeLessThan(1e-9);
  });

  it("averages rounding out and refuses what is no curvature, naming the element", async () => {
    const a = await definite(4);
    a.data[1]! += 1e-8;
    const dense = await operatorFromMatrix(a).dense();
    expect(dense.data[1]).toBe(dense.data[4]);
    a.data[1]! += 0.1;
    expect(() => operatorFromMatrix(a, { name: "mine" })).toThrow(
      /mine: not symmetric, elements \(1, 0\) and \(0, 1\)/,
    );
    a.data[6] = Number.POSITIVE_INFINITY;
    expect(() => operatorFromMatrix(a)).toThrow("element (1, 2) is Infinity");
    expect(() => operatorFromMatrix(matrix(2, 3))).toThrow("a 2×3 matrix");
    expect(() => operatorFromMatrix(matrix(0, 0))).toThrow("a 0×0 matrix");
    const good = operatorFromMatrix(await definite(4));
    for (const damping of [-1, Number.NaN]) await expect(good.solver({ damping })).rejects.toThrow("damping");
    await expect((await good.solver({ damping: 0 })).solve(matrix(1, 3))).rejects.toThrow("rows of 3 values");
    await expect(good.multiply(matrix(1, 3))).rejects.toThrow("rows of 3 values");
    await expect(operatorFromMatrix(matrix(3, 3)).solver({ damping: 0 })).rejects.toThrow("singular");
  });
});

describe("chooseSolver", () => {
  it("leaves a definite curvature alone", async () => {
    const chosen = await chooseSolver(operatorFromMatrix(await definite(20)), { policy: "damping" });
    expect([chosen.damping, chosen.solver.method]).toEqual([0, "cholesky"]);
    expect(chosen.statement).toContain("positive definite");
  });

  it("damps by 1.05 |λ_min| and the floor, takes another curvature, or inverts a part", async () => {
    const a = await indefinite(25);
    const values = eigenSymmetric(a).values;
    const least = values.at(-1)!;
    const operator = operatorFromMatrix(a, { name: "H" });
    const damped = await chooseSolver(operator, { policy: "damping", floor: 0.01 });
    expect(damped.damping).toBeCloseTo(1.05 * Math.abs(least) + 0.01, 9);
    expect(damped.solver.method).toBe("cholesky");
    expect(damped.statement).toMatch(/Damping .* because the smallest eigenvalue of the H is -/);
    const other = operatorFromMatrix(await definite(25), { name: "G" });
    const swapped = await chooseSolver(operator, {
      policy: "gauss-newton",
      instead: () => other,
      damping: 0.1,
    });
    expect([swapped.operator, swapped.damping]).toEqual([other, 0.1]);
    await expect(chooseSolver(operator, { policy: "gauss-newton" })).rejects.toThrow(
      "no curvature to take instead",
    );
    const inverted = await chooseSolver(operator, { policy: "pseudo-inverse", tolerance: 0.2 });
    const kept = values.filter((v) => Math.abs(v) > 0.2 * values[0]!).length;
    expect(inverted.solver.warnings[0]).toContain(`${kept} of 25 eigenvectors`);
  });
});

const path = sharedPath("data/hubbard/hessian-shipped.npy");

describe.skipIf(path === undefined)("the Hessian shipped with the toolbox of Dawid et al. (2022)", () => {
  const read = (): Matrix => {
    const { shape, data } = readNpy(readFileSync(path!), "hessian-shipped.npy");
    return matrix(shape[0]!, shape[1]!, Float64Array.from(data as Float32Array));
  };

  it("has the published eigenvalues at both ends (targets A6 and 2.3)", async () => {
    const damped = operatorFromMatrix(addDiagonal(read(), 0.2), { name: "shipped" });
    const spectrum = await curvatureSpectrum(damped, { ridge: 5e-5, bottom: 5, top: 6 });
    const smallest = [0.01797, 0.02008, 0.032, 0.06747, 0.07904];
    smallest.forEach((value, i) => {
      expect(Math.abs(spectrum.bottom.values[4 - i]! - value)).toBeLessThan(6e-6);
    });
    const largest = [68.603, 0.5504, 0.2243, 0.1869, 0.1839, 0.1789];
    largest.forEach((value, i) => {
      expect(Math.abs(spectrum.top.values[i]! - 0.2 - value)).toBeLessThan(i === 0 ? 6e-4 : 6e-5);
    });
    const plain = await curvatureSpectrum(operatorFromMatrix(read()), { ridge: 5e-5 });
    expect(plain.negative.value).toBe(99);
    expect(plain.values!.filter((v) => Math.abs(v - 5e-5) < 1e-6).length).toBeGreaterThanOrEqual(447);
    expect(plain.noiseFloor).toBeCloseTo(0.182, 3);
    expect(plain.outliers.count).toBe(1);
    expect((await damped.solver({ damping: 0 })).method).toBe("cholesky");
  });
});
