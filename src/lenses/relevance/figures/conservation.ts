import * as Plot from "@observablehq/plot";
import { numberColumn, type Provenance } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import type { NetworkLook } from "../network-look.ts";
import { sides } from "./curves-figure.ts";

/** How far the sum of all relevances is from the energy, frame by frame. */
export function conservationFigure(options: {
  id: string;
  title: string;
  look: NetworkLook;
  mode: string;
  provenance: readonly Provenance[];
}): PlotFigure {
  const { id, look, mode, provenance } = options;
  const rows = look.terms.map(({ certificate: { energy, constant, total, defect } }, k) => ({
    frame: look.numbers[k]!,
    energy,
    constant,
    total,
    defect,
    shown: Math.max(1e-17, Math.abs(defect) / Math.max(1e-12, Math.abs(energy))),
  }));
  const high = Math.max(1e-8, ...rows.map(({ shown }) => shown)) * 3;
  return {
    kind: "plot",
    name: `${id}-conservation`,
    title: `Certificate of conservation, ${options.title}`,
    caption: `|energy − constant of the readout − sum of all relevances| over |energy|, one dot a frame, rules '${mode}'. Rounding is near 10⁻¹⁵; dots far above it mean that the rules lose or make up energy.`,
    data: {
      name: `${id}-conservation`,
      rows: rows.length,
      columns: (["frame", "energy", "constant", "total", "defect"] as const).map((name) =>
        numberColumn(
          name,
          name === "frame" ? "" : "kcal/mol",
          rows.map((row) => row[name]),
        ),
      ),
      provenance,
    },
    plot: {
      height: 240,
      x: { label: "frame", ticks: rows.slice(0, 20).map(({ frame }) => frame), tickFormat: "d" },
      y: { type: "log", label: "relative defect", domain: [1e-17, high], grid: true },
      marks: [
        Plot.ruleY([1e-9], { stroke: "#59636e", strokeDasharray: "4,3" }),
        Plot.dot(rows, { x: "frame", y: "shown", fill: sides.relevance, r: 4 }),
      ],
    },
  };
}
