import * as Plot from "@observablehq/plot";
import { numberColumn, numbers } from "../../data/table.ts";
import { evaluate } from "../../expressions/evaluate.ts";
import type { Expression } from "../../expressions/expression.ts";
import { standardOperators } from "../../expressions/standard-operators.ts";
import type { PlotFigure } from "../../lenses/figure.ts";
import { bodePlanets } from "../../physics/famous/measured.ts";
import { okabeIto } from "../../report/palette.ts";

/** The eight distances with formulas, Mercury's n = −1000 drawn at −2. */
export function bodeFigure(formulas: readonly { label: string; expression: Expression }[]): PlotFigure {
  const n = numbers(bodePlanets, "n").values;
  const a = numbers(bodePlanets, "a").values;
  const mercury = -2;
  const names = ["Mercury", "Venus", "Earth", "Mars", "Ceres", "Jupiter", "Saturn", "Uranus"];
  const points = Array.from(n, (value, i) => ({ x: Math.max(value, mercury), a: a[i]!, name: names[i]! }));
  const at = (expression: Expression, value: number) => evaluate(expression, [value], standardOperators);
  const floor = 0.1;
  const lines = formulas.flatMap(({ label, expression }) =>
    Array.from({ length: 71 }, (_, i) => (i - 5) / 10)
      .map((x) => ({ x, a: at(expression, x), label }))
      .filter((row) => row.a >= floor),
  );
  const ends = formulas
    .map(({ label, expression }) => ({ x: mercury, a: at(expression, -1000), label }))
    .filter((row) => row.a >= floor);
  return {
    kind: "plot",
    name: "bode-distances",
    title: "Eight distances and two formulas",
    caption: `Mean distances from the sun over the place in the sequence; Mercury's place is n = −1000, as good as −∞, and is drawn at the left. Lines, and crosses at −∞: formulas from the front${ends.length < formulas.length ? "; one that vanishes at −∞ has no cross there" : ""}. Eight points, logarithmic axis.`,
    data: {
      name: "bode-distances",
      rows: points.length,
      provenance: bodePlanets.provenance,
      columns: [
        numberColumn("n", "", n),
        numberColumn("a", "au", a),
        ...formulas.map(({ label, expression }) =>
          numberColumn(
            label,
            "au",
            n.map((value) => at(expression, value)),
          ),
        ),
      ],
    },
    plot: {
      height: 360,
      marginRight: 30,
      x: {
        label: "place in the sequence n",
        domain: [mercury - 0.4, 6.6],
        ticks: [mercury, 0, 1, 2, 3, 4, 5, 6],
        tickFormat: (value: number) => (value === mercury ? "−1000" : String(value)),
      },
      y: {
        label: "distance from the sun (au)",
        type: "log",
        domain: [0.3, 26],
        ticks: [0.3, 1, 3, 10],
        tickFormat: "~g",
      },
      color: {
        type: "categorical",
        domain: formulas.map(({ label }) => label),
        range: formulas.map((_, k) => okabeIto[k]!),
      },
      marks: [
        Plot.line(lines, { x: "x", y: "a", stroke: "label", strokeWidth: 1.8, clip: true }),
        Plot.dot(ends, {
          x: "x",
          y: "a",
          stroke: "label",
          symbol: "times",
          r: 5,
          strokeWidth: 2,
          clip: true,
        }),
        Plot.dot(points, { x: "x", y: "a", fill: "#1f2328", r: 4 }),
        Plot.text(points, { x: "x", y: "a", text: "name", dy: 14, fontSize: 10 }),
      ],
    },
  };
}
