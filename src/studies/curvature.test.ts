import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { UserError } from "../core/errors.ts";
import { parseParams } from "../core/params.ts";
import { random } from "../core/random.ts";
import { quietTask } from "../core/task.ts";
import { writeNpy } from "../data/npy.ts";
import { plantedRegression } from "../lenses/curvature/conformance-case.ts";
import type { ArraySource } from "../lenses/curvature/subject.ts";
import { cholesky, choleskySolve } from "../linalg/cholesky.ts";
import type { Matrix } from "../linalg/matrix.ts";
import { rowOf } from "../linalg/rows.ts";
import { memoryStore } from "../runs/memory-store.ts";
import { curvatureStudy } from "./curvature.ts";

const folder = mkdtempSync(join(tmpdir(), "physlens-curvature-"));
afterAll(() => rmSync(folder, { recursive: true }));

const planted = plantedRegression(random(3), "beyond");
const source = planted.source as ArraySource;
const test = planted.tests[0]!;

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const npy = (name: string, shape: number[], data: Float64Array) => file(name, writeNpy({ shape, data }));
const saved = (name: string, { rows, cols, data }: Matrix) => npy(name, [rows, cols], data);
const given = {
  gradients: saved("G.npy", source.gradients),
  hessian: saved("H.npy", source.hessian),
  testGradients: saved("Q.npy", test.gradients!),
};

function run(options: Record<string, unknown>) {
  return (async () =>
    curvatureStudy.run(parseParams(curvatureStudy.params, { nulls: 19, ...options }), {
      task: quietTask,
      random: random(0),
      seed: 0,
      checkpoints: memoryStore(),
      threads: 1,
      say: () => {},
    }))();
}

describe("the curvature study on arrays", () => {
  it("gives influences that equal (1/n) qᵀH⁻¹g computed here, and finds the planted outsiders", async () => {
    const result = await run({
      ...given,
      parameters: npy("theta.npy", [12], source.parameters!),
      ridge: source.ridge,
      outside: file("outside.csv", `outside\n${test.outside!.map(Number).join("\n")}\n`),
      name: "T",
    });
    const section = result.sections[0]!;
    expect(section.metrics["arrays.lees.test.ood_auc"]).toBeGreaterThan(0.9);
    expect(section.metrics["arrays.health.gradient_norm"]).toBeLessThan(1e-12);
    const solved = choleskySolve(cholesky(source.hessian), rowOf(test.gradients!, 0));
    const effects = Array.from({ length: 60 }, (_, i) => {
      const g = rowOf(source.gradients, i);
      return g.reduce((sum, value, j) => sum + value * solved[j]!, 0) / 60;
    });
    const table = section.tables.find(({ name }) => name === "arrays-test-points")!;
    const largest = table.columns.find(({ name }) => name === "largest influence")!;
    expect(largest.values[0]).toBeCloseTo(Math.max(...effects), 12);
    expect(result.provenance.map(({ name }) => name)).toContain("H.npy");
    expect(JSON.stringify(result)).not.toContain(folder);
  });

  it("says so where the parameters are at no minimum, the Hessian is indefinite, or a sum over samples", async () => {
    const shifted = source.gradients.data.map((g) => g + 0.3);
    const bent = source.hessian.data.slice();
    bent[0] = -1;
    const messages = async (options: Record<string, unknown>) =>
      (await run(options)).sections[0]!.diagnostics.map(({ level, message }) => `${level}: ${message}`).join(
        "\n",
      );
    expect(await messages({ ...given, gradients: npy("shifted.npy", [60, 12], shifted) })).toMatch(
      /warning: .*mean of the training gradients is .* not at a minimum, unless a regulariser/,
    );
    expect(await messages({ ...given, hessian: npy("bent.npy", [12, 12], bent) })).toMatch(
      /warning: .*negative eigenvalues? down to .*\n[\s\S]*Damping .* because the curvature has the eigenvalue -/,
    );
    const residual = source.gradients.data.reduce((sum, g) => sum + g * g, 0) / 60;
    let trace = 0;
    for (let j = 0; j < 12; j++) trace += source.hessian.data[13 * j]!;
    const summed = source.hessian.data.map((h) => (h * 60 * residual) / trace);
    expect(await messages({ ...given, hessian: npy("summed.npy", [12, 12], summed) })).toMatch(
      /looks like the Hessian of a sum over samples/,
    );
  });

  const column = (count: number) => file(`column${count}.csv`, `x\n${Array(count).fill(1).join("\n")}\n`);
  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      "no gradients",
      { hessian: given.hessian },
      /option 'gradients' is missing; for example --gradients G\.npy/,
    ],
    ["a file that is not there", { ...given, hessian: "none.npy" }, /option 'hessian': no file 'none\.npy'/],
    ["a folder", { ...given, hessian: folder }, /option 'hessian': cannot read/],
    [
      "no NPY",
      { ...given, hessian: file("text.npy", "hello there, no array") },
      /text\.npy: not an NPY file/,
    ],
    [
      "one axis",
      { ...given, gradients: npy("flat.npy", [720], source.gradients.data) },
      /flat\.npy: an array of shape \(720\); expected two axes, samples × parameters/,
    ],
    [
      "a Hessian of another size",
      { ...given, hessian: npy("small.npy", [2, 2], new Float64Array(4)) },
      /small\.npy: shape \(2, 2\), but G\.npy has 12 parameters a row; expected \(12, 12\)/,
    ],
    [
      "test gradients of another size",
      { ...given, testGradients: npy("narrow.npy", [3, 2], new Float64Array(6)) },
      /narrow\.npy: shape \(3, 2\)/,
    ],
    ["too few control values", { ...given, control: column(3) }, /option 'control'\): 3 values; expected 60/],
    [
      "flags that are none",
      { ...given, outside: file("two.csv", `o\n${Array(40).fill(2).join("\n")}\n`) },
      /value 2 at 0; expected 0 or 1/,
    ],
    ["two columns", { ...given, control: file("wide.csv", "a,b\n1,2\n") }, /wide\.csv: 2 columns \(a, b\)/],
    [
      "too little memory",
      {
        ...given,
        memory: 0.001,
        hessian: npy("huge.npy", [400, 400], new Float64Array(160000)),
        gradients: npy("hugeG.npy", [5, 400], new Float64Array(2000)),
        testGradients: npy("hugeQ.npy", [2, 400], new Float64Array(800)),
      },
      /400 parameters .* GiB of option 'memory'/,
    ],
  ])("refuses %s by name", async (_, options, message) => {
    await expect(run(options)).rejects.toThrow(UserError);
    await expect(run(options)).rejects.toThrow(message);
  });
});
