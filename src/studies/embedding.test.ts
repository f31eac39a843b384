import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { UserError } from "../core/errors.ts";
import { parseParams } from "../core/params.ts";
import { random } from "../core/random.ts";
import { quietTask } from "../core/task.ts";
import { writeNpy } from "../data/npy.ts";
import { plantedHelix } from "../lenses/embedding/planted-helix.ts";
import { memoryStore } from "../runs/memory-store.ts";
import { embeddingStudy } from "./embedding.ts";

const folder = mkdtempSync(join(tmpdir(), "physlens-embedding-"));
afterAll(() => rmSync(folder, { recursive: true }));

const helix = plantedHelix(80, 32, { turns: 2, noise: 0.05 }, random(1));
const tokens = Array.from({ length: 80 }, (_, i) => 40 + i);

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function npy(name: string, shape: number[], data: Float64Array | Float32Array): string {
  return file(name, writeNpy({ shape, data }));
}

const data = npy("embeddings.npy", [80, 32], helix.data);
const labels = file("labels.csv", `name,N\n${tokens.map((n) => `x,${n}`).join("\n")}\n`);

function run(options: Record<string, unknown>) {
  return (async () =>
    embeddingStudy.run(parseParams(embeddingStudy.params, { nulls: 99, ...options }), {
      task: quietTask,
      random: random(0),
      seed: 0,
      checkpoints: memoryStore(),
      threads: 1,
      say: () => {},
    }))();
}

describe("the embedding study", () => {
  it("finds a helix planted in files, in float32 and with rows in another order too", async () => {
    const result = await run({ data, labels, column: "N", name: "N", marked: "50, 82" });
    const { metrics } = result.sections[0]!;
    expect(metrics["helix.N.turns"]).toBeCloseTo(2, 1);
    expect(metrics["helix.N.p"]).toBe(0.01);
    expect(result.provenance.map(({ name }) => name)).toEqual(["embeddings.npy", "labels.csv"]);
    expect(JSON.stringify(result)).not.toContain(folder);

    const order = random(2).permutation(80);
    const mixed = Float32Array.from(
      helix.data,
      (_, k) => helix.data[order[Math.floor(k / 32)]! * 32 + (k % 32)]!,
    );
    const other = await run({
      data: npy("mixed.npy", [80, 32], mixed),
      labels: file("mixed.csv", `label\n${Array.from(order, (i) => tokens[i]).join("\n")}\n`),
      name: "N",
    });
    const again = other.sections[0]!.metrics;
    expect(again["helix.N.turns"]).toBe(metrics["helix.N.turns"]);
    expect(again["ordering.N"]).toBe(metrics["ordering.N"]);
    expect(again["parity.N"]).toBeCloseTo(metrics["parity.N"]!, 5);
    expect(again["helix.N.q"]).toBeCloseTo(metrics["helix.N.q"]!, 5);
  });

  it("numbers the rows where there are no labels, and says so", async () => {
    const result = await run({ data, window: "10-69" });
    const section = result.sections[0]!;
    expect(section.metrics["helix.tokens.turns"]).toBeCloseTo(1.5, 1);
    expect(section.diagnostics.map(({ message }) => message).join()).toMatch(/rows are numbered from 0/);
  });

  const broken = helix.data.slice();
  broken[5 * 32 + 2] = Number.NaN;
  const column = (values: unknown[]) => `N\n${values.join("\n")}\n`;
  it.each([
    ["no data", {}, /option 'data' is missing/, 2],
    ["no such file", { data: join(folder, "none.npy") }, /option 'data': no file '.*none.npy'/, 2],
    ["a folder", { data: folder }, /option 'data': cannot read/, 2],
    ["no NPY file", { data: labels }, /not an NPY file/, 1],
    [
      "a wrong rank",
      { data: npy("cube.npy", [8, 10, 32], helix.data) },
      /shape \(8, 10, 32\); expected two axes/,
      1,
    ],
    ["a NaN", { data: npy("nan.npy", [80, 32], broken) }, /row 5 \(token 5\), dimension 2 is NaN/, 1],
    ["no column chosen", { data, labels }, /several columns \(name, N\); say which/, 2],
    ["no such column", { data, labels, column: "Z" }, /no column 'Z'; there are: name, N/, 2],
    ["words as labels", { data, labels, column: "name" }, /line 2, column 'name': "x"; expected a number/, 1],
    [
      "too few labels",
      { data, labels: file("few.csv", column(tokens.slice(1))) },
      /few.csv: 79 labels, but the embeddings have 80 rows/,
      1,
    ],
    [
      "a label twice",
      { data, labels: file("twice.csv", column(tokens.with(3, 40))) },
      /twice.csv: label 40 stands on lines 2 and 5/,
      1,
    ],
    [
      "a broken label",
      { data, labels: file("half.csv", column(tokens.with(3, 40.5))) },
      /label 40.5 of row 3 is not a whole number/,
      1,
    ],
    ["a window outside", { data, window: "70-90" }, /10 trained tokens in the window 70–90/, 1],
    ["a window that is none", { data, window: "wide" }, /option 'window': expected a range/, 2],
    ["marks that are none", { data, marked: "2,a" }, /option 'marked': expected whole numbers/, 2],
    ["a bad name", { data, name: "a b" }, /table 'a b': a name is made of/, 1],
  ] as const)("refuses %s by name", async (_, options, message, exitCode) => {
    const error = await run(options).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toMatch(message);
    expect((error as UserError).exitCode).toBe(exitCode);
  });
});
