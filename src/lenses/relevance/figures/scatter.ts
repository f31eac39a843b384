import * as Plot from "@observablehq/plot";
import { numberColumn, type Provenance } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import type { NetworkLook } from "../network-look.ts";
import { sides } from "./curves-figure.ts";

/** Triplets drawn at most; the rest is in the correlations. */
const most = 1500;

/** Triplet by triplet: relevance over the network's exact term, and that term over the known law's. */
export function tripletScatter(options: {
  id: string;
  title: string;
  look: NetworkLook;
  provenance: readonly Provenance[];
}): PlotFigure | undefined {
  const { id, look, provenance } = options;
  const terms = look.terms[0]!;
  const truth = look.truth?.[0]?.triplets;
  const count = terms.triplets.relevance.length;
  if (count === 0) return undefined;
  const stride = Math.max(1, Math.ceil(count / most));
  const rows = Array.from({ length: Math.ceil(count / stride) }, (_, k) => {
    const t = k * stride;
    return {
      relevance: terms.triplets.relevance[t]!,
      vacuum: terms.triplets.vacuum[t]!,
      truth: truth?.[t] ?? Number.NaN,
    };
  });
  const known = truth?.some((value) => value !== 0);
  const panels = ["relevance over exact term", ...(known ? ["exact term over law"] : [])];
  const points = [
    ...rows.map((row) => ({ panel: panels[0]!, x: row.vacuum, y: row.relevance })),
    ...(known ? rows.map((row) => ({ panel: panels[1]!, x: row.truth, y: row.vacuum })) : []),
  ];
  const correlation = (name: string) => {
    const found = look.correlations[name];
    return found
      ? `${found.value.toFixed(2)} (${found.low.toFixed(2)} to ${found.high.toFixed(2)})`.replaceAll("-", "−")
      : "undefined";
  };
  return {
    kind: "plot",
    name: `${id}-triplets`,
    title: `Triplet by triplet, ${options.title}`,
    caption: `One frame, ${stride === 1 ? "all" : `every ${stride}th of`} ${count} triplets. Correlations over all frames with intervals over frames: relevance with the exact term ${correlation("R3_V3")}${known ? `; exact term with the law ${correlation("V3_truth")}; relevance with the law ${correlation("R3_truth")}` : ""}. Line: equal values.`,
    data: {
      name: `${id}-triplets`,
      rows: rows.length,
      columns: [
        numberColumn(
          "relevance",
          "kcal/mol",
          rows.map((row) => row.relevance),
        ),
        numberColumn(
          "exact",
          "kcal/mol",
          rows.map((row) => row.vacuum),
        ),
        numberColumn(
          "law",
          "kcal/mol",
          rows.map((row) => row.truth),
        ),
      ],
      provenance,
    },
    plot: {
      height: 340,
      fx: { domain: panels, label: null, padding: 0.12 },
      x: { label: "three-body term (kcal/mol)", ticks: 5 },
      y: { label: "three-body term (kcal/mol)", grid: true },
      marks: [
        Plot.line(diagonal(points, panels), {
          fx: "panel",
          x: "x",
          y: "y",
          z: "panel",
          stroke: "#59636e",
          strokeDasharray: "4,3",
        }),
        Plot.dot(points, {
          fx: "panel",
          x: "x",
          y: "y",
          r: 1.7,
          fill: sides.relevance,
          fillOpacity: 0.45,
          clip: true,
        }),
      ],
    },
  };
}

function diagonal(points: readonly { panel: string; x: number; y: number }[], panels: readonly string[]) {
  return panels.flatMap((panel) => {
    const own = points.filter((point) => point.panel === panel);
    const low = Math.max(Math.min(...own.map(({ x }) => x)), Math.min(...own.map(({ y }) => y)));
    const high = Math.min(Math.max(...own.map(({ x }) => x)), Math.max(...own.map(({ y }) => y)));
    return low < high ? [low, high].map((value) => ({ panel, x: value, y: value })) : [];
  });
}
