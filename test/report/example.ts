import * as Plot from "@observablehq/plot";
import { numberColumn, type Table, textColumn } from "../../src/data/table.ts";
import { emptyFindings } from "../../src/lenses/contract.ts";
import type { PlotFigure, SceneFigure } from "../../src/lenses/figure.ts";
import type { ReportConfig, Section, StudyResult } from "../../src/report/contract.ts";

/** For tests: a table of `rows` rows with every kind of column. */
export function exampleTable(name: string, rows: number): Table {
  const index = Array.from({ length: rows }, (_, i) => i);
  return {
    name,
    rows,
    columns: [
      textColumn(
        "nuclide",
        index.map((i) => `n${i}`),
      ),
      numberColumn(
        "B",
        "keV",
        index.map((i) => 10.5 * i),
        { uncertainty: Float64Array.from(index, () => 0.25) },
      ),
    ],
    provenance: [],
  };
}

/** For tests: dots coloured by a value from −3 to 12, clipped to the frame. */
export function exampleDots(name: string, plot: Plot.PlotOptions = {}): PlotFigure {
  const data = Array.from({ length: 16 }, (_, i) => ({ x: i, y: 1e5 * Math.sin(i), value: i - 3 }));
  return {
    kind: "plot",
    name,
    title: `Dots of ${name}`,
    caption: "Sixteen dots.",
    data: exampleTable(name, 16),
    plot: {
      x: { label: "step" },
      y: { label: "energy (keV)" },
      ...plot,
      color: { label: "value (MeV)", ...plot.color },
      marks: plot.marks ?? [Plot.dot(data, { x: "x", y: "y", fill: "value", clip: true })],
    },
  };
}

/** For tests: a helix of `count` points. */
export function exampleScene(name: string, count = 24): SceneFigure {
  return {
    kind: "scene",
    name,
    title: "A helix",
    caption: "Points on a helix.",
    data: exampleTable(name, count),
    axes: ["PC 1", "PC 2", "PC 3"],
    line: true,
    valueLabel: "N",
    points: Array.from({ length: count }, (_, i) => ({
      x: Math.cos(i / 3),
      y: Math.sin(i / 3),
      z: i / 10,
      label: `N${i}`,
      value: i,
    })),
  };
}

/** For tests: a result with one section that holds one of everything, laid over with `more`. */
export function exampleResult(more: Partial<Section> = {}): StudyResult {
  return {
    asked: "Is it <script>alert(1)</script> & safe?",
    summary: ["It is <b>safe</b>."],
    sections: [
      {
        ...emptyFindings(),
        title: "Dots & helix",
        asked: "What is there?",
        summary: ["Dots."],
        metrics: { "helix.N.turns": 2.01 },
        figures: [exampleDots("dots"), exampleScene("helix")],
        tables: [exampleTable("short", 3), exampleTable("long", 100)],
        formulas: [{ label: "energy", tex: "E = m c^2" }],
        diagnostics: [{ level: "warning", message: 'Beware of <img src=x onerror="alert(1)">.' }],
        ...more,
      },
    ],
    files: [{ name: "weights/layer-0.npy", bytes: new Uint8Array([1, 2, 3]) }],
    provenance: [
      {
        name: "AME",
        source: "https://example.org/table",
        citation: "A <i>paper</i>, doi:10.1000/x.1",
        license: "CC0",
      },
    ],
    citations: [
      { text: "Someone, arXiv:2405.17425", bibtex: "@article{a, title={</pre><script>x</script>}}" },
      { text: "Someone, arXiv:2405.17425", bibtex: "@article{a, title={</pre><script>x</script>}}" },
    ],
  };
}

/** For tests: how an imaginary run was made. */
export const exampleConfig: ReportConfig = {
  study: "nuclear",
  title: "A <title>",
  command: "physlens run nuclear --seed 7",
  seed: 7,
  preset: "quick",
  options: { width: 64, "<option>": "<value>" },
  params: { width: { type: "int", default: 64, unit: "units", help: "Width of a block." } },
  versions: { physlens: "0.1.0", node: "24.0.0" },
};
