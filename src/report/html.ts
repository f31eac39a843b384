import type { ReportConfig, StudyResult } from "./contract.ts";
import { escapeMarkup } from "./escape.ts";
import { citationsHtml, configHtml, provenanceHtml } from "./html/back-matter.ts";
import { claimsHtml } from "./html/claims.ts";
import { sectionHtml } from "./html/section.ts";
import { styles } from "./html/styles.ts";
import { viewerScript } from "./scene/viewer.ts";

/** What the browser may do with the page: show it. It forbids every request. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/**
 * The report as one HTML document that needs nothing beside it: styles and pictures are inside, formulas are MathML,
 * and the only script (there if there is a scene) turns the 3-D figures. It holds no date, so the same result and
 * configuration give the same bytes.
 * @param options.figures the pictures by figure name, as `renderFigure` gives them; every figure of the result has one
 */
export function reportHtml(options: {
  result: StudyResult;
  config: ReportConfig;
  figures: ReadonlyMap<string, string>;
}): string {
  const { result, config, figures } = options;
  let figureNumber = 1;
  const sections = result.sections.map((section, i) => {
    const html = sectionHtml(section, { id: `section-${i + 1}`, figures, firstFigure: figureNumber });
    figureNumber += section.figures.length;
    return html;
  });
  const back = [
    {
      id: "data",
      title: "Where the data come from",
      html: provenanceHtml(result.provenance) + filesHtml(result),
    },
    { id: "configuration", title: "Configuration", html: configHtml(config) },
    {
      id: "cite",
      title: "How to cite",
      html: citationsHtml(result.citations, config.versions["physlens"] ?? "unknown"),
    },
  ];
  const claims = result.claims ?? [];
  const contents = [
    ...(claims.length > 0 ? [{ id: "claims", title: "Claims and their evidence" }] : []),
    ...result.sections.map(({ title }, i) => ({ id: `section-${i + 1}`, title })),
    ...back.map(({ id, title }) => ({ id, title })),
  ];
  const turnable = result.sections.some((section) =>
    section.figures.some((figure) => figure.kind === "scene"),
  );
  return [
    `<!doctype html>`,
    `<html lang="en"><head><meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<title>${escapeMarkup(config.title)} · physlens</title>`,
    `<style>${styles}</style></head><body>`,
    `<a class="skip" href="#answer">Skip to the answer</a>`,
    `<header class="top"><h1>${escapeMarkup(config.title)}</h1>`,
    `<p class="asked">${escapeMarkup(result.asked)}</p></header>`,
    `<main><section class="answer" id="answer" aria-labelledby="answer-title">`,
    `<h2 id="answer-title">In short</h2><ul>`,
    ...result.summary.map((sentence) => `<li>${escapeMarkup(sentence)}</li>`),
    `</ul></section>`,
    `<nav aria-labelledby="contents"><h2 id="contents">Contents</h2><ol>`,
    ...contents.map(({ id, title }) => `<li><a href="#${id}">${escapeMarkup(title)}</a></li>`),
    `</ol></nav>`,
    claims.length > 0 ? claimsHtml(claims) : "",
    ...sections,
    ...back.map(
      ({ id, title, html }) =>
        `<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>\n${html}</section>`,
    ),
    `</main>`,
    `<footer><p>Made by physlens ${escapeMarkup(config.versions["physlens"] ?? "")} with the command`,
    `<code>${escapeMarkup(config.command)}</code>. The same command and seed make the same report.</p></footer>`,
    turnable ? `<script>${viewerScript()}</script>` : "",
    `</body></html>`,
    "",
  ]
    .filter((line, i, all) => line !== "" || i === all.length - 1)
    .join("\n");
}

function filesHtml(result: StudyResult): string {
  if (result.files.length === 0) return "";
  const items = result.files.map(
    ({ name }) =>
      `<li><a href="data/${name.split("/").map(encodeURIComponent).join("/")}">${escapeMarkup(name)}</a></li>`,
  );
  return `<h3>Files of this run</h3><ul>${items.join("\n")}</ul>`;
}
