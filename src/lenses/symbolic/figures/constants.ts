import * as Plot from "@observablehq/plot";
import type { PlotFigure } from "../../figure.ts";
import type { SymbolicAnalysis } from "../analyse.ts";
import { lawText } from "../law-text.ts";
import type { SymbolicSubject } from "../subject.ts";
import { constantsTable } from "../tables.ts";
import { blue, cut, guide, ink, named, orange } from "./style.ts";

/** The formula's constants with both intervals, relative to their values; undefined without intervals. */
export function constantsFigure(
  subject: SymbolicSubject,
  analysis: SymbolicAnalysis,
): PlotFigure | undefined {
  const { constants, law, problem } = analysis;
  const list = constants.constants;
  const table = constantsTable(subject, analysis);
  if (table === undefined) return undefined;
  const name = named(subject.id, "constants");
  const methods = ["Fisher information", "resampled rows"] as const;
  const rows = list.flatMap(({ value, fisher, bootstrap }, k) => {
    const size = Math.abs(value) || 1;
    const of = (method: string, range: { low: number; high: number }, dy: number) => ({
      constant: `c${k + 1}`,
      place: list.length - k + dy,
      method,
      low: (range.low - value) / size,
      high: (range.high - value) / size,
    });
    return [
      of(methods[0], fisher, 0.13),
      ...(bootstrap === undefined ? [] : [of(methods[1], bootstrap, -0.13)]),
    ];
  });
  const labels = list.map(({ value, standardError, recognised }, k) => ({
    place: list.length - k,
    text: `${value.toPrecision(6)} ± ${standardError.toPrecision(2)}${recognised === undefined ? "" : `, not told from ${recognised}`}`,
  }));
  const named1 = lawText(analysis, law.expression);
  const widest = Math.max(...rows.flatMap((row) => [Math.abs(row.low), Math.abs(row.high)]), 1e-12) * 1.08;
  const level = (100 * constants.level).toFixed(0);
  return {
    kind: "plot",
    name,
    title: `Constants of ${cut(named1, 60)}`,
    caption:
      `${level} % intervals of the constants, counted from the left of the formula, as a share of their values; 0 is the estimate. ` +
      `Blue: Fisher information (${problem.weights === undefined ? "scatter of the residuals" : "stated errors"}, ${problem.target.length} rows); orange: ${constants.resamples === 0 ? "too few resamples could be fitted" : `refits on ${constants.resamples} resamples of the rows`}. ` +
      "Both take the form as given: that it was searched for makes the true uncertainty larger.",
    data: { ...table, name },
    plot: {
      width: 760,
      height: 80 + 40 * list.length,
      marginRight: 300,
      x: { label: "(bound − estimate)/|estimate|", domain: [-widest, widest], ticks: 5 },
      y: {
        label: null,
        domain: [0.5, list.length + 0.5],
        ticks: list.map((_, k) => list.length - k),
        tickFormat: (place: number) => `c${list.length - place + 1}`,
        grid: false,
      },
      color: { type: "categorical", domain: [...methods], range: [blue, orange] },
      marks: [
        Plot.ruleX([0], { stroke: guide }),
        Plot.ruleY(rows, { y: "place", x1: "low", x2: "high", stroke: "method", strokeWidth: 3 }),
        Plot.text(labels, {
          y: "place",
          text: "text",
          frameAnchor: "right",
          textAnchor: "start",
          dx: 12,
          fill: ink,
        }),
      ],
    },
  };
}
