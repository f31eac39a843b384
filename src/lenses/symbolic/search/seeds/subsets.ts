import { dot } from "../../../../optim/vector.ts";

/** Up to three columns, and what of |goal|² they leave. */
export interface Subset {
  members: number[];
  left: number;
}

/**
 * The best single columns, pairs and triples for a least-squares fit of `goal`, over all subsets of the first `most`
 * columns (unit vectors), from their Gram matrix: 4·`keep` in all, the smallest rest first. The rest is exact to about
 * 1e-11 of |goal|².
 * @param count told in units of one evaluation.
 */
export function bestSubsets(
  columns: readonly Float64Array[],
  goal: Float64Array,
  most: number,
  keep: number,
  count: (evaluations: number) => void,
): Subset[] {
  const n = Math.min(columns.length, most);
  const gram = new Float64Array(n * n);
  const c = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    c[i] = dot(columns[i]!, goal);
    for (let j = 0; j <= i; j++) {
      gram[i * n + j] = dot(columns[i]!, columns[j]!);
      gram[j * n + i] = gram[i * n + j]!;
    }
  }
  const whole = dot(goal, goal);
  const found: Subset[] = [];
  const best = [1, 2, 3].map((): Subset[] => []);
  const offer = (size: number, left: number, ...members: number[]) => {
    const list = best[size - 1]!;
    if (list.length >= keep && left >= list.at(-1)!.left) return;
    let at = list.length;
    while (at > 0 && list[at - 1]!.left > left) at--;
    list.splice(at, 0, { members, left });
    if (list.length > keep) list.pop();
  };
  const least = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const ci = c[i]!;
    offer(1, whole - ci * ci, i);
    for (let j = 0; j < i; j++) {
      const g = gram[i * n + j]!;
      const f = 1 - g * g;
      if (f < 1e-10) continue;
      const root = Math.sqrt(f);
      const cj = (c[j]! - g * ci) / root;
      const two = ci * ci + cj * cj;
      offer(2, whole - two, i, j);
      for (let k = 0; k < j; k++) {
        const a = gram[i * n + k]!;
        const b = (gram[j * n + k]! - g * a) / root;
        const free = 1 - a * a - b * b;
        if (free < 1e-9) continue;
        const ck = c[k]! - a * ci - b * cj;
        const three = two + (ck * ck) / free;
        if (three > least[2]!) {
          offer(3, whole - three, i, j, k);
          if (best[2]!.length >= keep) least[2] = whole - best[2]!.at(-1)!.left;
        }
      }
    }
  }
  count((n * n) / 20 + n ** 3 / 6 / 480);
  for (const list of best) found.push(...list);
  return found;
}
