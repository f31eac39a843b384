import { escapeMarkup } from "../escape.ts";

const address =
  /https?:\/\/[^\s<>"']+[^\s<>"'.,;)]|\barXiv:\d{4}\.\d{4,5}(?:v\d+)?|\bdoi:10\.\d{4,9}\/[^\s<>"',;]+[^\s<>"',;.)]/gi;

/** Escaped `text` in which web addresses, arXiv numbers and DOIs are links to follow; nothing is loaded. */
export function linked(text: string): string {
  let out = "";
  let from = 0;
  for (const match of text.matchAll(address)) {
    const said = match[0];
    out += escapeMarkup(text.slice(from, match.index));
    out += `<a href="${escapeMarkup(target(said))}" rel="noreferrer">${escapeMarkup(said)}</a>`;
    from = match.index + said.length;
  }
  return out + escapeMarkup(text.slice(from));
}

function target(said: string): string {
  if (/^arxiv:/i.test(said)) return `https://arxiv.org/abs/${said.slice(6)}`;
  if (/^doi:/i.test(said)) return `https://doi.org/${said.slice(4)}`;
  return said;
}
