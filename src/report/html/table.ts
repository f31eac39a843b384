import type { Column, Table } from "../../data/table.ts";
import { escapeMarkup } from "../escape.ts";
import { toMathml } from "../math.ts";
import { formatNumber, formatWithUncertainty } from "../number-format.ts";

/** A table of up to `wholeRows` rows is printed whole; of a longer one `firstRows`, the rest is in its CSV. */
const wholeRows = 30;
const firstRows = 12;

/** A table as HTML with its units in the head and "±" where uncertainties are known; a long one says where the rest is. */
export function tableHtml(table: Table): string {
  const shown = table.rows <= wholeRows ? table.rows : firstRows;
  const file = `data/${encodeURIComponent(table.name)}.csv`;
  const link = `<a href="${file}">${escapeMarkup(`${table.name}.csv`)}</a>`;
  const rows = Array.from({ length: shown }, (_, row) => {
    const cells = table.columns.map((column) => `<td${numeric(column)}>${cell(column, row)}</td>`);
    return `<tr>${cells.join("")}</tr>`;
  });
  const rest =
    shown < table.rows
      ? `First ${shown} of ${formatNumber(table.rows)} rows; all of them: ${link}`
      : `${formatNumber(table.rows)} ${table.rows === 1 ? "row" : "rows"}: ${link}`;
  return [
    `<div class="wide"><table><caption>${escapeMarkup(table.title ?? plainName(table.name))}</caption><thead><tr>`,
    ...table.columns.map(head),
    `</tr></thead><tbody>`,
    ...rows,
    `</tbody></table></div><p class="asked">${rest}</p>`,
  ].join("\n");
}

function head(column: Column): string {
  const unit = column.kind === "number" && column.unit !== "" ? column.unit : "";
  const help = column.help === undefined ? "" : ` title="${escapeMarkup(column.help)}"`;
  const suffix = unit === "" ? "" : ` <span class="unit">(${escapeMarkup(unit)})</span>`;
  return `<th scope="col"${numeric(column)}${help}>${escapeMarkup(column.name)}${suffix}</th>`;
}

function cell(column: Column, row: number): string {
  if (column.kind === "text") {
    const text = column.values[row] ?? "";
    return column.tex && text !== "" ? toMathml(text) : escapeMarkup(text);
  }
  const value = column.values[row]!;
  const uncertainty = column.uncertainty?.[row];
  return uncertainty === undefined || Number.isNaN(uncertainty)
    ? formatNumber(value, 6)
    : formatWithUncertainty(value, uncertainty);
}

/** "rms-by-region" as a heading: "Rms by region". */
function plainName(name: string): string {
  const words = name.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function numeric(column: Column): string {
  return column.kind === "number" ? ` class="number"` : "";
}
