import type { Provenance } from "../../data/table.ts";
import type { Citation } from "../../lenses/contract.ts";
import type { ReportConfig } from "../contract.ts";
import { escapeMarkup } from "../escape.ts";
import { withUnit } from "../labels.ts";
import { linked } from "./links.ts";

/** Where the data come from: source, checksum, licence, citation. */
export function provenanceHtml(provenance: readonly Provenance[]): string {
  const blocks = provenance.map(({ name, source, sha256, license, citation }) =>
    [
      `<h3>${escapeMarkup(name)}</h3><dl>`,
      `<dt>source</dt><dd>${linked(source)}</dd>`,
      sha256 === undefined ? "" : `<dt>SHA-256</dt><dd><code>${escapeMarkup(sha256)}</code></dd>`,
      license === undefined ? "" : `<dt>licence</dt><dd>${escapeMarkup(license)}</dd>`,
      `<dt>cite as</dt><dd>${linked(citation)}</dd></dl>`,
    ]
      .filter((line) => line !== "")
      .join("\n"),
  );
  return blocks.length === 0 ? "<p>This study generated its own data.</p>" : blocks.join("\n");
}

/** Every option, the seed and the versions: what it takes to make the same report again. */
export function configHtml(config: ReportConfig): string {
  const rows = Object.entries(config.options).map(([name, value]) => {
    const param = config.params?.[name];
    return [
      `<tr><td><code>${escapeMarkup(name)}</code></td>`,
      `<td class="number"><code>${escapeMarkup(withUnit(plain(value), param?.unit ?? ""))}</code></td>`,
      `<td>${escapeMarkup(param?.help ?? "")}</td></tr>`,
    ].join("");
  });
  const versions = Object.entries(config.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `<pre><code>${escapeMarkup(config.command)}</code></pre>`,
    `<dl><dt>study</dt><dd>${escapeMarkup(config.study)}</dd>`,
    config.preset === undefined ? "" : `<dt>preset</dt><dd>${escapeMarkup(config.preset)}</dd>`,
    `<dt>seed</dt><dd>${config.seed}</dd>`,
    `<dt>versions</dt><dd>${escapeMarkup(versions.join(", "))}</dd></dl>`,
    `<div class="wide"><table><caption>Options</caption><thead><tr><th scope="col">option</th>`,
    `<th scope="col" class="number">value</th><th scope="col">what it does</th></tr></thead><tbody>`,
    ...rows,
    "</tbody></table></div>",
  ]
    .filter((line) => line !== "")
    .join("\n");
}

/** References with their BibTeX folded away, each once, physlens itself last. */
export function citationsHtml(citations: readonly Citation[], version: string): string {
  const self: Citation = {
    text: `physlens ${version}: opens up machine-learned models of physical systems. Software, Apache-2.0.`,
    bibtex: `@software{physlens,\n  title = {physlens},\n  version = {${version}},\n  license = {Apache-2.0}\n}`,
  };
  const once = [...new Map([...citations, self].map((citation) => [citation.bibtex, citation])).values()];
  const items = once.map(
    ({ text, bibtex }) =>
      `<li>${linked(text)}<details><summary>BibTeX</summary><pre>${escapeMarkup(bibtex)}</pre></details></li>`,
  );
  return `<ol>${items.join("\n")}</ol>`;
}

function plain(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
