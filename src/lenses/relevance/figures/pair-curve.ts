import type { Provenance } from "../../../data/table.ts";
import type { ForceField } from "../../../physics/fluids/force-field.ts";
import type { PlotFigure } from "../../figure.ts";
import type { FewBody } from "../expansion/curves.ts";
import type { NetworkLook } from "../network-look.ts";
import { curvesFigure, type DrawnCurve, sides } from "./curves-figure.ts";

/** R₂(r) with the exact V₂(r) of the same network, in vacuum and among the other beads, and the known pair law. */
export function pairCurve(options: {
  id: string;
  title: string;
  look: NetworkLook;
  /** Where the network has one species only. */
  exact?: FewBody;
  law?: { field: ForceField; name: string };
  cutoff: number;
  range: readonly [number, number];
  provenance: readonly Provenance[];
}): PlotFigure {
  const { id, look, exact, law, cutoff, range, provenance } = options;
  const fine = Array.from({ length: 160 }, (_, k) => range[0] + ((range[1] - range[0]) * (k + 0.5)) / 160);
  const { relevance, vacuum, context } = look.pair;
  const curves: DrawnCurve[] = [
    { label: "relevance R₂", ...relevance, as: "dots", color: sides.relevance },
    exact
      ? {
          label: "exact V₂ in vacuum",
          at: fine,
          value: fine.map((r) => exact.pair(r)),
          color: sides.vacuum,
        }
      : { label: "exact V₂ in vacuum", at: vacuum.at, value: vacuum.value, color: sides.vacuum },
    ...(context
      ? [{ label: "exact among others", ...context, as: "dots" as const, color: sides.context }]
      : []),
    ...(law
      ? [
          {
            label: `law: ${law.name}`,
            at: fine,
            value: fine.map((r) => law.field.pairTerm(r)),
            as: "dashed" as const,
            color: sides.truth,
          },
        ]
      : []),
  ];
  return curvesFigure({
    name: `${id}-pair`,
    title: `Pairs in ${options.title}`,
    caption: `Mean relevance of pairs at one distance (${look.terms.length} frames; bars: one standard error over frames), beside what the same network's energy gives exactly for a pair alone in vacuum${context ? ", the exact term of a pair among all other beads (it holds every larger term of these two beads)" : ""}${law ? ", and the law that made the data (dashed)" : ""}. Where the network was never shown lone pairs, its vacuum curve is an extrapolation.`,
    x: { label: "distance r (Å)", column: "r", unit: "Å", domain: [range[0], cutoff] },
    y: { label: "energy of a pair (kcal/mol)", column: "energy", unit: "kcal/mol", clip: true },
    curves,
    marks: [{ at: cutoff, label: "cutoff" }],
    provenance,
  });
}
