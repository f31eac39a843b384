import { UserError } from "../../core/errors.ts";
import { numbers, type Table } from "../../data/table.ts";
import type { Nuclei } from "./nuclides.ts";
import { type Region, rmsByRegion } from "./regions.ts";

/** The distance √(ΔZ² + ΔN²) from each nucleus to the nearest one of `train`, in nucleons. @throws UserError for none. */
export function distanceToNearest(nuclei: Nuclei, train: Nuclei): Float64Array {
  const nearest = nearestDistance(train);
  return Float64Array.from({ length: nuclei.z.length }, (_, i) => nearest(nuclei.z[i]!, nuclei.n[i]!));
}

/**
 * Regions by the distance to the nearest training nucleus: at most 1 (a direct neighbour), up to 2, up to 4, farther.
 * Between them they cover the chart. For `rmsByRegion`.
 */
export function distanceRegions(train: Nuclei): Region[] {
  const nearest = nearestDistance(train);
  const edges = [0, 1, 2, 4, Infinity];
  const names = ["neighbour trains", "1–2 from data", "2–4 from data", "over 4 from data"];
  return names.map((name, k) => {
    const [low, high] = [edges[k]!, edges[k + 1]!];
    const from = k === 0 ? "" : `more than ${low} `;
    const to = high === Infinity ? "" : `${k === 0 ? "" : "and "}at most ${high} `;
    return {
      name,
      help: `${from}${to}nucleons from the nearest training nucleus`,
      has(z, n) {
        const distance = nearest(z, n);
        return distance <= high && (k === 0 || distance > low);
      },
    };
  });
}

/**
 * Errors by region of several predictions side by side: columns region, definition, nuclei, then one of RMS errors a
 * prediction, named after it. With `train`, the distance to the nearest training nucleus is among the regions.
 * @throws UserError for no predictions and as `rmsByRegion`.
 */
export function compareByRegion(
  nuclei: Nuclei,
  predictions: Readonly<Record<string, ArrayLike<number>>>,
  actual: ArrayLike<number>,
  options: { train?: Nuclei; unit?: string } = {},
): Table {
  const { train, unit = "keV" } = options;
  const more = train ? distanceRegions(train) : [];
  const tables = Object.entries(predictions).map(([name, predicted]) => {
    const table = rmsByRegion(nuclei, predicted, actual, unit, more);
    return { table, column: { ...numbers(table, "rms"), name, help: `root mean square error of ${name}` } };
  });
  const first = tables[0]?.table;
  if (!first) throw new UserError("compareByRegion: no predictions to compare");
  return {
    ...first,
    name: "errors by region",
    columns: [...first.columns.slice(0, 3), ...tables.map(({ column }) => column)],
  };
}

function nearestDistance(train: Nuclei): (z: number, n: number) => number {
  const count = train.z.length;
  if (count === 0) throw new UserError("distanceToNearest: no training nuclei");
  return (z, n) => {
    let square = Infinity;
    for (let i = 0; i < count; i++) {
      square = Math.min(square, (train.z[i]! - z) ** 2 + (train.n[i]! - n) ** 2);
    }
    return Math.sqrt(square);
  };
}
