import * as Plot from "@observablehq/plot";
import { numberColumn, numbers } from "../../data/table.ts";
import { evaluate } from "../../expressions/evaluate.ts";
import { print } from "../../expressions/print.ts";
import { standardOperators } from "../../expressions/standard-operators.ts";
import type { PlotFigure } from "../../lenses/figure.ts";
import { okabeIto, sequential } from "../../report/palette.ts";
import { type CellResult, tableFor } from "./cell-job.ts";

/** Noisy orbits in the plane of q and p, with the level sets of the invariant that was found. */
export function portraitFigure(cell: CellResult): PlotFigure {
  const table = tableFor("d", cell.noise, cell.seed);
  const [q, p, orbit, energy] = ["q", "p", "trajectory", "H"].map((name) => numbers(table, name).values) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const text = print(cell.expression, { names: ["q", "p"], digits: 3 });
  const phi = (x: number, y: number) => evaluate(cell.expression, [x, y], standardOperators);
  const radii = [0.25, 0.5, 0.75, 1, 1.25];
  const levels = radii.map((r) => phi(r, 0)).sort((a, b) => a - b);
  const ring = (r: number) =>
    Array.from({ length: 121 }, (_, i) => ({
      r,
      x: r * Math.cos((i * Math.PI) / 60),
      y: r * Math.sin((i * Math.PI) / 60),
    }));
  const rows = Array.from(q, (value, i) => ({ q: value, p: p[i]!, energy: energy[i]! }));
  return {
    kind: "plot",
    name: "oscillator-portrait",
    title: "Orbits and the invariant that was found",
    caption: `Dots: measured q and p of ${new Set(orbit).size} orbits (noise 0.1${cell.noise > 0 ? `, level ${cell.noise} added` : ""}), coloured by their true energy, which the search does not see. Lines: level sets of ${text}, the formula chosen, through q = ${radii.join(", ")} at p = 0. Dashed circles: true orbits of the same radii. The two agree where the formula is a function of q² + p².`,
    data: {
      name: "oscillator-portrait",
      rows: rows.length,
      provenance: table.provenance,
      columns: [
        numberColumn("orbit", "", orbit),
        numberColumn("q", "", q),
        numberColumn("p", "", p),
        numberColumn("energy", "", energy, { help: "of the true orbit" }),
        numberColumn(
          "phi",
          "",
          q.map((value, i) => phi(value, p[i]!)),
          { help: text },
        ),
      ],
    },
    plot: {
      width: 560,
      height: 520,
      aspectRatio: 1,
      x: { label: "q", domain: [-1.45, 1.45] },
      y: { label: "p", domain: [-1.45, 1.45] },
      color: {
        type: "linear",
        domain: [0, 1],
        interpolate: sequential,
        label: "energy q² + p² of the true orbit",
      },
      marks: [
        Plot.dot(rows, { x: "q", y: "p", fill: "energy", r: 2 }),
        Plot.contour({
          x1: -1.7,
          y1: -1.7,
          x2: 1.7,
          y2: 1.7,
          clip: true,
          value: phi,
          thresholds: levels,
          stroke: okabeIto[5]!,
          strokeWidth: 1.8,
          pixelSize: 2,
        }),
        Plot.line(radii.flatMap(ring), {
          x: "x",
          y: "y",
          z: "r",
          stroke: "#1f2328",
          strokeDasharray: "2,5",
          strokeWidth: 1,
        }),
      ],
    },
  };
}
