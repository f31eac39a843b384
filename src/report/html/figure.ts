import type { Figure } from "../../lenses/figure.ts";
import { escapeMarkup } from "../escape.ts";
import { firstView, sceneModel } from "../scene/model.ts";

/**
 * A figure with its caption and the links to its files. A scene also carries its data for the page's script, which
 * makes it turnable; without scripts it stays the fixed view.
 * @param svg the picture as `renderFigure` gives it
 * @param number its number in the report
 */
export function figureHtml(figure: Figure, svg: string, number: number): string {
  const name = encodeURIComponent(figure.name);
  const files = [
    `<a href="figures/${name}.svg">SVG</a>`,
    `<a href="figures/${name}.png">PNG</a>`,
    `<a href="data/${name}.csv">data (CSV)</a>`,
  ].join(" · ");
  const scene = figure.kind === "scene";
  const width = /^<svg[^>]* width="([\d.]+)"/.exec(svg)?.[1] ?? "640";
  const picture = svg.trim().replace("<svg ", `<svg id="scene-${name}" style="max-width:${width}px" `);
  return [
    `<figure id="figure-${name}"${scene ? ` class="scene"` : ""}>`,
    `<div class="picture">${scene ? picture : picture.replace(`id="scene-${name}" `, "")}`,
    scene ? sceneData(figure, name) : "",
    `</div><figcaption><strong>Figure ${number}. ${escapeMarkup(figure.title)}.</strong>`,
    `${escapeMarkup(figure.caption)} <span class="files">${files}</span></figcaption></figure>`,
  ].join("\n");
}

function sceneData(figure: Extract<Figure, { kind: "scene" }>, name: string): string {
  const json = JSON.stringify({ scene: sceneModel(figure), view: firstView }).replace(/</g, "\\u003c");
  return [
    `<p class="hint">Drag to turn, or focus and use the arrow keys; Home returns to the first view.</p>`,
    `<script type="application/json" data-scene="${name}">${json}</script>`,
  ].join("\n");
}
