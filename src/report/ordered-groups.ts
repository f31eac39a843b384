import { orderedColours } from "./ordered-colours.ts";

/** The colour scale of groups that have an order: one colour of the ordered map for each, in order of appearance. */
export function orderedGroups(label: string, groups: readonly string[]) {
  const domain = [...new Set(groups)];
  const range = orderedColours(domain.length);
  return { type: "categorical", label, domain, range, legend: true } as const;
}
