import type { Diagnostic } from "../../lenses/contract.ts";
import type { Section } from "../contract.ts";
import { escapeMarkup } from "../escape.ts";
import { toMathml } from "../math.ts";
import { formatNumber } from "../number-format.ts";
import { figureHtml } from "./figure.ts";
import { tableHtml } from "./table.ts";

/** One section of the report: question, answer, what to know before believing it, formulas, figures, tables, numbers. */
export function sectionHtml(
  section: Section,
  options: { id: string; figures: ReadonlyMap<string, string>; firstFigure: number },
): string {
  const { id, figures, firstFigure } = options;
  return [
    `<section id="${id}" aria-labelledby="${id}-title">`,
    `<h2 id="${id}-title">${escapeMarkup(section.title)}</h2>`,
    `<p class="asked">${escapeMarkup(section.asked)}</p>`,
    ...section.summary.map((sentence) => `<p>${escapeMarkup(sentence)}</p>`),
    ...section.diagnostics.map(callout),
    ...section.formulas.map(
      ({ label, tex }) =>
        `<div class="formula"><p class="what">${escapeMarkup(label)}</p>${toMathml(tex)}</div>`,
    ),
    ...section.figures.map((figure, i) => figureHtml(figure, figures.get(figure.name)!, firstFigure + i)),
    ...section.tables.map(tableHtml),
    metricsHtml(section.metrics),
    "</section>",
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function callout({ level, message }: Diagnostic): string {
  const word = level === "warning" ? "Warning" : "Note";
  return `<div class="callout ${level}" role="note"><strong>${word}.</strong> ${escapeMarkup(message)}</div>`;
}

function metricsHtml(metrics: Readonly<Record<string, number>>): string {
  const names = Object.keys(metrics).sort();
  if (names.length === 0) return "";
  const rows = names.map(
    (name) =>
      `<tr><td><code>${escapeMarkup(name)}</code></td><td class="number">${formatNumber(metrics[name]!, 6)}</td></tr>`,
  );
  return [
    `<details><summary>All numbers of this section (${names.length})</summary>`,
    `<div class="wide"><table><thead><tr><th scope="col">name in metrics.json</th>`,
    `<th scope="col" class="number">value</th></tr></thead><tbody>`,
    ...rows,
    `</tbody></table></div></details>`,
  ].join("\n");
}
