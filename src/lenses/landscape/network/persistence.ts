import type { MergeTree } from "./merge-tree.ts";

/** A component of the sub-level sets: born at its lowest minimum, dead where it joins one with a lower minimum. */
export interface PersistencePair {
  minimum: number;
  birth: number;
  /** Infinity for the lowest minimum of a connected component of the network. */
  death: number;
  persistence: number;
  /** The lowest minimum of what it joins; −1 if it joins nothing. */
  into: number;
}

/**
 * Persistence of the connected components (H₀) by the elder rule: where components join, the one with the lowest minimum
 * lives on (of equal ones the first by number) and every other dies. The most persistent first, endless ones leading.
 * Source: Edelsbrunner, Letscher & Zomorodian, Discrete Comput. Geom. 28, 511 (2002).
 */
export function persistencePairs(tree: MergeTree): PersistencePair[] {
  const { nodes } = tree;
  const pairs: PersistencePair[] = tree.roots.map((root) => {
    const minimum = nodes[root]!.lowest;
    return { minimum, birth: nodes[minimum]!.value, death: Infinity, persistence: Infinity, into: -1 };
  });
  for (const { value: death, children, lowest: into } of nodes.slice(tree.minima)) {
    for (const child of children.slice(1)) {
      const minimum = nodes[child]!.lowest;
      const birth = nodes[minimum]!.value;
      pairs.push({ minimum, birth, death, persistence: death - birth, into });
    }
  }
  return pairs.sort((a, b) =>
    a.persistence === b.persistence ? a.minimum - b.minimum : b.persistence - a.persistence,
  );
}
