/**
 * The ending of an "unknown …" message: `"; did you mean 'quick'?"` where one of `known` is a likely slip of the
 * finger away from `name`, and the list of what there is.
 */
export function didYouMean(name: string, known: readonly string[]): string {
  const list = known.length === 0 ? "there are none" : `there are: ${known.join(", ")}`;
  const near = closest(name, known);
  return near === undefined ? `; ${list}` : `; did you mean '${near}'? (${list})`;
}

/** The one of `known` at the smallest edit distance from `name`, if that is at most 1 + a quarter of its length. */
export function closest(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance && distance <= 1 + Math.floor(candidate.length / 4)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * Edit distance in which a letter put in, left out, changed or swapped with its neighbour each counts one
 * (optimal string alignment: Damerau, Commun. ACM 7, 171 (1964), with no letter edited twice).
 */
export function editDistance(a: string, b: string): number {
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, older[j - 2]! + 1);
      }
      row.push(cost);
    }
    older = previous;
    previous = row;
  }
  return previous[b.length]!;
}
