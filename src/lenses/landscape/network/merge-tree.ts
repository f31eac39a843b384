import { checkGraph, type EnergyGraph } from "./energy-graph.ts";

/** A node of a merge tree: a minimum (a leaf), or the height at which components of the sub-level sets join. */
export interface MergeNode {
  value: number;
  /** Its nodes, the one with the lowest minimum first; none for a leaf. */
  children: number[];
  /** −1 for a root. */
  parent: number;
  /** The lowest minimum below it (of equal ones the first). */
  lowest: number;
  /** How many minima are below it. */
  leaves: number;
}

/** A forest with a tree for each component. Node i is minimum i as long as i < `minima`; the others join. */
export interface MergeTree {
  minima: number;
  nodes: MergeNode[];
  /** One for each component, that of the lowest minimum first. */
  roots: number[];
}

/**
 * The merge tree of the sub-level sets of a network: saddles in order of height join components (union-find); one that
 * joins what is joined, self-loops among them, adds nothing. Saddles of equal height that join the same component make
 * one node with several children, so that the tree does not depend on the order of the saddles.
 * Source: Becker & Karplus, J. Chem. Phys. 106, 1495 (1997); Edelsbrunner & Harer, Computational Topology (2010), VII.
 * @throws UserError for a graph that is not one of certified points.
 */
export function mergeTree(graph: EnergyGraph): MergeTree {
  checkGraph(graph, "mergeTree");
  const { minima, saddles } = graph;
  const nodes: MergeNode[] = minima.map(({ value }, id) => ({
    ...{ value, children: [], parent: -1, lowest: id, leaves: 1 },
  }));
  const up = Array.from(nodes.keys());
  const rootOf = (i: number): number => {
    let at = i;
    while (up[at] !== at) {
      up[at] = up[up[at]!]!;
      at = up[at]!;
    }
    return at;
  };
  const older = (a: number, b: number) =>
    minima[nodes[a]!.lowest]!.value - minima[nodes[b]!.lowest]!.value || nodes[a]!.lowest - nodes[b]!.lowest;
  const order = Array.from(saddles.keys()).sort((i, j) => saddles[i]!.value - saddles[j]!.value || i - j);
  for (const id of order) {
    const { value, minima: ends } = saddles[id]!;
    const [a, b] = [rootOf(ends[0]), rootOf(ends[1])];
    if (a === b) continue;
    const parts = [a, b].flatMap((node) => {
      const { children, value: height } = nodes[node]!;
      return children.length > 0 && height === value ? children : [node];
    });
    const kept = [a, b].find((node) => nodes[node]!.children.length > 0 && nodes[node]!.value === value);
    const at = kept ?? nodes.length;
    const children = parts.sort(older);
    nodes[at] = {
      ...{ value, children, parent: -1, lowest: nodes[children[0]!]!.lowest },
      leaves: children.reduce((sum, child) => sum + nodes[child]!.leaves, 0),
    };
    for (const child of children) nodes[child]!.parent = at;
    up[at] = at;
    up[a] = at;
    up[b] = at;
  }
  return packed(nodes, minima.length, older);
}

/** Drops nodes that were absorbed by one of the same height, and numbers the others by height. */
function packed(
  nodes: readonly MergeNode[],
  minima: number,
  older: (a: number, b: number) => number,
): MergeTree {
  const roots = Array.from(nodes.keys()).filter((id) => nodes[id]!.parent < 0 && alive(nodes, id));
  const joins = Array.from(nodes.keys())
    .filter((id) => id >= minima && alive(nodes, id))
    .sort((a, b) => nodes[a]!.value - nodes[b]!.value || nodes[a]!.lowest - nodes[b]!.lowest);
  const number = new Map<number, number>();
  for (let id = 0; id < minima; id++) number.set(id, id);
  joins.forEach((id, i) => {
    number.set(id, minima + i);
  });
  const out = [...nodes.slice(0, minima), ...joins.map((id) => nodes[id]!)].map((node) => ({
    ...node,
    children: node.children.map((child) => number.get(child)!),
    parent: node.parent < 0 ? -1 : number.get(node.parent)!,
  }));
  return { minima, nodes: out, roots: roots.sort(older).map((id) => number.get(id)!) };
}

/** Is the node the parent of its own children still? */
function alive(nodes: readonly MergeNode[], id: number): boolean {
  const { children } = nodes[id]!;
  return children.length === 0 || nodes[children[0]!]!.parent === id;
}

/** The lowest height at which minima i and j hang together; Infinity if they never do, and the value of i for i = j. */
export function barrierBetween(tree: MergeTree, i: number, j: number): number {
  let [a, b] = [i, j];
  while (a !== b) {
    const lower = tree.nodes[a]!.value <= tree.nodes[b]!.value ? a : b;
    const parent = tree.nodes[lower]!.parent;
    if (parent < 0) {
      // Of two nodes of different trees either may run out first.
      const other = lower === a ? b : a;
      const next = tree.nodes[other]!.parent;
      if (next < 0) return Infinity;
      if (lower === a) b = next;
      else a = next;
    } else if (lower === a) a = parent;
    else b = parent;
  }
  return tree.nodes[a]!.value;
}

/** The minima below a node, by number. */
export function minimaBelow(tree: MergeTree, node: number): number[] {
  const out: number[] = [];
  const stack = [node];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (at < tree.minima) out.push(at);
    stack.push(...tree.nodes[at]!.children);
  }
  return out.sort((a, b) => a - b);
}

/** The groups of minima that hang together at or below `height`, that of the lowest minimum first. */
export function superbasins(tree: MergeTree, height: number): number[][] {
  const tops: number[] = [];
  const visit = (node: number): void => {
    if (node < tree.minima || tree.nodes[node]!.value <= height) tops.push(node);
    else tree.nodes[node]!.children.forEach(visit);
  };
  tree.roots.forEach(visit);
  const value = (node: number) => tree.nodes[tree.nodes[node]!.lowest]!.value;
  return tops
    .sort((a, b) => value(a) - value(b) || tree.nodes[a]!.lowest - tree.nodes[b]!.lowest)
    .map((node) => minimaBelow(tree, node));
}
