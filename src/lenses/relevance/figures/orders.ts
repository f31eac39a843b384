import type { Provenance } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import type { GradientsLook } from "../gradients-look.ts";
import type { NetworkLook, OrderTotals } from "../network-look.ts";
import { type BarSeries, barsByOrder } from "./bars-by-order.ts";
import { sides } from "./curves-figure.ts";

const words = {
  relevance: "relevance",
  branching: "relevance by trees",
  vacuum: "exact expansion in vacuum",
  truth: "known law",
} as const;
const colors = { ...sides, branching: sides.context };

/** Energy per bead by order: relevance, exact expansion, known law. One-body terms are a gauge and stand in the table. */
export function ordersFigure(options: {
  id: string;
  title: string;
  look: NetworkLook;
  provenance: readonly Provenance[];
}): PlotFigure {
  const { id, look, provenance } = options;
  const series = (["relevance", "branching", "vacuum", "truth"] as const).flatMap((by): BarSeries[] => {
    const totals: OrderTotals | undefined = look.totals[by];
    if (!totals) return [];
    return [
      { label: words[by], value: totals.value.slice(1), error: totals.error.slice(1), color: colors[by] },
    ];
  });
  return barsByOrder({
    name: `${id}-orders`,
    title: `Energy by order in ${options.title}`,
    caption: `Mean over ${look.terms.length} frames, per bead. The one-body part is left out: training on forces leaves it free. Relevance and expansion divide the same energy of the same network; where they differ by factors, relevance is not a many-body term.`,
    series,
    quantity: {
      label: "energy per bead (kcal/mol)",
      column: "energy",
      unit: "kcal/mol",
      help: "per bead",
    },
    provenance,
  });
}

/** The potential part of the pressure by order; `undefined` for frames without a periodic cell. */
export function pressureFigure(options: {
  id: string;
  title: string;
  look: GradientsLook;
  provenance: readonly Provenance[];
}): PlotFigure | undefined {
  const { id, look, provenance } = options;
  const series = look.sources.flatMap(({ by, pressure }): BarSeries[] =>
    pressure ? [{ label: words[by], value: [...pressure.subarray(1)], color: colors[by] }] : [],
  );
  if (series.length === 0) return undefined;
  return barsByOrder({
    name: `${id}-pressure`,
    title: `Pressure by order in ${options.title}`,
    caption: `Frame ${look.number}: each order's response to a strain of all lengths, −(∂E_n/∂ε)/3V, without the kinetic part. Relevance and expansion sum to the pressure of the same network (one-body relevance, which moves with the surroundings, has its share and stands in the table).`,
    series,
    quantity: { label: "pressure (atm)", column: "pressure", unit: "atm" },
    provenance,
  });
}
