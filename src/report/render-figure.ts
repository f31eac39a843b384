import type { Figure } from "../lenses/figure.ts";
import { renderPlot } from "./render-plot.ts";
import { renderScene } from "./render-scene.ts";

/** Any figure as a whole SVG document in the house's style; the same figure always gives the same bytes. */
export function renderFigure(figure: Figure): string {
  return figure.kind === "plot" ? renderPlot(figure) : renderScene(figure);
}
