import type { Provenance } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import type { RelevanceAnalysis } from "../analysis.ts";
import { curvesFigure, type DrawnCurve, sides } from "./curves-figure.ts";

const colours = [sides.vacuum, sides.context, sides.other, sides.more, sides.truth] as const;

/** The pair curve under other values of γ and for other seeds of the network. */
export function sensitivityFigure(options: {
  id: string;
  title: string;
  analysis: RelevanceAnalysis;
  gamma: number;
  provenance: readonly Provenance[];
}): PlotFigure {
  const { id, analysis, gamma, provenance } = options;
  const curves: DrawnCurve[] = [
    {
      label: `γ = ${gamma}`,
      ...analysis.oneFrame.pair.relevance,
      as: "dots" as const,
      color: sides.relevance,
    },
    ...analysis.sensitivity
      .filter((one) => one.gamma !== gamma)
      .map((one) => ({ label: `γ = ${one.gamma}`, ...one.look.pair.relevance })),
    ...analysis.others.map(({ seed, look }) => ({ label: `seed ${seed}`, ...look.pair.relevance })),
  ].map((curve, k) => ("color" in curve ? curve : { ...curve, color: colours[(k - 1) % colours.length]! }));
  return curvesFigure({
    name: `${id}-sensitivity`,
    title: `The pair curve under other rules and seeds, ${options.title}`,
    caption:
      "Mean relevance of pairs at one distance in one frame, for several values of γ, and for networks of the same recipe from other seeds. What moves with γ is a matter of the method, not of the network.",
    x: { label: "distance r (Å)", column: "r", unit: "Å" },
    y: { label: "relevance of a pair (kcal/mol)", column: "energy", unit: "kcal/mol", clip: true },
    curves,
    provenance,
  });
}
