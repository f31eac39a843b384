/** Sets that can only be joined. */
export interface DisjointSets {
  /** The smallest member of the set that holds `i`. */
  find(i: number): number;
  /** Joins the sets of a and b; false if they were one already. */
  join(a: number, b: number): boolean;
}

/** `count` sets of one member each, joined by union-find with path halving. */
export function disjointSets(count: number): DisjointSets {
  const parent = Int32Array.from({ length: count }, (_, i) => i);
  const size = new Int32Array(count).fill(1);
  const smallest = Int32Array.from({ length: count }, (_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  };
  return {
    find: (i) => smallest[root(i)]!,
    join(a, b) {
      let [p, q] = [root(a), root(b)];
      if (p === q) return false;
      if (size[p]! < size[q]!) [p, q] = [q, p];
      parent[q] = p;
      size[p]! += size[q]!;
      smallest[p] = Math.min(smallest[p]!, smallest[q]!);
      return true;
    },
  };
}

/** For every minimum the smallest number in its connected component; edges join pairs of numbers. */
export function componentsOf(count: number, edges: Iterable<readonly [number, number]>): Int32Array {
  const sets = disjointSets(count);
  for (const [a, b] of edges) sets.join(a, b);
  return Int32Array.from({ length: count }, (_, i) => sets.find(i));
}
