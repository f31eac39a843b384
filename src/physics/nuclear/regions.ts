import { UserError } from "../../core/errors.ts";
import { numberColumn, numbers, type Table, textColumn } from "../../data/table.ts";
import { rmsError } from "./fits.ts";
import type { Nuclei } from "./nuclides.ts";
import { shellDistance } from "./terms.ts";

/** A part of the nuclide chart. */
export interface Region {
  name: string;
  help: string;
  has(z: number, n: number): boolean;
}

const nearMagic = (z: number, n: number) => shellDistance(z) <= 2 || shellDistance(n) <= 2;

/** The regions errors are broken down by. The first three, the next two and the last three each cover the chart. */
export const regions: readonly Region[] = [
  { name: "light", help: "A < 60", has: (z, n) => z + n < 60 },
  { name: "medium", help: "60 ≤ A < 150", has: (z, n) => z + n >= 60 && z + n < 150 },
  { name: "heavy", help: "A ≥ 150", has: (z, n) => z + n >= 150 },
  { name: "near magic", help: "Z or N within 2 of a magic number", has: nearMagic },
  { name: "mid-shell", help: "Z and N more than 2 from a magic number", has: (z, n) => !nearMagic(z, n) },
  { name: "even–even", help: "Z and N even", has: (z, n) => z % 2 === 0 && n % 2 === 0 },
  { name: "odd A", help: "Z or N odd", has: (z, n) => (z + n) % 2 === 1 },
  { name: "odd–odd", help: "Z and N odd", has: (z, n) => z % 2 === 1 && n % 2 === 1 },
];

/** A cut on a table of masses, for numbers that are to be compared. */
export interface DataCut {
  name: string;
  help: string;
  /** The rows of a table (columns z, n, binding, measured) that the cut keeps; never one without binding energy. */
  rows(table: Table): Int32Array;
}

const cut = (
  name: string,
  help: string,
  keep: (nucleus: { z: number; n: number; uncertainty: number; measured: boolean }) => boolean,
): DataCut => ({
  name,
  help,
  rows(table) {
    const [z, n] = [numbers(table, "z").values, numbers(table, "n").values];
    const { values, uncertainty } = numbers(table, "binding");
    const measured = numbers(table, "measured").values;
    const rows = Int32Array.from({ length: table.rows }, (_, i) => i);
    return rows.filter(
      (i) =>
        !Number.isNaN(values[i]!) &&
        keep({
          z: z[i]!,
          n: n[i]!,
          uncertainty: uncertainty?.[i] ?? Number.NaN,
          measured: measured[i] === 1,
        }),
    );
  },
});

/** The cuts the baselines are quoted on. */
export const dataCuts: readonly DataCut[] = [
  cut("all", "Z, N > 0, measured and extrapolated", ({ z, n }) => z > 0 && n > 0),
  cut("above 8", "Z, N > 8, measured and extrapolated", ({ z, n }) => z > 8 && n > 8),
  cut("measured", "Z, N ≥ 8, measured", ({ z, n, measured }) => z >= 8 && n >= 8 && measured),
  cut(
    "precise",
    "Z, N > 9, uncertainty below 100 keV",
    ({ z, n, uncertainty }) => z > 9 && n > 9 && uncertainty < 100,
  ),
];

/**
 * Root mean square errors by region: columns region, what it is, nuclei and RMS (the unit of the values), with a row
 * for the whole; a region without nuclei has RMS NaN. @throws UserError for lengths that differ.
 * @param more further regions, such as those of {@link distanceRegions}, in rows of their own.
 */
export function rmsByRegion(
  nuclei: Nuclei,
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  unit = "keV",
  more: readonly Region[] = [],
): Table {
  const count = nuclei.z.length;
  if (predicted.length !== count || actual.length !== count) {
    throw new UserError(
      `rmsByRegion: ${count} nuclei, ${predicted.length} predictions, ${actual.length} values; expected as many of each`,
    );
  }
  const all: Region = { name: "all", help: "every nucleus", has: () => true };
  const listed = [all, ...regions, ...more];
  const parts = listed.map(({ has }) =>
    Array.from({ length: count }, (_, i) => i).filter((i) => has(nuclei.z[i]!, nuclei.n[i]!)),
  );
  const rms = parts.map((part) =>
    part.length === 0
      ? Number.NaN
      : rmsError(
          part.map((i) => predicted[i]!),
          part.map((i) => actual[i]!),
        ),
  );
  return {
    name: "rms by region",
    rows: parts.length,
    provenance: [],
    columns: [
      textColumn(
        "region",
        listed.map((region) => region.name),
      ),
      textColumn(
        "definition",
        listed.map((region) => region.help),
      ),
      numberColumn(
        "nuclei",
        "",
        parts.map((part) => part.length),
      ),
      numberColumn("rms", unit, rms, { help: "root mean square error" }),
    ],
  };
}
