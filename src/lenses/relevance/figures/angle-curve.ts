import type { Provenance } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import type { NetworkLook } from "../network-look.ts";
import { curvesFigure, type DrawnCurve, sides } from "./curves-figure.ts";

/** R₃(θ) with the exact V₃(θ) of the same network in vacuum and the known three-body law, over the same corners. */
export function angleCurve(options: {
  id: string;
  title: string;
  look: NetworkLook;
  lawName?: string;
  shell: number;
  provenance: readonly Provenance[];
}): PlotFigure | undefined {
  const { id, look, lawName, shell, provenance } = options;
  if (!look.angle) return undefined;
  const { relevance, branching, vacuum, truth } = look.angle;
  const curves: DrawnCurve[] = [
    { label: "relevance R₃", ...relevance, as: "dots", color: sides.relevance },
    ...(branching ? [{ label: "R₃ by trees", ...branching, as: "dots" as const, color: sides.context }] : []),
    { label: "exact V₃ in vacuum", ...vacuum, color: sides.vacuum },
    ...(truth ? [{ label: `law: ${lawName}`, ...truth, as: "dashed" as const, color: sides.truth }] : []),
  ];
  return curvesFigure({
    name: `${id}-angle`,
    title: `Triplets in ${options.title}`,
    caption: `Mean over all corners with both legs within ${shell.toFixed(2)} Å (${look.terms.length} frames; one standard error over frames): relevance of the triplet${branching ? " (by walks, and by trees of messages, which credit products formed inside a layer to all beads in them)" : ""}, the exact three-body term of the same network in vacuum${truth ? ", and that of the law that made the data" : ""}. A triplet with three short sides counts at each of its corners.`,
    x: { label: "angle θ at the bead (degrees)", column: "theta", unit: "degrees", domain: [30, 180] },
    y: { label: "energy of a triplet (kcal/mol)", column: "energy", unit: "kcal/mol" },
    curves,
    provenance,
  });
}
