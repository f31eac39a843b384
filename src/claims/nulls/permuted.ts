import { UserError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";

/**
 * Labels dealt out anew: the same values, each to a random item. The null of no connection between label and item
 * (Fisher 1935; Ojala & Garriga, J. Mach. Learn. Res. 11 (2010) 1833).
 */
export function permuted<T>(values: ArrayLike<T>, random: Random): T[] {
  return Array.from(random.permutation(values.length), (from) => values[from]!);
}

/**
 * Labels dealt out anew among items of the same group only: what the groups themselves explain stays in the null.
 * @throws UserError if there is not one group for each value.
 */
export function permutedWithin<T>(
  values: ArrayLike<T>,
  groups: ArrayLike<string | number>,
  random: Random,
): T[] {
  if (groups.length !== values.length) {
    throw new UserError(`permutedWithin: ${groups.length} groups for ${values.length} values`);
  }
  const members = new Map<string | number, number[]>();
  for (let i = 0; i < values.length; i++) {
    const found = members.get(groups[i]!);
    if (found) found.push(i);
    else members.set(groups[i]!, [i]);
  }
  const out = Array.from({ length: values.length }, (_, i) => values[i]!);
  for (const list of members.values()) {
    random.permutation(list.length).forEach((from, to) => {
      out[list[to]!] = values[list[from]!]!;
    });
  }
  return out;
}
