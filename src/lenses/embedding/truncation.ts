import { demand } from "../../core/errors.ts";
import type { Task } from "../../core/task.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { pca, reconstruct } from "../../linalg/pca.ts";
import { rowOf, takeRows } from "../../linalg/rows.ts";
import type { TruncationSite } from "./subject.ts";

/** The model's error when a site keeps only its first k principal components. */
export interface TruncationCurve {
  site: TruncationSite;
  /** How many components are kept, rising. */
  kept: number[];
  error: number[];
  /** Share of the site's variance that the first k components hold. */
  explained: number[];
  /** The error of the untouched model. */
  full: number;
}

const usual = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 300, 500];

/**
 * Truncation: principal components of a site's rows, the first k kept and the others set to zero, the rows rebuilt and
 * the rest of the network run on them; the error against k. Components are ordered by variance, not by use.
 * Source: Kitouni et al. 2024, Fig. 4.
 * @throws UserError naming the site if its error is not a finite number, or if it has fewer than two rows.
 */
export async function truncate(
  site: TruncationSite,
  options: { maxComponents: number },
  task: Task,
): Promise<TruncationCurve> {
  const where = `embedding lens, site '${site.name}'`;
  const used = Array.from({ length: site.rows.rows }, (_, i) => i).filter((i) => site.use?.[i] ?? true);
  demand(used.length >= 2, () => `${where}: ${used.length} rows to use; needs at least 2`);
  const rank = Math.min(used.length - 1, site.rows.cols);
  const most = Math.min(rank, options.maxComponents);
  const fitted = pca(takeRows(site.rows, used), { components: most });
  const kept = [...usual.filter((k) => k < most), most];
  const measure = async (rows: Matrix, what: string) => {
    task.check();
    const error = await site.error(rows);
    demand(Number.isFinite(error), () => `${where}: the model's error with ${what} is ${error}`);
    return error;
  };
  const full = await measure(site.rows, "its own rows");
  const error: number[] = [];
  for (const [done, k] of kept.entries()) {
    const scores = matrix(used.length, k);
    used.forEach((_, i) => {
      scores.data.set(rowOf(fitted.scores, i).subarray(0, k), i * k);
    });
    const rebuilt = reconstruct(fitted, scores);
    const rows = matrix(site.rows.rows, site.rows.cols, site.rows.data.slice());
    used.forEach((row, i) => {
      rows.data.set(rowOf(rebuilt, i), row * rows.cols);
    });
    error.push(await measure(rows, `${k} components`));
    task.report((done + 1) / kept.length);
  }
  const share = (k: number) => fitted.explained.subarray(0, k).reduce((a, b) => a + b, 0);
  return { site, kept, error, explained: kept.map(share), full };
}

/** The k whose component brings the error down by the largest factor, among neighbouring k; NaN with fewer than two. */
export function sharpestDrop({ kept, error }: Pick<TruncationCurve, "kept" | "error">): number {
  let best = { k: Number.NaN, factor: 0 };
  for (let i = 1; i < kept.length; i++) {
    const factor = error[i - 1]! / error[i]!;
    if (kept[i] === kept[i - 1]! + 1 && factor > best.factor) best = { k: kept[i]!, factor };
  }
  return best.k;
}
