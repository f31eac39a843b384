import * as d3 from "d3";
import type { SceneFigure } from "../lenses/figure.ts";
import { rampLegend } from "./legend-ramp.ts";
import { swatchLegend } from "./legend-swatches.ts";
import { sceneMarkup } from "./scene/markup.ts";
import { firstView, linkColours, sceneModel, sceneValueScale } from "./scene/model.ts";
import { standaloneSvg } from "./svg.ts";

/**
 * A scene as a whole SVG document, seen from the first view: axes with ticks along the outline, points from far to
 * near in viridis, the legend above. The stage carries `data-stage`, so that the report's script can redraw it.
 */
export function renderScene(figure: SceneFigure): string {
  const model = sceneModel(figure);
  const colour = sceneValueScale(figure);
  const legend = rampLegend(
    { type: "linear", domain: d3.extent(figure.points, (point) => point.value), apply: colour } as never,
    { id: figure.name, label: figure.valueLabel, width: 260 },
  );
  const groups = [...linkColours(figure)].map(([label, color]) => ({ label, color }));
  const swatches = swatchLegend(groups, { label: "", width: model.width - 48 });
  const top = 8 + legend.height + (groups.length > 0 ? swatches.height : 0);
  return standaloneSvg({
    width: model.width,
    height: model.height + top,
    title: figure.title,
    description: figure.caption,
    content: [
      `<g transform="translate(24,8)">${legend.markup}</g>`,
      groups.length > 0 ? `<g transform="translate(24,${8 + legend.height})">${swatches.markup}</g>` : "",
      `<g transform="translate(0,${top})" data-stage="">${sceneMarkup(model, firstView)}</g>`,
    ].join(""),
  });
}
