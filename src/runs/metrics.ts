import { UserError } from "../core/errors.ts";

/**
 * The metrics of all sections under one roof, sorted by name.
 * @throws UserError for a name that two sections use and for a value that is not a finite number.
 */
export function gatherMetrics(
  sections: readonly { title: string; metrics: Readonly<Record<string, number>> }[],
): Record<string, number> {
  const found = new Map<string, { value: number; title: string }>();
  for (const { title, metrics } of sections) {
    for (const [name, value] of Object.entries(metrics)) {
      const other = found.get(name);
      if (other) {
        throw new UserError(
          `metric '${name}' is given twice, by '${other.title}' and by '${title}'; rename one`,
        );
      }
      if (typeof value !== "number" || !Number.isFinite(value)) {
        throw new UserError(`metric '${name}' of '${title}' is ${value}; expected a finite number`);
      }
      found.set(name, { value, title });
    }
  }
  const names = [...found.keys()].sort();
  return Object.fromEntries(names.map((name) => [name, found.get(name)!.value]));
}
