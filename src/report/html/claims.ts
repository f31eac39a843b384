import { type EvidenceCard, type Heading, headings, isNotRun } from "../../claims/card.ts";
import { claimP } from "../../claims/claim-p.ts";
import { type Judgement, judge } from "../../claims/judge.ts";
import type { ReportClaim } from "../../claims/report-claims.ts";
import type { Verdict } from "../../claims/verdict.ts";
import { escapeMarkup } from "../escape.ts";
import { formatNumber } from "../number-format.ts";
import { claimValueHtml } from "./claim-value.ts";

/** What the report leads with: the claims in a table, then each with its evidence, for and against. */
export function claimsHtml(claims: readonly ReportClaim[]): string {
  return [
    `<section id="claims" aria-labelledby="claims-title"><h2 id="claims-title">Claims and their evidence</h2>`,
    `<p class="asked">The verdict follows from the numbers by a fixed rule. As data: <a href="claims.json">claims.json</a>.</p>`,
    `<div class="wide"><table><thead><tr><th scope="col">claim</th><th scope="col">verdict</th>`,
    `<th scope="col" class="number">p</th><th scope="col" class="number">floor of p</th></tr></thead><tbody>`,
    ...claims.map(overviewRow),
    `</tbody></table></div>`,
    ...claims.map(claimHtml),
    `</section>`,
  ].join("\n");
}

function overviewRow({ claim, card, verdict }: ReportClaim): string {
  const own = claimP(card);
  const number = (value: number | undefined) =>
    `<td class="number">${value === undefined ? "–" : formatNumber(value, 2)}</td>`;
  return [
    `<tr><td><a href="#${anchor(claim.id)}">${escapeMarkup(claim.title)}</a></td><td>${badge(verdict)}</td>`,
    `${number(own?.p)}${number(own?.floor)}</tr>`,
  ].join("");
}

function claimHtml({ claim, card, verdict }: ReportClaim): string {
  const id = anchor(claim.id);
  const { model, data, seeds } = claim.subject;
  const made = seeds.length === 0 ? "" : `; ${seeds.length === 1 ? "seed" : "seeds"} ${seeds.join(", ")}`;
  return [
    `<article class="claim ${tone(verdict)}" id="${id}" aria-labelledby="${id}-title">`,
    `<h3 id="${id}-title">${escapeMarkup(claim.title)} ${badge(verdict)}</h3>`,
    `<p class="statement">${escapeMarkup(claim.statement)}</p>`,
    claimValueHtml(claim),
    `<p class="about">${escapeMarkup(`${claim.kind} · ${model}; ${data}${made} · `)}<code>${escapeMarkup(claim.id)}</code></p>`,
    `<p>${escapeMarkup(verdict.reasons[0]!)}</p>`,
    `<details open><summary>Evidence</summary><div class="wide"><table><thead><tr><th scope="col">asked</th>`,
    `<th scope="col">found</th><th scope="col">speaks</th></tr></thead><tbody>`,
    ...evidenceRows(card),
    `</tbody></table></div></details></article>`,
  ].join("\n");
}

const asked: Readonly<Record<Heading, string>> = {
  null: "Chance",
  baselines: "Baselines",
  stability: "Stability",
  faithfulness: "Faithfulness",
  truth: "Known truth",
  outOfDistribution: "Out of distribution",
  multiplicity: "Multiplicity",
  leakage: "Leak",
};

function evidenceRows(card: EvidenceCard): string[] {
  const judgements = judge(card);
  return headings.flatMap((heading) => {
    const part = card[heading];
    if (isNotRun(part))
      return [row(heading, escapeMarkup(part.notRun), `<td class="says skipped">not run</td>`)];
    return judgements
      .filter((one) => one.heading === heading)
      .map((one, i) => row(heading, escapeMarkup(one.reason) + detail(card, one, i), says(one)));
  });
}

function row(heading: Heading, found: string, mark: string): string {
  return `<tr><th scope="row">${asked[heading]}</th><td>${found}</td>${mark}</tr>`;
}

function says({ says: word }: Judgement): string {
  return `<td class="says ${word}">${word === "undecided" ? "neither" : `${word} it`}</td>`;
}

/** What stands behind a null test: the statistic, what chance gives, what it took, where it comes from. */
function detail(card: EvidenceCard, { heading }: Judgement, index: number): string {
  if (heading !== "null" || isNotRun(card.null)) return "";
  const { statistic, observed, median, high, cost, reference } = card.null[index]!;
  const numbers = `${statistic}: observed ${formatNumber(observed)}, null median ${formatNumber(median)}, 95 % of draws below ${formatNumber(high)}`;
  return ` <span class="detail">${escapeMarkup(`${numbers}. ${cost}. ${reference}`)}</span>`;
}

function badge(verdict: Verdict): string {
  return `<span class="verdict ${tone(verdict)}">${verdict.word}</span>`;
}

function tone({ word }: Verdict): string {
  return word === "not supported" ? "refuted" : word;
}

function anchor(id: string): string {
  return `claim-${id}`;
}
