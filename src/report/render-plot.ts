import * as Plot from "@observablehq/plot";
import { UserError } from "../core/errors.ts";
import type { PlotFigure } from "../lenses/figure.ts";
import { drawingDocument } from "./document.ts";
import { plotLegend } from "./plot-legend.ts";
import { type FirstLook, themed } from "./plot-theme.ts";
import { fontSize, px, standaloneSvg } from "./svg.ts";
import { textRoom } from "./text-width.ts";

type Drawn = ReturnType<typeof Plot.plot>;

/**
 * A figure as a whole SVG document in the house's style: Inter 12 px, axis titles with units along their axes, the
 * legend drawn into the picture above the plot, white ground. The same figure always gives the same bytes; ids start
 * with the figure's name, so that several figures can share a page. `color: {legend: false}` leaves the legend out.
 *
 * Log axes are ticked at 1, 2, 5 times powers of ten unless the options say otherwise.
 *
 * The figure is drawn twice: the first drawing shows how wide the tick labels are and of what kind the colours are.
 * @throws UserError that names the figure when Plot cannot draw it.
 */
export function renderPlot(figure: PlotFigure): string {
  const document = drawingDocument();
  const draw = (look?: FirstLook) => drawing(figure, themed(figure.plot, document, look));
  const drawn = draw(lookAt(draw()));
  const plot = svgOf(drawn);
  const width = Number(plot.getAttribute("width"));
  const plotHeight = Number(plot.getAttribute("height"));
  const marginLeft = Number(drawn.scale("x")?.range?.[Symbol.iterator]().next().value ?? 20);
  const legend =
    figure.plot.color?.legend === false
      ? undefined
      : plotLegend(drawn, { id: figure.name, width: width - marginLeft - 20, plot: figure.plot });
  const top = legend ? 8 + legend.height : 0;
  tidy(plot, figure.name);
  return standaloneSvg({
    width,
    height: Math.ceil(top + plotHeight),
    title: figure.title,
    description: figure.caption,
    content: [
      legend ? `<g transform="translate(${px(marginLeft)},8)">${legend.markup}</g>` : "",
      `<g transform="translate(0,${px(top)})" text-anchor="middle">${plot.innerHTML}</g>`,
    ].join(""),
  });
}

function drawing(figure: PlotFigure, options: Plot.PlotOptions): Drawn {
  try {
    return Plot.plot(options);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    const hint = /createImageData|getContext/.test(said)
      ? "; Plot.raster needs a canvas, which reports do without: use Plot.rect or Plot.contour"
      : "";
    throw new UserError(`figure '${figure.name}': Plot cannot draw it: ${said}${hint}`, { cause });
  }
}

function svgOf(drawn: Drawn): Element {
  return drawn.tagName.toLowerCase() === "svg" ? drawn : drawn.querySelector("svg")!;
}

function lookAt(drawn: Drawn): FirstLook {
  const widest = (axis: string, anchor: string) => {
    const labels = [...drawn.querySelectorAll(`[aria-label="${axis}-axis tick label"] text`)].filter(
      (label) => label.closest("[text-anchor]")?.getAttribute("text-anchor") === anchor,
    );
    return Math.max(0, ...labels.map((label) => textRoom(label.textContent ?? "", fontSize)));
  };
  return {
    x: drawn.scale("x"),
    y: drawn.scale("y"),
    color: drawn.scale("color"),
    leftLabels: Math.max(widest("y", "end"), widest("fy", "end")),
    rightLabels: Math.max(widest("y", "start"), widest("fy", "start")),
  };
}

const measures = new Set(
  "x,y,x1,y1,x2,y2,dx,dy,cx,cy,r,rx,ry,width,height,d,points,transform,offset,stroke-width".split(","),
);
const references = [
  "id",
  "href",
  "clip-path",
  "mask",
  "fill",
  "stroke",
  "marker-start",
  "marker-mid",
  "marker-end",
];

/**
 * Makes the drawing's bytes depend on its content alone: Plot counts its clip paths over the life of the process, so
 * they are numbered anew under the figure's name; coordinates keep two decimals; page styles go.
 */
function tidy(plot: Element, name: string): void {
  for (const style of plot.querySelectorAll("style")) style.remove();
  const ids = new Map<string, string>();
  for (const element of plot.querySelectorAll("[id]")) {
    ids.set(element.id, `${name}-${ids.size}`);
  }
  for (const element of plot.querySelectorAll("*")) {
    for (const attribute of element.attributes) {
      if (measures.has(attribute.name)) {
        attribute.value = attribute.value.replace(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (number) =>
          px(Number(number)),
        );
      } else if (references.includes(attribute.name)) {
        attribute.value = renamed(attribute.value, ids).replace("var(--plot-background)", "white");
      }
    }
  }
}

function renamed(value: string, ids: ReadonlyMap<string, string>): string {
  const url = /^url\(#(.+)\)$/.exec(value)?.[1];
  if (url !== undefined) return `url(#${ids.get(url) ?? url})`;
  if (value.startsWith("#") && ids.has(value.slice(1))) return `#${ids.get(value.slice(1))}`;
  return ids.get(value) ?? value;
}
