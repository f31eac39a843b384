import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { demand, UserError, usageError } from "../../core/errors.ts";
import { didYouMean } from "../../core/suggest.ts";
import { csvFields, parseNumber } from "../../data/csv.ts";
import { sha256 } from "../../data/sha256.ts";
import type { Provenance } from "../../data/table.ts";
import { matrix } from "../../linalg/matrix.ts";
import type { LabelledData } from "../../physics/classification/labelled-data.ts";

/** More distinct words or numbers than this in the target are no classes. */
const mostClasses = 20;
/** Fewer rows than this cannot be divided into rows to learn and rows to judge by. */
const leastRows = 20;

/**
 * Labelled rows from a CSV file: the column `target` holds the class, as words or numbers, all others (or those named in
 * `features`, separated by commas) are features and have to be numbers.
 * @throws UserError naming file, line and column for a field that is no number, a column that is not there or constant, a
 * target with one class or too many, and too few rows.
 */
export function labelledCsv(
  file: string,
  options: { target: string; features?: string },
): { data: LabelledData; provenance: Provenance } {
  const source = basename(file);
  const bytes = read(file);
  const { header, rows, lines } = csvFields(bytes, source);
  const column = (name: string): number => {
    const at = header.indexOf(name);
    if (at >= 0) return at;
    throw usageError(
      `${source}, line 1: no column '${name}'${didYouMean(name, header)}; there are: ${header.join(", ")}`,
    );
  };
  const at = column(options.target);
  const asked = (options.features ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const names = asked.length > 0 ? asked : header.filter((_, j) => j !== at);
  demand(
    names.length > 0 && !names.includes(options.target),
    () =>
      `${source}: no features beside the target '${options.target}'; give a file with at least one more column`,
  );
  demand(
    rows.length >= leastRows,
    () => `${source}: ${rows.length} rows; expected at least ${leastRows} to learn from and to judge by`,
  );
  const words = rows.map((row) => row[at]!.trim());
  const blank = words.indexOf("");
  demand(
    blank < 0,
    () => `${source}, line ${lines[blank]}, column '${options.target}': blank; every row needs its class`,
  );
  const classes = [...new Set(words)].sort((a, b) =>
    Number.isFinite(Number(a)) && Number.isFinite(Number(b)) ? Number(a) - Number(b) : a < b ? -1 : 1,
  );
  demand(
    classes.length >= 2,
    () =>
      `${source}, column '${options.target}': every row is of class '${classes[0]}'; a target with at least two classes is needed`,
  );
  demand(
    classes.length <= mostClasses,
    () =>
      `${source}, column '${options.target}': ${classes.length} different values; expected classes, at most ${mostClasses}. A number has to be divided into classes first`,
  );
  const features = matrix(rows.length, names.length);
  names.forEach((name, k) => {
    const j = column(name);
    rows.forEach((row, i) => {
      features.data[i * names.length + k] = numberAt(
        row[j]!,
        `${source}, line ${lines[i]}, column '${name}'`,
        name,
      );
    });
    const first = features.data[k]!;
    demand(
      rows.some((_, i) => features.data[i * names.length + k] !== first),
      () => `${source}, column '${name}': every row has ${first}; leave the column out with --features`,
    );
  });
  const number = new Map(classes.map((name, c) => [name, c]));
  return {
    data: {
      ...{ name: source, features, classes, names },
      labels: Int32Array.from(words, (word) => number.get(word)!),
    },
    provenance: {
      name: source,
      source: file,
      sha256: sha256(bytes),
      citation: `${source}, given by the user`,
    },
  };
}

function read(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new UserError(`${file}: cannot be read (${(cause as Error).message}); check --data`, { cause });
  }
}

function numberAt(text: string, where: string, name: string): number {
  try {
    return parseNumber(text, where);
  } catch (cause) {
    throw new UserError(
      `${(cause as Error).message}. Features have to be numbers: mend or remove the row, turn words into numbers, or leave '${name}' out with --features`,
      { cause },
    );
  }
}
