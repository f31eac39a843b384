/** Rows of cells as aligned text; the columns whose numbers are in `right` end flush, the last one is not padded. */
export function textTable(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, j) =>
    Math.max(...rows.map((row) => (row[j] ?? "").length)),
  );
  return rows.map((row) =>
    row
      .map((cell, j) => (right.includes(j) ? cell.padStart(widths[j]!) : cell.padEnd(widths[j]!)))
      .join("  ")
      .trimEnd(),
  );
}

/** A metric as a person reads it: six significant digits. */
export function metricText(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}
