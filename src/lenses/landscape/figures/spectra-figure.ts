import * as Plot from "@observablehq/plot";
import { demand } from "../../../core/errors.ts";
import { numberColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import { encoding } from "./encoding.ts";
import type { SpectraInput } from "./inputs.ts";
import { faint } from "./style.ts";

/**
 * The spectra of the Hessian at all minima, softest mode first, a line for each minimum, coloured by group: how wide
 * the minima are and in how many directions.
 * @throws UserError for an eigenvalue that is not above zero (leave the zero modes out).
 */
export function spectraFigure(input: SpectraInput): PlotFigure {
  const { name, spectra, reference } = input;
  const code = encoding({ ...input, single: true }, spectra.length);
  const rows = spectra.flatMap((spectrum, id) =>
    Float64Array.from(spectrum)
      .sort()
      .reduce<{ id: number; mode: number; value: number; code: string | number }[]>((list, value, k) => {
        demand(
          value > 0,
          () =>
            `spectraFigure '${name}': minimum ${id + 1} has the eigenvalue ${value}; expected above 0, without zero modes`,
        );
        list.push({ id, mode: k + 1, value, code: code.of([id]) });
        return list;
      }, []),
  );
  return {
    kind: "plot",
    name,
    title: input.title,
    caption: input.caption,
    data: {
      name,
      rows: rows.length,
      columns: [
        numberColumn(
          "minimum",
          "",
          rows.map(({ id }) => id + 1),
        ),
        numberColumn(
          "mode",
          "",
          rows.map(({ mode }) => mode),
        ),
        numberColumn(
          "eigenvalue",
          "",
          rows.map(({ value }) => value),
        ),
      ],
      provenance: input.provenance ?? [],
    },
    plot: {
      ...{ width: 640, height: 360, inset: 4, grid: true },
      x: { label: "mode, softest first" },
      y: { type: "log", label: "eigenvalue of the Hessian" },
      color: code.color,
      marks: [
        Plot.line(rows, {
          ...{ x: "mode", y: "value", z: "id", stroke: "code" },
          ...{
            strokeWidth: spectra.length > 60 ? 0.8 : 1.3,
            strokeOpacity: spectra.length > 20 ? 0.5 : 0.85,
          },
        }),
        ...(reference
          ? [
              Plot.ruleY([reference.value], { stroke: faint, strokeDasharray: "4,3" }),
              Plot.text([reference], {
                ...{ y: "value", text: "label", frameAnchor: "right" as const, textAnchor: "end", dy: -7 },
                ...{ fill: faint, stroke: "white", strokeWidth: 3 },
              }),
            ]
          : []),
      ],
    },
  };
}
