import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { defaults } from "../../core/params.ts";
import { random } from "../../core/random.ts";
import { quietTask } from "../../core/task.ts";
import { matrix } from "../../linalg/matrix.ts";
import { embeddingCase } from "./conformance-case.ts";
import { embeddingLens } from "./lens.ts";
import { plantedHelix } from "./planted-helix.ts";
import type { EmbeddingSubject, TokenTable } from "./subject.ts";

const options = { ...defaults(embeddingLens.params), nulls: 99, gridPoints: 10, maxComponents: 4 };

function look(subject: EmbeddingSubject, more = {}) {
  return embeddingLens.look(subject, { ...options, ...more }, { task: quietTask, random: random(1) });
}

/** Nine junk rows of large numbers, then a helix of two turns over tokens 40 to 119 among trained ones. */
function table(name: string): TokenTable {
  const helix = plantedHelix(131, 16, { turns: (2 * 130) / 79, pitch: 8, noise: 0.03 }, random(2));
  const rows = matrix(140, 16);
  rows.data.fill(100, 0, 5).set(helix.data, 9 * 16);
  const tokens = Array.from({ length: 140 }, (_, i) => i);
  return { name, tokens, rows, trained: tokens.map((token) => token > 8), marked: [50, 82] };
}

describe("the embedding lens", () => {
  it("names its metrics as promised, and keeps untrained rows out of everything", async () => {
    const { metrics, diagnostics, summary } = await look({ tables: [table("N"), table("Z")] });
    expect(metrics["helix.N.turns"]).toBe(2);
    expect(metrics["helix.N.turns.pc2"]).toBe(2);
    expect(metrics["helix.N.turns.pc3"]).toBe(2);
    expect(metrics["helix.Z.turns"]).toBeCloseTo((2 * 54) / 79, 1);
    expect(metrics["helix.N.r2"]).toBeGreaterThan(0.99);
    expect(metrics["helix.N.q"]).toBeGreaterThan(0.9);
    expect(metrics["helix.N.p"]).toBe(0.01);
    expect(metrics["pca.N.tokens"]).toBe(131);
    expect(metrics["ordering.N"]).toBeGreaterThan(0.8);
    expect(metrics["ordering.N.evenodd"]).toBeGreaterThan(metrics["ordering.N"]!);
    expect(metrics["parity.N"]).toBeCloseTo(1, 1);
    expect(metrics["pca.N.ev1"]! + metrics["pca.N.ev2"]! + metrics["pca.N.ev3"]!).toBeGreaterThan(0.98);
    const said = diagnostics.map(({ message }) => message).join("\n");
    expect(said).toMatch(/Table N: 9 of 140 tokens never occur in training/);
    expect(said).toMatch(/helix\.N\.p = 0\.01 is the smallest value that 99 null models can give/);
    expect(summary[0]).toMatch(/^The embeddings of N 40–119 lie on a helix \(2\.00 turns/);
    const clean = {
      ...table("N"),
      rows: matrix(
        140,
        16,
        table("N").rows.data.map((v, k) => (k < 144 ? 0 : v)),
      ),
    };
    expect((await look({ tables: [clean] })).metrics["parity.N"]).toBe(metrics["parity.N"]);
  });

  it("takes a table's own window before its options'", async () => {
    const own = { ...table("N"), window: [20, 59] as const };
    const { metrics, summary } = await look({ tables: [own] });
    expect(metrics["helix.N.turns"]).toBeCloseTo((2 * 39) / 79, 1);
    expect(summary[0]).toContain("N 20–59");
    const { summary: all } = await look({ tables: [table("other")] });
    expect(all[0]).toContain("other 9–139");
  });

  it("says when tokens are missing from the window, and when R² alone is no evidence", async () => {
    const holes = table("N");
    const { diagnostics } = await look({
      tables: [{ ...holes, trained: holes.trained.map((was, i) => was && i !== 60) }],
    });
    expect(diagnostics.map(({ message }) => message).join("\n")).toMatch(
      /1 tokens within N 40–119 are missing/,
    );
    const walk = await look(embeddingCase.control(random(3)), { windowN: "0-59" });
    expect(walk.diagnostics).toContainEqual({
      level: "warning",
      message: expect.stringMatching(/no evidence by itself/),
    });
  });

  it("gives figures that draw, each with its data", async () => {
    const subject = embeddingCase.planted(random(4));
    const { figures, tables, formulas } = await look(subject, { windowN: "0-59" });
    expect(figures.map(({ name }) => name)).toEqual([
      "embedding-N-plane",
      "embedding-N-space",
      "helix-N",
      "helix-N-null",
      "topography-N-pc12",
      "topography-N-pc23",
      "truncation",
    ]);
    const { document } = parseHTML("<html><body></body></html>");
    for (const figure of figures) {
      expect(figure.caption.length).toBeGreaterThan(40);
      for (const column of figure.data.columns) expect(column.values.length).toBe(figure.data.rows);
      if (figure.kind === "scene") {
        expect(figure.points).toHaveLength(60);
        expect(figure.axes[0]).toMatch(/^PC1 score \(\d+ % of variance\)$/);
        continue;
      }
      const drawn = Plot.plot({ ...figure.plot, document }).outerHTML;
      expect(drawn).toContain("<svg");
      expect(drawn).not.toContain("NaN");
    }
    expect(tables.map(({ name }) => name)).toEqual(["embedding-structure"]);
    expect(formulas).toHaveLength(4);
  });
});
