import path from "node:path";
import { claimsJson } from "../claims/claims-file.ts";
import { makeFolder, writeWhole } from "../core/disk.ts";
import { UserError } from "../core/errors.ts";
import { writeCsv } from "../data/csv.ts";
import type { Table } from "../data/table.ts";
import type { ReportConfig, StudyResult } from "./contract.ts";
import { missingGlyphs } from "./glyphs.ts";
import { reportHtml } from "./html.ts";
import { toPng } from "./png.ts";
import { renderFigure } from "./render-figure.ts";

/** What {@link writeReport} left behind. */
export interface WrittenReport {
  /** Paths relative to the run's folder, in the order of writing; "report.html" is the last. */
  files: string[];
  /** What a reader should know of the pictures, such as characters the font lacks. */
  warnings: string[];
}

/**
 * Writes the report of `result` into `folder`: `figures/NAME.svg` and `.png`, `data/NAME.csv` for every figure and
 * table, the files of the result in `data/`, `claims.json` if it has claims, and last `report.html`. One figure at a
 * time is in memory as a picture. Every file is whole or absent, and holds the same bytes for the same result.
 * @param options.config how the run was made, printed in the report
 * @param options.onFile called after each file, for progress
 * @throws UserError for a name used twice or unfit for a file, a formula that is not TeX, a claim that is not whole, and a
 * full disk.
 */
export async function writeReport(
  folder: string,
  result: StudyResult,
  options: { config: ReportConfig; onFile?: (file: string, fraction: number) => void },
): Promise<WrittenReport> {
  const figures = result.sections.flatMap((section) => section.figures);
  const tables = result.sections.flatMap((section) => section.tables);
  const claims = result.claims ?? [];
  checkNames(figures, tables, result.files);
  const total = 3 * figures.length + tables.length + result.files.length + 1 + (claims.length > 0 ? 1 : 0);
  const files: string[] = [];
  const warnings: string[] = [];
  const put = (file: string, content: string | Uint8Array) => {
    writeWhole(path.join(folder, file), content);
    files.push(file);
    options.onFile?.(file, files.length / total);
  };
  makeFolder(path.join(folder, "figures"));
  makeFolder(path.join(folder, "data"));
  const pictures = new Map<string, string>();
  for (const figure of figures) {
    const svg = renderFigure(figure);
    const missing = missingGlyphs(svg);
    if (missing.length > 0) {
      warnings.push(`figure '${figure.name}': the font has no ${missing.join(" ")}; the PNG leaves it blank`);
    }
    pictures.set(figure.name, svg);
    put(`figures/${figure.name}.svg`, svg);
    put(`figures/${figure.name}.png`, await toPng(svg));
    put(`data/${figure.name}.csv`, writeCsv(figure.data));
  }
  for (const { name, bytes } of result.files) {
    makeFolder(path.dirname(path.join(folder, "data", name)));
    put(`data/${name}`, bytes);
  }
  for (const table of tables) put(`data/${table.name}.csv`, writeCsv(table));
  if (claims.length > 0) put("claims.json", claimsJson(claims));
  put("report.html", reportHtml({ result, config: options.config, figures: pictures }));
  return { files, warnings };
}

/** Refuses names that would leave the folder, that no file system takes, or that fall together. */
function checkNames(
  figures: readonly { name: string }[],
  tables: readonly Table[],
  files: readonly { name: string }[],
): void {
  const seen = new Set<string>();
  const check = (kind: string, name: string, file: string, fit: RegExp) => {
    if (!fit.test(name)) {
      throw new UserError(
        `report: the ${kind}'s name ${JSON.stringify(name)} cannot be a file's name; use letters, digits, '.', '_' and '-'`,
      );
    }
    if (seen.has(file.toLowerCase())) {
      throw new UserError(`report: data/${file} would be written twice; rename this ${kind}: '${name}'`);
    }
    seen.add(file.toLowerCase());
  };
  const plain = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
  const nested = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}(\/[A-Za-z0-9][A-Za-z0-9._-]{0,99})*$/;
  for (const { name } of figures) check("figure", name, `${name}.csv`, plain);
  for (const { name } of tables) check("table", name, `${name}.csv`, plain);
  for (const { name } of files) check("file", name, name, nested);
}
